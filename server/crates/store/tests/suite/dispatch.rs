use std::convert::Infallible;

use chrono::Duration;
use farol_api::clock::Clock;
use farol_api::event::{Actor, AttemptResult, EventKind, FailureCode, Outcome};
use farol_api::incident::{AttemptStatus, StepStatus};
use farol_api::target::{CredentialRole, Environment};
use farol_api::user::{Role, TokenScope};
use farol_incident::Decision;
use farol_incident::spec::AttemptSpec;
use farol_store::{Claim, LeaseError, NewSession, Store, Taken};
use farol_testkit::builders::{person, queued, request, save_target, user};
use secrecy::{ExposeSecret, SecretString};

use crate::scene::{LEASE, Scene, append, claim, dispatches, results, succeeded, take};

/// Asserts that what waits is void once it is to be sent, once, with a reason, and never sent.
async fn assert_void(store: &Store, spec: &AttemptSpec, failure: FailureCode) {
    for _ in 0..2 {
        assert!(store.take_next("w", LEASE).await.unwrap().is_none());
        let ends: Vec<_> = results(store, spec).await.iter().map(|end| (end.outcome, end.failure)).collect();
        assert_eq!(ends, [(Outcome::Voided, Some(failure))]);
        assert_eq!(dispatches(store, spec).await, 0);
    }
}

fn granted(spec: &AttemptSpec) -> EventKind {
    EventKind::ApprovalGranted {
        attempt: spec.attempt,
        step: spec.step.clone(),
        digest: spec.digest(),
        editors_untold: None,
    }
}

