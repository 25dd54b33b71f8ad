use std::convert::Infallible;

use chrono::Duration;
use farol_api::event::Actor;
use farol_api::event::EventKind;
use farol_api::id::IncidentId;
use farol_api::incident::Status;
use farol_api::output::OutputContent;
use farol_api::target::Environment;
use farol_api::user::Role;
use farol_incident::Decision;
use farol_record::bundle::{self, Counts};
use farol_record::verify::{Gap, Problem, Remark, Report};
use farol_record::{PublicKey, Verifier};
use farol_store::{CheckpointError, Store, StoreError};
use farol_testkit::TestDb;
use farol_testkit::builders::{declared, incident, user};

use crate::scene::{Scene, append, claim, note, succeeded, tamper};

/// Writes the bundle of an incident, without signing it anew.
async fn export(store: &Store, id: IncidentId) -> String {
    let head = store.record_head(id).await.unwrap().unwrap();
    let mut text = bundle::header(id, &head.origin);
    let notes = store.checkpoints(id).await.unwrap();
    text.extend(notes.iter().map(|note| bundle::checkpoint(note)));
    let entries = store.recorded(id, 0, head.last_seq, u32::MAX).await.unwrap();
    text.extend(entries.iter().map(|recorded| bundle::entry(&recorded.entry, recorded.leaf)));
    let output = store.recorded_output(id, 0, head.last_output_seq, u32::MAX).await.unwrap();
    text.extend(output.iter().map(|chunk| bundle::output(chunk.attempt, &chunk.content)));
    let count = |many: usize| many as u64;
    text + &bundle::end(Counts {
        checkpoints: count(notes.len()),
        entries: count(entries.len()),
        outputs: count(output.len()),
    })
}

fn verify(text: &str, keys: Vec<PublicKey>) -> Report {
    let mut verifier = Verifier::new(keys);
    text.lines().for_each(|line| verifier.line(line).unwrap());
    verifier.finish().unwrap()
}

/// Exports an incident and verifies it with the key that signs now.
pub async fn verified(store: &Store, id: IncidentId) -> Report {
    verify(&export(store, id).await, vec![store.signing_key().await.unwrap()])
}

/// An incident of a few notes.
async fn noted(db: &TestDb, notes: usize) -> IncidentId {
    let ana = user(db.store(), "Ana", Role::Responder).await;
    let id = incident(db.store(), &ana, declared("Slow")).await;
    for number in 0..notes {
        append(db.store(), id, &ana, note(&format!("note {number}, \"é\"\0\u{1f600}"))).await;
    }
    id
}

async fn write_more(db: &TestDb, id: IncidentId, text: &str) {
    let written = Decision::from(note(text));
    let said = db.store().append(id, Actor::System, |_, _| Ok::<_, Infallible>(written));
    said.await.unwrap();
}

