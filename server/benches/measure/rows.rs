//! The rows that an import wrote, to be inserted once more with nothing around them.

use std::time::{Duration, Instant};

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row, ValueRef};
use tempfile::TempDir;

use crate::Effort;
use crate::scene::durable_store;

/// All rows that an import wrote into SQLite, table by table.
pub struct Rows(Vec<(String, Vec<Vec<Cell>>)>);

enum Cell {
    Null,
    Number(i64),
    Text(String),
    Blob(Vec<u8>),
}

/// The tables that an import writes besides its words, in an order that references allow.
const TABLES: [&str; 5] = ["revisions", "runbooks", "runbook_revisions", "library", "library_files"];
/// What the index holds cannot be read from it, but it can be asked which words each document has.
const WORDS: &str = "select doc, group_concat(term, ' ') from words_of group by doc";

impl Rows {
    /// Reads them.
    pub async fn of(folder: &TempDir) -> anyhow::Result<Self> {
        let mut from = connect(folder, "farol.db").await?;
        let mut tables = Vec::new();
        for name in TABLES {
            tables.push((name.to_owned(), all(&mut from, &format!("select * from {name}")).await?));
        }
        sqlx::query("create virtual table temp.words_of using fts5vocab(main, library_words, instance)")
            .execute(&mut from)
            .await?;
        tables.push(("library_words (rowid, words)".to_owned(), all(&mut from, WORDS).await?));
        from.close().await?;
        Ok(Self(tables))
    }

    /// Inserts them into a fresh store, with prepared statements and one commit that is on the disk.
    pub async fn insert(&self, effort: &Effort) -> anyhow::Result<Duration> {
        let folder = effort.folder()?;
        durable_store(&folder).await?.close().await;
        let mut into = connect(&folder, "farol.db").await?;
        let start = Instant::now();
        let mut tx = into.begin().await?;
        for (name, rows) in &self.0 {
            let width = rows.first().map_or(0, Vec::len);
            let places: Vec<String> = (1..=width).map(|n| format!("${n}")).collect();
            let sql = format!("insert into {name} values ({})", places.join(", "));
            for row in rows {
                let mut query = sqlx::query(AssertSqlSafe(sql.as_str()));
                for cell in row {
                    query = match cell {
                        Cell::Null => query.bind(None::<i64>),
                        Cell::Number(number) => query.bind(*number),
                        Cell::Text(text) => query.bind(text.as_str()),
                        Cell::Blob(bytes) => query.bind(bytes.as_slice()),
                    };
                }
                query.execute(&mut *tx).await?;
            }
        }
        tx.commit().await?;
        let took = start.elapsed();
        into.close().await?;
        Ok(took)
    }
}

async fn connect(folder: &TempDir, file: &str) -> anyhow::Result<SqliteConnection> {
    let options = SqliteConnectOptions::new()
        .filename(folder.path().join(file))
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true);
    Ok(SqliteConnection::connect_with(&options).await?)
}

async fn all(from: &mut SqliteConnection, sql: &str) -> anyhow::Result<Vec<Vec<Cell>>> {
    let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(from).await?;
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        let mut cells = Vec::new();
        for at in 0..row.len() {
            use sqlx::TypeInfo;
            let raw = row.try_get_raw(at)?;
            let kind = raw.type_info().name().to_owned();
            cells.push(match (raw.is_null(), kind.as_str()) {
                (true, _) => Cell::Null,
                (_, "INTEGER") => Cell::Number(row.try_get_unchecked(at)?),
                (_, "BLOB") => Cell::Blob(row.try_get_unchecked(at)?),
                _ => Cell::Text(row.try_get_unchecked(at)?),
            });
        }
        out.push(cells);
    }
    Ok(out)
}

/// The same of Postgres: a statement for each table, and its rows with every value as a text.
pub struct Copied(Vec<(String, Vec<Vec<Option<String>>>)>);

impl Copied {
    /// Reads them.
    pub async fn of(url: &str) -> anyhow::Result<Self> {
        const COLUMNS: &str = "select attname::text, format_type(atttypid, atttypmod) from pg_attribute \
                               where attrelid = $1::text::regclass and attnum > 0 and not attisdropped order by attnum";
        let mut from = PgConnection::connect(url).await?;
        let mut tables = Vec::new();
        for name in TABLES.into_iter().chain(["library_words"]) {
            let columns: Vec<(String, String)> = sqlx::query_as(COLUMNS).bind(name).fetch_all(&mut from).await?;
            let texts: Vec<String> = columns.iter().map(|(column, _)| format!("{column}::text")).collect();
            let select = format!("select {} from {name}", texts.join(", "));
            let mut rows = Vec::new();
            for row in sqlx::query(AssertSqlSafe(select)).fetch_all(&mut from).await? {
                rows.push((0..row.len()).map(|at| row.try_get(at)).collect::<Result<_, _>>()?);
            }
            let places: Vec<String> =
                columns.iter().enumerate().map(|(at, (_, kind))| format!("${}::text::{kind}", at + 1)).collect();
            // The numbers that the database gave are kept.
            tables.push((format!("insert into {name} overriding system value values ({})", places.join(", ")), rows));
        }
        from.close().await?;
        Ok(Self(tables))
    }

    /// Inserts them into a store that has none, with prepared statements and one commit.
    pub async fn insert(&self, url: &str) -> anyhow::Result<Duration> {
        let mut into = PgConnection::connect(url).await?;
        let start = Instant::now();
        let mut tx = into.begin().await?;
        for (sql, rows) in &self.0 {
            for row in rows {
                let query = sqlx::query(AssertSqlSafe(sql.as_str()));
                row.iter().fold(query, |query, value| query.bind(value.as_deref())).execute(&mut *tx).await?;
            }
        }
        tx.commit().await?;
        let took = start.elapsed();
        into.close().await?;
        Ok(took)
    }
}
