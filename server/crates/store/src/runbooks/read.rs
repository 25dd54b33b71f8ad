//! Reading runbooks back.

use farol_api::id::{RevisionId, RunbookId, UserId};
use farol_api::runbook::{RevisionSummary, Runbook, RunbookSummary};

use super::{RunbookOrder, StoredRevision};
use crate::{Store, StoreError};

impl Store {
    /// Returns runbooks; those whose title or id holds `search`, whatever its accents and case, where given.
    pub async fn runbooks(
        &self,
        search: Option<&str>,
        order: RunbookOrder,
        limit: u32,
    ) -> Result<Vec<RunbookSummary>, StoreError> {
        let _ = (search, order, limit);
        todo!()
    }

    /// Counts the runbooks.
    pub async fn count_runbooks(&self) -> Result<u64, StoreError> {
        todo!()
    }

    /// Finds a runbook as lists show it.
    pub async fn runbook(&self, id: &RunbookId) -> Result<Option<RunbookSummary>, StoreError> {
        let _ = id;
        todo!()
    }

    /// Finds a runbook's newest revision.
    pub async fn newest_revision(
        &self,
        id: &RunbookId,
    ) -> Result<Option<StoredRevision>, StoreError> {
        let _ = id;
        todo!()
    }

    /// Finds one revision of a runbook.
    pub async fn revision(
        &self,
        id: &RunbookId,
        revision: &RevisionId,
    ) -> Result<Option<StoredRevision>, StoreError> {
        let _ = (id, revision);
        todo!()
    }

    /// Returns a runbook's revisions, newest first; empty where there is no such runbook.
    pub async fn revisions(&self, id: &RunbookId) -> Result<Vec<RevisionSummary>, StoreError> {
        let _ = id;
        todo!()
    }

    /// Finds what this version of the reader read from a revision.
    pub async fn reading(
        &self,
        revision: &RevisionId,
        reader: &str,
    ) -> Result<Option<Runbook>, StoreError> {
        let _ = (revision, reader);
        todo!()
    }

    /// Tells whether somebody saved these bytes in any runbook.
    pub async fn is_editor(
        &self,
        revision: &RevisionId,
        user: UserId,
    ) -> Result<bool, StoreError> {
        let _ = (revision, user);
        todo!()
    }
}
