//! What a caller is told when the database fails.

use std::sync::Arc;
use std::time::Duration;

use farol_api::user::Role;
use farol_store::{Durability, Store, StoreError, StoreOptions, Vault};
use farol_testkit::builders::user;
use farol_testkit::{PostgresServer, SqliteFile, TestClock, TestDb, VAULT_KEY};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

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
