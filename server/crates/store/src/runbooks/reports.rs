//! Reports of imports, and folders that are watched.

use farol_api::clock::Timestamp;
use farol_api::library::{Import, ImportReport, Watch};
use farol_api::user::Person;
use sqlx::FromRow;
use uuid::Uuid;

use crate::codec::{from_json, person, to_json};
use crate::pool::{Session, on_db};
use crate::{Store, StoreError};

/// The most reports that are kept.
const KEPT: i64 = 200;

#[derive(FromRow)]
struct ImportRow {
    id: i64,
    imported_at: Timestamp,
    imported_by: Option<Uuid>,
    imported_by_name: Option<String>,
    report: String,
}

impl ImportRow {
    fn import(self) -> Result<Import, StoreError> {
        Ok(Import {
            id: self.id,
            at: self.imported_at,
            by: person(self.imported_by, self.imported_by_name),
            report: from_json("library_imports.report", &self.report)?,
        })
    }
}

#[derive(FromRow)]
struct WatchRow {
    id: i64,
    path: String,
    source: String,
    created_at: Timestamp,
    created_by: Option<Uuid>,
    created_by_name: Option<String>,
    import_id: Option<i64>,
    looked_at: Option<Timestamp>,
    failure: Option<String>,
}

impl WatchRow {
    fn watch(self) -> Watch {
        Watch {
            id: self.id,
            path: self.path,
            source: self.source,
            since: self.created_at,
            by: person(self.created_by, self.created_by_name),
            looked_at: self.looked_at,
            import: self.import_id,
            failure: self.failure,
        }
    }
}

macro_rules! imports {
    ($rest:literal) => {
        concat!("select id, imported_at, imported_by, imported_by_name, report from library_imports ", $rest)
    };
}

impl Store {
    /// Keeps a report, and forgets the oldest beyond the last 200; those of watched folders stay.
    pub async fn keep_report(&self, by: Option<&Person>, report: &ImportReport) -> Result<i64, StoreError> {
        const SQL: &str = "insert into library_imports (source, imported_at, imported_by, imported_by_name, report) \
                           values ($1, $2, $3, $4, $5) returning id";
        const FORGET: &str = "delete from library_imports where id <= $1 and not exists \
                              (select 1 from library_watches w where w.import_id = library_imports.id)";
        let text = to_json(report)?;
        let mut tx = self.begin().await?;
        let id: i64 = on_db!(tx.db(), |c| {
            let query = sqlx::query_scalar(SQL)
                .bind(&report.source)
                .bind(self.now())
                .bind(by.map(|by| by.id.0))
                .bind(by.map(|by| by.name.as_str()))
                .bind(text);
            query.fetch_one(c).await
        })?;
        on_db!(tx.db(), |c| sqlx::query(FORGET).bind(id - KEPT).execute(c).await.map(drop))?;
        self.commit(tx).await?;
        Ok(id)
    }

    /// Finds a report.
    pub async fn report(&self, id: i64) -> Result<Option<Import>, StoreError> {
        const SQL: &str = imports!("where id = $1");
        let mut reader = self.reader().await?;
        let row: Option<ImportRow> = on_db!(reader.db(), |c| sqlx::query_as(SQL).bind(id).fetch_optional(c).await)?;
        row.map(ImportRow::import).transpose()
    }

    /// Returns the last reports, newest first.
    pub async fn reports(&self, limit: u32) -> Result<Vec<Import>, StoreError> {
        const SQL: &str = imports!("order by id desc limit $1");
        let mut reader = self.reader().await?;
        let rows: Vec<ImportRow> =
            on_db!(reader.db(), |c| sqlx::query_as(SQL).bind(i64::from(limit)).fetch_all(c).await)?;
        rows.into_iter().map(ImportRow::import).collect()
    }

    /// Returns the folders that are watched, in the order they were added.
    pub async fn watches(&self) -> Result<Vec<Watch>, StoreError> {
        const SQL: &str = "select id, path, source, created_at, created_by, created_by_name, import_id, \
                           looked_at, failure from library_watches order by id";
        let mut reader = self.reader().await?;
        let rows: Vec<WatchRow> = on_db!(reader.db(), |c| sqlx::query_as(SQL).fetch_all(c).await)?;
        Ok(rows.into_iter().map(WatchRow::watch).collect())
    }

    /// Adds a folder to watch; nothing where it is watched.
    pub async fn add_watch(&self, path: &str, source: &str, by: &Person) -> Result<Option<Watch>, StoreError> {
        const SQL: &str = "insert into library_watches (path, source, created_at, created_by, created_by_name) \
                           values ($1, $2, $3, $4, $5) on conflict (path) do nothing \
                           returning id, path, source, created_at, created_by, created_by_name, import_id, \
                           looked_at, failure";
        let mut tx = self.begin().await?;
        let row: Option<WatchRow> = on_db!(tx.db(), |c| {
            let query = sqlx::query_as(SQL).bind(path).bind(source).bind(self.now()).bind(by.id.0).bind(&by.name);
            query.fetch_optional(c).await
        })?;
        self.commit(tx).await?;
        Ok(row.map(WatchRow::watch))
    }

    /// Stops watching a folder; its runbooks stay. Tells whether it was watched.
    pub async fn remove_watch(&self, id: i64) -> Result<bool, StoreError> {
        const SQL: &str = "delete from library_watches where id = $1";
        let mut tx = self.begin().await?;
        let removed = on_db!(tx.db(), |c| sqlx::query(SQL).bind(id).execute(c).await.map(|done| done.rows_affected()))?;
        self.commit(tx).await?;
        Ok(removed > 0)
    }

    /// Writes down that a watched folder was looked at: the report where something had changed, or why it failed.
    pub async fn looked_at_watch(&self, id: i64, import: Option<i64>, failure: Option<&str>) -> Result<(), StoreError> {
        const SQL: &str = "update library_watches set looked_at = $2, import_id = coalesce($3, import_id), \
                           failure = $4 where id = $1";
        let mut tx = self.begin().await?;
        on_db!(tx.db(), |c| {
            let query = sqlx::query(SQL).bind(id).bind(self.now()).bind(import).bind(failure);
            query.execute(c).await.map(drop)
        })?;
        self.commit(tx).await
    }
}
