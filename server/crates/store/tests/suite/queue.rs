use chrono::Duration;
use farol_api::clock::Clock;
use farol_api::event::{EventKind, FailureCode, Outcome};
use farol_api::target::Environment;
use farol_store::{AppendError, LeaseError, StoreError};
use farol_testkit::builders::{declared, incident, person, queued, request};

use crate::scene::{LEASE, Scene, append, claim, note, results, succeeded, tamper};
use farol_api::event::Actor;
use farol_incident::Decision;
use std::convert::Infallible;

on_both! {
    async fn attempts_are_taken_in_the_order_they_were_queued(db: TestDb) {
        let store = db.store();
        let scene = Scene::new(&db, Environment::Sandbox).await;
        let mut asked = Vec::new();
        for step in ["a", "b", "c"] {
            asked.push(scene.queue(store, &scene.spec(&db, step)).await);
            db.clock().advance(Duration::seconds(1));
        }
        for expected in asked {
            let claim = claim(store).await;
            assert_eq!(claim.attempt(), expected);
            assert_eq!(claim.fencing_token, 1);
            assert_eq!(claim.lease_until, db.clock().now() + Duration::seconds(30));
        }
        assert!(store.take_next("w", LEASE).await.unwrap().is_none());
    }

    async fn a_claim_holds_exactly_what_was_asked(db: TestDb) {
        let store = db.store();
        let scene = Scene::new(&db, Environment::Sandbox).await;
        let spec = scene.spec(&db, "fix");
        scene.queue(store, &spec).await;
        let claim = claim(store).await;
        assert_eq!(claim.spec, spec);
    }

    async fn what_waits_for_approval_is_not_taken(db: TestDb) {
        let store = db.store();
        let scene = Scene::new(&db, Environment::Production).await;
        let spec = scene.spec(&db, "fix");
        scene.ask(store, &spec).await;
        assert!(store.take_next("w", LEASE).await.unwrap().is_none());
        scene.approve(store, &spec, spec.digest(), &scene.approver).await;
        assert_eq!(claim(store).await.spec, spec);
    }

    async fn pending_approvals_are_listed_across_incidents_until_they_expire(db: TestDb) {
        let store = db.store();
        let scene = Scene::new(&db, Environment::Production).await;
        let spec = scene.spec(&db, "fix");
        scene.ask(store, &spec).await;
        let pending = store.pending_approvals().await.unwrap();
        assert_eq!(pending.len(), 1);
        let approval = &pending[0].approval;
        assert_eq!(approval.request, request(&spec, Environment::Production));
        assert_eq!(approval.requested_by, person(&scene.requester));
        assert_eq!((approval.incident_id, approval.barred), (scene.incident, None));
        assert_eq!(approval.approved_by, []);
        db.clock().set(spec.expires_at);
        assert_eq!(store.pending_approvals().await.unwrap().len(), 1);
        db.clock().advance(Duration::microseconds(1));
        assert_eq!(store.pending_approvals().await.unwrap(), []);
    }

    async fn what_is_approved_refused_or_withdrawn_is_not_pending(db: TestDb) {
        let store = db.store();
        let scene = Scene::new(&db, Environment::Production).await;
        let (approved, refused) = (scene.spec(&db, "a"), scene.spec(&db, "b"));
        scene.ask(store, &approved).await;
        scene.ask(store, &refused).await;
        scene.approve(store, &approved, approved.digest(), &scene.approver).await;
        let mut never = succeeded();
        never.outcome = Outcome::Voided;
        let refusal = Decision::events([
            EventKind::ApprovalRefused {
                attempt: refused.attempt,
                step: refused.step.clone(),
                reason: "no".into(),
            },
            EventKind::AttemptFinished {
                attempt: refused.attempt,
                step: refused.step.clone(),
                result: never,
            },
        ]);
        append(store, scene.incident, &scene.approver, refusal).await;
        assert_eq!(store.pending_approvals().await.unwrap(), []);
        let claim = claim(store).await;
        assert_eq!(claim.attempt(), approved.attempt);
        assert!(store.take_next("w", LEASE).await.unwrap().is_none(), "the refused one is over");
    }

    async fn a_renewed_lease_tells_whether_to_stop(db: TestDb) {
        let store = db.store();
        let scene = Scene::new(&db, Environment::Sandbox).await;
        let spec = scene.spec(&db, "fix");
        scene.queue(store, &spec).await;
        let claim = claim(store).await;
        db.clock().advance(Duration::seconds(20));
        let renewed = store.renew(&claim).await.unwrap();
        assert_eq!(renewed.lease_until, db.clock().now() + Duration::seconds(30));
        assert!(!renewed.cancel_requested);
        let stop = EventKind::CancelRequested { attempt: spec.attempt, step: spec.step.clone() };
        append(store, scene.incident, &scene.requester, stop).await;
        assert!(store.renew(&claim).await.unwrap().cancel_requested);
        store.finish(&claim, succeeded()).await.unwrap();
        assert!(matches!(store.renew(&claim).await, Err(LeaseError::Lost)));
    }

    async fn a_stale_token_renews_writes_and_ends_nothing(db: TestDb) {
        let store = db.store();
        let scene = Scene::new(&db, Environment::Sandbox).await;
        scene.queue(store, &scene.spec(&db, "fix")).await;
        let fresh = claim(store).await;
        let (mut older, mut another) = (fresh.clone(), fresh.clone());
        older.fencing_token -= 1;
        another.worker = "another".into();
        for stale in [older, another] {
            assert!(matches!(store.renew(&stale).await, Err(LeaseError::Lost)));
            assert!(matches!(store.keep_evidence(&stale, "1 2 3".into()).await, Err(LeaseError::Lost)));
            let text = farol_api::output::OutputContent::Stdout { text: "x".into() };
            assert!(matches!(store.append_output(&stale, vec![text]).await, Err(LeaseError::Lost)));
            assert!(matches!(store.finish(&stale, succeeded()).await, Err(LeaseError::Lost)));
        }
        assert_eq!(store.last_output_seq(scene.incident).await.unwrap(), 0);
        store.finish(&fresh, succeeded()).await.unwrap();
    }

    /// What a decision says and what it carries must be one thing, whatever a caller does.
    async fn an_attempt_is_stored_only_with_the_spec_of_its_digest(db: TestDb) {
        let store = db.store();
        let scene = Scene::new(&db, Environment::Sandbox).await;
        let spec = scene.spec(&db, "fix");
        let asked = request(&spec, Environment::Sandbox);
        let mut other = spec.clone();
        other.text.push_str(" or true");
        let decisions = [
            (EventKind::AttemptRequested { request: asked.clone() }, None),
            (EventKind::AttemptRequested { request: asked }, Some(other)),
            (note("x"), Some(spec.clone())),
            (queued(&spec), None),
        ];
        for (kind, spec) in decisions {
            let mut decision = Decision::from(kind);
            decision.spec = spec;
            let actor = Actor::Person(person(&scene.requester));
            let refused = store
                .append(scene.incident, actor, |_, _| Ok::<_, Infallible>(decision))
                .await;
            assert!(
                matches!(refused, Err(AppendError::Store(StoreError::Inconsistent(_)))),
                "{refused:?}"
            );
        }
        assert_eq!(store.events(scene.incident).await.unwrap().len(), 1);
    }

    /// Somebody with access to the database, but not to the key, copies what was approved over what was not.
    async fn a_spec_moved_to_another_attempt_is_void_and_the_next_is_taken(db: TestDb) {
        let store = db.store();
        let scene = Scene::new(&db, Environment::Sandbox).await;
        let (moved, kept) = (scene.spec(&db, "moved"), scene.spec(&db, "kept"));
        scene.queue(store, &moved).await;
        scene.queue(store, &kept).await;
        tamper(&db, "update attempts set spec = (select spec from attempts where step = 'kept') where step = 'moved'").await;
        let claim = claim(store).await;
        assert_eq!(claim.spec, kept);
        let ends = results(store, &moved).await;
        assert_eq!(ends.len(), 1);
        assert_eq!((ends[0].outcome, ends[0].failure), (Outcome::Voided, Some(FailureCode::ApprovalVoid)));
    }

    /// Somebody damaged the rows of one incident: what waits elsewhere is not to wait for whoever repairs it.
    async fn an_incident_that_cannot_be_read_keeps_no_other_waiting(db: TestDb) {
        let store = db.store();
        let mut scene = Scene::new(&db, Environment::Sandbox).await;
        scene.queue(store, &scene.spec(&db, "stuck")).await;
        scene.incident = incident(store, &scene.requester, declared("Another")).await;
        let next = scene.spec(&db, "next");
        scene.queue(store, &next).await;
        tamper(&db, "update events set kind = 'nothing' where incident_id = 1 and seq = 1").await;
        // This one keeps the incident folded; another server reads it.
        let other = db.another().await;
        let taken = other.take_next("w", LEASE).await.unwrap().unwrap();
        assert_eq!(taken.claim.attempt(), next.attempt);
        assert!(other.take_next("w", LEASE).await.unwrap().is_none());
    }

    async fn a_credential_moved_to_another_role_does_not_open(db: TestDb) {
        let store = db.store();
        let scene = Scene::new(&db, Environment::Sandbox).await;
        let role = farol_api::target::CredentialRole::ReadOnly;
        tamper(&db, "update target_credentials set role = 'gone' where role = 'ro'").await;
        tamper(&db, "update target_credentials set role = 'ro' where role = 'admin'").await;
        let opened = store.credential(&scene.target.id, role).await;
        assert!(matches!(opened, Err(StoreError::Corrupt { .. })));
    }
}
