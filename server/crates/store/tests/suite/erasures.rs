use chrono::Duration;
use farol_api::event::{Actor, Event, EventKind};
use farol_api::id::{AttemptId, IncidentId};
use farol_api::incident::Status;
use farol_api::output::OutputContent;
use farol_api::target::Environment;
use farol_incident::{Erasable, Refusal};
use farol_record::verify::Remark;
use farol_store::{AppendError, Begun, IdempotencyKey, Store, StoredResponse, Undo};
use farol_testkit::TestDb;
use farol_testkit::builders::person;

use crate::record::verified;
use crate::scene::{Scene, append, claim, held, note, succeeded};

/// What is to be found nowhere afterwards.
const NAME: &str = "João Personal-Data";

fn printed(times: usize) -> Vec<OutputContent> {
    (0..times).map(|n| OutputContent::Stdout { text: format!("{n} {NAME} {}\n", "x".repeat(3_000)) }).collect()
}

/// A step that ran and printed, and a note; returns the attempt and the note's number.
async fn walked(db: &TestDb, scene: &Scene) -> (AttemptId, i64) {
    let store = db.store();
    scene.queue(store, &scene.spec(db, "pay")).await;
    let claim = claim(store).await;
    for _ in 0..3 {
        store.append_output(&claim, printed(4)).await.unwrap();
    }
    store.finish(&claim, succeeded()).await.unwrap();
    let noted = append(store, scene.incident, &scene.requester, note(&format!("{NAME} called"))).await;
    (claim.attempt(), noted[0].seq)
}

async fn record(store: &Store, scene: &Scene, what: Erasable) -> Result<Vec<Event>, Refusal> {
    let actor = Actor::Person(person(&scene.approver));
    let appended = store.append(scene.incident, actor, move |state, events| {
        farol_incident::erase(state, events, what, "a customer asked")
    });
    match appended.await {
        Ok(events) => Ok(events),
        Err(AppendError::Refused(refusal)) => Err(refusal),
        Err(error) => panic!("{error}"),
    }
}

async fn erase(store: &Store, scene: &Scene, what: Erasable) -> i64 {
    let recorded = record(store, scene, what).await.unwrap();
    assert!(store.finish_erasure(scene.incident, recorded[0].seq).await.unwrap());
    recorded[0].seq
}

/// All that readers of an incident are given, as text.
async fn shown(store: &Store, incident: IncidentId) -> String {
    let events = store.events(incident).await.unwrap();
    let output = store.output_after(incident, 0, 1_000).await.unwrap();
    serde_json::to_string(&(events, output)).unwrap()
}

async fn resolve(store: &Store, scene: &Scene) {
    let over = EventKind::StatusChanged { from: Status::Declared, to: Status::Resolved, reason: None };
    append(store, scene.incident, &scene.requester, over).await;
}

