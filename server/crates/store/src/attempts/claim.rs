//! Taking an attempt off the queue.

use std::time::Duration;

use super::{Claim, LeaseError, Renewed};
use crate::{Store, StoreError};

impl Store {
    /// Takes the attempt that was queued first, for one lease; nothing where none waits.
    pub async fn claim(&self, worker: &str, lease: Duration) -> Result<Option<Claim>, StoreError> {
        let _ = (worker, lease);
        todo!()
    }

    /// Renews a claim by its lease.
    pub async fn renew(&self, claim: &Claim) -> Result<Renewed, LeaseError> {
        let _ = claim;
        todo!()
    }
}
