//! Statements on a real Postgres.

use std::time::Duration;

use crate::common::{self, Ran, config, database, read, run, run_with, sql, with_binds, write};
use farol_api::event::{FailureCode, Outcome};
use farol_api::risk::RiskClass;
use farol_api::target::{CredentialRole, DatabaseKind};
use farol_engine::job::ResolvedTarget;
use farol_engine::secret::SecretUrl;
use farol_engine::sql::check_credential;
use farol_testkit::{PostgresServer, TargetDatabase};
use sqlx::{Connection, Executor, PgConnection, Row};
use tokio_util::sync::CancellationToken;

/// A database of one test, with a role that may read, one that may write, and the superuser.
pub struct Db {
    urls: TargetDatabase,
    boss: PgConnection,
}

impl Db {
    pub async fn new() -> Self {
        let name = format!("t{}", common::fresh_attempt().0.simple());
        let urls = PostgresServer::shared().create_target(&name).await;
        let mut boss = PgConnection::connect(&urls.superuser).await.unwrap();
        boss.execute(sqlx::raw_sql(
            "create table t (id int primary key, a int, b text); insert into t values (1, 10, 'one'), (2, 20, null);
             create table log (n bigint); create sequence s;
             create materialized view v as select 1 as one;
             create type mood as enum ('sad', 'ok');
             create function f() returns int language sql security definer as 'insert into log values (1) returning 1';
             create procedure p() language sql security definer as 'insert into log values (1)'",
        ))
        .await
        .unwrap();
        Self { urls, boss }
    }

    pub fn ro(&self) -> ResolvedTarget {
        database(DatabaseKind::Postgres, &self.urls.ro)
    }

    fn rw(&self) -> ResolvedTarget {
        database(DatabaseKind::Postgres, &self.urls.rw)
    }

    fn boss(&self) -> ResolvedTarget {
        database(DatabaseKind::Postgres, &self.urls.superuser)
    }

    /// Everything of the database that a statement could have changed.
    async fn state(&mut self) -> String {
        let state = "select concat((select string_agg(t::text, ',' order by id) from t), (select count(*) from log),
            (select last_value from s), (select string_agg(relname || relkind::text || relpages::text, ',' order by relname)
             from pg_class where relnamespace = 'public'::regnamespace),
            (select string_agg(rolname, ',' order by rolname) from pg_roles where rolname !~ '^[a-z][0-9a-f]{32}_'), (select count(*) from pg_settings where source = 'configuration file'),
            (select count(*) from pg_proc where pronamespace = 'public'::regnamespace), (select count(*) from pg_extension))";
        self.boss.fetch_one(state).await.unwrap().get(0)
    }

    pub async fn backends(&mut self, attempt: &str) -> i64 {
        let look =
            sqlx::query("select count(*) from pg_stat_activity where application_name = $1").bind(attempt.to_owned());
        self.boss.fetch_one(look).await.unwrap().get(0)
    }
}

fn texts(ran: &Ran) -> Vec<Vec<String>> {
    let text = |cell: &Option<String>| cell.clone().unwrap_or_else(|| "NULL".into());
    ran.rows().iter().map(|row| row.iter().map(text).collect()).collect()
}

#[tokio::test]
async fn every_type_is_shown_in_the_servers_own_words() {
    let db = Db::new().await;
    let ran = run(
        &read(
            "select 1.10::numeric as n, 'NaN'::numeric, 'infinity'::timestamptz, '2026-01-02 03:04:05.678901+02'::timestamptz as at,
             '1 mon 2 days 03:04:05'::interval, '{1,NULL,3}'::int[], '{\"a\": 1}'::jsonb, '{\"b\" : 1}'::json, '\\x00ff'::bytea,
             '00000000-0000-0000-0000-000000000001'::uuid, '10.0.0.0/8'::cidr, 'ok'::mood as feeling, '[1,5)'::int4range, '0/16B3748'::pg_lsn,
             '12.50'::money, 0.1::float8 + 0.2, 't'::bool, null::text, row(1,'x'), 'a'::\"char\", '12:00'::time, xmlcomment('x') is null",
        ),
        &db.ro(),
    )
    .await;
    assert_eq!((ran.result.outcome, ran.result.rows), (Outcome::Succeeded, Some(1)), "{}", ran.stderr());
    assert_eq!(
        texts(&ran)[0][..20],
        [
            "1.10",
            "NaN",
            "infinity",
            "2026-01-02 01:04:05.678901+00",
            "1 mon 2 days 03:04:05",
            "{1,NULL,3}",
            "{\"a\": 1}",
            "{\"b\" : 1}",
            "\\x00ff",
            "00000000-0000-0000-0000-000000000001",
            "10.0.0.0/8",
            "ok",
            "[1,5)",
            "0/16B3748",
            "$12.50",
            "0.30000000000000004",
            "t",
            "NULL",
            "(1,x)",
            "a"
        ]
    );
    let columns = ran.columns();
    assert_eq!((columns[0].name.as_str(), columns[0].type_name.as_str(), columns[0].numeric), ("n", "numeric", true));
    assert_eq!((columns[3].type_name.as_str(), columns[3].numeric), ("timestamptz", false));
    assert_eq!(columns[11].type_name, "mood");
}

