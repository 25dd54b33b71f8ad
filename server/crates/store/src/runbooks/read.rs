//! Reading runbooks back.

use farol_api::clock::Timestamp;
use farol_api::id::{RevisionId, RunbookId};
use farol_api::runbook::{RevisionSummary, Runbook, RunbookSummary};
use sqlx::FromRow;
use uuid::Uuid;

use super::{RunbookOrder, StoredRevision};
use crate::codec::{count, from_json, from_word, parse, person};
use crate::pool::{Session, on_db};
use crate::{Store, StoreError};

#[derive(FromRow)]
pub(super) struct RunbookRow {
    id: String,
    revision: String,
    title: String,
    language: Option<String>,
    severity: Option<String>,
    steps: i64,
    executable_steps: i64,
    highest_risk: Option<String>,
    problems: i64,
    updated_at: Timestamp,
    updated_by: Option<Uuid>,
    updated_by_name: Option<String>,
}

impl RunbookRow {
    pub(super) fn summary(self) -> Result<RunbookSummary, StoreError> {
        let risk = self.highest_risk.as_deref();
        Ok(RunbookSummary {
            id: parse("runbooks.id", &self.id)?,
            title: self.title,
            language: self.language,
            severity: self.severity,
            revision: parse("runbooks.revision", &self.revision)?,
            updated_at: self.updated_at,
            updated_by: person(self.updated_by, self.updated_by_name),
            steps: count("runbooks.steps", self.steps)?,
            executable_steps: count("runbooks.executable_steps", self.executable_steps)?,
            highest_risk: risk.map(|risk| from_word("runbooks.highest_risk", risk)).transpose()?,
            problems: count("runbooks.problems", self.problems)?,
        })
    }
}

#[derive(FromRow)]
struct RevisionRow {
    revision: String,
    number: i64,
    created_at: Timestamp,
    created_by: Option<Uuid>,
    created_by_name: Option<String>,
    note: String,
}

impl RevisionRow {
    fn summary(self) -> Result<RevisionSummary, StoreError> {
        Ok(RevisionSummary {
            id: parse("runbook_revisions.revision", &self.revision)?,
            number: self.number,
            created_at: self.created_at,
            created_by: person(self.created_by, self.created_by_name),
            note: self.note,
        })
    }
}

impl Store {
    /// Returns runbooks.
    pub async fn runbooks(&self, order: RunbookOrder, limit: u32) -> Result<Vec<RunbookSummary>, StoreError> {
        const BY_TITLE: &str = "select id, revision, title, language, severity, steps, \
             executable_steps, highest_risk, problems, updated_at, updated_by, updated_by_name \
             from runbooks order by search_key limit $1";
        const NEWEST: &str = "select id, revision, title, language, severity, steps, \
             executable_steps, highest_risk, problems, updated_at, updated_by, updated_by_name \
             from runbooks order by updated_at desc, id limit $1";
        let sql = match order {
            RunbookOrder::Title => BY_TITLE,
            RunbookOrder::Newest => NEWEST,
        };
        let mut reader = self.reader().await?;
        let rows: Vec<RunbookRow> =
            on_db!(reader.db(), |c| sqlx::query_as(sql).bind(i64::from(limit)).fetch_all(c).await)?;
        rows.into_iter().map(RunbookRow::summary).collect()
    }

    /// Counts the runbooks.
    pub async fn count_runbooks(&self) -> Result<u64, StoreError> {
        const SQL: &str = "select count(*) from runbooks";
        let mut reader = self.reader().await?;
        let runbooks: i64 = on_db!(reader.db(), |c| sqlx::query_scalar(SQL).fetch_one(c).await)?;
        count("the number of runbooks", runbooks)
    }

    /// Finds a runbook as lists show it.
    pub async fn runbook(&self, id: &RunbookId) -> Result<Option<RunbookSummary>, StoreError> {
        const SQL: &str = "select id, revision, title, language, severity, steps, \
             executable_steps, highest_risk, problems, updated_at, updated_by, updated_by_name \
             from runbooks where id = $1";
        let mut reader = self.reader().await?;
        let row: Option<RunbookRow> =
            on_db!(reader.db(), |c| sqlx::query_as(SQL).bind(id.as_str()).fetch_optional(c).await)?;
        row.map(RunbookRow::summary).transpose()
    }

