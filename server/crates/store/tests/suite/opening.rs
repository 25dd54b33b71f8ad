use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use farol_api::event::{Actor, EventKind};
use farol_store::{Store, StoreError, StoreOptions, Vault};
use farol_testkit::builders::{declared, incident, person, user};
use farol_testkit::{PostgresServer, TestClock, TestDb, VAULT_KEY};
use sqlx::{ConnectOptions, Connection};

/// Returns the columns of each table, both sorted.
type Schema = BTreeMap<String, Vec<String>>;

/// Tables with their columns, but for the full-text index, which each database has in its own way.
fn schema(columns: Vec<(String, String)>) -> Schema {
    let mut schema = Schema::new();
    for (table, column) in columns.into_iter().filter(|(table, _)| !table.starts_with("library_words")) {
        schema.entry(table).or_default().push(column);
    }
    schema.values_mut().for_each(|columns| columns.sort());
    schema
}

async fn sqlite_schema(db: &TestDb) -> Schema {
    const SQL: &str = "select t.name, c.name from sqlite_schema t, pragma_table_info(t.name) c \
                       where t.type = 'table' and t.name not like 'sqlite_%' \
                       and t.name <> '_sqlx_migrations'";
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(db.url());
    let mut connection = options.connect().await.unwrap();
    let columns = sqlx::query_as(SQL).fetch_all(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    schema(columns)
}

async fn postgres_schema(db: &TestDb) -> Schema {
    const SQL: &str = "select table_name::text, column_name::text \
                       from information_schema.columns \
                       where table_schema = 'public' and table_name <> '_sqlx_migrations'";
    let mut connection = sqlx::PgConnection::connect(db.url()).await.unwrap();
    let columns = sqlx::query_as(SQL).fetch_all(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    schema(columns)
}

fn stems(dialect: &str) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../migrations");
    let files = std::fs::read_dir(root.join(dialect)).unwrap();
    let mut stems: Vec<String> = files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    stems.sort();
    stems
}

fn options() -> StoreOptions {
    StoreOptions::new(Arc::new(TestClock::default()))
}

/// The folder may be one that everybody on the machine can look into, as systemd makes it.
#[tokio::test]
async fn nobody_else_on_the_machine_reads_a_store() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let file = folder.path().join("farol.db");
    let store = Store::open(file.to_str().unwrap(), Vault::new(VAULT_KEY), options()).await.unwrap();
    user(&store, "Ana", farol_api::user::Role::Owner).await;
    let files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(Result::unwrap).collect();
    assert!(files.len() > 1, "a log lies beside it");
    for file in files {
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o077, 0, "{:?}", file.path());
    }
    store.close().await;
}

#[tokio::test]
async fn both_databases_have_the_same_tables_and_columns() {
    let (sqlite, postgres) = (TestDb::sqlite().await, TestDb::postgres().await);
    let tables = sqlite_schema(&sqlite).await;
    assert!(tables.contains_key("events"));
    assert_eq!(tables, postgres_schema(&postgres).await);
    assert_eq!(stems("sqlite"), stems("postgres"));
}

#[tokio::test]
async fn a_postgres_store_is_refused_until_it_is_migrated() {
    let url = TestDb::empty_postgres().await;
    let vault = || Vault::new(VAULT_KEY);
    let refused = Store::open(&url, vault(), options()).await;
    assert!(matches!(refused, Err(StoreError::NotMigrated)));
    Store::migrate(&url, &options()).await.unwrap();
    Store::migrate(&url, &options()).await.unwrap();
    Store::open(&url, vault(), options()).await.unwrap();
    let mut connection = sqlx::PgConnection::connect(&url).await.unwrap();
    let forget = "delete from _sqlx_migrations where version = 4";
    sqlx::query(forget).execute(&mut connection).await.unwrap();
    let behind = Store::open(&url, vault(), options()).await;
    assert!(matches!(behind, Err(StoreError::NotMigrated)));
    let later = "insert into _sqlx_migrations \
                 (version, description, success, checksum, execution_time) \
                 values (9999, 'later', true, '', 0)";
    sqlx::query(later).execute(&mut connection).await.unwrap();
    let newer = Store::open(&url, vault(), options()).await;
    assert!(matches!(newer, Err(StoreError::ForeignMigrations(_))));
}

