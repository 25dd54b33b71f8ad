//! What is written at the same time is committed together, and each is accepted or refused by itself.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};

use farol_api::event::{Actor, Event, EventKind};
use farol_api::id::IncidentId;
use farol_api::target::Environment;
use farol_api::user::Role;
use farol_incident::Decision;
use farol_store::{AppendError, Store, StoreError};
use farol_testkit::TestDb;
use farol_testkit::builders::{declared, incident, user};
use futures::future::join_all;
use sqlx::Connection;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::record::verified;
use crate::scene::{LEASE, Scene, append, dispatches, note, results, succeeded, tamper};

async fn incidents(db: &TestDb, many: usize) -> Vec<IncidentId> {
    let ana = user(db.store(), "Ana", Role::Responder).await;
    let mut all = Vec::with_capacity(many);
    for _ in 0..many {
        all.push(incident(db.store(), &ana, declared("Slow")).await);
    }
    all
}

pub async fn say(store: &Store, id: IncidentId, text: String) -> Result<Vec<Event>, AppendError<Infallible>> {
    store.append(id, Actor::System, move |_, _| Ok(note(&text).into())).await
}

fn texts(events: &[Event]) -> Vec<String> {
    let texts = events.iter().filter_map(|event| match &event.kind {
        EventKind::Noted { text, .. } => Some(text.clone()),
        _ => None,
    });
    texts.collect()
}

