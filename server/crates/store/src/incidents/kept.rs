//! Incidents kept in memory between two appends.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use farol_api::id::IncidentId;

use super::Ledger;

/// How many incidents are kept; more are read anew.
const MOST: usize = 256;
/// How many events those have together, at most.
const MOST_EVENTS: usize = 20_000;

/// The ledgers of the incidents last appended to, as they were committed.
///
/// Events do not change unless they are erased, so a ledger that was committed once is right for ever, and lacks at most the
/// events that came after it. Nothing is kept of an incident of which something was erased. Whoever locks the incident takes the ledger out, and gives it back after the commit; one that was appended to
/// and not committed is never given back.
#[derive(Debug, Default)]
pub(crate) struct Kept(Mutex<Shelf>);

#[derive(Debug, Default)]
struct Shelf {
    ledgers: HashMap<IncidentId, (u64, Box<Ledger>)>,
    events: usize,
    /// Grows with each that is given back.
    turn: u64,
}

impl Kept {
    pub(crate) fn take(&self, incident: IncidentId) -> Option<Box<Ledger>> {
        self.shelf().take(incident)
    }

    pub(crate) fn give_back(&self, ledger: Box<Ledger>) {
        let mut shelf = self.shelf();
        shelf.take(ledger.state.id);
        if !ledger.state.erasures.is_empty() {
            return;
        }
        while shelf.ledgers.len() >= MOST || shelf.events + ledger.events.len() > MOST_EVENTS {
            let oldest = shelf.ledgers.iter().min_by_key(|(_, (turn, _))| *turn).map(|(id, _)| *id);
            let Some(oldest) = oldest else { return };
            shelf.take(oldest);
        }
        shelf.turn += 1;
        shelf.events += ledger.events.len();
        let turn = shelf.turn;
        shelf.ledgers.insert(ledger.state.id, (turn, ledger));
    }

    fn shelf(&self) -> std::sync::MutexGuard<'_, Shelf> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shelf {
    fn take(&mut self, incident: IncidentId) -> Option<Box<Ledger>> {
        let (_, ledger) = self.ledgers.remove(&incident)?;
        self.events -= ledger.events.len();
        Some(ledger)
    }
}