#[tokio::test]
async fn a_sqlite_store_is_made_where_it_is_missing_and_its_url_may_say_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new.db");
    let url = format!("sqlite://{}", path.display());
    let store = Store::open(&url, Vault::new(VAULT_KEY), options()).await.unwrap();
    store.ping().await.unwrap();
    store.close().await;
    assert!(path.is_file());
    let nowhere = folder.path().join("missing/new.db");
    let refused = Store::open(&nowhere.display().to_string(), Vault::new(VAULT_KEY), options()).await;
    assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
}

#[tokio::test]
async fn a_sqlite_store_of_a_newer_program_is_refused() {
    let db = TestDb::sqlite().await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(db.url());
    let mut connection = options.connect().await.unwrap();
    let later = "insert into _sqlx_migrations \
                 (version, description, success, checksum, execution_time) \
                 values (9999, 'later', true, x'00', 0)";
    sqlx::query(later).execute(&mut connection).await.unwrap();
    let newer = db.reopen(VAULT_KEY).await;
    assert!(matches!(newer, Err(StoreError::ForeignMigrations(_))), "{newer:?}");
}

#[tokio::test]
async fn events_that_stood_by_incident_are_there_when_they_stand_in_order() {
    const BEFORE: &str = "create table before (incident_id integer not null references incidents (id), \
        seq integer not null, occurred_at text not null, recorded_at text not null, actor text not null, \
        kind text not null, leaf blob, salt blob, late integer not null default 0, digest blob, \
        primary key (incident_id, seq)) strict, without rowid; \
        insert into before select * from events; drop table events; alter table before rename to events; \
        delete from _sqlx_migrations where version = 16";
    let db = TestDb::sqlite().await;
    let ana = user(db.store(), "Ana", farol_api::user::Role::Owner).await;
    let mut incidents = Vec::new();
    for title in ["It is slow", "It is down"] {
        incidents.push(incident(db.store(), &ana, declared(title)).await);
    }
    for id in incidents.iter().chain(&incidents) {
        let note = EventKind::Noted { text: "Seen".to_owned(), step: None };
        let noted = |_: &_, _: &_| Ok::<_, std::convert::Infallible>(farol_incident::Decision::from(note));
        db.store().append(*id, Actor::Person(person(&ana)), noted).await.unwrap();
    }
    let mut events = Vec::new();
    for id in &incidents {
        events.push(db.store().events_after(*id, 0, 10).await.unwrap());
    }
    db.store().close().await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(db.url());
    let mut connection = options.connect().await.unwrap();
    sqlx::raw_sql(BEFORE).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();

    let migrated = db.reopen(VAULT_KEY).await.unwrap();
    for (id, events) in incidents.into_iter().zip(events) {
        assert_eq!((events.len(), migrated.events_after(id, 0, 10).await.unwrap()), (3, events));
        migrated.checkpoint(id).await.expect("a record that holds");
    }
}

#[tokio::test]
async fn a_file_that_is_no_database_is_said_to_be_corrupt() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("not.db");
    std::fs::write(&path, "This is a letter, not a database. ".repeat(100)).unwrap();
    let refused = Store::open(&path.display().to_string(), Vault::new(VAULT_KEY), options()).await;
    assert!(matches!(refused, Err(StoreError::Corrupt { .. })), "{refused:?}");
}

on_both! {
    async fn what_was_stored_is_there_after_a_restart(db: TestDb) {
        let ana = user(db.store(), "Ana", farol_api::user::Role::Owner).await;
        db.store().close().await;
        let again = db.reopen(VAULT_KEY).await.unwrap();
        assert_eq!(again.users().await.unwrap(), [ana]);
    }

    async fn a_store_sealed_with_another_key_is_refused(db: TestDb) {
        let refused = db.reopen([8; 32]).await;
        assert!(matches!(refused, Err(StoreError::WrongKey)));
        db.reopen(VAULT_KEY).await.unwrap();
    }
}

#[tokio::test]
async fn a_postgres_that_does_not_answer_is_unavailable() {
    let mut options = options();
    options.patience = std::time::Duration::from_millis(300);
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = port.local_addr().unwrap().port();
    let url = format!("postgres://nobody:x@127.0.0.1:{port}/farol");
    let refused = Store::open(&url, Vault::new(VAULT_KEY), options).await;
    assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
    assert!(PostgresServer::shared().port() > 0);
}
