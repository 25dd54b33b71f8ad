//! Lists of incidents.

use farol_api::clock::Timestamp;
use farol_api::id::{IncidentId, UserId};
use farol_api::incident::IncidentSummary;
use farol_api::user::Person;

use crate::{Store, StoreError};

impl Store {
    /// Returns the open incidents: the reader's own first, then the worst, then the newest.
    pub async fn open_incidents(&self, reader: UserId) -> Result<Vec<IncidentSummary>, StoreError> {
        let _ = reader;
        todo!()
    }

    /// Returns incidents that are over, the newest first.
    pub async fn recent_incidents(
        &self,
        reader: UserId,
        limit: u32,
    ) -> Result<Vec<IncidentSummary>, StoreError> {
        let _ = (reader, limit);
        todo!()
    }

    /// Returns all incidents, newest first, those before one where given.
    pub async fn incidents(
        &self,
        reader: UserId,
        before: Option<IncidentId>,
        limit: u32,
    ) -> Result<Vec<IncidentSummary>, StoreError> {
        let _ = (reader, before, limit);
        todo!()
    }

    /// Returns who did something in an incident, in the order they joined, with the time.
    pub async fn responders(
        &self,
        incident: IncidentId,
    ) -> Result<Vec<(Timestamp, Person)>, StoreError> {
        let _ = incident;
        todo!()
    }
}
