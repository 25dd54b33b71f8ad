//! Changes that are held before they are committed, on real servers.

mod common;

use common::{Ran, config, database, fresh_attempt, with_binds, write};
use farol_api::event::{FailureCode, Outcome};
use farol_api::hold::{HoldTerms, NoUndo, RolledBack, RowRange};
use farol_api::target::DatabaseKind;
use farol_engine::hold::{Desk, Seen, Verdict};
use farol_engine::job::ResolvedTarget;
use farol_engine::output::OutputSink;
use farol_incident::AskedPart;
use farol_incident::spec::AttemptSpec;
use farol_testkit::{MariaDbServer, PostgresServer, SqliteFile, TargetDatabase};
use tokio_util::sync::CancellationToken;

const TABLES: &str =
    "create table orders (id int primary key, state varchar(20), price decimal(8,2), note varchar(50));
    insert into orders values (1, 'open', 9.90, 'it''s'), (2, 'open', 5.00, null), (3, 'paid', 1.00, 'x');
    create table plain (a int); insert into plain values (1);";

/// A database of one test, on whichever server.
enum Db {
    Postgres(TargetDatabase),
    Mariadb(TargetDatabase),
    Sqlite(SqliteFile),
}

impl Db {
    async fn all() -> Vec<Self> {
        vec![Self::postgres().await, Self::mariadb().await, Self::sqlite().await]
    }

    async fn postgres() -> Self {
        let db = Self::Postgres(PostgresServer::shared().create_target(&name()).await);
        db.execute(TABLES).await;
        db
    }

    async fn mariadb() -> Self {
        let db = Self::Mariadb(MariaDbServer::shared().create_target(&name()).await);
        db.execute(TABLES).await;
        db
    }

    async fn sqlite() -> Self {
        Self::Sqlite(SqliteFile::with(&TABLES.replace("id int primary key", "id integer primary key")).await)
    }

