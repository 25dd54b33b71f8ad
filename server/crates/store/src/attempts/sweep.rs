//! Cleaning up after lost workers and forgotten requests.

use super::Swept;
use crate::{Store, StoreError};

impl Store {
    /// Queues again what was claimed and never dispatched, ends as `outcome_unknown` what was dispatched by a worker
    /// whose lease ended, and voids what expired. Any number of servers may sweep at once.
    pub async fn sweep(&self) -> Result<Swept, StoreError> {
        todo!()
    }
}
