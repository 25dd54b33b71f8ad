//! Reading one incident.

use farol_api::event::Event;
use farol_api::id::{AttemptId, IncidentId};
use farol_api::incident::IncidentState;
use farol_api::output::OutputChunk;

use crate::{Store, StoreError};

impl Store {
    /// Folds an incident's state from its events.
    pub async fn state(&self, incident: IncidentId) -> Result<Option<IncidentState>, StoreError> {
        let _ = incident;
        todo!()
    }

    /// Returns at most `limit` events after a number, oldest first; empty where there is no such incident.
    pub async fn events_after(
        &self,
        incident: IncidentId,
        seq: i64,
        limit: u32,
    ) -> Result<Vec<Event>, StoreError> {
        let _ = (incident, seq, limit);
        todo!()
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
        let _ = (incident, seq, limit);
        todo!()
    }

    /// Returns at most `limit` chunks of one attempt's output after a number, oldest first.
    pub async fn attempt_output(
        &self,
        attempt: AttemptId,
        seq: i64,
        limit: u32,
    ) -> Result<Vec<OutputChunk>, StoreError> {
        let _ = (attempt, seq, limit);
        todo!()
    }

    /// Returns the number of the incident's last output chunk; 0 before the first.
    pub async fn last_output_seq(&self, incident: IncidentId) -> Result<i64, StoreError> {
        let _ = incident;
        todo!()
    }
}
