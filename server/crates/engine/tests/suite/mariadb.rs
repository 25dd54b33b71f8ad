//! Statements on a real MariaDB.

use crate::common::{self, Ran, config, database, read, run, run_with, sql, whole, with_binds, write};
use farol_api::event::{FailureCode, Outcome};
use farol_api::output::OutputCap;
use farol_api::risk::RiskClass;
use farol_api::target::{CredentialRole, DatabaseKind};
use farol_engine::job::ResolvedTarget;
use farol_engine::secret::SecretUrl;
use farol_engine::sql::check_credential;
use farol_testkit::{MariaDbServer, TargetDatabase};
use sqlx::{AssertSqlSafe, Connection, Executor, MySqlConnection, Row};
use tokio_util::sync::CancellationToken;

/// A database of one test, with a user that may read and one that may write.
struct Db {
    urls: TargetDatabase,
    boss: MySqlConnection,
}

impl Db {
    async fn new() -> Self {
        let name = format!("t{}", common::fresh_attempt().0.simple());
        let urls = MariaDbServer::shared().create_target(&name).await;
        let mut boss = MySqlConnection::connect(&urls.superuser).await.unwrap();
        for setup in [
            "create table t (id int primary key, a int, b varchar(50) collate utf8mb4_unicode_ci) engine = innodb",
            "insert into t values (1, 10, 'one'), (2, 20, null)",
            "create table log (n bigint)",
            "create function f() returns int begin insert into log values (1); return 1; end",
            "create procedure p() begin commit; insert into log values (1); end",
            "create table digits (d int)",
            "insert into digits values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)",
        ] {
            (&mut boss).execute(sqlx::raw_sql(setup)).await.unwrap();
        }
        Self { urls, boss }
    }

    fn ro(&self) -> ResolvedTarget {
        database(DatabaseKind::Mysql, &self.urls.ro)
    }

    fn rw(&self) -> ResolvedTarget {
        database(DatabaseKind::Mysql, &self.urls.rw)
    }

    fn admin(&self) -> ResolvedTarget {
        database(DatabaseKind::Mysql, &self.urls.admin)
    }

    async fn ask(&mut self, question: &str) -> String {
        self.answer(question).await.expect("a row")
    }

    /// Asks until there is an answer: a statement that is prepared is seen too, and then not for a moment.
    async fn ask_until(&mut self, question: &str) -> String {
        loop {
            if let Some(answer) = self.answer(question).await {
                return answer;
            }
        }
    }

    async fn answer(&mut self, question: &str) -> Option<String> {
        let asked = sqlx::raw_sql(AssertSqlSafe(question.to_owned()));
        let row = (&mut self.boss).fetch_optional(asked).await.unwrap()?;
        Some(row.get::<Option<String>, _>(0).unwrap_or_default())
    }

    async fn state(&mut self) -> String {
        let name = self.urls.name.clone();
        self.ask(&format!(
            "select concat_ws('|', (select group_concat(id, ':', a, ':', ifnull(b, '-') order by id) from {name}.t),
             (select count(*) from {name}.log), (select group_concat(table_name order by 1) from information_schema.tables where table_schema = '{name}'),
             (select group_concat(column_name order by 1) from information_schema.columns where table_schema = '{name}'),
             (select count(*) from information_schema.routines where routine_schema = '{name}'),
             @@global.read_only, (select group_concat(index_name order by 1) from information_schema.statistics where table_schema = '{name}'))"
        ))
        .await
    }

    async fn running(&mut self, text: &str) -> bool {
        let look = format!(
            "select cast(count(*) as char) from information_schema.processlist where info like '{text}%' and id <> connection_id()"
        );
        self.ask(&look).await != "0"
    }
}

fn texts(ran: &Ran) -> Vec<Vec<String>> {
    let text = |cell: &Option<String>| cell.clone().unwrap_or_else(|| "NULL".into());
    ran.rows().iter().map(|row| row.iter().map(text).collect()).collect()
}

