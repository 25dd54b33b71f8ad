//! What the library finds runbooks by, written with every save.

use chrono::Duration;
use farol_api::clock::Timestamp;
use farol_api::id::{RevisionId, RunbookId};
use sha2::{Digest as _, Sha256};

use super::RunbookFacts;
use super::save::title_of;
use super::words::VERSION;
use crate::codec::{clean, fold, parse, word};
use crate::dialect::WRITE_WORDS;
use crate::pool::{Session, Tx, on_db};
use crate::{Store, StoreError};

/// How long a runbook counts as fresh whose author set no date.
const FRESH_DAYS: i64 = 365;

impl Store {
    /// Returns runbooks whose words are of an older version of the index, with their newest revisions.
    pub async fn unindexed_runbooks(&self, limit: u32) -> Result<Vec<(RunbookId, RevisionId)>, StoreError> {
        const SQL: &str = "select r.id, r.revision from library l join runbooks r on r.id = l.runbook_id \
                           where l.version < $1 order by l.doc limit $2";
        let mut reader = self.reader().await?;
        let rows: Vec<(String, String)> = on_db!(reader.db(), |c| {
            let query = sqlx::query_as(SQL).bind(VERSION).bind(i64::from(limit));
            query.fetch_all(c).await
        })?;
        let row =
            |(id, revision): (String, String)| Ok((parse("runbooks.id", &id)?, parse("runbooks.revision", &revision)?));
        rows.into_iter().map(row).collect()
    }
}

/// Writes the index of every runbook whose newest revision this is.
pub(super) async fn write_all(tx: &mut Tx, revision: &RevisionId, facts: &RunbookFacts) -> Result<(), StoreError> {
    const SQL: &str = "select id, updated_at from runbooks where revision = $1";
    let rows: Vec<(String, Timestamp)> =
        on_db!(tx.db(), |c| sqlx::query_as(SQL).bind(revision.as_str()).fetch_all(c).await)?;
    for (id, updated_at) in rows {
        write(tx, &id, updated_at, facts).await?;
    }
    Ok(())
}

/// Writes the index of one runbook.
pub(super) async fn write(
    tx: &mut Tx,
    id: &str,
    updated_at: Timestamp,
    facts: &RunbookFacts,
) -> Result<(), StoreError> {
    const SQL: &str = "insert into library (runbook_id, title_key, language, risk, owner, service, scenario, \
                       review_by, fresh_until, version, facets) \
                       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
                       on conflict (runbook_id) do update set title_key = excluded.title_key, \
                       language = excluded.language, risk = excluded.risk, owner = excluded.owner, \
                       service = excluded.service, scenario = excluded.scenario, \
                       review_by = excluded.review_by, fresh_until = excluded.fresh_until, \
                       version = excluded.version, facets = excluded.facets returning doc";
    let text = |value: &Option<String>| value.as_deref().map(clean).unwrap_or_default();
    let risk = facts.highest_risk.as_ref().map(word).transpose()?.unwrap_or_default();
    let (language, owner) = (text(&facts.language), text(&facts.owner));
    let (service, scenario) = (text(&facts.service), text(&facts.scenario));
    let key = facets_key([&language, &risk, &owner, &service, &scenario]);
    let doc: i64 = on_db!(tx.db(), |c| {
        let query = sqlx::query_scalar(SQL)
            .bind(id)
            .bind(format!("{} {id}", fold(&title_of(facts, id))))
            .bind(language)
            .bind(risk)
            .bind(owner)
            .bind(service)
            .bind(scenario)
            .bind(facts.review_by.as_deref())
            .bind(fresh_until(facts, updated_at))
            .bind(VERSION)
            .bind(key);
        query.fetch_one(c).await
    })?;
    let words = facts.words.with_id(id);
    let db = tx.db();
    let sql = WRITE_WORDS.of(&db);
    on_db!(db, |c| sqlx::query(sql).bind(doc).bind(words).execute(c).await.map(drop))?;
    Ok(())
}

fn fresh_until(facts: &RunbookFacts, updated_at: Timestamp) -> String {
    let year = || (updated_at + Duration::days(FRESH_DAYS)).format("%Y-%m-%d").to_string();
    facts.review_by.clone().unwrap_or_else(year)
}

/// One number for the values of all facets, so that runbooks are counted by comparing numbers. It is not negative:
/// negative ones are those of runbooks that were saved before there was such a number.
fn facets_key(values: [&str; 5]) -> i64 {
    let mut bytes = Vec::new();
    for value in values {
        bytes.extend_from_slice(value.as_bytes());
        bytes.push(0);
    }
    let digest: [u8; 32] = Sha256::digest(&bytes).into();
    let [a, b, c, d, e, f, g, h, ..] = digest;
    i64::from_be_bytes([a, b, c, d, e, f, g, h]) & i64::MAX
}
