use std::convert::Infallible;

use farol_api::event::{Actor, EventKind};
use farol_api::target::Environment;
use farol_api::user::Role;
use farol_incident::Decision;
use farol_incident::decision::SecretValue;
use farol_store::{AppendError, StoreError};
use farol_testkit::builders::{declared, incident, user};
use secrecy::ExposeSecret;

use crate::scene::{Scene, append, succeeded, take};

fn set(name: &str, value: &str, secret: bool) -> Decision {
    let mut decision =
        Decision::from(EventKind::ParameterSet { name: name.into(), value: (!secret).then(|| value.into()), secret });
    decision.secret_value = secret.then(|| SecretValue { name: name.into(), value: value.into() });
    decision
}

on_both! {
    async fn values_come_back_the_secret_ones_too(db: TestDb) {
        let store = db.store();
        let ana = user(store, "Ana", Role::Responder).await;
        let id = incident(store, &ana, declared("Slow")).await;
        append(store, id, &ana, set("host", "db-1", false)).await;
        append(store, id, &ana, set("token", "it's; \"secret\"\n", true)).await;
        append(store, id, &ana, set("token", "changed", true)).await;
        let values = store.parameter_values(id).await.unwrap();
        let values: Vec<_> = values.iter().map(|(k, v)| (k.as_str(), v.expose_secret())).collect();
        assert_eq!(values, [("host", "db-1"), ("token", "changed")]);
        let events = store.events(id).await.unwrap();
        assert!(!format!("{events:?}").contains("changed"));
        let other = incident(store, &ana, declared("Other")).await;
        assert!(store.parameter_values(other).await.unwrap().is_empty());
    }

    async fn a_parameter_that_is_no_secret_any_more_leaves_no_old_value(db: TestDb) {
        let store = db.store();
        let ana = user(store, "Ana", Role::Responder).await;
        let id = incident(store, &ana, declared("Slow")).await;
        append(store, id, &ana, set("token", "hidden", true)).await;
        append(store, id, &ana, set("token", "plain", false)).await;
        append(store, id, &ana, set("token", "hidden again", true)).await;
        let values = store.parameter_values(id).await.unwrap();
        assert_eq!(values["token"].expose_secret(), "hidden again");
    }

    /// What a secret was before may still open something, as while a password is rotated.
    async fn what_a_secret_was_before_is_kept_from_output_and_given_to_no_step(db: TestDb) {
        let store = db.store();
        let scene = Scene::new(&db, Environment::Sandbox).await;
        for value in ["first", "x", "second", "second", "third"] {
            append(store, scene.incident, &scene.requester, set("token", value, true)).await;
        }
        let values = store.parameter_values(scene.incident).await.unwrap();
        let values: Vec<_> = values.iter().map(|(k, v)| (k.as_str(), v.expose_secret())).collect();
        assert_eq!(values, [("token", "third")]);
        assert!(store.sealed_values(scene.incident).await.unwrap().is_empty());
        let spec = scene.spec(&db, "fix");
        scene.queue(store, &spec).await;
        let taken = take(store, "w").await;
        let mut kept: Vec<_> = taken.dispatched.secrets.iter().map(|secret| secret.expose_secret()).collect();
        kept.sort_unstable();
        assert_eq!(kept, ["first", "second", "third"]);
        for number in 0..30 {
            append(store, scene.incident, &scene.requester, set("token", &format!("number {number}"), true)).await;
        }
        store.finish(&taken.claim, succeeded()).await.unwrap();
        let spec = scene.spec(&db, "less");
        scene.queue(store, &spec).await;
        let kept = take(store, "w").await.dispatched.secrets;
        assert_eq!((kept.len(), kept.iter().any(|secret| secret.expose_secret() == "number 9")), (21, true));
        assert!(kept.iter().all(|secret| secret.expose_secret() != "third"), "the oldest are let go");
        append(store, scene.incident, &scene.requester, set("token", "plain", false)).await;
        assert_eq!(store.parameter_values(scene.incident).await.unwrap()["token"].expose_secret(), "plain");
    }

    async fn a_secret_and_its_event_are_kept_together_or_not_at_all(db: TestDb) {
        let store = db.store();
        let ana = user(store, "Ana", Role::Responder).await;
        let id = incident(store, &ana, declared("Slow")).await;
        let mut without_value = set("token", "hidden", true);
        without_value.secret_value = None;
        let mut without_event = set("token", "hidden", true);
        without_event.events.clear();
        for decision in [without_value, without_event] {
            let refused = store
                .append(id, Actor::System, |_, _| Ok::<_, Infallible>(decision))
                .await;
            assert!(matches!(refused, Err(AppendError::Store(StoreError::Inconsistent(_)))));
        }
        assert_eq!(store.events(id).await.unwrap().len(), 1);
        assert!(store.parameter_values(id).await.unwrap().is_empty());
    }
}
