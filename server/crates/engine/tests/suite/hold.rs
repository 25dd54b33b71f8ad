//! Changes that are held before they are committed, on real servers.

use std::time::Duration;

use crate::common::held::{Db, before, commit, decide, held};
use crate::common::{self, database, with_binds};
use farol_api::event::{FailureCode, Outcome};
use farol_api::hold::{HoldTerms, NoUndo, RolledBack, RowRange};
use farol_api::target::DatabaseKind;
use farol_engine::hold::Verdict;
use sqlx::{AssertSqlSafe, Connection, Executor, MySqlConnection, Row};
use tokio_util::sync::CancellationToken;

#[tokio::test]
async fn what_is_held_is_seen_by_nobody_else_until_it_is_committed() {
    for db in Db::all().await {
        let spec = held("update orders set state = 'gone' where state = 'open'");
        let (target, was) = (db.rw(), before(&db));
        let other = &db;
        let ran = decide(&spec, &target, |seen| async move {
            assert_eq!((seen.statements[0].rows, seen.statements[0].shown), (2, 2));
            assert_eq!(other.orders().await, was);
            assert!(!seen.locks.is_empty() || matches!(other, Db::Mariadb(_)), "{seen:?}");
            Verdict::Commit
        })
        .await;
        assert_eq!((ran.result.outcome, ran.result.rows), (Outcome::Succeeded, Some(2)), "{}", ran.stderr());
        assert!(db.orders().await.starts_with("1,gone"), "{}", db.orders().await);
        let rows: Vec<_> =
            ran.rows().into_iter().map(|row| (row[0].clone().unwrap(), row[2].clone().unwrap())).collect();
        let pair = |mark: &str, state: &str| (mark.to_owned(), state.to_owned());
        assert_eq!(rows, [pair("-", "open"), pair("+", "gone"), pair("-", "open"), pair("+", "gone")]);
    }
}

#[tokio::test]
async fn whatever_else_is_decided_nothing_stays() {
    for db in Db::all().await {
        let was = before(&db);
        for (verdict, outcome, failure) in [
            (Verdict::RollBack(None), Outcome::Cancelled, None),
            (Verdict::RollBack(Some(RolledBack::Cancelled)), Outcome::Cancelled, None),
            (Verdict::RollBack(Some(RolledBack::Deadline)), Outcome::Failed, Some(FailureCode::HoldExpired)),
            (Verdict::RollBack(Some(RolledBack::Server)), Outcome::Failed, Some(FailureCode::ServerLost)),
        ] {
            let spec = held("delete from orders where id = 1");
            let ran = decide(&spec, &db.rw(), |_| async { verdict }).await;
            assert_eq!((ran.result.outcome, ran.result.failure), (outcome, failure), "{}", ran.stderr());
            assert_eq!(db.orders().await, was);
        }
        // Nobody is there to ask.
        let ran = common::run(&held("delete from orders where id = 1"), &db.rw()).await;
        assert_eq!((ran.result.outcome, ran.result.failure), (Outcome::Failed, Some(FailureCode::ServerLost)));
        assert_eq!(db.orders().await, was);
    }
}

#[tokio::test]
async fn a_block_is_committed_together_or_not_at_all() {
    for db in Db::all().await {
        let was = before(&db);
        let spec = db.block("begin; update orders set price = 2 where id = 1; delete from orders where id = 3; insert into orders values (4, 'new', 3, null); commit;");
        let ran = decide(&spec, &db.rw(), |seen| async move {
            assert_eq!(seen.statements.iter().map(|one| one.rows).collect::<Vec<_>>(), [1, 1, 1]);
            Verdict::RollBack(None)
        })
        .await;
        assert_eq!(ran.result.outcome, Outcome::Cancelled, "{}", ran.stderr());
        assert_eq!(db.orders().await, was);
        let (ran, seen) = commit(&spec, &db).await;
        assert_eq!((ran.result.outcome, ran.result.rows), (Outcome::Succeeded, Some(3)), "{}", ran.stderr());
        assert!(db.orders().await.contains("4,new"), "{}", db.orders().await);
        if matches!(db, Db::Mariadb(_)) {
            // MariaDB tells no key that it does not count itself.
            assert_eq!(seen.undo.as_ref().err(), Some(&NoUndo::Inserted));
            continue;
        }
        let (undone, _) = commit(&db.undo(&seen), &db).await;
        assert_eq!(undone.result.outcome, Outcome::Succeeded, "{}", undone.stderr());
        assert_eq!(db.orders().await, was);
        let broken =
            db.block("begin; update orders set price = 2 where id = 1; update nowhere set a = 1 where a = 2; commit");
        let ran = common::run(&broken, &db.rw()).await;
        assert_eq!((ran.result.outcome, ran.result.failure), (Outcome::Failed, Some(FailureCode::StatementRefused)));
        assert_eq!(db.orders().await, was);
    }
}