/// The driver gives up on their kinds. They stand in the catalogue's own tables, which people look at in incidents.
#[tokio::test]
async fn types_that_the_driver_does_not_know_are_shown_too() {
    let mut db = Db::new().await;
    let ran =
        run(&read("select '{[1,3), [5,6)}'::int4multirange as free, 'ok'::mood as feeling, 1 as n;"), &db.ro()).await;
    assert_eq!(texts(&ran), [["{[1,3),[5,6)}", "ok", "1"]], "{}", ran.stderr());
    let types: Vec<_> = ran.columns().into_iter().map(|c| (c.name, c.type_name, c.numeric)).collect();
    let kinds = [("free", "int4multirange", false), ("feeling", "mood", false), ("n", "int4", true)];
    assert_eq!(types, kinds.map(|(name, kind, numeric)| (name.to_owned(), kind.to_owned(), numeric)));

    for table in ["pg_index", "pg_class", "pg_constraint", "pg_proc"] {
        let ran = run(&read(&format!("select * from {table} -- of the catalogue")), &db.ro()).await;
        assert!(!ran.rows().is_empty(), "{table}: {}", ran.stderr());
    }
    let spec = with_binds(read("select indpred, indexrelid as indpred from pg_index where indexrelid = $1"), &["0"]);
    let ran = run(&spec, &db.ro()).await;
    let names: Vec<_> = ran.columns().into_iter().map(|c| c.name + ":" + &c.type_name).collect();
    assert_eq!((names, ran.result.rows), (vec!["indpred:pg_node_tree".to_owned(), "indpred:oid".into()], Some(0)));
    let spec = with_binds(read("select indpred from pg_index where indexrelid = $1"), &["0", "1"]);
    assert_eq!(run(&spec, &db.ro()).await.result.failure, Some(FailureCode::StatementRefused));

    db.boss.execute("create table m (id int primary key, r int4multirange)").await.unwrap();
    let spec = with_binds(write("insert into m values (1, $1) returning r"), &["{[1,2)}"]);
    let ran = run(&spec, &db.boss()).await;
    assert_eq!(
        (texts(&ran), ran.result.outcome),
        (vec![vec!["{[1,2)}".to_owned()]], Outcome::Succeeded),
        "{}",
        ran.stderr()
    );
    let spec = with_binds(read("select id from m where r = $1 and id <> all ($2)"), &["{[1,2)}", "{7}"]);
    assert_eq!(texts(&run(&spec, &db.ro()).await), [["1"]]);
}

#[tokio::test]
async fn an_empty_result_keeps_its_columns_and_names_may_repeat() {
    let db = Db::new().await;
    let ran = run(&read("select a, b as a from t where false"), &db.ro()).await;
    let names: Vec<_> = ran.columns().into_iter().map(|c| c.name + ":" + &c.type_name).collect();
    assert_eq!((names, ran.result.rows), (vec!["a:int4".to_owned(), "a:text".into()], Some(0)));
}

#[tokio::test]
async fn values_are_read_as_the_type_the_server_found() {
    let db = Db::new().await;
    let spec = with_binds(
        read("select $1::timestamptz, $2::int[], id, $4::text, $5::mood from t where id = $3"),
        &["2026-01-02", "{1,2}", "1", "x'; drop table t; --\\", "ok"],
    );
    let ran = run(&spec, &db.ro()).await;
    assert_eq!(
        texts(&ran),
        [["2026-01-02 00:00:00+00", "{1,2}", "1", "x'; drop table t; --\\", "ok"]],
        "{}",
        ran.stderr()
    );
    for hostile in ["'", "''", "\\'", "\\", "$1", "$$", "é'\u{2019}", "E'", "a\nb", ")", "\u{1F6A8}\\'; select 1"] {
        let ran = run(&with_binds(read("select $1::text, length($1::text)"), &[hostile]), &db.ro()).await;
        assert_eq!(ran.cell().as_deref(), Some(hostile), "{}", ran.stderr());
    }
    let ran = run(&with_binds(read("select * from t where id = $1"), &["1 or true"]), &db.ro()).await;
    assert_eq!((ran.result.failure, ran.rows().len()), (Some(FailureCode::StatementRefused), 0));
    let ran = run(&with_binds(read("explain (costs off) select * from t where id = $1"), &["1"]), &db.ro()).await;
    assert_eq!(
        (ran.result.outcome, ran.columns()[0].name.as_str()),
        (Outcome::Succeeded, "QUERY PLAN"),
        "{}",
        ran.stderr()
    );
    let ran = run(&with_binds(write("update t set b = $2 where id = $1"), &["2", "it's"]), &db.rw()).await;
    assert_eq!((ran.result.outcome, ran.result.rows), (Outcome::Succeeded, Some(1)));
    assert_eq!(run(&read("select b from t where id = 2"), &db.ro()).await.cell().as_deref(), Some("it's"));
}

