//! Statements on a real SQLite file.

use std::path::Path;
use std::time::Duration;

use crate::common::{config, database, keeping, read, run, run_with, sql, whole, with_binds, write};
use farol_api::event::{FailureCode, Outcome};
use farol_api::output::OutputCap;
use farol_api::risk::RiskClass;
use farol_api::target::{CredentialRole, DatabaseKind};
use farol_engine::job::ResolvedTarget;
use farol_engine::secret::SecretUrl;
use farol_engine::shell::Hidden;
use farol_engine::sql::check_credential;
use farol_testkit::SqliteFile;
use tokio_util::sync::CancellationToken;

const SETUP: &str = "create table t (id integer primary key, a int, b text, c blob, d real);
    insert into t values (1, 10, 'one', x'00ff', 0.1), (2, 20, null, null, 1e300), (3, 30, 'três', null, 3);
    create index t_b on t (b); create table child (t_id int references t (id)); insert into child values (1);
    create table log (n int); create trigger tg after delete on t begin insert into log values (old.id); end;";

struct Db {
    file: SqliteFile,
}

impl Db {
    async fn new() -> Self {
        Self { file: SqliteFile::with(SETUP).await }
    }

    fn target(&self) -> ResolvedTarget {
        database(DatabaseKind::Sqlite, &self.file.url())
    }

    fn bytes(&self) -> Vec<u8> {
        std::fs::read(self.file.path()).unwrap()
    }

    fn files(&self) -> usize {
        std::fs::read_dir(self.file.folder()).unwrap().count()
    }
}

fn texts(row: &[Option<String>]) -> Vec<&str> {
    row.iter().map(|cell| cell.as_deref().unwrap_or("NULL")).collect()
}

#[tokio::test]
async fn values_are_shown_exactly() {
    let db = Db::new().await;
    let ran =
        run(&read("select id, a, b, c, d, a as a, 0.1 + 0.2, 9007199254740993 from t order by id"), &db.target()).await;
    assert_eq!((ran.result.outcome, ran.result.rows), (Outcome::Succeeded, Some(3)));
    let columns: Vec<_> = ran.columns().into_iter().map(|c| (c.name, c.type_name, c.numeric)).collect();
    assert_eq!(columns[1], ("a".into(), "INT".into(), true));
    assert_eq!((columns[2].2, columns[5].0.as_str(), columns.len()), (false, "a", 8));
    let rows = ran.rows();
    assert_eq!(texts(&rows[0]), ["1", "10", "one", "x'00ff'", "0.1", "10", "0.30000000000000004", "9007199254740993"]);
    assert_eq!(texts(&rows[1])[..5], ["2", "20", "NULL", "NULL", "1e300"]);
    assert_eq!(texts(&rows[2])[2..5], ["três", "NULL", "3.0"]);
}

#[tokio::test]
async fn an_empty_result_keeps_its_columns() {
    let db = Db::new().await;
    let ran = run(&read("select id, b as x, b as x from t where id > 100"), &db.target()).await;
    let names: Vec<_> = ran.columns().into_iter().map(|c| c.name).collect();
    assert_eq!((names, ran.result.rows), (vec!["id".to_owned(), "x".into(), "x".into()], Some(0)));
}

#[tokio::test]
async fn values_are_bound_and_never_become_sql() {
    let db = Db::new().await;
    let hostile = "x'; drop table t; --\n\\";
    let ran =
        run(&with_binds(read("select ?, typeof(?), typeof(?), ?"), &[hostile, "42", "042", ""]), &db.target()).await;
    assert_eq!(texts(&ran.rows()[0]), ["x'; drop table t; --\n\\", "integer", "text", ""]);
    let ran = run(&with_binds(read("select b from t where id = ?"), &["3"]), &db.target()).await;
    assert_eq!(ran.cell().as_deref(), Some("três"));
    let ran = run(&with_binds(read("select ?"), &[]), &db.target()).await;
    assert_eq!(ran.result.failure, Some(FailureCode::StatementRefused));
}

#[tokio::test]
async fn a_write_tells_how_many_rows_it_changed() {
    let db = Db::new().await;
    let ran = run(&write("update t set a = a + 1 where id < 3"), &db.target()).await;
    assert_eq!((ran.result.outcome, ran.result.rows), (Outcome::Succeeded, Some(2)));
    // Foreign keys are as SQLite has them by default: off.
    let ran = run(&sql("delete from t", RiskClass::Destructive, CredentialRole::ReadWrite), &db.target()).await;
    assert_eq!((ran.result.outcome, ran.result.rows), (Outcome::Succeeded, Some(3)));
    let ran = run(&sql("vacuum", RiskClass::Schema, CredentialRole::ReadWrite), &db.target()).await;
    assert_eq!((ran.result.outcome, ran.result.rows, ran.stderr()), (Outcome::Succeeded, None, String::new()));
}

