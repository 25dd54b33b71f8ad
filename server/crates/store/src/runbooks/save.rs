//! Saving revisions.

use farol_api::id::RevisionId;
use farol_api::runbook::Runbook;

use super::{NewRevision, SaveRevisionError, Saved};
use crate::{Store, StoreError};

impl Store {
    /// Saves a revision, named by the SHA-256 of its bytes.
    ///
    /// The same bytes are stored once, whichever runbooks hold them.
    pub async fn save_revision(&self, new: NewRevision<'_>) -> Result<Saved, SaveRevisionError> {
        let _ = new;
        todo!()
    }

    /// Replaces what was read from a revision, when a newer reader reads it differently.
    pub async fn save_reading(
        &self,
        revision: &RevisionId,
        reader: &str,
        reading: &Runbook,
    ) -> Result<(), StoreError> {
        let _ = (revision, reader, reading);
        todo!()
    }
}
