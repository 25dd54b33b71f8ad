//! How a run ended, before its output is known.

use farol_api::confine::Confinement;
use farol_api::event::{FailureCode, Outcome};

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ended {
    pub outcome: Outcome,
    pub exit_code: Option<i32>,
    pub rows: Option<u64>,
    pub failure: Option<FailureCode>,
    /// How far a script was confined.
    pub confined: Option<Confinement>,
}

impl Ended {
    pub const fn succeeded(rows: Option<u64>) -> Self {
        Self { outcome: Outcome::Succeeded, exit_code: None, rows, failure: None, confined: None }
    }

    pub const fn failed(failure: FailureCode) -> Self {
        Self { outcome: Outcome::Failed, exit_code: None, rows: None, failure: Some(failure), confined: None }
    }

    pub const fn of(outcome: Outcome) -> Self {
        Self { outcome, exit_code: None, rows: None, failure: None, confined: None }
    }

    pub const fn unknown(failure: FailureCode) -> Self {
        Self { outcome: Outcome::OutcomeUnknown, exit_code: None, rows: None, failure: Some(failure), confined: None }
    }
}
