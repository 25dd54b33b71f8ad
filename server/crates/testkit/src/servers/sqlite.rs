//! A SQLite file to use as a target.

use std::path::{Path, PathBuf};

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};
use tempfile::TempDir;

/// A SQLite database in a temporary folder of its own; dropped, it goes.
#[derive(Debug)]
pub struct SqliteFile {
    folder: TempDir,
}

impl SqliteFile {
    /// Makes a file from statements.
    pub async fn with(sql: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = Self { folder };
        file.execute(sql).await;
        file
    }

    /// Returns the folder, which holds the file and what SQLite keeps beside it.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Returns the file.
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("target.db")
    }

    /// Returns the file as a credential's URL.
    pub fn url(&self) -> String {
        format!("sqlite://{}", self.path().display())
    }

    /// Runs statements on it.
    pub async fn execute(&self, sql: &str) {
        let options = SqliteConnectOptions::new().filename(self.path());
        let connection = options.create_if_missing(true).connect().await;
        let mut connection: SqliteConnection = connection.expect("the file opens");
        let done = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut connection).await;
        done.unwrap_or_else(|e| panic!("{sql}: {e}"));
        connection.close().await.expect("the file closes");
    }
}
