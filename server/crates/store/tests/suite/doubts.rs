//! What a target can be asked of an attempt whose end nobody saw, and what becomes of the answer.

use chrono::Duration;
use farol_api::event::{Actor, AttemptResult, Event, EventKind, FailureCode, Outcome};
use farol_api::id::AttemptId;
use farol_api::incident::StepStatus;
use farol_api::target::Environment;
use farol_incident::spec::AttemptSpec;
use farol_store::{Doubt, Finding, Store, StoreError};
use farol_testkit::TestDb;

use crate::record::verified;
use crate::scene::{Scene, append, claim, succeeded, tamper};

/// A transaction's number, and where it was given.
const EVIDENCE: &str = "4711 77 00000001 5";

fn unknown() -> AttemptResult {
    AttemptResult::ended(Outcome::OutcomeUnknown, Some(FailureCode::ConnectionLost))
}

/// Runs a step to an end, with evidence kept before it.
async fn ended(scene: &Scene, db: &TestDb, step: &str, result: AttemptResult) -> AttemptSpec {
    let spec = scene.spec(db, step);
    scene.queue(db.store(), &spec).await;
    let claim = claim(db.store()).await;
    db.store().keep_evidence(&claim, EVIDENCE.into()).await.unwrap();
    assert_eq!(doubts(db.store()).await, [], "while it runs there is no doubt");
    db.store().finish(&claim, result).await.unwrap();
    spec
}

async fn doubts(store: &Store) -> Vec<AttemptId> {
    store.doubts(None).await.unwrap()
}

/// The one attempt in doubt.
async fn doubt(store: &Store) -> Doubt {
    let all = doubts(store).await;
    assert_eq!(all.len(), 1, "{all:?}");
    store.doubt(all[0]).await.unwrap().expect("a doubt")
}

async fn status(store: &Store, spec: &AttemptSpec) -> StepStatus {
    store.state(spec.incident).await.unwrap().unwrap().steps[&spec.step].status
}

async fn last(store: &Store, spec: &AttemptSpec) -> Event {
    store.events(spec.incident).await.unwrap().pop().unwrap()
}

