//! What one kind of connection writes the other reads, and what SQLite refuses is told alike.

use std::time::Duration;

use chrono::DateTime;
use farol_api::clock::Timestamp;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode};
use sqlx::{ConnectOptions, FromRow};
use tempfile::TempDir;
use uuid::Uuid;

use super::{DirectTx, Gate, Readers};
use crate::error::is_unique_violation;
use crate::{Durability, StoreError};

#[derive(Debug, PartialEq, FromRow)]
struct Kept {
    id: i64,
    text: String,
    bytes: Vec<u8>,
    uuid: Uuid,
    at: Timestamp,
    yes: bool,
    absent: Option<String>,
    something: Option<i64>,
}

impl Kept {
    fn sample(id: i64, at: &str) -> Self {
        Self {
            id,
            text: "é \u{1f600} 'x'".to_owned(),
            bytes: vec![0, 1, 255],
            uuid: Uuid::from_u128(7),
            at: DateTime::parse_from_rfc3339(at).unwrap().to_utc(),
            yes: true,
            absent: None,
            something: Some(i64::MIN),
        }
    }
}

const TABLE: &str = "create table kept (id integer primary key, text text, bytes blob, uuid blob, at text, yes integer, \
                     absent text, something integer)";
const INSERT: &str = "insert into kept values ($1, $2, $3, $4, $5, $6, $7, $8)";
const SELECT: &str = "select * from kept where id = $1";

macro_rules! insert {
    ($kept:expr, $connection:expr) => {{
        let kept: &Kept = $kept;
        let query = sqlx::query(INSERT).bind(kept.id).bind(&kept.text).bind(kept.bytes.as_slice()).bind(kept.uuid);
        let query = query.bind(kept.at).bind(kept.yes).bind(kept.absent.as_deref()).bind(kept.something);
        query.execute($connection).await.map(|done| done.rows_affected())
    }};
}

async fn scene() -> (TempDir, Gate, SqliteConnection) {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("t.db");
    let other = SqliteConnectOptions::new().filename(&file).create_if_missing(true);
    let mut other = other.journal_mode(SqliteJournalMode::Wal).connect().await.unwrap();
    sqlx::query(TABLE).execute(&mut other).await.unwrap();
    let gate = Gate::new(&file, Durability::Off, Duration::from_millis(200));
    (folder, gate, other)
}

async fn find(tx: &mut DirectTx, id: i64) -> Option<Kept> {
    sqlx::query_as(SELECT).bind(id).fetch_optional(tx.connection()).await.unwrap()
}

#[tokio::test]
async fn both_keep_every_type_in_the_same_form() {
    let (_folder, gate, mut other) = scene().await;
    let times = ["2026-11-28T12:00:00Z", "2026-11-28T12:00:00.120Z", "2026-11-28T12:00:00.123456Z"];
    for (id, at) in (1..).step_by(2).zip(times) {
        let (here, there) = (Kept::sample(id, at), Kept::sample(id + 1, at));
        assert_eq!(insert!(&there, &mut other).unwrap(), 1);
        let mut tx = gate.begin().await.unwrap();
        assert_eq!(insert!(&here, tx.connection()).unwrap(), 1);
        assert_eq!(find(&mut tx, id + 1).await, Some(there));
        tx.commit().unwrap();
        let read: Kept = sqlx::query_as(SELECT).bind(id).fetch_one(&mut other).await.unwrap();
        assert_eq!(read, here);
    }
    const FORMS: &str = "select count(distinct typeof(text) || typeof(bytes) || typeof(uuid) || typeof(at) || typeof(yes) || \
                         typeof(absent) || typeof(something) || length(at)) from kept";
    let forms: i64 = sqlx::query_scalar(FORMS).fetch_one(&mut other).await.unwrap();
    assert_eq!(forms, 3, "one for each length of a time");
}

