//! The state of an incident, folded from its events by one function.

#[cfg(not(target_arch = "wasm32"))]
mod break_glass;
#[cfg(not(target_arch = "wasm32"))]
mod erasure;
mod fold;
mod path;
mod postmortem;
mod state;
mod words;

#[cfg(not(target_arch = "wasm32"))]
pub use break_glass::{BREAK_GLASS_MINUTES, BreakGlass, BreakGlassOf, BreakGlassReview, BreakGlassView};
#[cfg(not(target_arch = "wasm32"))]
pub use erasure::Erasure;
pub use postmortem::{ActionItem, Postmortem, PostmortemSection, PostmortemState};
pub use state::{
    Approval, Attempt, AttemptStatus, BranchChoice, IncidentState, IncidentSummary, ParameterValue, RoleHolder,
    StepState, StepStatus,
};
pub use words::{IncidentRole, Milestone, Severity, Status};