    /// Changes it behind everybody's back.
    async fn execute(&self, sql: &str) {
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

    fn rw(&self) -> ResolvedTarget {
        match self {
            Self::Postgres(urls) => database(DatabaseKind::Postgres, &urls.rw),
            Self::Mariadb(urls) => database(DatabaseKind::Mysql, &urls.rw),
            Self::Sqlite(file) => database(DatabaseKind::Sqlite, &file.url()),
        }
    }

    /// The rows of the orders as another session sees them.
    async fn orders(&self) -> String {
        self.ask("select id, state, price, note from orders order by id").await
    }

    async fn ask(&self, sql: &str) -> String {
        let ran = common::run(
            &AttemptSpec { role: farol_api::target::CredentialRole::ReadWrite, ..common::read(sql) },
            &self.reader(),
        )
        .await;
        assert_eq!(ran.result.outcome, Outcome::Succeeded, "{}", ran.stderr());
        let cell = |cell: &Option<String>| cell.clone().unwrap_or_else(|| "-".into());
        ran.rows().iter().map(|row| row.iter().map(cell).collect::<Vec<_>>().join(",")).collect::<Vec<_>>().join(";")
    }

    fn reader(&self) -> ResolvedTarget {
        match self {
            Self::Postgres(urls) => database(DatabaseKind::Postgres, &urls.ro),
            Self::Mariadb(urls) => database(DatabaseKind::Mysql, &urls.ro),
            Self::Sqlite(file) => database(DatabaseKind::Sqlite, &file.url()),
        }
    }

    fn dialect(&self) -> farol_api::risk::Dialect {
        match self {
            Self::Postgres(_) => farol_api::risk::Dialect::Postgres,
            Self::Mariadb(_) => farol_api::risk::Dialect::Mysql,
            Self::Sqlite(_) => farol_api::risk::Dialect::Sqlite,
        }
    }

    fn block(&self, text: &str) -> AttemptSpec {
        let parts = farol_risk::block(self.dialect(), text).unwrap();
        let mut spec = held(text);
        spec.asked.parts = parts.into_iter().map(|part| AskedPart { text: part.text, values: part.values }).collect();
        spec
    }

    /// What undoes what was seen.
    fn undo(&self, seen: &Seen) -> AttemptSpec {
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

fn name() -> String {
    format!("h{}", fresh_attempt().0.simple())
}

fn held(text: &str) -> AttemptSpec {
    let mut spec = write(text);
    spec.asked.hold = Some(HoldTerms { seconds: Some(60), rows: None, undoes: None });
    spec
}

/// Runs a change, and answers what is held; what was seen comes too, where it came to that.
async fn decide<F: Future<Output = Verdict>>(
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
        let result = farol_engine::run_held(spec, target, &config, sink, &cancel, &desk).await;
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
    Ran { result, chunks }
}

async fn commit(spec: &AttemptSpec, db: &Db) -> (Ran, Seen) {
    let mut seen = None;
    let ran = decide(spec, &db.rw(), |saw| {
        seen = Some(saw);
        async { Verdict::Commit }
    })
    .await;
    let seen = seen.unwrap_or_else(|| panic!("it was not held: {:?} {}", ran.result, ran.stderr()));
    (ran, seen)
}

const BEFORE: &str = "1,open,9.90,it's;2,open,5.00,-;3,paid,1.00,x";

/// SQLite writes a number as a number.
async fn before(db: &Db) -> String {
    match db {
        Db::Sqlite(_) => "1,open,9.9,it's;2,open,5,-;3,paid,1,x".to_owned(),
        _ => {
            let _ = db;
            BEFORE.to_owned()
        }
    }
}

#[tokio::test]
async fn what_is_held_is_seen_by_nobody_else_until_it_is_committed() {
    for db in Db::all().await {
        let spec = held("update orders set state = 'gone' where state = 'open'");
        let (target, was) = (db.rw(), before(&db).await);
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
        let was = before(&db).await;
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
        let was = before(&db).await;
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
            // The key of the row that was added was given by hand, which MariaDB does not tell.
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
        assert_eq!(db.orders().await, before(&db).await);
    }
}

#[tokio::test]
async fn other_rows_than_approved_are_rolled_back_without_asking() {
    for db in Db::all().await {
        let was = before(&db).await;
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
async fn a_change_is_put_back_exactly() {
    for db in Db::all().await {
        let was = before(&db).await;
        for text in [
            "update orders set state = 'x''y', price = price * 3, note = 'neu' where id in (1, 2)",
            "update orders set note = null where id = 1",
            "delete from orders where state = 'open'",
            "delete from orders",
        ] {
            let (ran, seen) = commit(&held(text), &db).await;
            assert_eq!(ran.result.outcome, Outcome::Succeeded, "{}", ran.stderr());
            assert_ne!(db.orders().await, was, "{text}");
            let undo = db.undo(&seen);
            let (undone, _) = commit(&undo, &db).await;
            assert_eq!(undone.result.outcome, Outcome::Succeeded, "{text} {:?} {}", undo.asked.parts, undone.stderr());
            assert_eq!(db.orders().await, was, "{text}");
        }
    }
}

#[tokio::test]
async fn an_undo_is_refused_where_a_row_is_not_as_it_was_left() {
    for db in Db::all().await {
        let (_, seen) = commit(&held("update orders set state = 'gone' where id in (1, 2)"), &db).await;
        db.execute("update orders set note = 'touched' where id = 2").await;
        let left = db.orders().await;
        let ran = common::run(&db.undo(&seen), &db.rw()).await;
        assert_eq!((ran.result.outcome, ran.result.failure), (Outcome::Failed, Some(FailureCode::RowsOutside)));
        assert_eq!(db.orders().await, left, "nothing at all was undone");
        let (_, seen) = commit(&held("delete from orders where id = 3"), &db).await;
        db.execute("insert into orders values (3, 'again', 1, null)").await;
        let left = db.orders().await;
        let ran = common::run(&db.undo(&seen), &db.rw()).await;
        assert_eq!((ran.result.outcome, ran.result.failure), (Outcome::Failed, Some(FailureCode::StatementRefused)));
        assert_eq!(db.orders().await, left);
    }
}

#[tokio::test]
async fn where_rows_cannot_be_put_back_soundly_it_says_why() {
    for db in Db::all().await {
        db.execute("create table parents (id int primary key); insert into parents values (1)").await;
        let cases = [
            ("update plain set a = 2", NoUndo::NoPrimaryKey),
            ("update orders set id = 9 where id = 3", NoUndo::OtherRows),
            ("update orders set state = 'z' where id = (select min(id) from orders o)", NoUndo::NotSimple),
            ("delete from orders where id = 77", NoUndo::NoRows),
        ];
        for (text, why) in cases {
            // MariaDB lets no statement read the table that it changes.
            if why == NoUndo::NotSimple && matches!(db, Db::Mariadb(_)) {
                continue;
            }
            let mut told = None;
            let ran = decide(&held(text), &db.rw(), |seen| {
                told = Some(seen.undo);
                async { Verdict::RollBack(None) }
            })
            .await;
            let told = told.unwrap_or_else(|| panic!("{text}: {}", ran.stderr()));
            if why == NoUndo::NotSimple {
                assert!(told.is_ok(), "{text}: a subquery that gives the same answer is no obstacle: {told:?}");
            } else {
                assert_eq!(told.err(), Some(why), "{text}");
            }
        }
    }
}

#[tokio::test]
async fn triggers_and_cascades_stand_in_the_way_of_an_undo() {
    let told = async |db: &Db, text: &str| {
        let (_, seen) = commit(&held(text), db).await;
        seen.undo.err()
    };
    let db = Db::postgres().await;
    db.execute(
        "create table kids (id int primary key, o int references orders (id) on delete cascade); \
         create function noted() returns trigger language plpgsql as 'begin new.a := new.a + 1; return new; end'; \
         create table watched (id int primary key, a int); insert into watched values (1, 1); \
         create trigger t before update on watched for each row execute function noted(); \
         grant all on all tables in schema public to public",
    )
    .await;
    assert_eq!(told(&db, "delete from orders where id = 1").await, Some(NoUndo::Cascades));
    assert_eq!(told(&db, "update watched set a = 5 where id = 1").await, Some(NoUndo::Triggers));
    let db = Db::sqlite().await;
    db.execute("create trigger tg after delete on orders begin insert into plain values (old.id); end").await;
    assert_eq!(told(&db, "delete from orders where id = 1").await, Some(NoUndo::Triggers));
    let db = Db::mariadb().await;
    db.execute("create trigger tg after delete on orders for each row insert into plain values (old.id)").await;
    assert_eq!(told(&db, "delete from orders where id = 1").await, Some(NoUndo::Triggers));
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
}

#[tokio::test]
async fn what_commits_by_itself_is_not_held() {
    for db in Db::all().await {
        for text in ["create table more (a int)", "truncate table orders", "drop table orders", "select 1"] {
            let ran = common::run(&held(text), &db.rw()).await;
            assert_eq!(
                (ran.result.outcome, ran.result.failure),
                (Outcome::Failed, Some(FailureCode::CannotHold)),
                "{text}"
            );
        }
        assert_eq!(db.orders().await, before(&db).await);
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
    assert_eq!(db.orders().await, before(&db).await);
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
