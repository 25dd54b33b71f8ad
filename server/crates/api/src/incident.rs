//! The state of an incident, folded from its events by one function.

mod fold;
mod path;
mod postmortem;
mod state;
mod words;

pub use postmortem::{ActionItem, Postmortem, PostmortemSection, PostmortemState};
pub use state::{
    Approval, Attempt, AttemptStatus, BranchChoice, IncidentState, IncidentSummary, ParameterValue, RoleHolder,
    StepState, StepStatus,
};
pub use words::{IncidentRole, Milestone, Severity, Status};
