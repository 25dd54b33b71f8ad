//! Saving revisions.

use farol_api::id::{RevisionId, RunbookId};
use farol_api::runbook::{RevisionSummary, Runbook};
use farol_api::user::Person;

use super::read::{find_revision, newest_number};
use super::{NewRevision, RunbookFacts, SaveRevisionError, Saved, index};
use crate::codec::{clean, fold, number, sha256, to_json, word};
use crate::dialect::LOCK_RUNBOOK;
use crate::pool::{Session, Tx, on_db};
use crate::{Store, StoreError};

impl Store {
    /// Saves a revision, named by the SHA-256 of its bytes.
    ///
    /// The same bytes are stored once, whichever runbooks hold them.
    pub async fn save_revision(&self, new: NewRevision<'_>) -> Result<Saved, SaveRevisionError> {
        let mut tx = self.begin().await?;
        lock_runbook(&mut tx, &new.runbook).await?;
        let newest = newest_number(&mut tx, &new.runbook).await?;
        let before = match newest {
            Some(number) => find_revision(&mut tx, &new.runbook, number).await?,
            None => None,
        };
        match (&before, &new.base) {
            (None, None) => {}
            (None, Some(_)) => return Err(SaveRevisionError::NotFound),
            (Some(_), None) => return Err(SaveRevisionError::Exists),
            (Some(newest), Some(base)) if newest.id != *base => {
                return Err(SaveRevisionError::Conflict { newest: newest.clone() });
            }
            (Some(_), Some(_)) => {}
        }
        let summary = RevisionSummary {
            id: sha256(new.source),
            number: before.as_ref().map_or(1, |before| before.number + 1),
            created_at: self.now(),
            created_by: new.author.clone(),
            note: clean(&new.note),
        };
        let unchanged = before.filter(|before| before.id == summary.id);
        if let Some(before) = unchanged {
            write_reading(&mut tx, &before.id, new.reader, new.reading).await?;
            update_facts(&mut tx, &before.id, &new.facts).await?;
            self.commit(tx).await?;
            return Ok(Saved { revision: before, created: false });
        }
        write_source(&mut tx, &summary, new.source).await?;
        write_reading(&mut tx, &summary.id, new.reader, new.reading).await?;
        if summary.number == 1 {
            if !insert_runbook(&mut tx, &new.runbook, &summary, &new.facts).await? {
                return Err(SaveRevisionError::Exists);
            }
        } else {
            move_runbook(&mut tx, &new.runbook, &summary).await?;
        }
        write_history(&mut tx, &new.runbook, &summary).await?;
        update_facts(&mut tx, &summary.id, &new.facts).await?;
        self.commit(tx).await?;
        Ok(Saved { revision: summary, created: true })
    }

    /// Replaces what was read from a revision, when another version of the reader reads it differently.
    pub async fn save_reading(
        &self,
        revision: &RevisionId,
        reader: &str,
        reading: &Runbook,
        facts: &RunbookFacts,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        write_reading(&mut tx, revision, reader, reading).await?;
        update_facts(&mut tx, revision, facts).await?;
        self.commit(tx).await
    }
}

pub(super) async fn lock_runbook(tx: &mut Tx, id: &RunbookId) -> Result<(), StoreError> {
    let db = tx.db();
    let sql = LOCK_RUNBOOK.of(&db);
    let _: Option<i64> = on_db!(db, |c| sqlx::query_scalar(sql).bind(id.as_str()).fetch_optional(c).await)?;
    Ok(())
}

pub(super) async fn write_source(tx: &mut Tx, summary: &RevisionSummary, source: &[u8]) -> Result<(), StoreError> {
    const SQL: &str = "insert into revisions (id, source, created_at) values ($1, $2, $3) \
                       on conflict (id) do nothing";
    on_db!(tx.db(), |c| {
        let query = sqlx::query(SQL).bind(summary.id.as_str()).bind(source).bind(summary.created_at);
        query.execute(c).await.map(drop)
    })?;
    Ok(())
}

pub(super) async fn write_reading(
    tx: &mut Tx,
    revision: &RevisionId,
    reader: &str,
    reading: &Runbook,
) -> Result<(), StoreError> {
    const SQL: &str = "insert into readings (revision, reader, runbook) values ($1, $2, $3) \
                       on conflict (revision) do update \
                       set reader = excluded.reader, runbook = excluded.runbook";
    let reading = to_json(reading)?;
    on_db!(tx.db(), |c| {
        let query = sqlx::query(SQL).bind(revision.as_str()).bind(reader).bind(reading);
        query.execute(c).await.map(drop)
    })?;
    Ok(())
}

