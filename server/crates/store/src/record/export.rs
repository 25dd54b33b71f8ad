//! Reading a record out, page by page: what was appended does not change, so pages need not be read at once.

use farol_api::id::{AttemptId, IncidentId};
use farol_record::{Checkpoint, Entry, Hash};
use uuid::Uuid;

use super::{keys, leaves};
use crate::pool::{Session, on_db};
use crate::{Store, StoreError};

/// What a record has now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordHead {
    /// The name of its tree.
    pub origin: String,
    /// The number of its last entry.
    pub last_seq: i64,
    /// The number of its last chunk of output.
    pub last_output_seq: i64,
}

/// An entry as it is stored, and the hash that its leaf had when it was appended.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// The entry, made of what stands in its row now.
    pub entry: Entry,
    /// The hash that was kept.
    pub leaf: Hash,
}

/// A chunk of output as it is stored.
#[derive(Clone, Debug)]
pub struct StoredOutput {
    /// Its number in the incident.
    pub seq: i64,
    /// The attempt.
    pub attempt: AttemptId,
    /// Its content, the JSON that the digest is over.
    pub content: String,
}

impl Store {
    /// Returns what a record has now; nothing where there is no such incident.
    pub async fn record_head(&self, incident: IncidentId) -> Result<Option<RecordHead>, StoreError> {
        const SQL: &str = "select last_seq, last_output_seq from incidents where id = $1";
        let mut tx = self.begin().await?;
        let row: Option<(i64, i64)> =
            on_db!(tx.db(), |c| sqlx::query_as(SQL).bind(incident.0).fetch_optional(c).await)?;
        let Some((last_seq, last_output_seq)) = row else { return Ok(None) };
        let origin = Checkpoint::origin(&keys::name(self, &mut tx).await?, incident);
        self.commit(tx).await?;
        Ok(Some(RecordHead { origin, last_seq, last_output_seq }))
    }

    /// Returns at most `limit` entries after a number and up to another, oldest first.
    pub async fn recorded(
        &self,
        incident: IncidentId,
        after: i64,
        up_to: i64,
        limit: u32,
    ) -> Result<Vec<Recorded>, StoreError> {
        leaves::recorded(&mut self.reader().await?, incident, after, up_to, i64::from(limit)).await
    }

    /// Returns the hashes of the first so many leaves, as they were kept.
    pub async fn leaf_hashes(&self, incident: IncidentId, up_to: i64) -> Result<Vec<Hash>, StoreError> {
        const SQL: &str = "select leaf from events where incident_id = $1 and seq <= $2 and leaf is not null \
                           order by seq";
        let mut reader = self.reader().await?;
        let rows: Vec<Vec<u8>> =
            on_db!(reader.db(), |c| sqlx::query_scalar(SQL).bind(incident.0).bind(up_to).fetch_all(c).await)?;
        let hashes = rows.into_iter().map(|bytes| bytes.try_into().map(Hash::from_bytes));
        hashes.collect::<Result<_, _>>().map_err(|_| StoreError::corrupt("events.leaf", "not a hash"))
    }

    /// Returns at most `limit` chunks of output after a number and up to another, oldest first, as they are stored. What says
    /// that output was erased is none.
    pub async fn recorded_output(
        &self,
        incident: IncidentId,
        after: i64,
        up_to: i64,
        limit: u32,
    ) -> Result<Vec<StoredOutput>, StoreError> {
        const SQL: &str = "select seq, attempt_id, content from output_chunks \
                           where incident_id = $1 and seq > $2 and seq <= $3 and not erased order by seq limit $4";
        let mut reader = self.reader().await?;
        let rows: Vec<(i64, Uuid, String)> = on_db!(reader.db(), |c| {
            let query = sqlx::query_as(SQL).bind(incident.0).bind(after).bind(up_to).bind(i64::from(limit));
            query.fetch_all(c).await
        })?;
        let chunks = rows.into_iter();
        Ok(chunks.map(|(seq, id, content)| StoredOutput { seq, attempt: AttemptId(id), content }).collect())
    }
}
