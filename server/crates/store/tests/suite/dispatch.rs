use chrono::Duration;
use farol_api::event::{Actor, EventKind, FailureCode, Outcome};
use farol_api::incident::{AttemptStatus, StepStatus};
use farol_api::target::{CredentialRole, Environment};
use farol_api::user::Role;
use farol_incident::Decision;
use farol_incident::spec::AttemptSpec;
use farol_store::{Claim, DispatchError, LeaseError, Store};
use farol_testkit::builders::{save_target, user};
use secrecy::ExposeSecret;

use crate::scene::{LEASE, Scene, append, dispatches, request, results, succeeded};

async fn claim(store: &Store) -> Claim {
    store.claim("worker-1", LEASE).await.unwrap().unwrap()
}

/// Asserts that an attempt is void, once, with a reason, and never sent.
async fn assert_void(store: &Store, claim: &Claim, failure: FailureCode) {
    match store.dispatch(claim).await {
        Err(DispatchError::Void(event)) => match event.kind {
            EventKind::AttemptFinished { result, .. } => {
                assert_eq!((result.outcome, result.failure), (Outcome::Voided, Some(failure)));
            }
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
    assert!(matches!(store.dispatch(claim).await, Err(DispatchError::Lost)));
    assert_eq!(dispatches(store, &claim.spec).await, 0);
    assert_eq!(results(store, &claim.spec).await.len(), 1);
    assert!(store.claim("worker-2", LEASE).await.unwrap().is_none());
}

fn granted(spec: &AttemptSpec) -> EventKind {
    EventKind::ApprovalGranted { attempt: spec.attempt, step: spec.step.clone(), digest: spec.digest() }
}

on_both! {
    async fn an_approved_attempt_is_dispatched_with_its_credential(db: TestDb) {
        let store = db.store();
        let scene = Scene::new(&db, Environment::Production).await;
        let spec = scene.spec(&db, "fix");
        scene.queue(store, &spec).await;
        let claim = claim(store).await;
        let sent = store.dispatch(&claim).await.unwrap();
        assert_eq!(sent.target, scene.target);
        assert_eq!(sent.credential.unwrap().expose_secret(), "sqlite:///nowhere/rw.db");
        assert_eq!(sent.event.actor, Actor::System);
        assert_eq!(sent.event.kind, EventKind::AttemptDispatched {
            attempt: spec.attempt,
            step: spec.step.clone(),
            worker: "worker-1".into(),
            fencing_token: 1,
        });
        let state = store.state(scene.incident).await.unwrap().unwrap();
        assert_eq!(state.attempts[&spec.attempt].status, AttemptStatus::Running);
        store.finish(&claim, succeeded()).await.unwrap();
        let state = store.state(scene.incident).await.unwrap().unwrap();
        assert_eq!(state.steps[&spec.step].status, StepStatus::Succeeded);
        assert!(matches!(store.finish(&claim, succeeded()).await, Err(LeaseError::Lost)));
        assert_eq!(results(store, &spec).await, [succeeded()]);
    }

    async fn nothing_is_written_or_ended_before_the_dispatch(db: TestDb) {
        let store = db.store();
        let scene = Scene::new(&db, Environment::Sandbox).await;
        let spec = scene.spec(&db, "fix");
        scene.queue(store, &spec).await;
        let claim = claim(store).await;
        assert!(matches!(store.finish(&claim, succeeded()).await, Err(LeaseError::Lost)));
        assert_eq!(results(store, &spec).await, []);
    }

    async fn a_target_that_changed_voids_what_was_approved(db: TestDb) {
        let store = db.store();
        let scene = Scene::new(&db, Environment::Production).await;
        scene.queue(store, &scene.spec(&db, "fix")).await;
        let claim = claim(store).await;
        let mut change = save_target(Environment::Production);
        change.description = "Elsewhere".into();
        store.save_target(&scene.target.id, &change).await.unwrap();
        assert_void(store, &claim, FailureCode::ApprovalVoid).await;
    }

    async fn what_expired_while_it_waited_is_void(db: TestDb) {
        let store = db.store();
        let scene = Scene::new(&db, Environment::Production).await;
        let spec = scene.spec(&db, "fix");
        scene.queue(store, &spec).await;
        let claim = claim(store).await;
        db.clock().set(spec.expires_at + Duration::microseconds(1));
        assert_void(store, &claim, FailureCode::ApprovalVoid).await;
    }

    /// A worker that was changed, or a claim that was tampered with on its way.
    async fn a_claim_for_something_else_is_void(db: TestDb) {
        let store = db.store();
        let scene = Scene::new(&db, Environment::Production).await;
        scene.queue(store, &scene.spec(&db, "fix")).await;
        let mut claim = claim(store).await;
        claim.spec.text = "delete from orders".into();
        assert_void(store, &claim, FailureCode::ApprovalVoid).await;
    }

    async fn an_approval_of_another_digest_counts_for_nothing(db: TestDb) {
        let store = db.store();
        let scene = Scene::new(&db, Environment::Production).await;
        let spec = scene.spec(&db, "fix");
        scene.ask(store, &spec).await;
        let mut seen = spec.clone();
        seen.text.push(' ');
        scene.approve(store, &spec, seen.digest(), &scene.approver).await;
        assert_void(store, &claim(store).await, FailureCode::ApprovalVoid).await;
    }

    async fn the_requesters_own_approval_counts_for_nothing(db: TestDb) {
        let store = db.store();
        let scene = Scene::new(&db, Environment::Production).await;
        let spec = scene.spec(&db, "fix");
        scene.ask(store, &spec).await;
        scene.approve(store, &spec, spec.digest(), &scene.requester).await;
        assert_void(store, &claim(store).await, FailureCode::ApprovalVoid).await;
    }

    async fn one_approver_counts_once(db: TestDb) {
        let store = db.store();
        let scene = Scene::new(&db, Environment::Production).await;
        let spec = scene.spec(&db, "fix");
        let mut asked = request(&spec, Environment::Production);
        asked.requirement.approvals = 2;
        let mut decision = Decision::from(EventKind::AttemptRequested { request: asked });
        decision.spec = Some(spec.clone());
        append(store, scene.incident, &scene.requester, decision).await;
        append(store, scene.incident, &scene.approver, granted(&spec)).await;
        scene.approve(store, &spec, spec.digest(), &scene.approver).await;
        assert_void(store, &claim(store).await, FailureCode::ApprovalVoid).await;
    }

    async fn two_approvers_are_two(db: TestDb) {
        let store = db.store();
        let scene = Scene::new(&db, Environment::Production).await;
        let second = user(store, "Second", Role::Approver).await;
        let spec = scene.spec(&db, "fix");
        let mut asked = request(&spec, Environment::Production);
        asked.requirement.approvals = 2;
        let mut decision = Decision::from(EventKind::AttemptRequested { request: asked });
        decision.spec = Some(spec.clone());
        append(store, scene.incident, &scene.requester, decision).await;
        append(store, scene.incident, &scene.approver, granted(&spec)).await;
        scene.approve(store, &spec, spec.digest(), &second).await;
        store.dispatch(&claim(store).await).await.unwrap();
    }

    /// A request that says it needs nobody does not make it so.
    async fn what_the_class_takes_is_not_the_requests_to_say(db: TestDb) {
        let store = db.store();
        let scene = Scene::new(&db, Environment::Production).await;
        let spec = scene.spec(&db, "fix");
        let mut asked = request(&spec, Environment::Production);
        asked.requirement.approvals = 0;
        let mut decision = Decision::events([
            EventKind::AttemptRequested { request: asked },
            crate::scene::queued(&spec),
        ]);
        decision.spec = Some(spec.clone());
        append(store, scene.incident, &scene.requester, decision).await;
        assert_void(store, &claim(store).await, FailureCode::ApprovalVoid).await;
    }

    async fn a_stronger_credential_than_the_class_takes_is_void(db: TestDb) {
        let store = db.store();
        let scene = Scene::new(&db, Environment::Production).await;
        let mut spec = scene.spec(&db, "fix");
        spec.role = CredentialRole::Admin;
        scene.queue(store, &spec).await;
        assert_void(store, &claim(store).await, FailureCode::ApprovalVoid).await;
    }

    async fn what_was_cancelled_while_it_waited_is_never_sent(db: TestDb) {
        let store = db.store();
        let scene = Scene::new(&db, Environment::Sandbox).await;
        let spec = scene.spec(&db, "fix");
        scene.queue(store, &spec).await;
        let claim = claim(store).await;
        let stop = EventKind::CancelRequested { attempt: spec.attempt, step: spec.step.clone() };
        append(store, scene.incident, &scene.requester, stop).await;
        assert_void(store, &claim, FailureCode::Withdrawn).await;
    }

    /// After one approval was used the step needs a new attempt, with approvals of its own.
    async fn an_approval_is_used_up_by_its_attempt(db: TestDb) {
        let store = db.store();
        let scene = Scene::new(&db, Environment::Production).await;
        let first = scene.spec(&db, "fix");
        scene.queue(store, &first).await;
        let held = claim(store).await;
        store.dispatch(&held).await.unwrap();
        store.finish(&held, succeeded()).await.unwrap();
        let mut second = scene.spec(&db, "fix");
        second.number = 2;
        scene.ask(store, &second).await;
        append(store, scene.incident, &scene.requester, crate::scene::queued(&second)).await;
        assert_void(store, &claim(store).await, FailureCode::ApprovalVoid).await;
    }
}