/// False where another got there first.
pub(super) async fn insert_runbook(
    tx: &mut Tx,
    id: &RunbookId,
    summary: &RevisionSummary,
    facts: &RunbookFacts,
) -> Result<bool, StoreError> {
    const SQL: &str = "insert into runbooks (id, revision, number, updated_at, updated_by, updated_by_name, \
                       title, search_key, language, severity, steps, executable_steps, highest_risk, problems) \
                       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) \
                       on conflict (id) do nothing";
    let (by, name) = author(&summary.created_by);
    let title = title_of(facts, id.as_str());
    let risk = facts.highest_risk.as_ref().map(word).transpose()?;
    let inserted = on_db!(tx.db(), |c| {
        let query = sqlx::query(SQL)
            .bind(id.as_str())
            .bind(summary.id.as_str())
            .bind(summary.number)
            .bind(summary.created_at)
            .bind(by)
            .bind(name)
            .bind(&title)
            .bind(format!("{} {id}", fold(&title)))
            .bind(facts.language.as_deref().map(clean))
            .bind(facts.severity.as_deref().map(clean))
            .bind(number(facts.steps))
            .bind(number(facts.executable_steps))
            .bind(risk)
            .bind(number(facts.problems));
        query.execute(c).await.map(|done| done.rows_affected())
    })?;
    Ok(inserted > 0)
}

pub(super) async fn move_runbook(tx: &mut Tx, id: &RunbookId, summary: &RevisionSummary) -> Result<(), StoreError> {
    const SQL: &str = "update runbooks set revision = $2, number = $3, updated_at = $4, \
                       updated_by = $5, updated_by_name = $6 where id = $1";
    let (by, name) = author(&summary.created_by);
    on_db!(tx.db(), |c| {
        let query = sqlx::query(SQL)
            .bind(id.as_str())
            .bind(summary.id.as_str())
            .bind(summary.number)
            .bind(summary.created_at)
            .bind(by)
            .bind(name);
        query.execute(c).await.map(drop)
    })?;
    Ok(())
}

pub(super) async fn write_history(tx: &mut Tx, id: &RunbookId, summary: &RevisionSummary) -> Result<(), StoreError> {
    const SQL: &str = "insert into runbook_revisions (runbook_id, number, revision, created_at, \
                       created_by, created_by_name, note) values ($1, $2, $3, $4, $5, $6, $7)";
    let (by, name) = author(&summary.created_by);
    on_db!(tx.db(), |c| {
        let query = sqlx::query(SQL)
            .bind(id.as_str())
            .bind(summary.number)
            .bind(summary.id.as_str())
            .bind(summary.created_at)
            .bind(by)
            .bind(name)
            .bind(&summary.note);
        query.execute(c).await.map(drop)
    })?;
    Ok(())
}

/// Writes what lists show of every runbook whose newest revision this is, and what they are found by.
pub(super) async fn update_facts(tx: &mut Tx, revision: &RevisionId, facts: &RunbookFacts) -> Result<(), StoreError> {
    const SQL: &str = "update runbooks set title = case when $2 = '' then id else $2 end, \
                       search_key = case when $3 = '' then id else $3 end || ' ' || id, \
                       language = $4, severity = $5, steps = $6, executable_steps = $7, \
                       highest_risk = $8, problems = $9 where revision = $1";
    let title = clean(&facts.title);
    let risk = facts.highest_risk.as_ref().map(word).transpose()?;
    on_db!(tx.db(), |c| {
        let query = sqlx::query(SQL)
            .bind(revision.as_str())
            .bind(&title)
            .bind(fold(&title))
            .bind(facts.language.as_deref().map(clean))
            .bind(facts.severity.as_deref().map(clean))
            .bind(number(facts.steps))
            .bind(number(facts.executable_steps))
            .bind(risk)
            .bind(number(facts.problems));
        query.execute(c).await.map(drop)
    })?;
    index::write_all(tx, revision, facts).await
}

/// What a runbook is called: its title, else its id.
pub(super) fn title_of(facts: &RunbookFacts, id: &str) -> String {
    if facts.title.is_empty() { id.to_owned() } else { clean(&facts.title) }
}

pub(super) fn author(person: &Option<Person>) -> (Option<uuid::Uuid>, Option<&str>) {
    match person {
        Some(person) => (Some(person.id.0), Some(person.name.as_str())),
        None => (None, None),
    }
}
