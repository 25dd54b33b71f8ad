use chrono::Duration;
use farol_api::clock::Clock;
use farol_api::event::EventKind;
use farol_api::id::IncidentId;
use farol_api::incident::{Milestone, Severity, Status};
use farol_api::user::Role;
use farol_incident::Decision;
use farol_testkit::builders::{declared, incident, person, user};

use crate::scene::{append, note};

fn status(from: Status, to: Status) -> EventKind {
    EventKind::StatusChanged { from, to, reason: None }
}

on_both! {
    async fn open_incidents_show_the_own_first_then_the_worst(db: TestDb) {
        let store = db.store();
        let ana = user(store, "Ana", Role::Responder).await;
        let bia = user(store, "Bia", Role::Responder).await;
        let mild = incident(store, &bia, declared("Mild")).await;
        let bad = incident(store, &bia, declared("Bad")).await;
        let own = incident(store, &ana, declared("Own")).await;
        let worse = EventKind::SeverityChanged {
            from: Severity::Sev2,
            to: Severity::Sev1,
            reason: None,
        };
        append(store, bad, &bia, worse).await;
        let open = store.open_incidents(ana.id).await.unwrap();
        let shown: Vec<_> = open.iter().map(|i| (i.id, i.mine, i.severity)).collect();
        assert_eq!(shown, [
            (own, true, Severity::Sev2),
            (bad, false, Severity::Sev1),
            (mild, false, Severity::Sev2),
        ]);
        append(store, mild, &ana, note("I help")).await;
        assert!(store.open_incidents(ana.id).await.unwrap().iter().any(|i| i.id == mild && i.mine));
    }

    async fn what_is_over_moves_to_the_recent_and_back(db: TestDb) {
        let store = db.store();
        let ana = user(store, "Ana", Role::Responder).await;
        let first = incident(store, &ana, declared("First")).await;
        let second = incident(store, &ana, declared("Second")).await;
        db.clock().advance(Duration::minutes(10));
        let resolved = Decision::events([
            status(Status::Declared, Status::Resolved),
            EventKind::MilestoneRecorded { milestone: Milestone::Resolved, at: db.clock().now() },
        ]);
        append(store, first, &ana, resolved.clone()).await;
        append(store, second, &ana, resolved).await;
        assert_eq!(store.open_incidents(ana.id).await.unwrap(), []);
        let recent = store.recent_incidents(ana.id, 10).await.unwrap();
        assert_eq!(recent.iter().map(|i| i.id).collect::<Vec<_>>(), [second, first]);
        assert_eq!(recent[0].resolved_at, Some(db.clock().now()));
        assert_eq!(recent[0].declared_at, db.clock().now() - Duration::minutes(10));
        assert_eq!(store.recent_incidents(ana.id, 1).await.unwrap().len(), 1);
        append(store, first, &ana, status(Status::Resolved, Status::Investigating)).await;
        let open = store.open_incidents(ana.id).await.unwrap();
        assert_eq!((open[0].id, open[0].resolved_at), (first, None));
        assert_eq!(open[0].status, Status::Investigating);
    }

    async fn all_incidents_are_paged_backwards(db: TestDb) {
        let store = db.store();
        let ana = user(store, "Ana", Role::Responder).await;
        for _ in 0..5 {
            incident(store, &ana, declared("Slow")).await;
        }
        let page = |before| async move {
            let page = store.incidents(ana.id, before, 2).await.unwrap();
            page.into_iter().map(|i| i.id.0).collect::<Vec<_>>()
        };
        assert_eq!(page(None).await, [5, 4]);
        assert_eq!(page(Some(IncidentId(4))).await, [3, 2]);
        assert_eq!(page(Some(IncidentId(1))).await, [0; 0]);
    }

    async fn responders_are_listed_in_the_order_they_joined(db: TestDb) {
        let store = db.store();
        let ana = user(store, "Ana", Role::Responder).await;
        let bia = user(store, "Bia", Role::Responder).await;
        let id = incident(store, &bia, declared("Slow")).await;
        db.clock().advance(Duration::minutes(1));
        append(store, id, &ana, note("here")).await;
        append(store, id, &bia, note("here too")).await;
        let start = db.clock().now() - Duration::minutes(1);
        let expected = [(start, person(&bia)), (db.clock().now(), person(&ana))];
        assert_eq!(store.responders(id).await.unwrap(), expected);
        let state = store.state(id).await.unwrap().unwrap();
        assert_eq!(state.responders, expected, "the list agrees with the fold");
    }
}