#[tokio::test]
async fn places_are_numbered_or_come_in_order() {
    let (_folder, gate, _other) = scene().await;
    let mut tx = gate.begin().await.unwrap();
    for (sql, expected) in [("select $2, $1, $2", (2, 1, 2)), ("select ?, ?, $2", (1, 2, 2))] {
        let row: (i64, i64, i64) =
            sqlx::query_as(sql).bind(1_i64).bind(2_i64).fetch_one(tx.connection()).await.unwrap();
        assert_eq!(row, expected, "{sql}");
    }
    let lacking = sqlx::query("select $3").bind(1_i64).execute(tx.connection()).await;
    assert!(matches!(lacking, Err(sqlx::Error::InvalidArgument(_))));
    let rows: Vec<i64> =
        sqlx::query_scalar("select value from json_each($1)").bind("[3,1,2]").fetch_all(tx.connection()).await.unwrap();
    assert_eq!(rows, [3, 1, 2]);
}

#[tokio::test]
async fn a_dropped_transaction_leaves_nothing_and_the_next_one_begins() {
    let (_folder, gate, _other) = scene().await;
    let kept = Kept::sample(1, "2026-11-28T12:00:00Z");
    let mut tx = gate.begin().await.unwrap();
    insert!(&kept, tx.connection()).unwrap();
    drop(tx);
    let mut tx = gate.begin().await.unwrap();
    assert_eq!(find(&mut tx, 1).await, None);
    insert!(&kept, tx.connection()).unwrap();
    assert!(is_unique_violation(&insert!(&kept, tx.connection()).unwrap_err()));
    tx.rollback().unwrap();
    assert_eq!(find(&mut gate.begin().await.unwrap(), 1).await, None);
}

#[tokio::test]
async fn what_sqlite_refuses_is_told_as_by_its_other_connections() {
    let (_folder, gate, mut other) = scene().await;
    let turn = gate.turn().await.unwrap();
    assert!(matches!(gate.begin().await.map_err(StoreError::from), Err(StoreError::Busy(_))), "somebody has the turn");
    drop(turn);
    sqlx::query("begin immediate").execute(&mut other).await.unwrap();
    assert!(matches!(gate.begin().await.map_err(StoreError::from), Err(StoreError::Busy(_))), "another has the file");
    sqlx::query("rollback").execute(&mut other).await.unwrap();

    let mut tx = gate.begin().await.unwrap();
    sqlx::query("pragma max_page_count = 4").execute(tx.connection()).await.unwrap();
    let full = sqlx::query("insert into kept (bytes) values (zeroblob(100000))").execute(tx.connection()).await;
    assert!(matches!(StoreError::from(full.unwrap_err()), StoreError::Full(_)));
    drop(tx);
    assert_eq!(find(&mut gate.begin().await.unwrap(), 1).await, None, "it goes on");

    let mut tx = gate.begin().await.unwrap();
    let read: Result<String, _> = sqlx::query_scalar("select x'ff'").fetch_one(tx.connection()).await;
    assert!(matches!(StoreError::from(read.unwrap_err()), StoreError::Corrupt { .. }));
    drop(tx);
    gate.close().await;
    assert!(matches!(gate.begin().await, Err(sqlx::Error::PoolClosed)));
}

#[tokio::test]
async fn short_reads_have_a_few_connections_that_write_nothing() {
    let (folder, gate, mut other) = scene().await;
    let readers = Readers::new(&folder.path().join("t.db"), Duration::ZERO);
    let kept = Kept::sample(1, "2026-11-28T12:00:00Z");
    insert!(&kept, &mut other).unwrap();
    let all: Vec<_> = std::iter::from_fn(|| readers.take()).collect();
    assert_eq!(all.len(), 4);
    drop(all);
    // While somebody writes, they read what was before.
    let mut tx = gate.begin().await.unwrap();
    sqlx::query("delete from kept").execute(tx.connection()).await.unwrap();
    let mut reader = readers.take().unwrap();
    let read: Kept = sqlx::query_as(SELECT).bind(1_i64).fetch_one(&mut *reader).await.unwrap();
    assert_eq!(read, kept);
    tx.commit().unwrap();
    let read: Option<Kept> = sqlx::query_as(SELECT).bind(1_i64).fetch_optional(&mut *reader).await.unwrap();
    assert_eq!(read, None);
    assert!(insert!(&kept, &mut *reader).is_err());
    drop(reader);
    readers.close().await;
    assert!(readers.take().is_none());
}
