//! Ending an attempt.

use farol_api::event::{AttemptResult, Event};

use super::{Claim, LeaseError};
use crate::Store;

impl Store {
    /// Ends a dispatched attempt. The digest of its output is computed here; `result.output_digest` is ignored.
    pub async fn finish(&self, claim: &Claim, result: AttemptResult) -> Result<Event, LeaseError> {
        let _ = (claim, result);
        todo!()
    }
}