on_both! {
    async fn sixty_four_writers_on_two_servers_leave_no_gap_and_a_record_that_proves(db: TestDb) {
        let all = incidents(&db, 5).await;
        let servers = [db.store().clone(), db.another().await];
        let writers = (0..64_usize).map(|writer| {
            let (store, id) = (servers[writer % 2].clone(), all[writer % all.len()]);
            tokio::spawn(async move {
                for turn in 0..4 {
                    let appended = say(&store, id, format!("{writer}.{turn}")).await.unwrap();
                    assert_eq!(appended.len(), 1);
                }
            })
        });
        for writer in writers.collect::<Vec<_>>() {
            writer.await.unwrap();
        }
        let mut said = BTreeSet::new();
        for id in all {
            let events = servers[1].events(id).await.unwrap();
            assert!(events.iter().zip(1..).all(|(event, seq)| event.seq == seq), "{events:?}");
            said.extend(texts(&events));
            db.store().checkpoint(id).await.unwrap();
            let report = verified(&servers[1], id).await;
            assert!(report.proves() && report.entries == events.len() as u64, "{report:?}");
        }
        assert_eq!(said.len(), 64 * 4);
    }

    async fn a_worker_that_waits_is_handed_what_is_queued_with_its_intent_committed(db: TestDb) {
        let scene = Scene::new(&db, Environment::Sandbox).await;
        let (store, spec) = (db.store(), scene.spec(&db, "fix"));
        let mut offer = store.offer("w", LEASE);
        scene.queue(store, &spec).await;
        let taken = offer.accepted().await.unwrap().unwrap();
        taken.intent.committed().await.unwrap();
        assert_eq!((taken.claim.attempt(), dispatches(store, &spec).await), (spec.attempt, 1));
        assert_eq!(taken.dispatched.event.seq, store.events(scene.incident).await.unwrap().len() as i64);
        assert!(store.take_next("other", LEASE).await.unwrap().is_none(), "nobody else can have it");
        store.finish(&taken.claim, succeeded()).await.unwrap();
        assert_eq!(results(store, &spec).await.len(), 1);
        store.checkpoint(scene.incident).await.unwrap();
        assert!(verified(store, scene.incident).await.proves());
    }

    async fn an_offer_that_was_taken_back_leaves_the_attempt_in_the_queue(db: TestDb) {
        let scene = Scene::new(&db, Environment::Sandbox).await;
        let (store, spec) = (db.store(), scene.spec(&db, "fix"));
        let mut jobs = store.jobs_ready();
        drop(store.offer("dropped", LEASE));
        assert!(store.offer("w", LEASE).withdraw().await.unwrap().is_none());
        jobs.mark_unchanged();
        scene.queue(store, &spec).await;
        jobs.changed().await.unwrap();
        assert_eq!(dispatches(store, &spec).await, 0);
        let taken = store.take_next("w", LEASE).await.unwrap().unwrap();
        assert_eq!((taken.claim.attempt(), dispatches(store, &spec).await), (spec.attempt, 1));
    }

    async fn what_is_void_when_it_is_handed_over_ends_and_is_not_sent(db: TestDb) {
        let scene = Scene::new(&db, Environment::Sandbox).await;
        let (store, mut spec) = (db.store(), scene.spec(&db, "fix"));
        spec.target_version += 1;
        let mut offer = store.offer("w", LEASE);
        scene.queue(store, &spec).await;
        assert!(offer.accepted().await.unwrap().is_none());
        assert_eq!(dispatches(store, &spec).await, 0);
        assert_eq!(results(store, &spec).await[0].outcome, farol_api::event::Outcome::Voided);
    }

    async fn offers_and_takers_on_two_servers_send_each_attempt_once(db: TestDb) {
        let scene = Scene::new(&db, Environment::Sandbox).await;
        let there = db.another().await;
        let specs: Vec<_> = (0..12).map(|number| scene.spec(&db, &format!("step-{number}"))).collect();
        let offers: Vec<_> = (0..4).map(|number| db.store().offer(&format!("o{number}"), LEASE)).collect();
        let all_queued = Arc::new(AtomicBool::new(false));
        let takers: Vec<_> = (0..4).map(|number| {
            let store = if number % 2 == 0 { there.clone() } else { db.store().clone() };
            let all_queued = Arc::clone(&all_queued);
            tokio::spawn(async move {
                let mut sent = Vec::new();
                loop {
                    let nothing_more = all_queued.load(Ordering::SeqCst);
                    match store.take_next(&format!("t{number}"), LEASE).await.unwrap() {
                        Some(taken) => sent.push(taken.claim.attempt()),
                        None if nothing_more => return sent,
                        None => tokio::task::yield_now().await,
                    }
                }
            })
        }).collect();
        join_all(specs.iter().map(|spec| scene.queue(db.store(), spec))).await;
        all_queued.store(true, Ordering::SeqCst);
        let mut sent = Vec::new();
        for offer in offers {
            sent.extend(offer.withdraw().await.unwrap().map(|taken| taken.claim.attempt()));
        }
        for taker in takers {
            sent.extend(taker.await.unwrap());
        }
        assert_eq!((sent.len(), sent.into_iter().collect::<BTreeSet<_>>().len()), (12, 12));
        for spec in &specs {
            assert_eq!(dispatches(db.store(), spec).await, 1);
        }
    }

    async fn output_that_comes_with_the_end_is_there_with_it_or_not_at_all(db: TestDb) {
        let scene = Scene::new(&db, Environment::Sandbox).await;
        let (store, spec) = (db.store(), scene.spec(&db, "fix"));
        scene.queue(store, &spec).await;
        let taken = store.take_next("w", LEASE).await.unwrap().unwrap();
        let text = |text: &str| farol_api::output::OutputContent::Stdout { text: text.into() };
        store.append_output(&taken.claim, vec![text("first\n")]).await.unwrap();
        let mut stale = taken.claim.clone();
        stale.fencing_token -= 1;
        store.finish_with(&stale, vec![text("of another\n")], succeeded(), Vec::new()).await.unwrap_err();
        store.finish_with(&taken.claim, vec![text("last\n")], succeeded(), Vec::new()).await.unwrap();
        let chunks = store.attempt_output(spec.attempt, 0, 10).await.unwrap();
        let contents: Vec<_> = chunks.into_iter().map(|chunk| chunk.content).collect();
        assert_eq!(contents, [text("first\n"), text("last\n")]);
        let digest = farol_store::output_digest(&contents);
        assert_eq!(results(store, &spec).await[0].output_digest, digest);
    }
}