#[tokio::test]
async fn values_reach_each_statement_of_a_block() {
    for (db, text) in [
        (
            Db::postgres().await,
            "begin; update orders set state = $1 where id = $2; delete from orders where id = $3; commit",
        ),
        (
            Db::mariadb().await,
            "begin; update orders set state = ? where id = ?; delete from orders where id = ?; commit",
        ),
        (
            Db::sqlite().await,
            "begin; update orders set state = ?1 where id = ?2; delete from orders where id = ?3; commit",
        ),
    ] {
        let spec = with_binds(db.block(text), &["it's", "1", "2"]);
        let (ran, seen) = commit(&spec, &db).await;
        assert_eq!((ran.result.outcome, ran.result.rows), (Outcome::Succeeded, Some(2)), "{}", ran.stderr());
        assert!(db.orders().await.starts_with("1,it's"), "{}", db.orders().await);
        let (undone, _) = commit(&db.undo(&seen), &db).await;
        assert_eq!(undone.result.outcome, Outcome::Succeeded, "{}", undone.stderr());
        assert_eq!(db.orders().await, before(&db));
    }
}

#[tokio::test]
async fn other_rows_than_approved_are_rolled_back_without_asking() {
    for db in Db::all().await {
        let was = before(&db);
        for (range, fits) in [("1..1", false), ("3..9", false), ("2", true), ("1..10", true)] {
            for seconds in [Some(60), None] {
                let mut spec = held("update orders set price = price + 1 where state = 'open'");
                spec.asked.hold = Some(HoldTerms { seconds, rows: RowRange::read(range), undoes: None });
                let ran = decide(&spec, &db.rw(), |_| async { Verdict::Commit }).await;
                let expected =
                    if fits { (Outcome::Succeeded, None) } else { (Outcome::Failed, Some(FailureCode::RowsOutside)) };
                assert_eq!((ran.result.outcome, ran.result.failure), expected, "{range} {}", ran.stderr());
                assert_eq!(ran.result.rows, Some(2));
                assert_eq!(db.orders().await == was, !fits);
                db.execute("update orders set price = 9.90 where id = 1; update orders set price = 5 where id = 2")
                    .await;
            }
        }
    }
}

#[tokio::test]
async fn a_table_that_cannot_roll_back_is_not_held() {
    let db = Db::mariadb().await;
    db.execute(
        "create table old_style (id int primary key, a int) engine = myisam; insert into old_style values (1, 1)",
    )
    .await;
    let ran = common::run(&held("update old_style set a = 2 where id = 1"), &db.rw()).await;
    assert_eq!((ran.result.outcome, ran.result.failure), (Outcome::Failed, Some(FailureCode::CannotHold)));
    assert!(ran.stderr().contains("MyISAM"), "{}", ran.stderr());
    assert_eq!(db.ask("select a from old_style").await, "1");
    let versioned = "create table every_version (id int primary key, a int) engine = myisam with system versioning";
    if !version(&db).await.contains("MariaDB") {
        return;
    }
    db.execute(&format!("{versioned}; insert into every_version (id, a) values (1, 1)")).await;
    let ran = common::run(&held("update every_version set a = 2 where id = 1"), &db.rw()).await;
    assert_eq!((ran.result.outcome, ran.result.failure), (Outcome::Failed, Some(FailureCode::CannotHold)));
    assert_eq!(db.ask("select a from every_version").await, "1");
}

async fn version(db: &Db) -> String {
    db.ask("select version()").await
}

/// Whoever decides would take for held what everybody sees already, and for rolled back what stays.
#[tokio::test]
async fn what_a_view_or_a_trigger_writes_into_a_table_that_cannot_roll_back_is_told_while_it_is_held() {
    let db = Db::mariadb().await;
    db.execute(
        "create table old_style (id int primary key, a int) engine = myisam; insert into old_style values (1, 1);
         create view modern as select id, a from old_style;
         create table watched (id int primary key, a int); insert into watched values (1, 1);
         create trigger watching after update on watched for each row update old_style set a = new.a",
    )
    .await;
    for (text, left) in [("update modern set a = 5 where id = 1", "5"), ("update watched set a = 6 where id = 1", "6")]
    {
        let ran = decide(&held(text), &db.rw(), |_| async { Verdict::RollBack(None) }).await;
        assert!(ran.stderr().contains("there already, whatever is decided"), "{text}: {}", ran.stderr());
        assert_eq!(ran.result.outcome, Outcome::OutcomeUnknown, "{text}");
        assert_eq!(db.ask("select a from old_style").await, left);
    }
    assert_eq!(db.ask("select a from watched").await, "1");
    let spec = held("update orders set price = 2 where id = 1");
    let ran = decide(&spec, &db.rw(), |_| async { Verdict::RollBack(None) }).await;
    assert_eq!((ran.result.outcome, ran.stderr().as_str()), (Outcome::Cancelled, ""));
}