#[tokio::test]
async fn a_text_of_several_statements_is_refused_by_the_server() {
    let mut db = Db::new().await;
    let before = db.state().await;
    for text in ["select 1; drop table t", "commit; drop table t", "select 1; select 2", "", "-- nothing"] {
        let ran = run(&sql(text, RiskClass::Write, CredentialRole::ReadWrite), &db.rw()).await;
        assert!(ran.result.outcome == Outcome::Failed || text.len() < 12, "{text}: {ran:?}");
    }
    assert_eq!(db.state().await, before);
}

const NOT_READS: &[&str] = &[
    "checkpoint",
    "copy t to program 'touch /tmp/farol-was-here'",
    "copy t to '/tmp/farol-was-here'",
    "create extension dblink",
    "create function g() returns int language sql as $$ select 1 $$",
    "select pg_ls_dir('.')",
    "select pg_promote()",
    "select pg_reload_conf()",
    "select pg_read_file('/etc/passwd')",
    "alter system set work_mem = '1MB'",
    "create role x",
    "grant all on t to public",
    "set role pg_monitor",
    "set transaction read write",
    "set session characteristics as transaction read write",
    "select set_config('transaction_read_only', 'off', false)",
    "select set_config('transaction_read_only', 'off', true), f()",
    "select f()",
    "call p()",
    "do $$ begin insert into log values (1); end $$",
    "do $$ begin commit; insert into log values (1); end $$",
    "do $$ begin perform set_config('transaction_read_only', 'off', false); insert into log values (1); end $$",
    "delete from t",
    "update t set a = 1",
    "insert into t values (9)",
    "with x as (delete from t returning *) select * from x",
    "explain (analyze) delete from t",
    "truncate t",
    "select nextval('s')",
    "select setval('s', 9)",
    "merge into t using log on t.id = n when matched then delete",
    "drop table t",
    "alter table t drop column a",
    "create table u (a int)",
    "create temp table u as select 1",
    "select * into u from t",
    "create index i on t (a)",
    "create index concurrently i on t (a)",
    "refresh materialized view v",
    "reindex table t",
    "vacuum",
    "vacuum full t",
    "analyze t",
    "cluster t using t_pkey",
    "load 'auto_explain'",
    "notify x",
    "select lo_create(0)",
    "select lo_from_bytea(0, 'x')",
    "lock table t in exclusive mode",
    "select * from t for update",
    "copy t from stdin",
    "prepare transaction 'x'",
    "comment on table t is 'x'",
    "security label on table t is 'x'",
    "create database other",
    "begin",
    "commit",
    "rollback",
    "savepoint s",
    "discard all",
    "select pg_switch_wal()",
    "select pg_create_restore_point('x')",
    "select pg_logical_emit_message(false, 'a', 'b')",
    "select pg_stat_reset()",
];

/// Whatever was approved as a read leaves data and catalogue as they were.
#[tokio::test]
async fn nothing_that_runs_as_a_read_changes_anything() {
    let mut db = Db::new().await;
    let before = db.state().await;
    for text in NOT_READS {
        for class in [RiskClass::Read, RiskClass::SideEffect] {
            run(&sql(text, class, CredentialRole::ReadOnly), &db.ro()).await;
            assert_eq!(db.state().await, before, "{text}");
        }
    }
    assert!(!std::path::Path::new("/tmp/farol-was-here").exists());
}

