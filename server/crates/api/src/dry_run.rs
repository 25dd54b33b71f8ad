//! Asking a database what a step would do, without doing it.

use serde::{Deserialize, Serialize};

use crate::approval::AttemptRequest;
use crate::incident::Attempt;
use crate::output::OutputChunk;

/// The first column of what a change would touch: how many rows in all. The others are those of its table.
pub const ROWS_IN_ALL: &str = "rows_in_all";
/// The same for a block of several: the others are the number of each change, and its rows.
pub const ROWS_OF_ALL: &str = "rows_of_all_changes";

/// What can be asked about a step before it runs, and what was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DryRunView {
    /// What its incident is about.
    pub incident_title: String,
    /// What the step is called.
    pub title: String,
    /// Whether the incident is open: only then is anything asked.
    pub incident_open: bool,
    /// The questions, exactly as they would be sent: at most one of each kind.
    pub questions: Vec<AttemptRequest>,
    /// The latest dry run of each kind.
    pub runs: Vec<DryRun>,
    /// Whether one is still under way.
    pub under_way: bool,
}

/// One dry run, with what the database said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DryRun {
    /// The attempt.
    pub attempt: Attempt,
    /// What came out.
    pub output: Vec<OutputChunk>,
}