#[tokio::test]
async fn what_is_no_data_change_is_not_held() {
    for db in Db::all().await {
        for text in ["create table more (a int)", "truncate table orders", "drop table orders", "select 1"] {
            let ran = common::run(&held(text), &db.rw()).await;
            assert_eq!(
                (ran.result.outcome, ran.result.failure),
                (Outcome::Failed, Some(FailureCode::CannotHold)),
                "{text}"
            );
        }
        assert_eq!(db.orders().await, before(&db));
    }
}

#[tokio::test]
async fn a_connection_that_is_lost_while_it_is_held_leaves_nothing() {
    let db = Db::postgres().await;
    let ran = decide(&held("delete from orders where id = 1"), &db.rw(), |_| async {
        db.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'").await;
        Verdict::Commit
    })
    .await;
    assert_eq!((ran.result.outcome, ran.result.failure), (Outcome::Failed, Some(FailureCode::ConnectionLost)));
    assert_eq!(db.orders().await, before(&db));
}

/// A deferred constraint is looked at by the commit itself: it is refused, and that is known.
#[tokio::test]
async fn a_commit_that_the_server_refuses_is_no_doubt() {
    let db = Db::postgres().await;
    let Db::Postgres(urls) = &db else { panic!("it is Postgres") };
    let rw = urls.rw.split("://").nth(1).and_then(|rest| rest.split([':', '@']).next()).unwrap();
    db.execute(&format!(
        "create table kids (id int primary key, o int references orders (id) deferrable initially deferred); \
         insert into kids values (1, 1); grant select, update on kids to {rw}"
    ))
    .await;
    let ran = decide(&held("update kids set o = 99 where id = 1"), &db.rw(), |_| async { Verdict::Commit }).await;
    assert_eq!((ran.result.outcome, ran.result.failure), (Outcome::Failed, Some(FailureCode::StatementRefused)));
    assert_eq!(db.ask("select o from kids").await, "1");
}

/// Looks again and again, but not for ever.
async fn until(wanted: &str, mut is_so: impl AsyncFnMut() -> bool) {
    for _ in 0..500 {
        if is_so().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{wanted}: never seen");
}

/// The rows are looked at before the statement is sent, and that waits for whoever holds them.
#[tokio::test]
async fn what_waits_for_rows_is_stopped_and_leaves_no_connection() {
    for db in [Db::postgres().await, Db::mariadb().await] {
        let spec = held("update orders set state = 'x' where id = 1");
        let target = db.rw();
        let cancel = CancellationToken::new();
        let folder = tempfile::tempdir().unwrap();
        let config = common::config(folder.path());
        let run = common::run_with(&spec, &target, &config, &cancel);
        let ran = match &db {
            Db::Postgres(urls) => {
                let mut other = sqlx::PgConnection::connect(&urls.superuser).await.unwrap();
                other.execute(sqlx::raw_sql("begin; select from orders where id = 1 for update")).await.unwrap();
                let waits = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
                let backends = "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";
                let mut count = async |sql: &'static str| -> i64 {
                    // What a transaction saw of others' sessions once it sees again.
                    other.execute(sqlx::raw_sql("select pg_stat_clear_snapshot()")).await.unwrap();
                    other.fetch_one(sqlx::raw_sql(sql)).await.unwrap().get(0)
                };
                let (ran, ()) = tokio::join!(run, async {
                    until("it waits for the rows", async || count(waits).await > 0).await;
                    cancel.cancel();
                });
                until("no connection waits for the rows", async || count(backends).await == 0).await;
                ran
            }
            Db::Mariadb(urls) => {
                let mut other = MySqlConnection::connect(&urls.superuser).await.unwrap();
                for sql in ["begin", "select id from orders where id = 1 for update"] {
                    other.execute(sqlx::raw_sql(sql)).await.unwrap();
                }
                let ours = format!(
                    "select count(*) from information_schema.processlist where user = '{}_rw' and info like 'select%for update'",
                    urls.account
                );
                let mut count = async || -> i64 {
                    other.fetch_one(sqlx::raw_sql(AssertSqlSafe(ours.clone()))).await.unwrap().get(0)
                };
                let (ran, ()) = tokio::join!(run, async {
                    until("it waits for the rows", async || count().await > 0).await;
                    cancel.cancel();
                });
                until("no connection waits for the rows", async || count().await == 0).await;
                ran
            }
            Db::Sqlite(_) => panic!("it waits for nobody's rows"),
        };
        assert_eq!((ran.result.outcome, ran.result.failure), (Outcome::Cancelled, None), "{}", ran.stderr());
    }
}

