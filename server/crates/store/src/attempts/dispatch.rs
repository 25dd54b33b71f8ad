//! Committing the intent to send.

use super::{Claim, DispatchError, Dispatched};
use crate::Store;

impl Store {
    /// Checks that what was approved is what would run, and commits the intent. Only after it answers may the attempt be
    /// sent, once.
    pub async fn dispatch(&self, claim: &Claim) -> Result<Dispatched, DispatchError> {
        let _ = claim;
        todo!()
    }
}