/// Whatever was approved as a read leaves the file as it was, and makes no other.
#[tokio::test]
async fn nothing_that_runs_as_a_read_changes_anything() {
    let db = Db::new().await;
    let (before, files) = (db.bytes(), db.files());
    let other = db.file.folder().join("other.db");
    let statements = [
        format!("attach '{}' as y", other.display()),
        format!("vacuum into '{}'", other.display()),
        "select load_extension('x')".into(),
        "begin".into(),
        "begin immediate".into(),
        "commit".into(),
        "savepoint s".into(),
        "pragma query_only = off".into(),
        "pragma journal_mode = wal".into(),
        "pragma journal_mode = delete".into(),
        "pragma user_version = 3".into(),
        "pragma writable_schema = on".into(),
        "pragma foreign_keys = on".into(),
        "pragma wal_checkpoint".into(),
        "pragma optimize".into(),
        "pragma incremental_vacuum".into(),
        "select * from pragma_user_version, pragma_optimize".into(),
        "delete from t".into(),
        "with x as (select 1) delete from t".into(),
        "insert into t (a) values (1) returning id".into(),
        "replace into t (id) values (1)".into(),
        "update t set a = 0".into(),
        "update sqlite_schema set sql = ''".into(),
        "create table u (a)".into(),
        "create temp table u (a)".into(),
        "create index i on t (a)".into(),
        "drop table t".into(),
        "alter table t add column z".into(),
        "reindex".into(),
        "vacuum".into(),
        "analyze".into(),
        "explain delete from t; delete from t".into(),
        "select 1; delete from t".into(),
        "select 1 /* ; */ ; ; insert into log values (1)".into(),
        "detach main".into(),
    ];
    for statement in &statements {
        for class in [RiskClass::Read, RiskClass::SideEffect] {
            let ran = run(&sql(statement, class, CredentialRole::ReadOnly), &db.target()).await;
            assert_eq!(ran.result.failure, Some(FailureCode::StatementRefused), "{statement}: {ran:?}");
            assert_eq!((db.bytes() == before, db.files()), (true, files), "{statement}");
        }
    }
}

#[tokio::test]
async fn reads_of_every_kind_are_let_through() {
    let db = Db::new().await;
    for statement in [
        "select 1; -- done",
        "explain query plan select * from t",
        "pragma table_info(t)",
        "pragma integrity_check",
        "pragma journal_mode",
        "select * from pragma_table_info('t')",
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < 5) select sum(i) from n",
        "select name, sql from sqlite_schema",
        "values (1), (2)",
        "select json_extract('{\"a\":1}', '$.a'), date('2026-01-02'), upper(b) from t",
    ] {
        let ran = run(&read(statement), &db.target()).await;
        assert_eq!(ran.result.outcome, Outcome::Succeeded, "{statement}: {}", ran.stderr());
    }
}

#[tokio::test]
async fn a_write_reaches_no_other_file() {
    let db = Db::new().await;
    let other = db.file.folder().join("other.db");
    for text in [format!("vacuum into '{}'", other.display()), format!("attach '{}' as o", other.display())] {
        let ran = run(&write(&text), &db.target()).await;
        assert_eq!((ran.result.failure, other.exists()), (Some(FailureCode::StatementRefused), false), "{text}");
    }
}

const ENDLESS: &str = "with recursive n(i) as (select 1 union all select i + 1 from n) ";

#[tokio::test]
async fn a_long_statement_ends_at_its_time_limit() {
    let db = Db::new().await;
    let mut spec = read(&format!("{ENDLESS} select count(*) from n"));
    spec.timeout_seconds = 1;
    assert_eq!(run(&spec, &db.target()).await.result.outcome, Outcome::TimedOut);
    let mut spec = write(&format!("{ENDLESS} insert into log select i from n"));
    spec.timeout_seconds = 1;
    assert_eq!(run(&spec, &db.target()).await.result.outcome, Outcome::TimedOut);
    assert_eq!(run(&read("select count(*) from log"), &db.target()).await.cell().as_deref(), Some("0"));
}

#[tokio::test]
async fn a_running_statement_is_stopped_on_demand() {
    let db = Db::new().await;
    let folder = tempfile::tempdir().unwrap();
    let cancel = CancellationToken::new();
    let (spec, target, config) =
        (read(&format!("{ENDLESS} select count(*) from n")), db.target(), config(folder.path()));
    let (ran, ()) = tokio::join!(run_with(&spec, &target, &config, &cancel), async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        cancel.cancel();
    });
    assert_eq!((ran.result.outcome, ran.result.failure), (Outcome::Cancelled, None));
}

#[tokio::test]
async fn an_endless_result_is_cut_at_the_rows_and_at_the_bytes() {
    let db = Db::new().await;
    let folder = tempfile::tempdir().unwrap();
    let mut config = config(folder.path());
    config.limits.result_bytes = 300_000;
    let spec = read(&format!("{ENDLESS} select i from n"));
    let ran = run_with(&spec, &db.target(), &config, &CancellationToken::new()).await;
    assert_eq!((ran.cap(), ran.rows().len()), (Some(OutputCap::Rows { kept: 1_000 }), 1_000));
    assert_eq!((ran.result.outcome, ran.result.truncated), (Outcome::Succeeded, true));
    let full = ran.result.full.unwrap();
    assert!(!full.complete && full.bytes >= 300_000, "{full:?}");
    assert!(whole(&config, &spec, &full).starts_with("i\n1\n2\n"));
    let spec = read(&format!("{ENDLESS} select hex(zeroblob(20000)) from n"));
    let ran = run_with(&spec, &db.target(), &config, &CancellationToken::new()).await;
    assert_eq!(ran.cap(), Some(OutputCap::Bytes { kept: 1 << 20 }));
    assert_eq!(ran.rows().len(), 26);
}