/// Whoever reads an SQLite file keeps others from committing; that they gave up waiting is known.
#[tokio::test]
async fn a_commit_that_others_stand_in_the_way_of_is_no_doubt() {
    let db = Db::sqlite().await;
    let Db::Sqlite(file) = &db else { panic!("it is SQLite") };
    let mut other = sqlx::SqliteConnection::connect(&file.url()).await.unwrap();
    for sql in ["begin", "select count(*) from orders"] {
        other.execute(sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))).await.unwrap();
    }
    let ran = decide(&held("delete from orders where id = 1"), &db.rw(), |_| async { Verdict::Commit }).await;
    assert_eq!(
        (ran.result.outcome, ran.result.failure),
        (Outcome::Failed, Some(FailureCode::StatementRefused)),
        "{}",
        ran.stderr()
    );
    other.execute(sqlx::raw_sql("rollback")).await.unwrap();
    assert_eq!(db.orders().await, before(&db));
}

#[tokio::test]
async fn a_connection_that_is_cut_in_the_commit_leaves_doubt() {
    let db = Db::postgres().await;
    let Db::Postgres(urls) = &db else { panic!("it is Postgres") };
    let target = database(DatabaseKind::Postgres, &common::cut::cut_at_commit(&urls.rw).await);
    let ran = decide(&held("delete from orders where id = 1"), &target, |_| async { Verdict::Commit }).await;
    assert_eq!(
        (ran.result.outcome, ran.result.failure),
        (Outcome::OutcomeUnknown, Some(FailureCode::ConnectionLost)),
        "{}",
        ran.stderr()
    );
    assert!(!db.orders().await.starts_with("1,"), "it was committed, which nobody could know");
}

/// InnoDB ends a deadlock by rolling one transaction back, all of it. What is sent after that stands in none.
#[tokio::test]
async fn a_change_whose_transaction_a_deadlock_ended_leaves_nothing() {
    let db = Db::mariadb().await;
    let Db::Mariadb(urls) = &db else { panic!("it is MariaDB") };
    let block =
        "begin; update orders set state = 'gone' where id = 1; update orders set state = 'gone' where id = 2; commit";
    for spec in [held("update orders set state = 'gone' where id in (1, 2)"), db.block(block)] {
        let mut other = MySqlConnection::connect(&urls.superuser).await.unwrap();
        let many = (0..200).map(|a| format!("({a})")).collect::<Vec<_>>().join(", ");
        for sql in ["begin", &format!("insert into plain values {many}"), "update orders set note = 'x' where id = 2"] {
            other.execute(sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))).await.unwrap();
        }
        let target = db.rw();
        let run = decide(&spec, &target, |_| async { Verdict::Commit });
        let meet = async {
            // Ours holds the first row once nobody else can lock it; then it waits for the second, or is about to.
            let free = "select count(*) from orders where id = 1 for update skip locked";
            let mut boss = MySqlConnection::connect(&urls.superuser).await.unwrap();
            let mut looks = 0;
            while boss.fetch_one(sqlx::raw_sql(free)).await.unwrap().get::<i64, _>(0) == 1 {
                looks += 1;
                assert!(looks < 1_000, "ours never came to hold it");
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
            // The other has written more, so that it goes on and ours does not.
            other.execute(sqlx::raw_sql("update orders set note = 'y' where id = 1")).await.unwrap();
            other.execute(sqlx::raw_sql("rollback")).await.unwrap();
        };
        let (ran, ()) = tokio::join!(run, meet);
        assert_eq!(
            (ran.result.outcome, ran.result.failure),
            (Outcome::Failed, Some(FailureCode::StatementRefused)),
            "{}",
            ran.stderr()
        );
        assert!(ran.stderr().contains("the database ended the transaction by itself"), "{}", ran.stderr());
        assert_eq!(db.orders().await, before(&db), "{}", ran.stderr());
    }
}
