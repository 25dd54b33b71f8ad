//! Connections opened ahead of time, on real servers.

use std::collections::{BTreeMap, BTreeSet};

use crate::common::{self, config, database, read, run_with, sql, write};
use farol_api::event::{FailureCode, Outcome};
use farol_api::risk::RiskClass;
use farol_api::target::{CredentialRole, DatabaseKind};
use farol_engine::job::{ResolvedTarget, RunConfig};
use farol_engine::sql::Warm;
use farol_incident::spec::AttemptSpec;
use farol_testkit::{MariaDbServer, PostgresServer, TargetDatabase};
use sqlx::{Connection, Executor, MySqlConnection, PgConnection, Row};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

const KEPT: usize = 2;

/// A database of one test, and a runner that keeps connections ready.
struct Bench {
    urls: TargetDatabase,
    boss: PgConnection,
    config: RunConfig,
    _folder: TempDir,
}

impl Bench {
    async fn new(kept: usize) -> Self {
        let name = format!("t{}", common::fresh_attempt().0.simple());
        let urls = PostgresServer::shared().create_target(&name).await;
        let mut boss = PgConnection::connect(&urls.superuser).await.unwrap();
        boss.execute(sqlx::raw_sql("create table t (a int); insert into t values (1)")).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let config = RunConfig { warm: Warm::new(kept), ..config(folder.path()) };
        Self { urls, boss, config, _folder: folder }
    }

    async fn cell(&self, spec: &AttemptSpec, target: &ResolvedTarget) -> String {
        let ran = run_with(spec, target, &self.config, &CancellationToken::new()).await;
        assert_eq!(ran.result.outcome, Outcome::Succeeded, "{}", ran.stderr());
        ran.cell().unwrap()
    }

    /// Who is connected to the database: process and user of those that wait.
    async fn waiting(&mut self) -> BTreeSet<(i32, String)> {
        let look = "select pid, usename::text from pg_stat_activity \
                    where datname = current_database() and application_name = 'farol-ready' and state = 'idle'";
        let rows = self.boss.fetch_all(look).await.unwrap();
        rows.iter().map(|row| (row.get(0), row.get(1))).collect()
    }