#[tokio::test]
async fn a_write_that_returns_too_many_rows_still_happens_whole() {
    let db = Db::new().await;
    let text = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 3000) insert into log select i from n returning n";
    let ran = run(&write(text), &db.target()).await;
    assert_eq!((ran.result.outcome, ran.rows().len(), ran.result.truncated), (Outcome::Succeeded, 1_000, true));
    assert_eq!(run(&read("select count(*) from log"), &db.target()).await.cell().as_deref(), Some("3000"));
}

#[tokio::test]
async fn a_file_that_is_not_there_is_not_made() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("none.db");
    let target = database(DatabaseKind::Sqlite, &format!("sqlite://{}?mode=rwc", file.display()));
    for spec in [read("select 1"), write("create table t (a)")] {
        let ran = run(&spec, &target).await;
        assert_eq!((ran.result.failure, file.exists()), (Some(FailureCode::Unreachable), false));
    }
    let no_credential = ResolvedTarget { database: Some(DatabaseKind::Sqlite), ..ResolvedTarget::default() };
    assert_eq!(run(&read("select 1"), &no_credential).await.result.failure, Some(FailureCode::NoCredential));
}

#[tokio::test]
async fn a_credential_is_checked_by_layer() {
    let db = Db::new().await;
    let url = |path: &Path| SecretUrl::new(format!("sqlite://{}", path.display()));
    let good =
        check_credential(DatabaseKind::Sqlite, CredentialRole::ReadOnly, &url(&db.file.folder().join("target.db")))
            .await;
    assert_eq!(good, Ok(()));
    std::fs::write(db.file.folder().join("noise"), [7_u8; 4096]).unwrap();
    for bad in ["none.db", "noise"] {
        let checked =
            check_credential(DatabaseKind::Sqlite, CredentialRole::ReadWrite, &url(&db.file.folder().join(bad))).await;
        assert_eq!(checked.unwrap_err().code, FailureCode::Unreachable, "{bad}");
    }
}

#[tokio::test]
async fn an_error_is_told_in_the_output_and_not_in_the_result() {
    let db = Db::new().await;
    let mut spec = with_binds(read("select * from missing where x = ?"), &["hunter22"]);
    spec.secrets = vec!["p0".into()];
    let ran = run(&spec, &db.target()).await;
    assert_eq!((ran.result.outcome, ran.result.failure), (Outcome::Failed, Some(FailureCode::StatementRefused)));
    assert!(ran.stderr().contains("no such table: missing"), "{}", ran.stderr());
    let mut spec = with_binds(read("select 'pre' || ? || 'post'"), &["hunter22"]);
    spec.secrets = vec!["p0".into()];
    assert_eq!(run(&spec, &db.target()).await.cell().as_deref(), Some("pre[secret]post"));
}

/// Who may register a target could else make themselves an owner, and write the record anew.
#[tokio::test]
async fn farols_own_store_is_no_database_of_a_target() {
    let (own, folder) = (Db::new().await, tempfile::tempdir().unwrap());
    let (link, second) = (folder.path().join("link.db"), folder.path().join("second.db"));
    std::os::unix::fs::symlink(own.file.path(), &link).unwrap();
    std::fs::hard_link(own.file.path(), &second).unwrap();
    let before = own.bytes();
    let workspaces = tempfile::tempdir().unwrap();
    let mut config = config(workspaces.path());
    let databases = vec![own.file.path()];
    config.runners = keeping(Hidden { there: vec![own.file.folder().to_owned()], databases, ..Hidden::default() });
    for url in [own.file.url(), format!("sqlite:{}", link.display()), format!("sqlite://{}?mode=rwc", second.display())]
    {
        for spec in [read("select a from t"), write("update t set a = 0 where id = 1")] {
            let target = database(DatabaseKind::Sqlite, &url);
            let ran = run_with(&spec, &target, &config, &CancellationToken::new()).await;
            assert_eq!((ran.rows().len(), ran.result.outcome), (0, Outcome::Failed), "{url}");
            assert_eq!(ran.result.failure, Some(FailureCode::OwnStore), "{url}: {}", ran.stderr());
        }
    }
    assert_eq!(own.bytes(), before);
    // The demo's shop lies in the same folder.
    let shop = own.file.folder().join("shop.db");
    std::fs::copy(own.file.path(), &shop).unwrap();
    let target = database(DatabaseKind::Sqlite, &format!("sqlite://{}", shop.display()));
    let ran = run_with(&read("select a from t"), &target, &config, &CancellationToken::new()).await;
    assert_eq!(ran.result.outcome, Outcome::Succeeded, "{}", ran.stderr());
}
