//! What may happen to a change that is held before it is committed.

use chrono::{DateTime, Utc};
use farol_api::approval::AttemptRequest;

use super::meaning::{Fault, WAITING, later};

/// How far a hold came.
#[derive(Default)]
pub(super) struct Holding {
    until: Option<DateTime<Utc>>,
    committed: Option<bool>,
}

impl Holding {
    /// It is held: once, while it runs, and only where its request says so.
    pub fn held(&mut self, request: &AttemptRequest, until: DateTime<Utc>, under_way: bool) -> Vec<Fault> {
        let wrong = self.until.is_some() || !under_way || !waits(request);
        self.until = Some(until);
        wrong.then_some(Fault::NotToBeHeld).into_iter().collect()
    }

    /// It was decided. Farol itself rolls back, and never commits.
    pub fn decided(
        &mut self,
        commit: bool,
        by_person: bool,
        theirs: bool,
        stopped: bool,
        at: DateTime<Utc>,
    ) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.until.is_none() || self.committed.is_some() {
            faults.push(Fault::NotHeld);
        }
        if (commit || by_person) && !theirs {
            faults.push(Fault::NotTheirs);
        }
        let late = self.until.is_some_and(|until| at > later(until, WAITING));
        if commit && (late || stopped) {
            faults.push(Fault::HoldOver);
        }
        // A decision that is wrong commits nothing.
        self.committed = Some(commit && faults.is_empty());
        faults
    }

    /// Whether it may not have ended well: it was to wait for a person, and none committed it.
    pub fn lacks_commit(&self, request: &AttemptRequest) -> bool {
        waits(request) && self.committed != Some(true)
    }
}

fn waits(request: &AttemptRequest) -> bool {
    request.hold.as_ref().is_some_and(|hold| hold.seconds.is_some())
}
