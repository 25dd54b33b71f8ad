//! The state itself.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

#[cfg(not(target_arch = "wasm32"))]
use super::{BreakGlass, Erasure};
use super::{IncidentRole, Milestone, Postmortem, Severity, Status};
use crate::approval::AttemptRequest;
#[cfg(not(target_arch = "wasm32"))]
use crate::capture::{CapturedValue, Origin};
use crate::event::{AttemptResult, RunbookRef};
#[cfg(not(target_arch = "wasm32"))]
use crate::hold::HoldState;
use crate::id::{AttemptId, IncidentId, StepId, TargetId};
use crate::user::Person;
use chrono::{DateTime, Utc};

/// An incident, folded from its events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IncidentState {
    /// The incident.
    pub id: IncidentId,
    /// What it is about.
    pub title: String,
    /// How bad it is.
    pub severity: Severity,
    /// Every severity it had, with the time it began.
    pub severities: Vec<(DateTime<Utc>, Severity)>,
    /// Where it stands.
    pub status: Status,
    /// Whether it is an exercise.
    pub drill: bool,
    /// The runbook it is walked by.
    pub runbook: Option<RunbookRef>,
    /// Where steps run that name no target.
    pub target: Option<TargetId>,
    /// The recovery time objective, in seconds.
    pub rto_seconds: Option<u64>,
    /// The recovery point objective, in seconds.
    pub rpo_seconds: Option<u64>,
    /// The age of the data restored, in seconds.
    pub data_age_seconds: Option<u64>,
    /// The times recorded.
    pub milestones: BTreeMap<Milestone, DateTime<Utc>>,
    /// Everybody who did something, in the order they joined, with the time.
    pub responders: Vec<(DateTime<Utc>, Person)>,
    /// Who has which role.
    pub roles: Vec<RoleHolder>,
    /// The parameters filled.
    pub parameters: BTreeMap<String, ParameterValue>,
    /// What steps left for later ones, by its author's name; the latest counts.
    #[cfg(not(target_arch = "wasm32"))]
    pub captured: BTreeMap<String, CapturedValue>,
    /// The secrets that steps left for later ones, by its author's name, and where each comes from; the store has their values.
    #[cfg(not(target_arch = "wasm32"))]
    pub sealed: BTreeMap<String, Origin>,
    /// The folder that the last script on each target ended in, where it is not the workspace itself.
    #[cfg(not(target_arch = "wasm32"))]
    pub directories: BTreeMap<TargetId, CapturedValue>,
    /// The branches chosen, by decision.
    pub choices: BTreeMap<StepId, BranchChoice>,
    /// The steps that something happened to.
    pub steps: BTreeMap<StepId, StepState>,
    /// All attempts.
    pub attempts: BTreeMap<AttemptId, Attempt>,
    /// Every time that somebody broke the glass.
    #[cfg(not(target_arch = "wasm32"))]
    pub break_glass: Vec<BreakGlass>,
    /// Every time that something was erased.
    #[cfg(not(target_arch = "wasm32"))]
    pub erasures: Vec<Erasure>,
    /// The post-mortem as far as it is written.
    pub postmortem: Postmortem,
    /// The last event folded in.
    pub last_seq: i64,
}

/// Who has a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RoleHolder {
    /// The role.
    pub role: IncidentRole,
    /// The person.
    pub person: Person,
}

/// A parameter's value in an incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ParameterValue {
    /// The value; absent where it is secret.
    pub value: Option<String>,
    /// Whether it is secret.
    pub secret: bool,
    /// Who set it.
    pub set_by: Option<Person>,
    /// The entry of the incident that set it: whoever approved one value of a secret did not approve another.
    pub set_in: i64,
}

/// The branch chosen at a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BranchChoice {
    /// The index of the arm.
    pub arm: usize,
    /// Its name.
    pub label: String,
    /// Who chose.
    pub by: Option<Person>,
    /// When.
    pub at: DateTime<Utc>,
}

/// What happened to one step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StepState {
    /// Where it stands.
    pub status: StepStatus,
    /// Its attempts, oldest first.
    pub attempts: Vec<AttemptId>,
    /// Why it was skipped or failed.
    pub reason: Option<String>,
    /// What was seen.
    pub observed: Option<String>,
    /// Who finished it.
    pub by: Option<Person>,
    /// When it last changed.
    pub at: Option<DateTime<Utc>>,
}

/// Where a step stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum StepStatus {
    /// Nothing was done yet.
    #[default]
    Pending,
    /// Waits for another person.
    AwaitingApproval,
    /// Waits for a worker.
    Queued,
    /// Runs.
    Running,
    /// Ended well.
    Succeeded,
    /// Ended badly.
    Failed,
    /// Was stopped.
    Cancelled,
    /// Ran longer than it may.
    TimedOut,
    /// Was dispatched, and nobody knows how it ended.
    OutcomeUnknown,
    /// Done by a person.
    Done,
    /// Left out.
    Skipped,
}

impl StepStatus {
    /// Tells whether the step needs nobody any more.
    pub const fn is_settled(self) -> bool {
        matches!(self, Self::Succeeded | Self::Done | Self::Skipped)
    }

    /// Tells whether an attempt of it is under way.
    pub const fn is_active(self) -> bool {
        matches!(self, Self::AwaitingApproval | Self::Queued | Self::Running)
    }
}

/// One attempt, folded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Attempt {
    /// What was asked.
    pub request: AttemptRequest,
    /// Who asked.
    pub requested_by: Option<Person>,
    /// When.
    pub requested_at: DateTime<Utc>,
    /// Who approved.
    pub approvals: Vec<Approval>,
    /// Where its step stood before: there it stands again where the attempt is never sent.
    #[serde(default)]
    pub instead_of: StepStatus,
    /// Where it stands.
    pub status: AttemptStatus,
    /// When it was dispatched.
    pub dispatched_at: Option<DateTime<Utc>>,
    /// Whether somebody asked to stop it.
    pub cancel_requested: bool,
    /// Whether what it changed is held, and waits for a person to commit it or roll it back.
    #[serde(default)]
    pub held: bool,
    /// What was held of it before it was committed, and who decided; absent where nothing was held yet.
    #[cfg(not(target_arch = "wasm32"))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold: Option<HoldState>,
    /// How it ended.
    pub result: Option<AttemptResult>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
}

/// One approval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Approval {
    /// Who.
    pub by: Option<Person>,
    /// When.
    pub at: DateTime<Utc>,
}

/// Where an attempt stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AttemptStatus {
    /// Waits for another person.
    AwaitingApproval,
    /// Waits for a worker.
    Queued,
    /// Was dispatched.
    Running,
    /// Ended; the result says how.
    Finished,
}

/// An incident in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IncidentSummary {
    /// The incident.
    pub id: IncidentId,
    /// What it is about.
    pub title: String,
    /// How bad it is.
    pub severity: Severity,
    /// Where it stands.
    pub status: Status,
    /// Whether it is an exercise.
    pub drill: bool,
    /// The runbook's title.
    pub runbook_title: Option<String>,
    /// When it was declared.
    pub declared_at: DateTime<Utc>,
    /// When it was resolved.
    pub resolved_at: Option<DateTime<Utc>>,
    /// The recovery time objective, in seconds.
    pub rto_seconds: Option<u64>,
    /// Whether the one who asks is among its responders.
    pub mine: bool,
}
