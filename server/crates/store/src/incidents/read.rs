//! Reading one incident.

use farol_api::event::Event;
use farol_api::id::{AttemptId, IncidentId};
use farol_api::incident::IncidentState;
use farol_api::output::OutputChunk;

use super::rows::load_events;
use crate::attempts::ChunkRow;
use crate::pool::{Session, on_db};
use crate::{Store, StoreError};

/// How many events are read on the thread that asks for them.
const FEW: u32 = 500;

impl Store {
    /// Folds an incident's state from its events.
    pub async fn state(&self, incident: IncidentId) -> Result<Option<IncidentState>, StoreError> {
        let events = self.events(incident).await?;
        Ok(IncidentState::fold(&events))
    }

    /// Returns at most `limit` events after a number, oldest first; empty where there is no such incident.
    pub async fn events_after(&self, incident: IncidentId, seq: i64, limit: u32) -> Result<Vec<Event>, StoreError> {
        let mut reader = if limit <= FEW { self.inner.pool.short_reader().await? } else { self.reader().await? };
        load_events(&mut reader, incident, seq, limit).await
    }

    /// Returns all events, oldest first; empty where there is no such incident.
    pub async fn events(&self, incident: IncidentId) -> Result<Vec<Event>, StoreError> {
        self.events_after(incident, 0, u32::MAX).await
    }

    /// Returns at most `limit` chunks of the incident's output after a number, oldest first.
    pub async fn output_after(
        &self,
        incident: IncidentId,
        seq: i64,
        limit: u32,
    ) -> Result<Vec<OutputChunk>, StoreError> {
        const SQL: &str = "select attempt_id, seq, at, content from output_chunks \
                           where incident_id = $1 and seq > $2 order by seq limit $3";
        let mut reader = self.reader().await?;
        let rows: Vec<ChunkRow> = on_db!(reader.db(), |c| {
            let query = sqlx::query_as(SQL).bind(incident.0).bind(seq).bind(i64::from(limit));
            query.fetch_all(c).await
        })?;
        rows.into_iter().map(ChunkRow::chunk).collect()
    }

    /// Returns at most `limit` chunks of one attempt's output after a number, oldest first.
    pub async fn attempt_output(
        &self,
        attempt: AttemptId,
        seq: i64,
        limit: u32,
    ) -> Result<Vec<OutputChunk>, StoreError> {
        const SQL: &str = "select attempt_id, seq, at, content from output_chunks \
                           where attempt_id = $1 and seq > $2 order by seq limit $3";
        let mut reader = self.reader().await?;
        let rows: Vec<ChunkRow> = on_db!(reader.db(), |c| {
            let query = sqlx::query_as(SQL).bind(attempt.0).bind(seq).bind(i64::from(limit));
            query.fetch_all(c).await
        })?;
        rows.into_iter().map(ChunkRow::chunk).collect()
    }

    /// Returns the number of the incident's last output chunk; 0 before the first.
    pub async fn last_output_seq(&self, incident: IncidentId) -> Result<i64, StoreError> {
        const SQL: &str = "select last_output_seq from incidents where id = $1";
        let mut reader = self.reader().await?;
        let last: Option<i64> =
            on_db!(reader.db(), |c| sqlx::query_scalar(SQL).bind(incident.0).fetch_optional(c).await)?;
        Ok(last.unwrap_or(0))
    }
}