/// The transaction alone must hold too, for what a credential's privileges would let through.
#[tokio::test]
async fn a_function_that_writes_is_stopped_by_the_transaction() {
    let db = Db::new().await;
    let ran = run(&read("select f()"), &db.ro()).await;
    assert_eq!(ran.result.failure, Some(FailureCode::StatementRefused));
    assert!(
        ran.stderr().contains("read-only transaction (25006)") || ran.stderr().contains("25006"),
        "{}",
        ran.stderr()
    );
    let ran = run(&read("set transaction read write"), &db.ro()).await;
    assert_eq!(ran.result.failure, Some(FailureCode::StatementRefused), "{}", ran.stderr());
}

#[tokio::test]
async fn a_read_only_credential_that_may_write_is_refused() {
    let mut db = Db::new().await;
    for target in [db.rw(), db.boss()] {
        let ran = run(&read("select 1"), &target).await;
        assert_eq!((ran.result.failure, ran.rows().len()), (Some(FailureCode::CredentialTooStrong), 0));
    }
    let name = db.urls.name.clone();
    let make = format!("create role {name}_sly login password 'throw-away' noinherit; grant {name}_rw to {name}_sly");
    db.boss.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(make))).await.unwrap();
    let sly = SecretUrl::new(db.urls.ro.replace(&format!("{name}_ro"), &format!("{name}_sly")));
    let checked = check_credential(DatabaseKind::Postgres, CredentialRole::ReadOnly, &sly).await;
    assert_eq!(checked.unwrap_err().code, FailureCode::CredentialTooStrong);
    assert_eq!(check_credential(DatabaseKind::Postgres, CredentialRole::ReadWrite, &sly).await, Ok(()));
    let ro = SecretUrl::new(&db.urls.ro);
    assert_eq!(check_credential(DatabaseKind::Postgres, CredentialRole::ReadOnly, &ro).await, Ok(()));
}

#[tokio::test]
async fn what_changes_a_schema_runs_outside_a_transaction() {
    let db = Db::new().await;
    let change = |text| sql(text, RiskClass::Schema, CredentialRole::Admin);
    for text in [
        "create index concurrently i on t (a)",
        "vacuum (analyze) t",
        "reindex table concurrently t",
        "alter table t add column z int",
    ] {
        let ran = run(&change(text), &db.boss()).await;
        assert_eq!((ran.result.outcome, ran.result.rows), (Outcome::Succeeded, None), "{text}: {}", ran.stderr());
    }
    let ran = run(&write("insert into t (id) select generate_series(10, 14) returning id"), &db.rw()).await;
    assert_eq!((ran.result.rows, ran.rows().len()), (Some(5), 5));
}

#[tokio::test]
async fn a_running_statement_is_stopped_and_seen_to_be_gone() {
    let mut db = Db::new().await;
    let folder = tempfile::tempdir().unwrap();
    let config = config(folder.path());
    for (spec, target) in [
        (sql("select pg_sleep(100)", RiskClass::SideEffect, CredentialRole::ReadOnly), db.ro()),
        (write("insert into log select 1 from pg_sleep(100)"), db.rw()),
    ] {
        let (cancel, attempt) = (CancellationToken::new(), spec.attempt.to_string());
        let (ran, ()) = tokio::join!(run_with(&spec, &target, &config, &cancel), async {
            while db.backends(&attempt).await == 0 {}
            cancel.cancel();
        });
        assert_eq!((ran.result.outcome, ran.result.failure), (Outcome::Cancelled, None), "{}", ran.stderr());
        while db.backends(&attempt).await > 0 {}
    }
    assert_eq!(run(&read("select count(*) from log"), &db.ro()).await.cell().as_deref(), Some("0"));
}

#[tokio::test]
async fn a_statement_that_waits_for_a_lock_is_stopped_too() {
    let mut db = Db::new().await;
    let folder = tempfile::tempdir().unwrap();
    let config = config(folder.path());
    db.boss.execute(sqlx::raw_sql("begin; lock table t in access exclusive mode")).await.unwrap();
    let (spec, target, cancel) = (read("select * from t"), db.ro(), CancellationToken::new());
    let (ran, ()) = tokio::join!(run_with(&spec, &target, &config, &cancel), async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        cancel.cancel();
    });
    assert_eq!(ran.result.outcome, Outcome::Cancelled, "{}", ran.stderr());
}

#[tokio::test]
async fn a_long_statement_ends_at_its_time_limit() {
    let db = Db::new().await;
    let mut spec = read("select pg_sleep(100)");
    spec.timeout_seconds = 1;
    let ran = run(&spec, &db.ro()).await;
    assert_eq!((ran.result.outcome, ran.result.failure), (Outcome::TimedOut, None), "{}", ran.stderr());
}

