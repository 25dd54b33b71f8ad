use std::convert::Infallible;
use std::task::Poll;

use chrono::Duration;
use farol_api::clock::Clock;
use farol_api::event::Actor;
use farol_api::id::IncidentId;
use farol_api::incident::Severity;
use farol_api::user::Role;
use farol_incident::{Decision, Draft};
use farol_store::{AppendError, Declaration, StoreError};
use farol_testkit::builders::{declared, incident, person, user};

use crate::scene::{append, note};

on_both! {
    async fn incidents_are_numbered_from_one(db: TestDb) {
        let store = db.store();
        let ana = user(store, "Ana", Role::Responder).await;
        for number in 1..=3 {
            let id = incident(store, &ana, declared("Slow")).await;
            assert_eq!(id, IncidentId(number));
        }
    }

    async fn a_declaration_is_the_first_event(db: TestDb) {
        let store = db.store();
        let ana = user(store, "Ana", Role::Responder).await;
        let earlier = db.clock().now() - Duration::minutes(5);
        let id = store.declare(Declaration {
            kind: declared("Slow"),
            actor: Actor::Person(person(&ana)),
            occurred_at: Some(earlier),
            idempotency: None,
        }).await.unwrap();
        let events = store.events(id).await.unwrap();
        assert_eq!(events.len(), 1);
        assert_eq!((events[0].seq, events[0].incident_id), (1, id));
        assert_eq!((events[0].occurred_at, events[0].recorded_at), (earlier, db.clock().now()));
        let state = store.state(id).await.unwrap().unwrap();
        assert_eq!((state.title.as_str(), state.severity), ("Slow", Severity::Sev2));
        assert_eq!(store.state(IncidentId(99)).await.unwrap(), None);
        assert_eq!(store.events(IncidentId(99)).await.unwrap(), []);
    }

    async fn each_server_decides_on_what_the_others_appended_too(db: TestDb) {
        let (here, there) = (db.store().clone(), db.another().await);
        let ana = user(&here, "Ana", Role::Responder).await;
        let id = incident(&here, &ana, declared("Slow")).await;
        for turn in 0..6 {
            let store = if turn % 2 == 0 { &here } else { &there };
            let by = Actor::Person(person(&ana));
            let refused = store.append(id, by.clone(), |_, _| Err::<Decision, _>("not now")).await;
            assert!(matches!(refused, Err(AppendError::Refused("not now"))));
            let appended = store.append(id, by, move |state, events| {
                assert_eq!((state.last_seq, events.len()), (turn + 1, usize::try_from(turn + 1).unwrap()));
                assert_eq!(*state, farol_api::incident::IncidentState::fold(events).unwrap());
                Ok::<_, Infallible>(Decision::from(note(&format!("turn {turn}"))))
            });
            assert_eq!(appended.await.unwrap()[0].seq, turn + 2);
        }
        assert_eq!(there.state(id).await.unwrap(), here.state(id).await.unwrap());
    }

    async fn a_declaration_sent_again_declares_no_second_incident(db: TestDb) {
        let (here, there) = (db.store().clone(), db.another().await);
        let ana = user(&here, "Ana", Role::Responder).await;
        let bia = user(&here, "Bia", Role::Responder).await;
        let declaration = |by, key| Declaration {
            kind: declared("Slow"),
            actor: Actor::Person(person(by)),
            occurred_at: None,
            idempotency: Some(key),
        };
        let (first, second) = tokio::join!(
            here.declare(declaration(&ana, "k1")),
            there.declare(declaration(&ana, "k1")),
        );
        let first = first.unwrap();
        assert_eq!(second.unwrap(), first);
        assert_ne!(here.declare(declaration(&ana, "k2")).await.unwrap(), first);
        assert_ne!(here.declare(declaration(&bia, "k1")).await.unwrap(), first);
        assert_eq!(here.incidents(ana.id, None, 10).await.unwrap().len(), 3);
    }

    /// Keys are kept for a day, as those of all requests: after that the same one declares another incident.
    async fn a_key_of_yesterday_declares_anew(db: TestDb) {
        let store = db.store();
        let ana = user(store, "Ana", Role::Responder).await;
        let declare = async || {
            let (kind, actor) = (declared("Slow"), Actor::Person(person(&ana)));
            store.declare(Declaration { kind, actor, occurred_at: None, idempotency: Some("k1") }).await.unwrap()
        };
        let first = declare().await;
        db.clock().advance(Duration::hours(23));
        assert_eq!(declare().await, first);
        db.clock().advance(Duration::hours(1));
        let second = declare().await;
        assert_ne!(second, first);
        assert_eq!(declare().await, second);
    }

    async fn only_a_declaration_declares_and_only_once(db: TestDb) {
        let store = db.store();
        let ana = user(store, "Ana", Role::Responder).await;
        let none = store.declare(Declaration {
            kind: note("hello"),
            actor: Actor::Person(person(&ana)),
            occurred_at: None,
            idempotency: None,
        }).await;
        assert!(matches!(none, Err(StoreError::Inconsistent(_))));
        let id = incident(store, &ana, declared("Slow")).await;
        let again = store
            .append(id, Actor::System, |_, _| Ok::<_, Infallible>(declared("Twice").into()))
            .await;
        assert!(matches!(again, Err(AppendError::Store(StoreError::Inconsistent(_)))));
        assert_eq!(store.events(id).await.unwrap().len(), 1);
    }

    async fn what_was_decided_is_appended_with_its_times(db: TestDb) {
        let store = db.store();
        let ana = user(store, "Ana", Role::Responder).await;
        let id = incident(store, &ana, declared("Slow")).await;
        db.clock().advance(Duration::seconds(90));
        let before = db.clock().now() - Duration::seconds(30);
        let decision = Decision {
            events: vec![
                Draft { kind: note("seen"), occurred_at: Some(before) },
                note("a \"quote\", a\nline and a NUL \0").into(),
            ],
            ..Decision::default()
        };
        let appended = append(store, id, &ana, decision).await;
        assert_eq!(appended.iter().map(|event| event.seq).collect::<Vec<_>>(), [2, 3]);
        assert_eq!(appended[0].occurred_at, before);
        assert_eq!(appended[1].occurred_at, db.clock().now());
        assert_eq!(store.events_after(id, 1, 10).await.unwrap(), appended);
        assert_eq!(store.events_after(id, 1, 1).await.unwrap(), appended[..1]);
        assert_eq!(store.events_after(id, 3, 10).await.unwrap(), []);
    }

    async fn the_decider_sees_state_and_events_and_may_refuse(db: TestDb) {
        let store = db.store();
        let ana = user(store, "Ana", Role::Responder).await;
        let id = incident(store, &ana, declared("Slow")).await;
        append(store, id, &ana, note("seen")).await;
        let refused = store.append(id, Actor::System, |state, events| {
            Err((state.last_seq, events.len(), state.title.clone()))
        }).await;
        match refused {
            Err(AppendError::Refused(seen)) => assert_eq!(seen, (2, 2, "Slow".to_owned())),
            other => panic!("{other:?}"),
        }
        let nothing = store
            .append(id, Actor::System, |_, _| Ok::<_, Infallible>(Decision::nothing()))
            .await;
        assert_eq!(nothing.unwrap(), []);
        assert_eq!(store.events(id).await.unwrap().len(), 2);
        let missing = store
            .append(IncidentId(99), Actor::System, |_, _| Ok::<_, Infallible>(note("x").into()))
            .await;
        assert!(matches!(missing, Err(AppendError::NotFound)));
    }

    /// Two servers, many writers: no gap, no number twice, each decides on what the one before left.
    async fn writers_at_once_are_decided_one_after_the_other(db: TestDb) {
        let (here, there) = (db.store().clone(), db.another().await);
        let ana = user(&here, "Ana", Role::Responder).await;
        let id = incident(&here, &ana, declared("Slow")).await;
        let writers = (0..16).map(|number| {
            let store = if number % 2 == 0 { here.clone() } else { there.clone() };
            tokio::spawn(async move {
                let decide = |state: &farol_api::incident::IncidentState, _: &[_]| {
                    Ok::<_, Infallible>(note(&format!("after {}", state.last_seq)).into())
                };
                store.append(id, Actor::System, decide).await.unwrap();
            })
        });
        for writer in writers.collect::<Vec<_>>() {
            writer.await.unwrap();
        }
        let events = here.events(id).await.unwrap();
        assert_eq!(events.len(), 17);
        for (index, event) in events.iter().enumerate().skip(1) {
            assert_eq!(event.seq, index as i64 + 1);
            assert_eq!(event.kind, note(&format!("after {index}")));
        }
    }

    /// A browser that goes away cuts its request off anywhere.
    async fn a_request_cut_off_anywhere_leaves_all_or_nothing(db: TestDb) {
        let store = db.store();
        let ana = user(store, "Ana", Role::Responder).await;
        let id = incident(store, &ana, declared("Slow")).await;
        for polls in 0..40 {
            let decision = Decision::events([note("one"), note("two")]);
            let mut append = Box::pin(
                store.append(id, Actor::System, move |_, _| Ok::<_, Infallible>(decision)),
            );
            for _ in 0..polls {
                let polled = std::future::poll_fn(|context| {
                    Poll::Ready(append.as_mut().poll(context).is_ready())
                });
                if polled.await {
                    break;
                }
                tokio::task::yield_now().await;
            }
        }
        append(store, id, &ana, note("last")).await;
        let events = store.events(id).await.unwrap();
        assert_eq!(events.len() % 2, 0, "the declaration, pairs, and the last note");
        assert!(events.iter().enumerate().all(|(index, event)| event.seq == index as i64 + 1));
    }
}