#[tokio::test]
async fn every_type_is_shown_in_the_servers_own_words() {
    let mut db = Db::new().await;
    let make = "create table types (d decimal(20,5), f double, dt datetime(6), ti time, y year, bi bit(8), bl blob, en enum('a','b'), js json, u bigint unsigned, z date)";
    (&mut db.boss).execute(sqlx::raw_sql(make)).await.unwrap();
    let fill = "insert into types values (1.10, 0.1e0, '2026-01-02 03:04:05.678901', '-12:00:01', 2026, b'101', x'00ff', 'b', '{\"a\": 1}', 18446744073709551615, '2026-02-03')";
    (&mut db.boss).execute(sqlx::raw_sql(fill)).await.unwrap();
    for (name, spec) in [
        ("text", read("select *, null from types")),
        ("bound", with_binds(read("select *, null from types where y = ?"), &["2026"])),
    ] {
        let ran = run(&spec, &db.ro()).await;
        assert_eq!((ran.result.outcome, ran.result.rows), (Outcome::Succeeded, Some(1)), "{name}: {}", ran.stderr());
        assert_eq!(
            texts(&ran)[0],
            [
                "1.10000",
                "0.1",
                "2026-01-02 03:04:05.678901",
                "-12:00:01",
                "2026",
                "0x05",
                "0x00ff",
                "b",
                "{\"a\": 1}",
                "18446744073709551615",
                "2026-02-03",
                "NULL"
            ]
        );
        let columns = ran.columns();
        assert_eq!((columns[0].type_name.as_str(), columns[0].numeric, columns[6].numeric), ("decimal", true, false));
    }
}

#[tokio::test]
async fn an_empty_result_keeps_its_columns_and_names_may_repeat() {
    let db = Db::new().await;
    let ran = run(&read("select a, b as a from t where false"), &db.ro()).await;
    let names: Vec<_> = ran.columns().into_iter().map(|c| c.name).collect();
    assert_eq!((names, ran.result.rows), (vec!["a".to_owned(), "a".into()], Some(0)));
    let ran = run(&read("show tables like 'nothing%'"), &db.ro()).await;
    assert_eq!((ran.result.outcome, ran.columns().len()), (Outcome::Succeeded, 1));
}

/// What the author's SQL means is the server's business: sqlx would have made `||` join texts.
#[tokio::test]
async fn the_sql_mode_is_the_servers_own() {
    let mut db = Db::new().await;
    let mode = db.ask("select cast(@@global.sql_mode as char)").await;
    let ran = run(&read("select @@sql_mode, 'a' || 'b'"), &db.ro()).await;
    assert_eq!(texts(&ran), [[mode, "0".into()]]);
}

#[tokio::test]
async fn values_are_bound_and_never_become_sql() {
    let db = Db::new().await;
    for hostile in ["'", "\\", "\\'; drop table t; -- ", "é\u{1F6A8}", "@farol_step", "a\nb", "x'", "?"] {
        let ran = run(&with_binds(read("select ?, '?'"), &[hostile]), &db.ro()).await;
        assert_eq!(texts(&ran), [[hostile, "?"]], "{}", ran.stderr());
    }
    let ran =
        run(&with_binds(read("select id from t where b = ? and id = ? limit ?"), &["one", "1", "5"]), &db.ro()).await;
    assert_eq!(ran.cell().as_deref(), Some("1"), "{}", ran.stderr());
    let ran = run(&with_binds(write("update t set b = ? where id = ?"), &["it's", "2"]), &db.rw()).await;
    assert_eq!((ran.result.outcome, ran.result.rows), (Outcome::Succeeded, Some(1)), "{}", ran.stderr());
    assert_eq!(run(&read("select b from t where id = 2"), &db.ro()).await.cell().as_deref(), Some("it's"));
    assert_eq!(run(&read("select ?"), &db.ro()).await.result.failure, Some(FailureCode::StatementRefused));
}

#[tokio::test]
async fn a_text_of_several_statements_is_refused_by_the_server() {
    let mut db = Db::new().await;
    let before = db.state().await;
    for text in
        ["select 1; drop table t", "commit; drop table t", "select 1; select 2", "/*!50000 select 1; */ drop table t"]
    {
        let ran = run(&sql(text, RiskClass::Write, CredentialRole::ReadWrite), &db.rw()).await;
        assert_eq!(ran.result.failure, Some(FailureCode::StatementRefused), "{text}");
        assert_eq!(db.state().await, before, "{text}");
    }
}