    /// Finds a runbook's newest revision.
    pub async fn newest_revision(&self, id: &RunbookId) -> Result<Option<StoredRevision>, StoreError> {
        let mut tx = self.snapshot().await?;
        let Some(newest) = newest_number(&mut tx, id).await? else {
            return Ok(None);
        };
        stored(&mut tx, id, newest, newest).await
    }

    /// Finds one revision of a runbook; its last place in the history, where it was restored.
    pub async fn revision(&self, id: &RunbookId, revision: &RevisionId) -> Result<Option<StoredRevision>, StoreError> {
        const SQL: &str = "select max(number) from runbook_revisions \
                           where runbook_id = $1 and revision = $2";
        let mut tx = self.snapshot().await?;
        let number: Option<i64> = on_db!(tx.db(), |c| {
            let query = sqlx::query_scalar(SQL).bind(id.as_str()).bind(revision.as_str());
            query.fetch_one(c).await
        })?;
        match (number, newest_number(&mut tx, id).await?) {
            (Some(number), Some(newest)) => stored(&mut tx, id, number, newest).await,
            _ => Ok(None),
        }
    }

    /// Returns a runbook's revisions, newest first; empty where there is no such runbook.
    pub async fn revisions(&self, id: &RunbookId) -> Result<Vec<RevisionSummary>, StoreError> {
        const SQL: &str = "select revision, number, created_at, created_by, created_by_name, note \
                           from runbook_revisions where runbook_id = $1 order by number desc";
        let mut reader = self.reader().await?;
        let rows: Vec<RevisionRow> = on_db!(reader.db(), |c| sqlx::query_as(SQL).bind(id.as_str()).fetch_all(c).await)?;
        rows.into_iter().map(RevisionRow::summary).collect()
    }

    /// Finds what this version of the reader read from a revision.
    pub async fn reading(&self, revision: &RevisionId, reader: &str) -> Result<Option<Runbook>, StoreError> {
        const SQL: &str = "select runbook from readings where revision = $1 and reader = $2";
        let mut connection = self.reader().await?;
        let text: Option<String> = on_db!(connection.db(), |c| {
            let query = sqlx::query_scalar(SQL).bind(revision.as_str()).bind(reader);
            query.fetch_optional(c).await
        })?;
        // It can be read again from the source, so one that does not parse is only one that is missing.
        Ok(text.and_then(|text| from_json("readings.runbook", &text).ok()))
    }

    /// Finds what any version of the reader read from a revision: its steps have the ids that they are known by.
    pub async fn last_reading(&self, revision: &RevisionId) -> Result<Option<Runbook>, StoreError> {
        const SQL: &str = "select runbook from readings where revision = $1";
        let mut connection = self.reader().await?;
        let text: Option<String> =
            on_db!(connection.db(), |c| sqlx::query_scalar(SQL).bind(revision.as_str()).fetch_optional(c).await)?;
        // One that does not parse any more names no steps.
        Ok(text.and_then(|text| from_json("readings.runbook", &text).ok()))
    }
}

pub(super) async fn newest_number(session: &mut impl Session, id: &RunbookId) -> Result<Option<i64>, StoreError> {
    const SQL: &str = "select number from runbooks where id = $1";
    let number = on_db!(session.db(), |c| sqlx::query_scalar(SQL).bind(id.as_str()).fetch_optional(c).await)?;
    Ok(number)
}

pub(super) async fn find_revision(
    session: &mut impl Session,
    id: &RunbookId,
    number: i64,
) -> Result<Option<RevisionSummary>, StoreError> {
    const SQL: &str = "select revision, number, created_at, created_by, created_by_name, note \
                       from runbook_revisions where runbook_id = $1 and number = $2";
    let row: Option<RevisionRow> = on_db!(session.db(), |c| {
        let query = sqlx::query_as(SQL).bind(id.as_str()).bind(number);
        query.fetch_optional(c).await
    })?;
    row.map(RevisionRow::summary).transpose()
}

async fn stored(
    session: &mut impl Session,
    id: &RunbookId,
    number: i64,
    newest: i64,
) -> Result<Option<StoredRevision>, StoreError> {
    const SQL: &str = "select source from revisions where id = $1";
    let Some(summary) = find_revision(session, id, number).await? else {
        return Ok(None);
    };
    let source: Vec<u8> =
        on_db!(session.db(), |c| sqlx::query_scalar(SQL).bind(summary.id.as_str()).fetch_one(c).await)?;
    Ok(Some(StoredRevision { runbook: id.clone(), newest: number == newest, summary, source }))
}