on_both! {
    async fn output_and_a_note_are_erased_and_the_record_stays_proved(db: TestDb) {
        let scene = Scene::new(&db, Environment::Sandbox).await;
        let store = db.store();
        let (attempt, noted) = walked(&db, &scene).await;
        let before = store.checkpoint(scene.incident).await.unwrap();
        let state = store.state(scene.incident).await.unwrap().unwrap();
        assert!(shown(store, scene.incident).await.contains(NAME));

        let output = erase(store, &scene, Erasable::Output(attempt)).await;
        let text = erase(store, &scene, Erasable::Entry(noted)).await;
        let now = shown(store, scene.incident).await;
        assert!(!now.contains(NAME), "{now}");
        assert_eq!(now.matches("Erased by Alan on ").count(), 2, "in the place of each: {now}");
        let left = store.attempt_output(attempt, 0, 100).await.unwrap();
        let [chunk] = &left[..] else { panic!("{left:?}") };
        assert!(matches!(&chunk.content, OutputContent::Stdout { text } if text.contains("a customer asked")));
        // Whoever reads on after any chunk comes to it.
        assert_eq!(store.output_after(scene.incident, chunk.seq - 1, 100).await.unwrap(), left);
        assert_eq!(store.last_output_seq(scene.incident).await.unwrap(), chunk.seq);

        // What the incident is, and what was signed of it, stay as they were.
        let after = store.state(scene.incident).await.unwrap().unwrap();
        assert_eq!((after.steps, after.status, after.responders), (state.steps, state.status, state.responders));
        store.checkpoint(scene.incident).await.unwrap();
        assert_eq!(store.checkpoints(scene.incident).await.unwrap()[0], before);
        let report = verified(store, scene.incident).await;
        assert!(report.proves(), "{report:?}");
        assert_eq!((report.outputs, report.remarks.len()), (0, 2));
        let seqs = report.remarks.iter().map(|remark| match remark {
            Remark::Erased { seq, .. } => *seq,
            other => panic!("{other:?}"),
        });
        assert_eq!(seqs.collect::<Vec<_>>(), [output, text]);

        // Once more changes nothing, whether it is asked for or finished.
        assert!(record(store, &scene, Erasable::Output(attempt)).await.unwrap().is_empty());
        assert!(!store.finish_erasure(scene.incident, text).await.unwrap());
        assert!(store.pending_erasures((IncidentId(0), 0)).await.unwrap().is_empty());
    }

    /// A server that was stopped after it had recorded it: the next one removes it, and the proof says so meanwhile.
    async fn what_was_recorded_and_not_removed_is_removed_by_the_next_server(db: TestDb) {
        let scene = Scene::new(&db, Environment::Sandbox).await;
        let (attempt, _) = walked(&db, &scene).await;
        let recorded = record(db.store(), &scene, Erasable::Output(attempt)).await.unwrap();
        db.store().checkpoint(scene.incident).await.unwrap();
        let report = verified(db.store(), scene.incident).await;
        assert!(report.proves(), "{report:?}");
        assert!(report.remarks.contains(&Remark::NotYetErased { seq: None, attempt: Some(attempt) }), "{report:?}");

        let next = db.another().await;
        assert_eq!(next.with_erased_output(&[attempt]).await.unwrap(), [attempt], "it is known to go");
        assert_eq!(next.pending_erasures((IncidentId(0), 0)).await.unwrap(), [(scene.incident, recorded[0].seq)]);
        let (one, other) = tokio::join!(
            next.finish_erasure(scene.incident, recorded[0].seq),
            db.store().finish_erasure(scene.incident, recorded[0].seq)
        );
        assert_ne!(one.unwrap(), other.unwrap(), "one of both does it");
        assert!(!shown(&next, scene.incident).await.contains("Personal-Data xxx"));
        let report = verified(&next, scene.incident).await;
        assert!(report.proves() && report.remarks.len() == 1, "{report:?}");
    }

    /// Two servers that both know the incident: neither goes on with what the other erased.
    async fn an_incident_is_appended_to_by_every_server_after_an_erasure(db: TestDb) {
        let scene = Scene::new(&db, Environment::Sandbox).await;
        let (here, there) = (db.store().clone(), db.another().await);
        let (attempt, noted) = walked(&db, &scene).await;
        append(&there, scene.incident, &scene.requester, note("there")).await;
        erase(&here, &scene, Erasable::Entry(noted)).await;
        append(&there, scene.incident, &scene.requester, note("there again")).await;
        erase(&there, &scene, Erasable::Output(attempt)).await;
        append(&here, scene.incident, &scene.requester, note("here again")).await;
        here.checkpoint(scene.incident).await.unwrap();
        let report = verified(&here, scene.incident).await;
        assert!(report.proves(), "{report:?}");
    }

    async fn what_would_undo_it_and_the_first_answer_to_a_request_go_too(db: TestDb) {
        let scene = Scene::new(&db, Environment::Sandbox).await;
        let store = db.store();
        scene.queue(store, &scene.spec(&db, "pay")).await;
        let claim = claim(store).await;
        let undo = Undo { rows: 1, statements: vec![format!("insert into t values ('{NAME}')")] };
        store.hold(&claim, held(store), Some(undo)).await.unwrap();
        store.finish(&claim, succeeded()).await.unwrap();
        let key = IdempotencyKey { user: scene.requester.id, key: "k1", request: "POST /notes 123" };
        assert_eq!(store.begin_idempotent(key).await.unwrap(), Begun::Fresh);
        let noted = append(store, scene.incident, &scene.requester, note(NAME)).await;
        let answer = StoredResponse { status: 200, body: NAME.into() };
        store.complete_idempotent(key, &answer).await.unwrap();

        assert!(store.undo(claim.attempt()).await.unwrap().is_some());
        erase(store, &scene, Erasable::Output(claim.attempt())).await;
        assert!(store.undo(claim.attempt()).await.unwrap().is_none());
        assert_eq!(store.begin_idempotent(key).await.unwrap(), Begun::Answered(answer));
        erase(store, &scene, Erasable::Entry(noted[0].seq)).await;
        assert_eq!(store.begin_idempotent(key).await.unwrap(), Begun::Mismatch, "it is not done twice either");
    }

    async fn output_is_due_when_its_incident_is_over_and_until_it_is_erased(db: TestDb) {
        let scene = Scene::new(&db, Environment::Sandbox).await;
        let store = db.store();
        walked(&db, &scene).await;
        let none = IncidentId(0);
        let later = store.clock().now() + Duration::days(1);
        assert_eq!(store.with_output(later, none).await.unwrap(), [], "it is open");
        resolve(store, &scene).await;
        assert_eq!(store.with_output(later, none).await.unwrap(), [scene.incident]);
        assert_eq!(store.with_output(later, scene.incident).await.unwrap(), []);
        assert_eq!(store.with_output(store.clock().now() - Duration::days(1), none).await.unwrap(), []);
        let expired = store.append(scene.incident, Actor::System, move |state, events| {
            Ok::<_, std::convert::Infallible>(farol_incident::expire(state, events, 1, later + Duration::days(1)))
        });
        let seq = expired.await.unwrap()[0].seq;
        assert!(store.finish_erasure(scene.incident, seq).await.unwrap());
        assert_eq!(store.with_output(later, none).await.unwrap(), []);
        assert!(shown(store, scene.incident).await.contains("output is kept for 1 day after its incident is over"));
        store.checkpoint(scene.incident).await.unwrap();
        let report = verified(store, scene.incident).await;
        assert!(report.proves(), "{report:?}");
    }

    async fn one_server_at_a_time_has_the_turn(db: TestDb) {
        let (here, there) = (db.store().clone(), db.another().await);
        let hour = std::time::Duration::from_secs(3_600);
        assert!(here.take_turn("retention", "a", hour).await.unwrap());
        assert!(!there.take_turn("retention", "b", hour).await.unwrap());
        assert!(there.take_turn("something else", "b", hour).await.unwrap());
        assert!(here.take_turn("retention", "a", hour).await.unwrap(), "it keeps it");
        db.clock().advance(Duration::minutes(61));
        assert!(there.take_turn("retention", "b", hour).await.unwrap(), "the other one is gone");
        assert!(!here.take_turn("retention", "a", hour).await.unwrap());
    }
}

/// The bytes themselves: in the file, in the log, wherever a page was split or freed.
#[tokio::test]
async fn nothing_of_it_is_left_in_the_files_of_sqlite() {
    let db = TestDb::sqlite().await;
    let scene = Scene::new(&db, Environment::Sandbox).await;
    let store = db.store();
    let (attempt, noted) = walked(&db, &scene).await;
    // What stands around it moves it about.
    for n in 0..60 {
        append(store, scene.incident, &scene.requester, note(&format!("note {n} {}", "y".repeat(200)))).await;
    }
    let found = || {
        let files = std::fs::read_dir(db.folder().unwrap()).unwrap();
        let bytes: Vec<u8> = files.flat_map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect();
        bytes.windows(NAME.len()).filter(|window| *window == NAME.as_bytes()).count()
    };
    assert!(found() > 12);
    erase(store, &scene, Erasable::Output(attempt)).await;
    erase(store, &scene, Erasable::Entry(noted)).await;
    assert!(store.truncate_log().await.unwrap());
    assert_eq!(found(), 0);
}
