//! A table of orders on each server, and changes of it that are held.

use farol_api::event::Outcome;
use farol_api::hold::HoldTerms;
use farol_api::target::DatabaseKind;
use farol_engine::Intent;
use farol_engine::hold::{Desk, Seen, Verdict};
use farol_engine::job::ResolvedTarget;
use farol_engine::output::OutputSink;
use farol_incident::AskedPart;
use farol_incident::spec::AttemptSpec;
use farol_testkit::{MariaDbServer, PostgresServer, SqliteFile, TargetDatabase};
use tokio_util::sync::CancellationToken;

use super::{Ran, config, database, fresh_attempt, write};

const TABLES: &str =
    "create table orders (id int primary key, state varchar(20), price decimal(8,2), note varchar(50));
    insert into orders values (1, 'open', 9.90, 'it''s'), (2, 'open', 5.00, null), (3, 'paid', 1.00, 'x');
    create table plain (a int); insert into plain values (1);";

/// A database of one test, on whichever server.
pub enum Db {
    Postgres(TargetDatabase),
    Mariadb(TargetDatabase),
    Sqlite(SqliteFile),
}

impl Db {
    pub async fn all() -> Vec<Self> {
        vec![Self::postgres().await, Self::mariadb().await, Self::sqlite().await]
    }

    pub async fn postgres() -> Self {
        let db = Self::Postgres(PostgresServer::shared().create_target(&name()).await);
        db.execute(TABLES).await;
        db
    }

    /// With an account that is told of all tables, and so of all that could follow a row.
    pub async fn mariadb() -> Self {
        let db = Self::mariadb_short_sighted().await;
        let Self::Mariadb(urls) = &db else { return db };
        let (name, account) = (&urls.name, &urls.account);
        db.execute(&format!("grant references on *.* to '{account}_rw'@'127.0.0.1'")).await;
        // What tells a MySQL account of triggers; a MariaDB needs none of it.
        db.execute(&format!("grant trigger on {name}.* to '{account}_rw'@'127.0.0.1'")).await;
        db
    }

    /// With an account that sees its own database alone.
    pub async fn mariadb_short_sighted() -> Self {
        let db = Self::Mariadb(MariaDbServer::shared().create_target(&name()).await);
        db.execute(TABLES).await;
        db
    }

    pub async fn sqlite() -> Self {
        Self::Sqlite(SqliteFile::with(&TABLES.replace("id int primary key", "id integer primary key")).await)
    }

    /// Changes it behind everybody's back.
    pub async fn execute(&self, sql: &str) {
        match self {
            Self::Postgres(urls) => PostgresServer::shared().execute(&urls.name, sql.to_owned()).await,
            Self::Mariadb(urls) => {
                for one in sql.split(';').filter(|one| !one.trim().is_empty()) {
                    MariaDbServer::shared().execute(&urls.name, one.to_owned()).await;
                }
            }
            Self::Sqlite(file) => file.execute(sql).await,
        }
    }

    pub fn rw(&self) -> ResolvedTarget {
        match self {
            Self::Postgres(urls) => database(DatabaseKind::Postgres, &urls.rw),
            Self::Mariadb(urls) => database(DatabaseKind::Mysql, &urls.rw),
            Self::Sqlite(file) => database(DatabaseKind::Sqlite, &file.url()),
        }
    }

    /// The rows of the orders as another session sees them.
    pub async fn orders(&self) -> String {
        self.ask("select id, state, price, note from orders order by id").await
    }

    pub async fn ask(&self, sql: &str) -> String {
        let ran = super::run(
            &AttemptSpec { role: farol_api::target::CredentialRole::ReadWrite, ..super::read(sql) },
            &self.reader(),
        )
        .await;
        assert_eq!(ran.result.outcome, Outcome::Succeeded, "{}", ran.stderr());
        let cell = |cell: &Option<String>| cell.clone().unwrap_or_else(|| "-".into());
        ran.rows().iter().map(|row| row.iter().map(cell).collect::<Vec<_>>().join(",")).collect::<Vec<_>>().join(";")
    }

