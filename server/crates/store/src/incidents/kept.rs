//! Incidents kept in memory between two appends.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use farol_api::id::IncidentId;

use super::Ledger;

/// How many incidents are kept; more are read anew.
const MOST: usize = 64;

/// The ledgers of the incidents last appended to, as they were committed.
///
/// Events never change, so a ledger that was committed once is right for ever, and lacks at most the events that came
/// after it. Whoever locks the incident takes the ledger out, and gives it back after the commit; one that was appended to
/// and not committed is never given back.
#[derive(Debug, Default)]
pub(crate) struct Kept(Mutex<HashMap<IncidentId, Ledger>>);

impl Kept {
    pub(crate) fn take(&self, incident: IncidentId) -> Option<Ledger> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&incident)
    }

    pub(crate) fn give_back(&self, ledger: Ledger) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST {
            kept.clear();
        }
        kept.insert(ledger.state.id, ledger);
    }
}
