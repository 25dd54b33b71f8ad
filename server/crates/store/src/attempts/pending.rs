//! Attempts that wait for other people.

use super::PendingAttempt;
use crate::{Store, StoreError};

impl Store {
    /// Returns the attempts that wait for approval and have not expired, oldest first.
    pub async fn pending_approvals(&self) -> Result<Vec<PendingAttempt>, StoreError> {
        todo!()
    }
}