#[tokio::test]
async fn a_lost_connection_leaves_a_write_in_doubt_and_not_a_read() {
    let mut db = Db::new().await;
    let folder = tempfile::tempdir().unwrap();
    let config = config(folder.path());
    for (spec, target, outcome) in [
        (sql("select pg_sleep(100)", RiskClass::SideEffect, CredentialRole::ReadOnly), db.ro(), Outcome::Failed),
        (write("insert into log select 1 from pg_sleep(100)"), db.rw(), Outcome::OutcomeUnknown),
    ] {
        let attempt = spec.attempt.to_string();
        let cancel = CancellationToken::new();
        let (ran, ()) = tokio::join!(run_with(&spec, &target, &config, &cancel), async {
            let sleeping =
                "select count(*) from pg_stat_activity where wait_event = 'PgSleep' and application_name = $1";
            while db.boss.fetch_one(sqlx::query(sleeping).bind(&attempt)).await.unwrap().get::<i64, _>(0) == 0 {}
            let end = "select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1";
            db.boss.execute(sqlx::query(end).bind(&attempt)).await.unwrap();
        });
        assert_eq!((ran.result.outcome, ran.result.failure), (outcome, Some(FailureCode::ConnectionLost)));
    }
}

#[tokio::test]
async fn what_fails_before_the_statement_is_told_by_layer() {
    let db = Db::new().await;
    let wrong = db.urls.ro.replace("throw-away", "wrong-pass");
    let nowhere = db.urls.ro.replace(&format!("/{}?", db.urls.name), "/nowhere?");
    for (url, code) in [
        (wrong, FailureCode::CredentialRefused),
        ("postgres://ro:ro@127.0.0.1:1/x".to_owned(), FailureCode::Unreachable),
        (nowhere, FailureCode::Unreachable),
        ("not a url".to_owned(), FailureCode::CredentialRefused),
    ] {
        let ran = run(&read("select 1"), &database(DatabaseKind::Postgres, &url)).await;
        assert_eq!((ran.result.outcome, ran.result.failure), (Outcome::Failed, Some(code)), "{url}: {}", ran.stderr());
        assert!(!ran.stderr().contains("wrong-pass"));
    }
}

/// A server that takes the connection and never says a word.
#[tokio::test]
async fn a_silent_server_is_given_up() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("postgres://ro:ro@{}/x", listener.local_addr().unwrap());
    let ran = run(&read("select 1"), &database(DatabaseKind::Postgres, &url)).await;
    assert_eq!(ran.result.failure, Some(FailureCode::Unreachable));
}

/// What is kept for later steps is written as Postgres itself writes it, and NULL is no value.
#[tokio::test]
async fn a_statement_leaves_its_first_row_for_later_steps() {
    let db = Db::new().await;
    let mut spec = read("select 12.50::numeric(9,2), null::text, now() > '2000-01-01', 'x' from t");
    spec.asked.results = ["price", "nothing", "late"].map(str::to_owned).to_vec();
    spec.asked.expected = Some("12.5".to_owned());
    let ran = run(&spec, &db.ro()).await;
    let left: Vec<_> = ran.result.captured.iter().map(|one| one.value.as_deref()).collect();
    assert_eq!(left, [Some("12.50"), None, Some("t")]);
    assert_eq!(ran.result.expected_seen, Some(true), "the same number");
}

/// Who may register a target could else make themselves an owner, and write the record anew.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_a_farol_has_open_is_no_database_of_a_target() {
    let db = Db::new().await;
    let options = farol_store::StoreOptions::new(std::sync::Arc::new(farol_testkit::TestClock::default()));
    farol_store::Store::migrate(&db.urls.superuser, &options).await.unwrap();
    let vault = || farol_store::Vault::new(farol_testkit::VAULT_KEY);
    let store = farol_store::Store::open(&db.urls.superuser, vault(), options.clone()).await.unwrap();
    for (spec, target) in [(read("select 1"), db.ro()), (write("update t set a = 0 where id = 1"), db.rw())] {
        let ran = run(&spec, &target).await;
        assert_eq!((ran.result.failure, ran.rows().len()), (Some(FailureCode::OwnStore), 0), "{}", ran.stderr());
    }
    let admin = SecretUrl::new(&db.urls.superuser);
    let checked = check_credential(DatabaseKind::Postgres, CredentialRole::Admin, &admin).await;
    assert_eq!(checked.unwrap_err().code, FailureCode::OwnStore);
    // Beside it, on the same server, others are as before; and so is it once no Farol has it open.
    assert_eq!(run(&read("select 1"), &Db::new().await.ro()).await.result.outcome, Outcome::Succeeded);
    store.close().await;
    assert_eq!(run(&read("select 1"), &db.ro()).await.result.outcome, Outcome::Succeeded);
}