const NOT_READS: [&str; 40] = [
    "flush tables with read lock",
    "grant all on *.* to 'x'@'%'",
    "reset master",
    "set global read_only = 0",
    "set session transaction read write",
    "start transaction read write",
    "start transaction",
    "commit",
    "set autocommit = 0",
    "/*! drop table t */",
    "analyze delete from t",
    "drop table t",
    "insert into t values (9, 9, 'x')",
    "replace into t values (1, 1, 'x')",
    "optimize table t",
    "delete from t",
    "update t set a = 1",
    "truncate t",
    "create table u (a int)",
    "create temporary table u (a int)",
    "alter table t add column z int",
    "create index i on t (a)",
    "rename table t to u",
    "select f()",
    "call p()",
    "do f()",
    "select * from t into outfile '/tmp/farol-was-here'",
    "load data infile '/etc/passwd' into table log",
    "lock tables t write",
    "handler t open",
    "select get_lock('x', 1)",
    "select * from t for update",
    "create user x",
    "kill 1",
    "begin not atomic commit; insert into log values (1); end",
    "execute immediate 'drop table t'",
    "set statement sql_mode = '' for drop table t",
    "select @a := 1",
    "create view w as select 1",
    "analyze table t",
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

#[tokio::test]
async fn a_read_only_credential_that_may_write_is_refused() {
    let mut db = Db::new().await;
    let ran = run(&read("select 1"), &db.rw()).await;
    assert_eq!((ran.result.failure, ran.rows().len()), (Some(FailureCode::CredentialTooStrong), 0));
    let (name, account, ro) = (db.urls.name.clone(), db.urls.account.clone(), SecretUrl::new(&db.urls.ro));
    let check = async |role| check_credential(DatabaseKind::Mysql, role, &ro).await;
    assert_eq!(check(CredentialRole::ReadOnly).await, Ok(()));
    let grant = format!("grant execute on procedure {name}.p to {account}_ro@'127.0.0.1'");
    (&mut db.boss).execute(sqlx::raw_sql(AssertSqlSafe(grant))).await.unwrap();
    assert_eq!(check(CredentialRole::ReadOnly).await.unwrap_err().code, FailureCode::CredentialTooStrong);
    assert_eq!(check(CredentialRole::ReadWrite).await, Ok(()));
}

#[tokio::test]
async fn a_write_tells_how_many_rows_it_changed() {
    let db = Db::new().await;
    let ran = run(&write("insert into log values (1), (2), (3)"), &db.rw()).await;
    assert_eq!((ran.result.outcome, ran.result.rows), (Outcome::Succeeded, Some(3)));
    let ran =
        run(&sql("alter table t add column z int", RiskClass::Schema, CredentialRole::ReadWrite), &db.admin()).await;
    assert_eq!((ran.result.outcome, ran.result.rows), (Outcome::Succeeded, None), "{}", ran.stderr());
    let ran = run(&sql("call p()", RiskClass::Unknown, CredentialRole::Admin), &db.admin()).await;
    assert_eq!(ran.result.outcome, Outcome::Succeeded, "{}", ran.stderr());
}

/// Servers and their `init_connect` can switch it off; what was changed would be gone with the connection then.
#[tokio::test]
async fn a_write_stays_where_the_server_does_not_commit_by_itself() {
    let mut db = Db::new().await;
    let account = db.urls.account.clone();
    // It is the whole server's: other tests must not be touched.
    let quiet = format!("set autocommit = if(current_user() like \"{account}\\_rw@%\", 0, 1)");
    db.boss.execute(sqlx::raw_sql(AssertSqlSafe(format!("set global init_connect = '{quiet}'")))).await.unwrap();
    let ran = run(&write("insert into log values (7)"), &db.rw()).await;
    db.boss.execute(sqlx::raw_sql("set global init_connect = ''")).await.unwrap();
    assert_eq!((ran.result.outcome, ran.result.rows), (Outcome::Succeeded, Some(1)), "{}", ran.stderr());
    assert_eq!(db.ask("select cast(count(*) as char) from log").await, "1");
}

#[tokio::test]
async fn a_running_statement_is_stopped_on_demand() {
    let mut db = Db::new().await;
    let folder = tempfile::tempdir().unwrap();
    let config = config(folder.path());
    for (spec, target) in [
        (sql("select sleep(101), 1 from t", RiskClass::SideEffect, CredentialRole::ReadOnly), db.ro()),
        (write("insert into log select sleep(102) from t"), db.rw()),
    ] {
        let cancel = CancellationToken::new();
        let (ran, ()) = tokio::join!(run_with(&spec, &target, &config, &cancel), async {
            while !db.running(&spec.text).await {}
            cancel.cancel();
        });
        assert_eq!((ran.result.outcome, ran.result.failure), (Outcome::Cancelled, None), "{}", ran.stderr());
        while db.running(&spec.text).await {}
    }
    assert_eq!(run(&read("select count(*) from log"), &db.ro()).await.cell().as_deref(), Some("0"));
}

#[tokio::test]
async fn a_long_statement_ends_at_its_time_limit() {
    let db = Db::new().await;
    let mut spec = read(
        "select sum(a.d + b.d + c.d + d.d + e.d + f.d + g.d + h.d + i.d + j.d + k.d) from digits a, digits b, digits c, digits d, digits e, digits f, digits g, digits h, digits i, digits j, digits k",
    );
    spec.timeout_seconds = 1;
    let ran = run(&spec, &db.ro()).await;
    assert_eq!((ran.result.outcome, ran.result.failure), (Outcome::TimedOut, None), "{}", ran.stderr());
}

#[tokio::test]
async fn a_large_result_is_cut_and_kept_whole_in_a_file() {
    let db = Db::new().await;
    let folder = tempfile::tempdir().unwrap();
    let config = config(folder.path());
    let spec = read(
        "select a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 1 as seq, null as n, '' as e \
         from digits a, digits b, digits c, digits e where e.d < 5 order by seq",
    );
    let ran = run_with(&spec, &db.ro(), &config, &CancellationToken::new()).await;
    assert_eq!((ran.cap(), ran.rows().len()), (Some(OutputCap::Rows { kept: 1_000 }), 1_000), "{}", ran.stderr());
    let full = ran.result.full.unwrap();
    assert_eq!((full.rows, full.complete), (5_000, true));
    assert!(whole(&config, &spec, &full).starts_with("seq,n,e\n1,,\"\"\n2,"));
}

#[tokio::test]
async fn a_lost_connection_leaves_a_write_in_doubt_and_not_a_read() {
    let mut db = Db::new().await;
    let folder = tempfile::tempdir().unwrap();
    let config = config(folder.path());
    for (spec, target, outcome) in [
        (sql("select sleep(103), 1 from t", RiskClass::SideEffect, CredentialRole::ReadOnly), db.ro(), Outcome::Failed),
        (write("insert into log select sleep(104) from t"), db.rw(), Outcome::OutcomeUnknown),
    ] {
        let cancel = CancellationToken::new();
        let (ran, ()) = tokio::join!(run_with(&spec, &target, &config, &cancel), async {
            while !db.running(&spec.text).await {}
            let look = format!(
                "select cast(id as char) from information_schema.processlist where info like '{}%' and id <> connection_id()",
                spec.text
            );
            let id = db.ask_until(&look).await;
            (&mut db.boss).execute(sqlx::raw_sql(AssertSqlSafe(format!("kill connection {id}")))).await.unwrap();
        });
        assert_eq!(
            (ran.result.outcome, ran.result.failure),
            (outcome, Some(FailureCode::ConnectionLost)),
            "{}",
            ran.stderr()
        );
    }
}

#[tokio::test]
async fn what_fails_before_the_statement_is_told_by_layer() {
    let db = Db::new().await;
    let wrong = db.urls.ro.replace("throw-away", "wrong-pass");
    let elsewhere = db.urls.ro.replace(&format!("/{}?", db.urls.name), "/mysql?");
    for (url, code) in [
        (wrong, FailureCode::CredentialRefused),
        (elsewhere, FailureCode::CredentialRefused),
        ("mysql://ro:ro@127.0.0.1:1/x".to_owned(), FailureCode::Unreachable),
    ] {
        let ran = run(&read("select 1"), &database(DatabaseKind::Mysql, &url)).await;
        assert_eq!((ran.result.outcome, ran.result.failure), (Outcome::Failed, Some(code)), "{}", ran.stderr());
    }
}

/// Where a backslash escapes nothing, the text ends at the last quote: there is no condition, and every row would change.
#[tokio::test]
async fn a_change_that_the_server_reads_otherwise_than_it_was_approved_is_not_sent() {
    let server = MariaDbServer::start();
    let urls = server.create_target("modes").await;
    server.execute(&urls.name, "create table t (id int primary key, b varchar(50))").await;
    server.execute(&urls.name, "insert into t values (1, 'one'), (2, 'two')").await;
    let (ro, rw) = (database(DatabaseKind::Mysql, &urls.ro), database(DatabaseKind::Mysql, &urls.rw));
    let rows = async || run(&read("select b from t order by id"), &ro).await.rows();
    let before = rows().await;
    for (mode, text) in [
        ("NO_BACKSLASH_ESCAPES", r"update t set b = '\'' where id = 1 -- '"),
        ("ANSI_QUOTES", "update t set b = \"x\\\"\" where id = 1 -- \""),
    ] {
        assert_eq!(farol_risk::classify(farol_api::risk::Dialect::Mysql, text).class, RiskClass::Write);
        server.execute(&urls.name, format!("set global sql_mode = '{mode}'")).await;
        let ran = run(&write(text), &rw).await;
        assert_eq!(ran.result.failure, Some(FailureCode::StatementRefused), "{}", ran.stderr());
        assert!(ran.stderr().contains("NO_BACKSLASH_ESCAPES"), "{}", ran.stderr());
        assert_eq!(rows().await, before, "{mode}");
    }
    let ran = run(&write("update t set b = 'three' where id = 1"), &rw).await;
    assert_eq!(ran.result.outcome, Outcome::Succeeded, "{}", ran.stderr());
    server.execute(&urls.name, "set global sql_mode = ''").await;
    let ran = run(&write(r"update t set b = 'a\'b' where id = 1"), &rw).await;
    assert_eq!(ran.result.outcome, Outcome::Succeeded, "{}", ran.stderr());
}
