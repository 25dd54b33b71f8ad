//! What a runner is given, and what it says when it is done.

use std::path::PathBuf;

use farol_api::event::{AttemptResult, FailureCode, Outcome};
use farol_api::target::{DatabaseKind, ShellSettings};
use farol_incident::SecretValue;

use crate::ended::Ended;
use crate::left::AllLeft;
use crate::output::{Limits, Printed};
use crate::secret::{SecretText, SecretUrl};
use crate::shell::Runners;
use crate::sql::{Warm, Witness};

/// A target as a runner needs it: with the one credential that the attempt may use.
#[derive(Clone, Debug, Default)]
pub struct ResolvedTarget {
    /// The kind of its database.
    pub database: Option<DatabaseKind>,
    /// The credential of the role that the class takes; absent where the target has none.
    pub url: Option<SecretUrl>,
    /// Its shell.
    pub shell: Option<ShellSettings>,
    /// More values that must not show in its output: the incident's secret parameters.
    pub secrets: Vec<SecretText>,
    /// Where it is written down by what its database can be asked about the attempt.
    pub witness: Option<Witness>,
}

/// What every run of one server has in common.
#[derive(Clone, Debug)]
pub struct RunConfig {
    /// What is kept of the output.
    pub limits: Limits,
    /// Where scripts get their runners from.
    pub runners: Runners,
    /// The folder that holds one workspace an incident.
    pub workspaces: PathBuf,
    /// The folder that holds the results which are longer than their output keeps.
    pub results: PathBuf,
    /// Connections opened ahead of time.
    pub warm: Warm,
}

/// How a run ended, and what it left that nobody is to see.
#[derive(Debug)]
pub struct Ran {
    /// What goes into the record.
    pub result: AttemptResult,
    /// Secrets for later steps, on their way to the vault.
    pub sealed: Vec<SecretValue>,
}

impl Ran {
    /// Puts together how it ended and what it printed.
    pub(crate) fn of(ended: Ended, printed: Printed, duration_ms: u64) -> Self {
        // What did not end well leaves nothing for later steps.
        let well = ended.outcome == Outcome::Succeeded;
        let left = if well { printed.left } else { AllLeft { folder: printed.left.folder, ..AllLeft::default() } };
        let lost_output = printed.broken.then_some(FailureCode::OutputNotStored);
        let result = AttemptResult {
            outcome: ended.outcome,
            exit_code: ended.exit_code,
            rows: ended.rows,
            duration_ms,
            output_digest: printed.digest,
            truncated: printed.truncated || printed.broken,
            full: printed.full,
            failure: ended.failure.or(lost_output),
            expected_seen: printed.expected_seen.filter(|_| well),
            captured: left.captured,
            // That the folder is gone holds however it ended.
            directory: left.folder.filter(|folder| well || folder == "."),
            confined: ended.confined,
        };
        Self { result, sealed: left.sealed }
    }
}
