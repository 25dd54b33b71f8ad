//! SQLite.

use farol_api::target::DatabaseKind;
use farol_engine::job::ResolvedTarget;
use farol_testkit::SqliteFile;

use super::{World, changes, nothing_changes, statements};

const TABLES: [&str; 5] = [
    include_str!("../../../risk/tests/sqlite.tsv"),
    include_str!("../../../risk/tests/sqlite_hunts.tsv"),
    include_str!("../../../risk/tests/sqlite_statements.tsv"),
    include_str!("../../../risk/tests/sqlite_broken.tsv"),
    include_str!("../../../risk/tests/sqlite_blind.tsv"),
];

const SETUP: &str = "
create table t (id integer primary key autoincrement, a int, b text, c text, n int, x int, name text, u int);
insert into t values (1, 10, 'one', 'c', 1, 1, 'one', 1), (2, 20, null, 'd', 2, 2, 'two', 2);
create table u (id integer primary key, a int, b text, c text); insert into u values (1, 10, 'one', 'c');
create table log (n int); create index i on t (a); create view v as select * from t;
create virtual table fts using fts5 (body); insert into fts values ('one');
create trigger tg after delete on u begin insert into log values (old.id); end;";

/// A file in a folder of its own, and its bytes as they were at first.
struct Db(SqliteFile, Vec<u8>);

impl Db {
    async fn new() -> Self {
        let file = SqliteFile::with(SETUP).await;
        let bytes = std::fs::read(file.path()).unwrap();
        Self(file, bytes)
    }
}

impl World for Db {
    fn ro(&self) -> ResolvedTarget {
        super::common::database(DatabaseKind::Sqlite, &self.0.url())
    }

    fn superuser(&self) -> ResolvedTarget {
        self.ro()
    }

    async fn mend(&mut self) {
        for beside in std::fs::read_dir(self.0.folder()).unwrap() {
            std::fs::remove_file(beside.unwrap().path()).unwrap();
        }
        std::fs::write(self.0.path(), &self.1).unwrap();
    }

    /// The files beside each other, each with its bytes.
    async fn state(&mut self) -> String {
        let mut files: Vec<_> =
            std::fs::read_dir(self.0.folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        let name = |file: &std::path::Path| file.file_name().unwrap().to_string_lossy().into_owned();
        let told = files.iter().map(|file| format!("{} {:02x?}\n", name(file), std::fs::read(file).unwrap()));
        told.collect()
    }
}

/// The statements, with every file that they would write beside the database, where its state is told.
fn statements_in(db: &Db) -> Vec<String> {
    let folder = db.0.folder().display().to_string();
    let beside = |text: String| {
        let text = text.replace("INTO '/tmp/", &format!("INTO '{folder}/"));
        let text = text.replace("INTO 'file:x", &format!("INTO 'file:{folder}/x"));
        text.replace("INTO 'x", &format!("INTO '{folder}/x"))
    };
    statements("sqlite", &TABLES).into_iter().map(beside).collect()
}

#[tokio::test]
async fn no_statement_run_as_a_read_changes_a_sqlite_file() {
    let mut db = Db::new().await;
    let statements = statements_in(&db);
    nothing_changes(&mut db, &statements).await;
}

#[tokio::test]
async fn the_same_statements_change_a_sqlite_file_when_they_are_let() {
    let mut db = Db::new().await;
    let statements = statements_in(&db);
    let changed = changes(&mut db, &statements).await;
    assert!(changed > 40, "{changed} statements changed something");
}
