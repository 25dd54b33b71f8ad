//! A change that is held when its server lets go of it: nobody stopped it, and the record must not say so.

use std::time::Duration;

use crate::scene::Scene;
use farol_api::event::{EventKind, FailureCode, Outcome};
use farol_api::graph::CommandLanguage;
use farol_api::hold::{HoldTerms, RolledBack};
use farol_api::risk::RiskClass;
use farol_incident::spec::AttemptSpec;

/// Queues a change, and waits until it is held.
async fn held(scene: &Scene) -> AttemptSpec {
    let mut spec = scene.spec(CommandLanguage::Sql, "update t set a = 9 where a = 1", RiskClass::Write);
    spec.asked.hold = Some(HoldTerms { seconds: Some(60), rows: None, undoes: None });
    scene.queue(&spec).await;
    let mut changes = scene.store.watch(scene.incident);
    let is_held = |kind: &EventKind| matches!(kind, EventKind::AttemptHeld { .. });
    let wait = async {
        while !scene.store.events(scene.incident).await.unwrap().iter().any(|event| is_held(&event.kind)) {
            let _ = tokio::time::timeout(Duration::from_millis(200), changes.changed()).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), wait).await.expect("it is held");
    spec
}

/// Says why it was rolled back, how it ended, and with what failure.
async fn ended(scene: &Scene, spec: &AttemptSpec) -> (Vec<Option<RolledBack>>, Outcome, Option<FailureCode>) {
    let result = scene.end(spec).await;
    let events = scene.store.events(scene.incident).await.unwrap().into_iter();
    let decided = events.filter_map(|event| match event.kind {
        EventKind::HoldDecided { because, .. } => Some(because),
        _ => None,
    });
    (decided.collect(), result.outcome, result.failure)
}

#[tokio::test]
async fn a_lease_that_cannot_be_renewed_is_no_persons_wish() {
    let scene = Scene::sqlite().await;
    let engine = scene.start(|config| {
        config.lease = Duration::from_secs(6);
        config.sweep_every = Duration::from_millis(200);
    });
    let spec = held(&scene).await;
    let sql = "create trigger no_renewal before update of lease_until on attempts when new.lease_until is not null
               begin select raise(abort, 'no'); end";
    scene.store_sql(sql).await;
    let lost = (vec![Some(RolledBack::Server)], Outcome::Failed, Some(FailureCode::ServerLost));
    assert_eq!(ended(&scene, &spec).await, lost);
    engine.shutdown().await;
}

#[tokio::test]
async fn a_server_that_stops_is_no_persons_wish() {
    let scene = Scene::sqlite().await;
    let engine = scene.start(|_| {});
    let spec = held(&scene).await;
    engine.shutdown().await;
    let lost = (vec![Some(RolledBack::Server)], Outcome::Failed, Some(FailureCode::ServerLost));
    assert_eq!(ended(&scene, &spec).await, lost);
}

#[tokio::test]
async fn who_stops_it_is_recorded_as_having_stopped_it() {
    let scene = Scene::sqlite().await;
    let engine = scene.start(|_| {});
    let spec = held(&scene).await;
    scene.cancel(&spec).await;
    assert_eq!(ended(&scene, &spec).await, (vec![Some(RolledBack::Cancelled)], Outcome::Cancelled, None));
    engine.shutdown().await;
}