on_both! {
    async fn an_approved_attempt_is_dispatched_with_its_credential(db: TestDb) {
        let store = db.store();
        let scene = Scene::new(&db, Environment::Production).await;
        let spec = scene.spec(&db, "fix");
        scene.queue(store, &spec).await;
        let Taken { claim, dispatched: sent, .. } = take(store, "worker-1").await;
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
        let (worker, lease_until) = ("w".to_owned(), spec.expires_at);
        for fencing_token in [0, 1] {
            let made_up =
                Claim { spec: spec.clone(), fencing_token, worker: worker.clone(), lease_until, lease: LEASE };
            assert!(matches!(store.finish(&made_up, succeeded()).await, Err(LeaseError::Lost)));
        }
        assert_eq!(results(store, &spec).await, []);
    }

    async fn a_target_that_changed_voids_what_was_approved(db: TestDb) {
        let store = db.store();
        let scene = Scene::new(&db, Environment::Production).await;
        let spec = scene.spec(&db, "fix");
        scene.queue(store, &spec).await;
        let mut change = save_target(Environment::Production);
        change.description = "Elsewhere".into();
        store.save_target(&scene.target.id, &change).await.unwrap();
        assert_void(store, &spec, FailureCode::ApprovalVoid).await;
    }

    async fn what_expired_while_it_waited_is_void(db: TestDb) {
        let store = db.store();
        let scene = Scene::new(&db, Environment::Production).await;
        let spec = scene.spec(&db, "fix");
        scene.queue(store, &spec).await;
        db.clock().set(spec.expires_at + Duration::microseconds(1));
        assert_void(store, &spec, FailureCode::ApprovalVoid).await;
    }

    async fn an_approval_of_another_digest_counts_for_nothing(db: TestDb) {
        let store = db.store();
        let scene = Scene::new(&db, Environment::Production).await;
        let spec = scene.spec(&db, "fix");
        scene.ask(store, &spec).await;
        let mut seen = spec.clone();
        seen.text.push(' ');
        scene.approve(store, &spec, seen.digest(), &scene.approver).await;
        assert_void(store, &spec, FailureCode::ApprovalVoid).await;
    }

    async fn the_requesters_own_approval_counts_for_nothing(db: TestDb) {
        let store = db.store();
        let scene = Scene::new(&db, Environment::Production).await;
        let spec = scene.spec(&db, "fix");
        scene.ask(store, &spec).await;
        scene.approve(store, &spec, spec.digest(), &scene.requester).await;
        assert_void(store, &spec, FailureCode::ApprovalVoid).await;
    }

    async fn what_runs_under_break_glass_is_sent_while_it_lasts_and_void_after_its_end(db: TestDb) {
        let store = db.store();
        let scene = Scene::new(&db, Environment::Production).await;
        let until = db.clock().now() + Duration::minutes(10);
        let opened = |number| EventKind::BreakGlassOpened { number, reason: "alone".into(), until };
        let may = |may| store.change_user(scene.requester.id, None, None, Some(may));
        may(true).await.unwrap();
        let first = scene.spec(&db, "fix");
        scene.ask(store, &first).await;
        append(store, scene.incident, &scene.requester, opened(1)).await;
        append(store, scene.incident, &scene.requester, queued(&first)).await;
        let Taken { claim, .. } = take(store, "w").await;
        store.finish(&claim, succeeded()).await.unwrap();

        let taken_back = scene.spec(&db, "less");
        scene.ask(store, &taken_back).await;
        append(store, scene.incident, &scene.requester, queued(&taken_back)).await;
        may(false).await.unwrap();
        assert_void(store, &taken_back, FailureCode::ApprovalVoid).await;
        may(true).await.unwrap();

        let second = scene.spec(&db, "more");
        scene.ask(store, &second).await;
        append(store, scene.incident, &scene.requester, queued(&second)).await;
        append(store, scene.incident, &scene.approver, EventKind::BreakGlassClosed { number: 1 }).await;
        assert_void(store, &second, FailureCode::ApprovalVoid).await;

        append(store, scene.incident, &scene.requester, opened(2)).await;
        let third = scene.spec(&db, "again");
        scene.ask(store, &third).await;
        append(store, scene.incident, &scene.requester, queued(&third)).await;
        db.clock().set(until + Duration::microseconds(1));
        assert_void(store, &third, FailureCode::ApprovalVoid).await;

        // Another's does not serve.
        let fourth = scene.spec(&db, "other");
        let lasting = EventKind::BreakGlassOpened { number: 3, reason: "alone".into(), until: until + Duration::hours(1) };
        append(store, scene.incident, &scene.approver, lasting).await;
        scene.ask(store, &fourth).await;
        append(store, scene.incident, &scene.requester, queued(&fourth)).await;
        assert_void(store, &fourth, FailureCode::ApprovalVoid).await;
    }

    async fn what_a_token_asked_for_is_void_once_the_token_is_revoked(db: TestDb) {
        let store = db.store();
        let scene = Scene::new(&db, Environment::Production).await;
        let token = async |name: &str| {
            let secret = SecretString::from(name);
            let (scope, lifetime) = (Some(TokenScope::Respond), std::time::Duration::from_secs(3600));
            let new = NewSession { user: scene.requester.id, secret: &secret, user_agent: name, scope, lifetime };
            store.create_session(new).await.unwrap()
        };
        let (nightly, weekly) = (token("nightly").await, token("weekly").await);
        let ask = async |step: &str, id| {
            let spec = scene.spec(&db, step);
            let request = request(&spec, Environment::Production);
            let mut decision = Decision::from(EventKind::AttemptRequested { request });
            decision.spec = Some(spec.clone());
            let actor = Actor::Token { person: person(&scene.requester), name: "nightly".into(), id };
            store.append(scene.incident, actor, |_, _| Ok::<_, Infallible>(decision)).await.unwrap();
            scene.approve(store, &spec, spec.digest(), &scene.approver).await;
            spec
        };
        let sent = ask("fix", Some(nightly.id)).await;
        store.revoke_session(scene.requester.id, weekly.id).await.unwrap();
        let Taken { claim, .. } = take(store, "w").await;
        assert_eq!(claim.spec, sent);
        store.finish(&claim, succeeded()).await.unwrap();

        let void = ask("less", None).await;
        store.revoke_session(scene.requester.id, nightly.id).await.unwrap();
        assert_void(store, &void, FailureCode::ApprovalVoid).await;

        // Another of the same name, as when one that was read by somebody is replaced.
        let leaked = token("leaked").await;
        let void = ask("other", Some(leaked.id)).await;
        let _new = token("nightly").await;
        store.revoke_session(scene.requester.id, leaked.id).await.unwrap();
        assert_void(store, &void, FailureCode::ApprovalVoid).await;
    }

    async fn what_other_rules_classified_is_not_sent(db: TestDb) {
        let store = db.store();
        let scene = Scene::new(&db, Environment::Production).await;
        let spec = scene.spec(&db, "fix");
        scene.queue(store, &spec).await;
        store.classify_by("2");
        assert_void(store, &spec, FailureCode::ApprovalVoid).await;
        assert_eq!(store.rules_of(spec.attempt).await.unwrap().as_deref(), Some("1"));
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
        assert_void(store, &spec, FailureCode::ApprovalVoid).await;
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
        assert_eq!(claim(store).await.spec, spec);
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
            queued(&spec),
        ]);
        decision.spec = Some(spec.clone());
        append(store, scene.incident, &scene.requester, decision).await;
        assert_void(store, &spec, FailureCode::ApprovalVoid).await;
    }

    async fn a_stronger_credential_than_the_class_takes_is_void(db: TestDb) {
        let store = db.store();
        let scene = Scene::new(&db, Environment::Production).await;
        let mut spec = scene.spec(&db, "fix");
        spec.role = CredentialRole::Admin;
        scene.queue(store, &spec).await;
        assert_void(store, &spec, FailureCode::ApprovalVoid).await;
    }

    async fn what_was_cancelled_while_it_waited_is_never_sent(db: TestDb) {
        let store = db.store();
        let scene = Scene::new(&db, Environment::Sandbox).await;
        let spec = scene.spec(&db, "fix");
        scene.queue(store, &spec).await;
        let stop = EventKind::CancelRequested { attempt: spec.attempt, step: spec.step.clone() };
        append(store, scene.incident, &scene.requester, stop).await;
        assert_void(store, &spec, FailureCode::Withdrawn).await;
    }

    /// All workers may be busy: what is withdrawn is over without one of them.
    async fn what_is_withdrawn_while_it_waits_for_a_worker_is_over(db: TestDb) {
        let store = db.store();
        let scene = Scene::new(&db, Environment::Sandbox).await;
        let spec = scene.spec(&db, "fix");
        scene.queue(store, &spec).await;
        let (attempt, step) = (spec.attempt, spec.step.clone());
        let result = AttemptResult::ended(Outcome::Voided, Some(FailureCode::Withdrawn));
        let withdrawn = [
            EventKind::CancelRequested { attempt, step: step.clone() },
            EventKind::AttemptFinished { attempt, step, result },
        ];
        append(store, scene.incident, &scene.requester, Decision::events(withdrawn)).await;
        assert_void(store, &spec, FailureCode::Withdrawn).await;
    }

    async fn what_somebody_asked_for_who_may_not_any_more_is_void(db: TestDb) {
        let store = db.store();
        let cases = [
            (Environment::Production, None, Some(true), ["Rosa", "Alan"]),
            (Environment::Production, Some(Role::Viewer), None, ["Rita", "Ana"]),
            (Environment::Sandbox, None, Some(true), ["Rui", "Abel"]),
        ];
        for (environment, role, disabled, names) in cases {
            let scene = Scene::of(&db, environment, names).await;
            let spec = scene.spec(&db, "fix");
            scene.queue(store, &spec).await;
            store.change_user(scene.requester.id, role, disabled, None).await.unwrap();
            assert_void(store, &spec, FailureCode::ApprovalVoid).await;
        }
    }

    async fn an_approval_of_somebody_who_may_not_approve_any_more_counts_for_nothing(db: TestDb) {
        let store = db.store();
        let cases = [(None, Some(true), ["Rosa", "Alan"]), (Some(Role::Responder), None, ["Rita", "Ana"])];
        for (role, disabled, names) in cases {
            let scene = Scene::of(&db, Environment::Production, names).await;
            let spec = scene.spec(&db, "fix");
            scene.queue(store, &spec).await;
            store.change_user(scene.approver.id, role, disabled, None).await.unwrap();
            assert_void(store, &spec, FailureCode::ApprovalVoid).await;
        }
    }

    /// After one approval was used the step needs a new attempt, with approvals of its own.
    async fn an_approval_is_used_up_by_its_attempt(db: TestDb) {
        let store = db.store();
        let scene = Scene::new(&db, Environment::Production).await;
        let first = scene.spec(&db, "fix");
        scene.queue(store, &first).await;
        store.finish(&claim(store).await, succeeded()).await.unwrap();
        let mut second = scene.spec(&db, "fix");
        second.number = 2;
        scene.ask(store, &second).await;
        append(store, scene.incident, &scene.requester, queued(&second)).await;
        assert_void(store, &second, FailureCode::ApprovalVoid).await;
    }
}
