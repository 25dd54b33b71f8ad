//! The floors: what the disk, SQLite, Postgres' client and bash take by themselves.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, PgConnection};

/// About the size of an event.
const BODY: usize = 300;

/// A file that is written to and synced.
pub struct Disk(File);

impl Disk {
    /// Makes the file.
    pub fn new(folder: &Path) -> std::io::Result<Self> {
        File::create(folder.join("fdatasync")).map(Self)
    }

    /// Appends a page and waits until it is on the disk.
    pub fn sync(&mut self) -> std::io::Result<Duration> {
        let start = Instant::now();
        self.0.write_all(&[1; 4096])?;
        self.0.sync_data()?;
        Ok(start.elapsed())
    }
}

/// A SQLite file with one table, as durable as the store.
pub struct Sqlite(SqliteConnection);

impl Sqlite {
    /// Makes the file.
    pub async fn new(folder: &Path) -> Result<Self, sqlx::Error> {
        let options = SqliteConnectOptions::new()
            .filename(folder.join("bare.db"))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full);
        let mut connection = options.connect().await?;
        sqlx::query("create table rows (id integer primary key, body text not null)").execute(&mut connection).await?;
        Ok(Self(connection))
    }

    /// Inserts rows in one transaction.
    pub async fn commit(&mut self, rows: usize) -> Result<Duration, sqlx::Error> {
        let body = "x".repeat(BODY);
        let start = Instant::now();
        let mut transaction = self.0.begin_with("begin immediate").await?;
        for _ in 0..rows {
            sqlx::query("insert into rows (body) values ($1)").bind(&body).execute(&mut *transaction).await?;
        }
        transaction.commit().await?;
        Ok(start.elapsed())
    }
}

/// Connects, asks `select 1` and closes.
pub async fn connect_and_query(url: &str) -> Result<Duration, sqlx::Error> {
    let start = Instant::now();
    let mut connection = PgConnection::connect(url).await?;
    query(&mut connection).await?;
    connection.close().await?;
    Ok(start.elapsed())
}

/// Asks `select 1` on an open connection.
pub async fn query(connection: &mut PgConnection) -> Result<Duration, sqlx::Error> {
    let start = Instant::now();
    let _: i32 = sqlx::query_scalar("select 1").fetch_one(connection).await?;
    Ok(start.elapsed())
}

/// Runs a program to its good end, its output thrown away.
pub fn program(program: &Path, arguments: &[&str]) -> anyhow::Result<Duration> {
    let start = Instant::now();
    let status = Command::new(program).args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).status();
    let status = status.with_context(|| program.display().to_string())?;
    ensure!(status.success(), "{} failed: {status}", program.display());
    Ok(start.elapsed())
}

/// Finds psql itself: the one on the PATH is Debian's wrapper, which takes three times as long.
pub fn psql() -> anyhow::Result<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> =
        versions.map(|version| version.path().join("bin/psql")).filter(|psql| psql.is_file()).collect();
    found.sort();
    found.pop().context("psql is missing: `make test-tools` installs it")
}