    /// Waits until so many connections wait.
    async fn until_waiting(&mut self, many: usize) -> BTreeSet<(i32, String)> {
        for _ in 0..1_000 {
            let waiting = self.waiting().await;
            if waiting.len() == many {
                return waiting;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        panic!("{many} connections never wait, but {:?}", self.waiting().await);
    }

    fn ro(&self) -> ResolvedTarget {
        database(DatabaseKind::Postgres, &self.urls.ro)
    }

    fn rw(&self) -> ResolvedTarget {
        database(DatabaseKind::Postgres, &self.urls.rw)
    }
}

#[tokio::test]
async fn an_attempt_takes_a_connection_that_waits_and_nobody_gets_it_after_that() {
    let mut bench = Bench::new(KEPT).await;
    let who = "select pg_backend_pid()";
    let mut used = BTreeSet::from([bench.cell(&read(who), &bench.ro()).await]);
    for _ in 0..5 {
        // Those of the attempts before say goodbye a moment after their end.
        let waiting = loop {
            let waiting = bench.until_waiting(KEPT).await;
            if !waiting.iter().any(|(pid, _)| used.contains(&pid.to_string())) {
                break waiting;
            }
        };
        let pid = bench.cell(&read(who), &bench.ro()).await;
        assert!(waiting.iter().any(|(waiting, _)| waiting.to_string() == pid), "{pid} of {waiting:?}");
        assert!(used.insert(pid), "a connection of one attempt is never that of another");
    }
    // The last one may just be saying goodbye.
    while bench.until_waiting(KEPT).await.iter().any(|(pid, _)| used.contains(&pid.to_string())) {}
}

#[tokio::test]
async fn a_role_gets_its_own_connections_only() {
    let mut bench = Bench::new(1).await;
    bench.cell(&read("select 1"), &bench.ro()).await;
    let ro = bench.until_waiting(1).await;
    let who = sql("select current_user::text", RiskClass::Write, CredentialRole::ReadWrite);
    let rw = bench.cell(&who, &bench.rw()).await;
    assert!(ro.iter().all(|(_, user)| *user != rw), "{rw} of {ro:?}");
    let both = bench.until_waiting(2).await;
    assert_eq!(both.iter().map(|(_, user)| user).collect::<BTreeSet<_>>().len(), 2);
    for _ in 0..3 {
        bench.until_waiting(2).await;
        assert_eq!(bench.cell(&who, &bench.rw()).await, rw);
        bench.until_waiting(2).await;
        assert_ne!(bench.cell(&read("select current_user::text"), &bench.ro()).await, rw);
    }
}

#[tokio::test]
async fn a_connection_that_waited_is_set_up_for_its_attempt_and_as_strict_as_a_new_one() {
    let mut bench = Bench::new(1).await;
    bench.cell(&read("select 1"), &bench.ro()).await;
    bench.until_waiting(1).await;
    let mut asks = read(
        "select concat(current_setting('application_name'), ' ', current_setting('statement_timeout'), ' ',
                       current_setting('transaction_read_only'))",
    );
    asks.timeout_seconds = 17;
    let settings = bench.cell(&asks, &bench.ro()).await;
    assert_eq!(settings, format!("{} 17s on", asks.attempt));

    // A read that wants to write, whatever its credential may do.
    bench.until_waiting(1).await;
    for text in [
        "update t set a = 2 returning a",
        "set transaction read write",
        "select pg_create_logical_replication_slot('s', 'x')",
    ] {
        let ran = run_with(&read(text), &bench.ro(), &bench.config, &CancellationToken::new()).await;
        assert_eq!(ran.result.failure, Some(FailureCode::StatementRefused), "{text}");
        bench.until_waiting(1).await;
    }
    let boss = database(DatabaseKind::Postgres, &bench.urls.superuser);
    for _ in 0..2 {
        let ran = run_with(&read("select 1"), &boss, &bench.config, &CancellationToken::new()).await;
        assert_eq!(ran.result.failure, Some(FailureCode::CredentialTooStrong), "{:?}", ran.result);
        bench.until_waiting(1).await;
    }

    // What is new is seen: nothing of an older state waits with the connection.
    bench.cell(&read("select 1"), &bench.ro()).await;
    bench.until_waiting(1).await;
    bench.boss.execute("update t set a = 7").await.unwrap();
    assert_eq!(bench.cell(&read("select a from t"), &bench.ro()).await, "7");
}

/// What an account may do is mended while connections of it wait.
#[tokio::test]
async fn a_credential_that_was_too_strong_is_taken_as_soon_as_it_is_not() {
    let mut bench = Bench::new(1).await;
    let who = bench.cell(&read("select quote_ident(current_user)"), &bench.ro()).await;
    bench.until_waiting(1).await;
    let change = |text: String| sqlx::raw_sql(sqlx::AssertSqlSafe(text));
    (&mut bench.boss).execute(change(format!("grant insert on t to {who}"))).await.unwrap();
    // What waits may have been asked before or after that; the next one is after it.
    let (read_one, none) = (read("select 1"), CancellationToken::new());
    let _ = run_with(&read_one, &bench.ro(), &bench.config, &none).await;
    bench.until_waiting(1).await;
    let ran = run_with(&read_one, &bench.ro(), &bench.config, &none).await;
    assert_eq!(ran.result.failure, Some(FailureCode::CredentialTooStrong), "{:?}", ran.result);
    bench.until_waiting(1).await;
    (&mut bench.boss).execute(change(format!("revoke insert on t from {who}"))).await.unwrap();
    bench.cell(&read("select 1"), &bench.ro()).await;
}

#[tokio::test]
async fn another_version_of_the_target_or_another_credential_gets_none_of_the_old_connections() {
    let mut bench = Bench::new(1).await;
    bench.cell(&read("select 1"), &bench.ro()).await;
    let old = bench.until_waiting(1).await;
    let mut changed = read("select pg_backend_pid()");
    changed.target_version = 2;
    let pid = bench.cell(&changed, &bench.ro()).await;
    assert!(old.iter().all(|(old, _)| old.to_string() != pid));
    let new = bench.until_waiting(1).await;
    assert!(new.is_disjoint(&old), "{old:?} were closed: {new:?}");
    let rotated = database(DatabaseKind::Postgres, &format!("{}&options=-c%20geqo%3Doff", bench.urls.ro));
    let pid = bench.cell(&changed, &rotated).await;
    assert!(new.iter().all(|(old, _)| old.to_string() != pid));
    bench.until_waiting(1).await;
    bench.config.warm.forget(&changed.target);
    bench.until_waiting(0).await;
}

#[tokio::test]
async fn a_connection_that_died_while_it_waited_costs_no_attempt() {
    let mut bench = Bench::new(KEPT).await;
    bench.cell(&read("select 1"), &bench.ro()).await;
    for _ in 0..2 {
        bench.until_waiting(KEPT).await;
        let kill = "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'farol-ready' \
                    and datname = current_database()";
        bench.boss.execute(kill).await.unwrap();
        let ran =
            run_with(&write("update t set a = a + 1"), &bench.rw(), &bench.config, &CancellationToken::new()).await;
        assert_eq!((ran.result.outcome, ran.result.rows), (Outcome::Succeeded, Some(1)));
        assert_eq!(bench.cell(&read("select 1"), &bench.ro()).await, "1");
        bench.cell(&read("select 1"), &bench.ro()).await;
        // The dead ones are taken, found out and replaced.
        bench.cell(&read("select 1"), &bench.ro()).await;
        bench.config.warm.forget(&read("").target);
        bench.until_waiting(0).await;
        bench.cell(&read("select 1"), &bench.ro()).await;
    }
}

#[tokio::test]
async fn none_is_kept_where_none_is_wanted_nor_after_the_end() {
    let mut off = Bench::new(0).await;
    off.cell(&read("select 1"), &off.ro()).await;
    assert_eq!(off.waiting().await.len(), 0);
    let mut bench = Bench::new(KEPT).await;
    bench.cell(&read("select 1"), &bench.ro()).await;
    bench.until_waiting(KEPT).await;
    bench.config.warm.close().await;
    bench.until_waiting(0).await;
    assert_eq!(bench.cell(&read("select 2"), &bench.ro()).await, "2", "an attempt still gets one of its own");
    bench.until_waiting(0).await;
}

/// Waits until some connections of each of the users wait that no attempt is known to have had, or none do; returns them.
async fn until_waiting_on_mariadb(
    boss: &mut MySqlConnection,
    users: &[String],
    used: &BTreeSet<String>,
) -> BTreeSet<String> {
    let look = "select cast(user as char), cast(id as char) from information_schema.processlist \
                where db = database() and command = 'Sleep' and id <> connection_id()";
    for _ in 0..1_000 {
        let rows: Vec<(String, String)> = sqlx::query_as(look).fetch_all(&mut *boss).await.unwrap();
        let rows: Vec<_> = rows.into_iter().filter(|(_, id)| !used.contains(id)).collect();
        let waiting: BTreeSet<&String> = rows.iter().map(|(user, _)| user).collect();
        if waiting.into_iter().eq(users) {
            return rows.into_iter().map(|(_, id)| id).collect();
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("they never wait: {users:?}");
}

#[tokio::test]
async fn mariadb_keeps_some_ready_and_uses_each_once() {
    let name = format!("t{}", common::fresh_attempt().0.simple());
    let urls = MariaDbServer::shared().create_target(&name).await;
    let mut boss = MySqlConnection::connect(&urls.superuser).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let config = RunConfig { warm: Warm::new(1), ..config(folder.path()) };
    let users = ["ro", "rw"].map(|role| format!("{}_{role}", urls.account));
    let (ro, rw) = (database(DatabaseKind::Mysql, &urls.ro), database(DatabaseKind::Mysql, &urls.rw));
    let ask = async |spec: AttemptSpec, target: &ResolvedTarget| {
        run_with(&spec, target, &config, &CancellationToken::new()).await
    };
    let (read_who, write_who) = (
        || read("select concat(connection_id(), '')"),
        || sql("select concat(connection_id(), '')", RiskClass::Write, CredentialRole::ReadWrite),
    );
    let mut used = BTreeSet::new();
    for (spec, target) in [(read_who(), &ro), (write_who(), &rw)] {
        assert!(used.insert(ask(spec, target).await.cell().unwrap()));
    }
    let mut waited = BTreeMap::new();
    for turn in 0..6 {
        for (user, spec, target) in [(&users[0], read_who(), &ro), (&users[1], write_who(), &rw)] {
            let waiting = until_waiting_on_mariadb(&mut boss, &users, &used).await;
            let ran = ask(spec, target).await;
            assert_eq!(ran.result.outcome, Outcome::Succeeded, "{}", ran.stderr());
            let id = ran.cell().unwrap();
            *waited.entry(user).or_insert(0) += u32::from(waiting.contains(&id));
            assert!(used.insert(id), "a connection of one attempt is never that of another");
        }
        // One that waited is as strict as a new one.
        let ran = ask(read("create table made (a int)"), &ro).await;
        assert_eq!(ran.result.failure, Some(FailureCode::StatementRefused), "turn {turn}");
    }
    // The server may see one that is just being opened, which no attempt gets yet; not each time.
    assert!(users.iter().all(|user| waited[user] > 0), "attempts never had one that waited: {waited:?}");
    config.warm.close().await;
    until_waiting_on_mariadb(&mut boss, &[], &used).await;
}