/// Asserts that all that was appended came with one transaction. SQLite does not tell; there it is the same writer.
async fn assert_one_batch(db: &TestDb, incidents: &[IncidentId]) {
    if !db.url().starts_with("postgres") {
        return;
    }
    let look = "select count(distinct xmin::text) from events where incident_id = any($1) and seq > 1";
    let mut connection = sqlx::PgConnection::connect(db.url()).await.unwrap();
    let ids: Vec<i64> = incidents.iter().map(|id| id.0).collect();
    let batches: i64 = sqlx::query_scalar(look).bind(ids).fetch_one(&mut connection).await.unwrap();
    assert_eq!(batches, 1);
}

on_both_in_one_batch! {
    async fn a_neighbour_that_is_refused_or_wrong_takes_nobody_with_it(db: TestDb) {
        // Two whose numbers go the same way, however many ways there are.
        let all = incidents(&db, 13).await;
        let all = [all[0], all[12]];
        let scene = Scene::new(&db, Environment::Sandbox).await;
        let store = db.store();
        let (good, more) = (say(store, all[0], "one".into()), say(store, all[0], "two".into()));
        let refused = store.append(all[0], Actor::System, |_, _| Err::<Decision, _>("not now"));
        let missing = say(store, IncidentId(all[0].0 + 12_000), "x".into());
        // What follows from it cannot be written: an attempt is queued that nobody asked for.
        let queued = EventKind::AttemptQueued { attempt: scene.spec(&db, "a").attempt, step: "a".parse().unwrap() };
        let wrong = Decision::events([note("never"), queued]);
        let wrong = store.append(all[0], Actor::System, |_, _| Ok::<_, Infallible>(wrong));
        let mut loose = Decision::from(note("nor this"));
        loose.spec = Some(scene.spec(&db, "b"));
        let loose = store.append(all[1], Actor::System, |_, _| Ok::<_, Infallible>(loose));
        let last = say(store, all[1], "three".into());
        let (good, refused, missing, wrong, more, loose, last) =
            tokio::join!(good, refused, missing, wrong, more, loose, last);
        assert_eq!((good.unwrap()[0].seq, more.unwrap()[0].seq, last.unwrap()[0].seq), (2, 3, 2));
        assert!(matches!(refused, Err(AppendError::Refused("not now"))), "{refused:?}");
        assert!(matches!(missing, Err(AppendError::NotFound)), "{missing:?}");
        for failed in [wrong, loose] {
            assert!(matches!(failed, Err(AppendError::Store(StoreError::Inconsistent(_)))), "{failed:?}");
        }
        assert_eq!(texts(&store.events(all[0]).await.unwrap()), ["one", "two"]);
        assert_eq!(texts(&store.events(all[1]).await.unwrap()), ["three"]);
        assert_one_batch(&db, &all).await;
        for id in all {
            store.checkpoint(id).await.unwrap();
            assert!(verified(store, id).await.proves());
        }
    }

    async fn who_decides_in_a_panic_is_the_only_one_to_have_it(db: TestDb) {
        let id = incidents(&db, 1).await[0];
        let store = db.store().clone();
        let before = tokio::spawn({ let store = store.clone(); async move { say(&store, id, "one".into()).await } });
        let panics = tokio::spawn({
            let store = store.clone();
            async move {
                let decide = |_: &_, _: &[Event]| -> Result<Decision, Infallible> { panic!("a bug") };
                store.append(id, Actor::System, decide).await
            }
        });
        let after = tokio::spawn({ let store = store.clone(); async move { say(&store, id, "two".into()).await } });
        let (before, panics, after) = tokio::join!(before, panics, after);
        before.unwrap().unwrap();
        after.unwrap().unwrap();
        assert!(panics.unwrap_err().is_panic());
        assert_eq!(texts(&store.events(id).await.unwrap()), ["one", "two"]);
        assert_one_batch(&db, &[id]).await;
        store.checkpoint(id).await.unwrap();
        assert!(verified(&store, id).await.proves());
    }
}