on_both! {
    async fn what_a_target_says_settles_the_step_once_and_is_proved(db: TestDb) {
        let scene = Scene::new(&db, Environment::Sandbox).await;
        let (store, there) = (db.store(), db.another().await);
        for (finding, settled) in [(Finding::Committed, StepStatus::Done), (Finding::Undone, StepStatus::Failed)] {
            let spec = ended(&scene, &db, &format!("step-{settled:?}").to_lowercase(), unknown()).await;
            assert_eq!(status(store, &spec).await, StepStatus::OutcomeUnknown);
            let doubt = doubt(store).await;
            assert_eq!((&doubt.spec, doubt.evidence.as_str()), (&spec, EVIDENCE));
            let (here, other) = tokio::join!(store.settle_doubt(&doubt, finding), there.settle_doubt(&doubt, finding));
            let said: Vec<Event> = [here.unwrap(), other.unwrap()].into_iter().flatten().collect();
            assert_eq!(said, [last(store, &spec).await], "two servers asked, one says it");
            assert_eq!(said[0].actor, Actor::System);
            let words = match &said[0].kind {
                EventKind::StepDone { step, observed, .. } => {
                    assert_eq!((step, finding), (&spec.step, Finding::Committed));
                    observed.clone().unwrap()
                }
                EventKind::StepFailed { step, reason, .. } => {
                    assert_eq!((step, finding), (&spec.step, Finding::Undone));
                    reason.clone()
                }
                other => panic!("{other:?}"),
            };
            assert!(words.contains("4711") && !words.contains("77"), "{words}");
            assert_eq!((status(store, &spec).await, doubts(store).await), (settled, vec![]));
            assert_eq!(store.settle_doubt(&doubt, finding).await.unwrap(), None);
        }
        store.checkpoint(scene.incident).await.unwrap();
        assert!(verified(store, scene.incident).await.proves());
    }

    async fn what_a_person_said_first_stands(db: TestDb) {
        let scene = Scene::new(&db, Environment::Sandbox).await;
        let store = db.store();
        let spec = ended(&scene, &db, "fix", unknown()).await;
        let doubt = doubt(store).await;
        let done = EventKind::StepDone { step: spec.step.clone(), title: "Mark it".into(), observed: Some("I saw it".into()) };
        append(store, scene.incident, &scene.requester, done.clone()).await;
        assert_eq!(store.settle_doubt(&doubt, Finding::Undone).await.unwrap(), None);
        assert_eq!((last(store, &spec).await.kind, doubts(store).await), (done, vec![]));
    }

    /// The step was run anew, and nobody knows of that one either: what is said of the attempt before says nothing of it.
    async fn an_answer_about_an_older_attempt_says_nothing_of_the_newer(db: TestDb) {
        let scene = Scene::new(&db, Environment::Sandbox).await;
        let store = db.store();
        ended(&scene, &db, "fix", unknown()).await;
        let older = doubt(store).await;
        let mut newer = scene.spec(&db, "fix");
        newer.number = 2;
        scene.queue(store, &newer).await;
        let claim = claim(store).await;
        for _ in 0..2 {
            let before = (last(store, &newer).await, status(store, &newer).await);
            assert_eq!(store.settle_doubt(&older, Finding::Committed).await.unwrap(), None);
            assert_eq!((last(store, &newer).await, status(store, &newer).await), before);
            assert_eq!(doubts(store).await, []);
            tamper(&db, "update attempts set evidence = '4711 77 00000001 5' where state = 'finished'").await;
            let _ = store.finish(&claim, unknown()).await;
        }
        assert_eq!(status(store, &newer).await, StepStatus::OutcomeUnknown);
    }

    /// Somebody asks to run the step anew, and nobody agrees: the end of the first attempt is as unknown as before.
    async fn another_try_that_is_never_sent_leaves_the_doubt(db: TestDb) {
        let scene = Scene::new(&db, Environment::Production).await;
        let store = db.store();
        let spec = ended(&scene, &db, "fix", unknown()).await;
        let doubt = doubt(store).await;
        let mut again = scene.spec(&db, "fix");
        again.number = 2;
        scene.ask(store, &again).await;
        assert_eq!(store.settle_doubt(&doubt, Finding::Committed).await.unwrap(), None, "it may still run");
        assert_eq!((status(store, &spec).await, doubts(store).await), (StepStatus::AwaitingApproval, vec![spec.attempt]));
        let voided = EventKind::AttemptFinished {
            attempt: again.attempt,
            step: again.step.clone(),
            result: AttemptResult::ended(Outcome::Voided, Some(FailureCode::ApprovalVoid)),
        };
        append(store, scene.incident, &scene.requester, voided).await;
        assert_eq!(status(store, &spec).await, StepStatus::OutcomeUnknown);
        assert!(store.settle_doubt(&doubt, Finding::Committed).await.unwrap().is_some());
        assert_eq!((status(store, &spec).await, doubts(store).await), (StepStatus::Done, vec![]));
    }

    async fn what_cannot_be_told_is_left_to_a_person(db: TestDb) {
        let scene = Scene::new(&db, Environment::Sandbox).await;
        let store = db.store();
        let spec = ended(&scene, &db, "fix", unknown()).await;
        let (doubt, before) = (doubt(store).await, last(store, &spec).await);
        store.leave_doubt(&doubt).await.unwrap();
        assert_eq!(last(store, &spec).await, before);
        assert_eq!((status(store, &spec).await, doubts(store).await), (StepStatus::OutcomeUnknown, vec![]));
        assert!(store.doubt(spec.attempt).await.unwrap().is_none());
        // Another server asked before it was left.
        assert_eq!(store.settle_doubt(&doubt, Finding::Committed).await.unwrap(), None);
        assert_eq!(last(store, &spec).await, before);
    }

    async fn an_end_that_is_known_leaves_no_doubt_and_a_lost_server_does(db: TestDb) {
        let scene = Scene::new(&db, Environment::Sandbox).await;
        let store = db.store();
        ended(&scene, &db, "known", succeeded()).await;
        assert_eq!(doubts(store).await, []);
        let lost = scene.spec(&db, "lost");
        scene.queue(store, &lost).await;
        store.keep_evidence(&claim(store).await, EVIDENCE.into()).await.unwrap();
        db.clock().advance(Duration::seconds(31));
        assert_eq!(store.sweep().await.unwrap().unknown, [lost.attempt]);
        assert_eq!(doubt(store).await.spec, lost);
    }

    /// One that cannot be read, and more than are told at once.
    async fn doubts_are_told_page_by_page_and_one_that_is_damaged_hides_no_other(db: TestDb) {
        let scene = Scene::new(&db, Environment::Sandbox).await;
        let store = db.store();
        for number in 0..3 {
            let spec = scene.spec(&db, &format!("step-{number}"));
            scene.queue(store, &spec).await;
            store.finish(&claim(store).await, unknown()).await.unwrap();
        }
        tamper(&db, "update attempts set evidence = '1 2 3 4', spec = case when step = 'step-0' then incident_spec.spec \
                     else attempts.spec end from (select spec from attempts where step = 'step-1') as incident_spec").await;
        let all = doubts(store).await;
        assert_eq!((all.len(), all.is_sorted()), (3, true));
        assert_eq!(store.doubts(Some(all[0])).await.unwrap(), all[1..]);
        assert_eq!(store.doubts(Some(all[2])).await.unwrap(), []);
        let damaged = store.doubt(all[0]).await;
        assert!(matches!(damaged, Err(StoreError::Corrupt { .. })), "{damaged:?}");
        for attempt in &all[1..] {
            assert_eq!(store.doubt(*attempt).await.unwrap().unwrap().spec.attempt, *attempt);
        }
    }
}