on_both! {
    async fn a_step_that_ran_is_proved_from_its_request_to_its_output(db: TestDb) {
        let scene = Scene::new(&db, Environment::Production).await;
        let store = db.store();
        let spec = scene.spec(&db, "pay");
        scene.queue(store, &spec).await;
        let claim = claim(store).await;
        let text = OutputContent::Stdout { text: "um\n".into() };
        store.append_output(&claim, vec![text.clone(), text]).await.unwrap();
        store.finish(&claim, succeeded()).await.unwrap();
        let over = EventKind::StatusChanged { from: Status::Declared, to: Status::Resolved, reason: None };
        append(store, scene.incident, &scene.requester, Decision::from(over)).await;
        store.checkpoint(scene.incident).await.unwrap();
        let report = verified(store, scene.incident).await;
        assert!(report.proves(), "{report:?}");
        assert_eq!((report.entries, report.dispatched, report.outputs), (7, 1, 2));
        assert_eq!(report.remarks, []);
        tamper(&db, "update output_chunks set content = replace(content, 'um', 'dois')").await;
        let report = verified(store, scene.incident).await;
        assert!(matches!(report.problems[..], [Problem::Meaning { seq: 6, .. }]), "{report:?}");
    }

    async fn a_tree_grows_with_its_events_whichever_server_appends(db: TestDb) {
        let id = noted(&db, 0).await;
        let (here, there) = (db.store().clone(), db.another().await);
        for turn in 0..9 {
            let store = if turn % 2 == 0 { &here } else { &there };
            let refused = store.append(id, Actor::System, |_, _| Err::<Decision, _>("not now")).await;
            assert!(refused.is_err());
            let said = store.append(id, Actor::System, |_, _| Ok::<_, Infallible>(note("x").into()));
            said.await.unwrap();
        }
        there.checkpoint(id).await.unwrap();
        let report = verified(&here, id).await;
        assert!(report.proves() && report.entries == 10, "{report:?}");
    }

    async fn a_checkpoint_is_signed_once_for_each_state(db: TestDb) {
        let id = noted(&db, 2).await;
        let store = db.store();
        let first = store.checkpoint(id).await.unwrap();
        assert_eq!(store.checkpoint(id).await.unwrap(), first);
        assert!(first.starts_with("farol/") && first.contains(&format!("/incidents/{id}\n3\n")), "{first}");
        write_more(&db, id, "more").await;
        assert_eq!(verified(store, id).await.gaps, [Gap::Unsigned { from: 4, to: 4 }]);
        let second = store.checkpoint(id).await.unwrap();
        assert_ne!(second, first);
        assert_eq!(store.checkpoints(id).await.unwrap(), [first, second]);
        assert!(verified(store, id).await.proves());
        let missing = store.checkpoint(IncidentId(99)).await;
        assert!(matches!(missing, Err(CheckpointError::NotFound)));
        assert_eq!(store.record_head(IncidentId(99)).await.unwrap(), None);
    }

    async fn an_entry_changed_in_the_database_is_named(db: TestDb) {
        let id = noted(&db, 4).await;
        db.store().checkpoint(id).await.unwrap();
        tamper(&db, "update events set kind = replace(kind, 'note 1', 'note 7') where seq = 3").await;
        let report = verified(db.store(), id).await;
        assert_eq!(report.problems, [Problem::Changed { seq: 3 }]);
        tamper(&db, "update events set actor = '\"system\"' where seq = 2").await;
        let report = verified(db.store(), id).await;
        assert_eq!(report.problems, [Problem::Changed { seq: 2 }, Problem::Changed { seq: 3 }]);
        tamper(&db, "update events set kind = 'nothing' where seq = 5").await;
        let report = verified(db.store(), id).await;
        assert!(report.problems.contains(&Problem::Changed { seq: 5 }), "{report:?}");
    }

    async fn an_entry_deleted_in_the_database_is_named(db: TestDb) {
        let id = noted(&db, 4).await;
        db.store().checkpoint(id).await.unwrap();
        tamper(&db, "delete from events where seq = 5").await;
        let report = verified(db.store(), id).await;
        assert_eq!(report.problems, [Problem::Cut { size: 5, entries: 4 }]);
        // Whoever knows of the counters sets them back too.
        tamper(&db, "update incidents set last_seq = 4, signed_size = 0").await;
        let signed = db.store().checkpoint(id).await;
        assert!(matches!(signed, Err(CheckpointError::Broken(_))), "and the export still shows it: {signed:?}");
        let report = verified(db.store(), id).await;
        assert_eq!(report.problems, [Problem::Cut { size: 5, entries: 4 }]);
        tamper(&db, "delete from events where seq = 3").await;
        let report = verified(db.store(), id).await;
        assert!(report.problems.contains(&Problem::Missing { from: 3, to: 3 }), "{report:?}");
    }

    async fn entries_that_changed_places_in_the_database_are_named(db: TestDb) {
        let id = noted(&db, 4).await;
        db.store().checkpoint(id).await.unwrap();
        for sql in [
            "update events set seq = 99 where seq = 3",
            "update events set seq = 3 where seq = 4",
            "update events set seq = 4 where seq = 99",
        ] {
            tamper(&db, sql).await;
        }
        let report = verified(db.store(), id).await;
        assert_eq!(report.problems, [Problem::Changed { seq: 3 }, Problem::Changed { seq: 4 }]);
    }

    /// Hash and all: without the key the checkpoints stand against it.
    async fn an_entry_that_was_put_in_anothers_place_with_its_hash_is_found(db: TestDb) {
        let id = noted(&db, 4).await;
        db.store().checkpoint(id).await.unwrap();
        let other = noted_again(&db, 4).await;
        assert_ne!(other, id);
        tamper(&db, "update events set kind = (select kind from events where incident_id = 2 and seq = 3), \
                     salt = (select salt from events where incident_id = 2 and seq = 3), \
                     leaf = (select leaf from events where incident_id = 2 and seq = 3) \
                     where incident_id = 1 and seq = 3").await;
        let report = verified(db.store(), id).await;
        assert_eq!(report.problems, [Problem::Changed { seq: 3 }]);
    }

    async fn what_was_changed_before_it_was_signed_is_never_signed(db: TestDb) {
        let id = noted(&db, 4).await;
        let signed = db.store().checkpoint(id).await.unwrap();
        write_more(&db, id, "seen at once").await;
        tamper(&db, "update events set kind = replace(kind, 'seen', 'unseen') where seq = 6").await;
        assert!(matches!(db.store().checkpoint(id).await, Err(CheckpointError::Broken(_))));
        // Nor is a tree that did not grow from the one that was signed.
        tamper(&db, "update events set kind = replace(kind, 'unseen', 'seen') where seq = 6").await;
        tamper(&db, "update checkpoints set note = replace(note, 'incidents/1', 'incidents/2')").await;
        assert!(matches!(db.store().checkpoint(id).await, Err(CheckpointError::Broken(_))));
        tamper(&db, "update checkpoints set note = replace(note, 'incidents/2', 'incidents/1')").await;
        let next = db.store().checkpoint(id).await.unwrap();
        assert_eq!(db.store().checkpoints(id).await.unwrap(), [signed, next]);
    }

    async fn what_was_there_before_there_were_hashes_is_hashed_late_and_says_so(db: TestDb) {
        let (appended, signed) = (noted(&db, 2).await, noted_again(&db, 1).await);
        tamper(&db, "update events set leaf = null, salt = null").await;
        tamper(&db, "update incidents set peaks = null, hashed_size = 0").await;
        write_more(&db, appended, "new").await;
        db.store().checkpoint(appended).await.unwrap();
        let report = verified(db.store(), appended).await;
        assert!(report.proves(), "{report:?}");
        assert_eq!((report.entries, report.remarks), (4, vec![Remark::Late { entries: 3 }]));
        db.store().checkpoint(signed).await.unwrap();
        let report = verified(db.store(), signed).await;
        assert!(report.proves(), "{report:?}");
        assert_eq!((report.entries, report.remarks), (2, vec![Remark::Late { entries: 2 }]));
    }

    /// Servers are brought to a new version one after the other.
    async fn what_a_server_of_an_older_version_appends_meanwhile_is_hashed_late(db: TestDb) {
        let id = noted(&db, 3).await;
        db.store().checkpoint(id).await.unwrap();
        for _ in 0..2 {
            tamper(&db, "insert into events (incident_id, seq, occurred_at, recorded_at, actor, kind) \
                         select incident_id, seq + 1, occurred_at, recorded_at, actor, kind from events \
                         where seq = (select max(seq) from events)").await;
            tamper(&db, "update incidents set last_seq = last_seq + 1").await;
        }
        write_more(&db, id, "by the new one").await;
        db.store().checkpoint(id).await.unwrap();
        let report = verified(db.store(), id).await;
        assert!(report.proves(), "{report:?}");
        assert_eq!((report.entries, report.remarks), (7, vec![Remark::Late { entries: 2 }]));
    }

    async fn a_new_key_signs_at_once_and_on_every_server(db: TestDb) {
        let id = noted(&db, 2).await;
        let (here, there) = (db.store().clone(), db.another().await);
        assert_eq!(here.signing_keys().await.unwrap(), []);
        here.checkpoint(id).await.unwrap();
        let old = here.signing_key().await.unwrap();
        assert_eq!(there.signing_key().await.unwrap(), old);
        let new = here.rotate_signing_key().await.unwrap();
        assert_eq!((there.signing_key().await.unwrap(), new.name()), (new.clone(), old.name()));
        let keys = there.signing_keys().await.unwrap();
        assert_eq!(keys.iter().map(|key| key.public.clone()).collect::<Vec<_>>(), [new.clone(), old.clone()]);
        assert!(keys[0].retired_at.is_none() && keys[1].retired_at.is_some());

        // The old one cannot sign any more, whoever opens the vault.
        tamper(&db, "delete from signing_keys where retired_at is null").await;
        tamper(&db, "update signing_keys set is_current = (retired_at is not null), retired_at = null").await;
        assert!(matches!(here.signing_key().await, Err(StoreError::Corrupt { .. })));
    }

    async fn what_an_old_key_signed_stays(db: TestDb) {
        let id = noted(&db, 2).await;
        let (here, there) = (db.store().clone(), db.another().await);
        here.checkpoint(id).await.unwrap();
        let old = here.signing_key().await.unwrap();
        let new = here.rotate_signing_key().await.unwrap();
        // The new one signs the same state once more.
        there.checkpoint(id).await.unwrap();
        assert_eq!(here.checkpoints(id).await.unwrap().len(), 2);
        let text = export(&here, id).await;
        assert!(verify(&text, vec![old]).proves() && verify(&text, vec![new]).proves());
    }

    async fn two_servers_make_one_key(db: TestDb) {
        let (here, there) = (db.store().clone(), db.another().await);
        let (one, other) = tokio::join!(here.signing_key(), there.signing_key());
        assert_eq!(one.unwrap(), other.unwrap());
        let (one, other) = tokio::join!(here.rotate_signing_key(), there.rotate_signing_key());
        let (one, other): (PublicKey, PublicKey) = (one.unwrap(), other.unwrap());
        let current = here.signing_keys().await.unwrap();
        assert_eq!(current.iter().filter(|key| key.retired_at.is_none()).count(), 1);
        assert!(current[0].public == one || current[0].public == other);
    }

    async fn a_private_key_that_was_put_in_anothers_place_does_not_open(db: TestDb) {
        db.store().signing_key().await.unwrap();
        tamper(&db, "update signing_keys set label = 'farol/other+00000000'").await;
        let refused = db.store().signing_key().await;
        assert!(matches!(refused, Err(StoreError::Corrupt { .. })));
    }

    async fn what_is_over_is_due_at_once_and_the_rest_when_it_is_quiet(db: TestDb) {
        let quiet = std::time::Duration::from_secs(10);
        let none = IncidentId(0);
        let (open, over) = (noted(&db, 1).await, noted_again(&db, 1).await);
        assert!(db.store().has_unsigned().await.unwrap());
        assert_eq!(db.store().unsigned(quiet, none).await.unwrap(), []);
        let cancelled = EventKind::StatusChanged { from: Status::Declared, to: Status::Cancelled, reason: None };
        let said = db.store().append(over, Actor::System, |_, _| Ok::<_, Infallible>(cancelled.into()));
        said.await.unwrap();
        assert_eq!(db.store().unsigned(quiet, none).await.unwrap(), [over]);
        db.clock().advance(Duration::seconds(11));
        assert_eq!(db.store().unsigned(quiet, none).await.unwrap(), [open, over]);
        assert_eq!(db.store().unsigned(quiet, open).await.unwrap(), [over]);
        assert_eq!(db.store().incident_ids(none).await.unwrap(), [open, over]);
        for id in [open, over] {
            db.store().checkpoint(id).await.unwrap();
        }
        assert!(!db.store().has_unsigned().await.unwrap());
        assert_eq!(db.store().unsigned(quiet, none).await.unwrap(), []);
    }
}

/// Another incident of a few notes, in a store that has one.
async fn noted_again(db: &TestDb, notes: usize) -> IncidentId {
    let bia = user(db.store(), "Bia", Role::Responder).await;
    let id = incident(db.store(), &bia, declared("Slow again")).await;
    for number in 0..notes {
        append(db.store(), id, &bia, note(&format!("other {number}"))).await;
    }
    id
}