/// Everything that is asked before the writer has its turn is one batch.
async fn a_batch_that_cannot_be_written_fails_all_its_members(db: TestDb, poison: &'static str) {
    let id = incidents(&db, 1).await[0];
    let store = db.store();
    say(store, id, "before".into()).await.unwrap();
    tamper(&db, poison).await;
    let busy = Busy::new(&db, id).await;
    let refused = store.append(id, Actor::System, |_, _| Err::<Decision, _>("not now"));
    let all = ["one", "poison", "two"].map(|text| say(store, id, text.into()));
    let (told, refused, first) = tokio::join!(join_all(all), refused, busy.over());
    for told in told {
        assert!(matches!(told, Err(AppendError::Store(StoreError::Unexpected(_)))), "{told:?}");
    }
    assert!(matches!(refused, Err(AppendError::Store(_))), "it was refused on what never came to be: {refused:?}");
    let ana = user(store, "Bea", Role::Responder).await;
    append(store, id, &ana, note("after")).await;
    let events = store.events(id).await.unwrap();
    assert_eq!(texts(&events), ["before"].into_iter().chain(first).chain(["after"]).collect::<Vec<_>>());
    assert!(events.iter().zip(1..).all(|(event, seq)| event.seq == seq));
    store.checkpoint(id).await.unwrap();
    assert!(verified(store, id).await.proves());
}

/// Keeps the writer busy on SQLite, where it has a thread of its own and a turn at any moment.
enum Busy {
    /// It decides something, until it is let go on.
    Sqlite(mpsc::Sender<()>, JoinHandle<()>),
    /// Its turn comes when this thread waits.
    Postgres,
}

impl Busy {
    async fn new(db: &TestDb, id: IncidentId) -> Self {
        if db.url().starts_with("postgres") {
            return Self::Postgres;
        }
        let (decides, is_deciding) = oneshot::channel();
        let (go_on, goes_on) = mpsc::channel();
        let store = db.store().clone();
        let first = tokio::spawn(async move {
            let decide = move |_: &_, _: &[Event]| {
                decides.send(()).unwrap();
                goes_on.recv().unwrap();
                Ok::<_, Infallible>(note("first").into())
            };
            store.append(id, Actor::System, decide).await.unwrap();
        });
        is_deciding.await.unwrap();
        Self::Sqlite(go_on, first)
    }

    /// Lets it go on; returns what it wrote meanwhile.
    async fn over(self) -> Option<&'static str> {
        let Self::Sqlite(go_on, first) = self else { return None };
        go_on.send(()).unwrap();
        first.await.unwrap();
        Some("first")
    }
}

#[tokio::test]
async fn a_batch_that_cannot_be_written_to_sqlite_fails_all_its_members() {
    let poison = "create trigger poison before insert on events when new.kind like '%poison%' \
                  begin select raise(abort, 'no'); end";
    a_batch_that_cannot_be_written_fails_all_its_members(TestDb::sqlite().await, poison).await;
}

#[tokio::test]
async fn a_batch_that_postgres_cannot_commit_fails_all_its_members() {
    let db = TestDb::postgres().await;
    tamper(
        &db,
        "create function poison() returns trigger language plpgsql as \
                 $$ begin raise 'no' using errcode = 'P0001'; end $$",
    )
    .await;
    let poison = "create constraint trigger poison after insert on events deferrable initially deferred \
                  for each row when (new.kind like '%poison%') execute function poison()";
    a_batch_that_cannot_be_written_fails_all_its_members(db, poison).await;
}
