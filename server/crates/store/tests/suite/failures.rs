//! What a caller is told when the database fails.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use farol_api::event::Actor;
use farol_api::id::IncidentId;
use farol_api::target::Environment;
use farol_api::user::Role;
use farol_store::{AppendError, Durability, LeaseError, Store, StoreError, StoreOptions, Vault};
use farol_testkit::builders::{asked_and_queued, person, user};
use farol_testkit::{PostgresServer, REFUSE_INTENTS, SqliteFile, TestClock, TestDb, VAULT_KEY};
use futures::FutureExt;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, PgConnection};

use crate::scene::{LEASE, Scene, dispatches};
use crate::together::say;

fn impatient() -> StoreOptions {
    let mut options = StoreOptions::new(Arc::new(TestClock::default()));
    options.patience = Duration::from_millis(300);
    options.durability = Durability::Off;
    options
}

#[tokio::test]
async fn a_full_disk_is_said_to_be_one() {
    let file = SqliteFile::with("create table t (x blob)").await;
    let mut connection = SqliteConnectOptions::new().filename(file.path()).connect().await.unwrap();
    sqlx::raw_sql("pragma max_page_count = 4").execute(&mut connection).await.unwrap();
    let failed = sqlx::query("insert into t values (zeroblob(100000))").execute(&mut connection).await;
    assert!(matches!(StoreError::from(failed.unwrap_err()), StoreError::Full(_)));
}

#[tokio::test]
async fn a_sqlite_file_that_another_program_holds_is_busy_and_then_not() {
    let db = TestDb::sqlite().await;
    let store = Store::open(db.url(), Vault::new(VAULT_KEY), impatient()).await.unwrap();
    let mut other = SqliteConnectOptions::new().filename(db.url()).connect().await.unwrap();
    sqlx::raw_sql("begin immediate").execute(&mut other).await.unwrap();
    assert!(matches!(store.ping().await, Err(StoreError::Busy(_))));
    assert_eq!(store.users().await.unwrap(), [], "reading goes on");
    sqlx::raw_sql("rollback").execute(&mut other).await.unwrap();
    store.ping().await.unwrap();
    other.close().await.unwrap();
}

/// The connection goes away in the middle, and the server comes back.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_were_cut_are_replaced() {
    let db = TestDb::postgres().await;
    user(db.store(), "Ana", Role::Owner).await;
    let name = db.url().rsplit('/').next().unwrap().split('?').next().unwrap();
    let kill = format!("select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'");
    PostgresServer::shared().execute("postgres", kill).await;
    let mut answered = false;
    for _ in 0..10 {
        match db.store().users().await {
            Ok(users) => {
                assert_eq!(users.len(), 1);
                answered = true;
                break;
            }
            Err(StoreError::Unavailable(_)) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    assert!(answered);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgres_that_stopped_is_unavailable() {
    let server = PostgresServer::start();
    let url = server.create_database("gone").await;
    Store::migrate(&url, &impatient()).await.unwrap();
    let store = Store::open(&url, Vault::new(VAULT_KEY), impatient()).await.unwrap();
    store.ping().await.unwrap();
    drop(server);
    for _ in 0..3 {
        let failed = store.ping().await;
        assert!(matches!(failed, Err(StoreError::Unavailable(_))), "{failed:?}");
    }
}

/// Another server, which hangs with an incident in its hands.
async fn holds(db: &TestDb, incident: IncidentId) -> PgConnection {
    let mut other = PgConnection::connect(db.url()).await.unwrap();
    let lock = format!("begin; select from incidents where id = {incident} for update");
    other.execute(sqlx::raw_sql(AssertSqlSafe(lock))).await.unwrap();
    other
}

/// Waits until somebody waits for what another holds.
async fn until_one_waits(other: &mut PgConnection) {
    const LOOK: &str = "select exists (select from pg_stat_activity \
                        where datname = current_database() and pg_backend_pid() = any(pg_blocking_pids(pid)))";
    for _ in 0..1_000 {
        if sqlx::query_scalar::<_, bool>(LOOK).fetch_one(&mut *other).await.unwrap() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("nobody waited");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lease_is_renewed_while_another_server_holds_the_incident() {
    let db = TestDb::postgres().await;
    let scene = Scene::new(&db, Environment::Sandbox).await;
    scene.queue(db.store(), &scene.spec(&db, "fix")).await;
    let claim = db.store().take_next("w", LEASE).await.unwrap().unwrap().claim;
    let mut other = holds(&db, scene.incident).await;
    let (store, id) = (db.store().clone(), scene.incident);
    let noted = tokio::spawn(async move { say(&store, id, "waits".into()).await });
    until_one_waits(&mut other).await;
    db.store().renew(&claim).await.unwrap();
    db.store().keep_evidence(&claim, "1 2 3".into()).await.unwrap();
    assert!(!noted.is_finished(), "whoever wants the incident waits still");
    other.execute("rollback").await.unwrap();
    noted.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_incident_that_another_server_holds_is_busy_and_then_not() {
    let db = TestDb::postgres().await;
    let scene = Scene::new(&db, Environment::Sandbox).await;
    let store = Store::open(db.url(), Vault::new(VAULT_KEY), impatient()).await.unwrap();
    let mut other = holds(&db, scene.incident).await;
    let refused = say(&store, scene.incident, "no".into()).await;
    assert!(matches!(refused, Err(AppendError::Store(StoreError::Busy(_)))), "{refused:?}");
    other.execute("rollback").await.unwrap();
    say(&store, scene.incident, "yes".into()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_handed_over_is_known_before_its_intent_is_committed_and_told_where_it_is_not() {
    let db = TestDb::postgres().await;
    let scene = Scene::new(&db, Environment::Sandbox).await;
    let (store, spec) = (db.store().clone(), scene.spec(&db, "fix"));
    let mut boss = PgConnection::connect(db.url()).await.unwrap();
    boss.execute(sqlx::raw_sql(REFUSE_INTENTS)).await.unwrap();
    let mut offer = store.offer("w", LEASE);
    let (actor, decision) = (Actor::Person(person(&scene.requester)), asked_and_queued(&spec, Environment::Sandbox));
    let (there, id) = (store.clone(), scene.incident);
    let asked = tokio::spawn(async move { there.append(id, actor, |_, _| Ok::<_, Infallible>(decision)).await });
    let taken = offer.accepted().await.unwrap().unwrap();
    let mut intent = Box::pin(taken.intent.committed());
    assert!(intent.as_mut().now_or_never().is_none() && !asked.is_finished());
    assert_eq!((taken.claim.attempt(), dispatches(&store, &spec).await), (spec.attempt, 0));
    boss.execute("select pg_advisory_unlock(1)").await.unwrap();
    assert!(intent.await.is_err() && asked.await.unwrap().is_err());
    assert_eq!(dispatches(&store, &spec).await, 0);
    assert!(matches!(store.renew(&taken.claim).await, Err(LeaseError::Lost)), "there is no such attempt");

    boss.execute("drop trigger refuse on events").await.unwrap();
    let mut offer = store.offer("w", LEASE);
    scene.queue(&store, &spec).await;
    let taken = offer.accepted().await.unwrap().unwrap();
    taken.intent.committed().await.unwrap();
    assert_eq!(dispatches(&store, &spec).await, 1);
}