    pub fn reader(&self) -> ResolvedTarget {
        match self {
            Self::Postgres(urls) => database(DatabaseKind::Postgres, &urls.ro),
            Self::Mariadb(urls) => database(DatabaseKind::Mysql, &urls.ro),
            Self::Sqlite(file) => database(DatabaseKind::Sqlite, &file.url()),
        }
    }

    pub fn dialect(&self) -> farol_api::risk::Dialect {
        match self {
            Self::Postgres(_) => farol_api::risk::Dialect::Postgres,
            Self::Mariadb(_) => farol_api::risk::Dialect::Mysql,
            Self::Sqlite(_) => farol_api::risk::Dialect::Sqlite,
        }
    }

    pub fn block(&self, text: &str) -> AttemptSpec {
        let parts = farol_risk::block(self.dialect(), text).unwrap();
        let mut spec = held(text);
        spec.asked.parts = parts.into_iter().map(|part| AskedPart { text: part.text, values: part.values }).collect();
        spec
    }

    /// What undoes what was seen.
    pub fn undo(&self, seen: &Seen) -> AttemptSpec {
        let undo = seen.undo.clone().unwrap_or_else(|why| panic!("no undo: {why:?}"));
        let mut spec = held("the undo");
        for statement in &undo.statements {
            let class = farol_risk::classify(self.dialect(), statement).class;
            assert_eq!(class, farol_api::risk::RiskClass::Write, "{statement}");
        }
        spec.asked.parts = undo.statements.into_iter().map(|text| AskedPart { text, values: Vec::new() }).collect();
        spec.asked.hold = Some(HoldTerms { seconds: Some(60), rows: None, undoes: Some(fresh_attempt()) });
        spec
    }
}

pub fn name() -> String {
    format!("h{}", fresh_attempt().0.simple())
}

pub fn held(text: &str) -> AttemptSpec {
    let mut spec = write(text);
    spec.asked.hold = Some(HoldTerms { seconds: Some(60), rows: None, undoes: None });
    spec
}

/// Runs a change, and answers what is held; what was seen comes too, where it came to that.
pub async fn decide<F: Future<Output = Verdict>>(
    spec: &AttemptSpec,
    target: &ResolvedTarget,
    answer: impl FnOnce(Seen) -> F,
) -> Ran {
    let folder = tempfile::tempdir().unwrap();
    let (desk, mut questions) = Desk::open();
    let (sink, mut chunks) = OutputSink::channel(8);
    let cancel = CancellationToken::new();
    let reading = async {
        let mut all = Vec::new();
        while let Some(chunk) = chunks.recv().await {
            all.push(chunk);
        }
        all
    };
    let config = config(folder.path());
    let run = async {
        let result = farol_engine::run_held(spec, target, &config, sink, &cancel, &desk, &Intent::of_now()).await;
        drop(desk);
        result
    };
    let sit = async {
        if let Some(question) = questions.recv().await {
            let verdict = answer(question.seen).await;
            let _ = question.answer.send(verdict);
        }
    };
    let (result, chunks, ()) = tokio::join!(run, reading, sit);
    Ran { result: result.result, chunks }
}

pub async fn commit(spec: &AttemptSpec, db: &Db) -> (Ran, Seen) {
    let mut seen = None;
    let ran = decide(spec, &db.rw(), |saw| {
        seen = Some(saw);
        async { Verdict::Commit }
    })
    .await;
    let seen = seen.unwrap_or_else(|| panic!("it was not held: {:?} {}", ran.result, ran.stderr()));
    (ran, seen)
}

/// What the orders are at first. SQLite writes a number as a number.
pub fn before(db: &Db) -> &'static str {
    match db {
        Db::Sqlite(_) => "1,open,9.9,it's;2,open,5,-;3,paid,1,x",
        Db::Postgres(_) | Db::Mariadb(_) => "1,open,9.90,it's;2,open,5.00,-;3,paid,1.00,x",
    }
}
