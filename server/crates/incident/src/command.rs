//! What can be asked of an incident.

use chrono::{DateTime, Utc};
use farol_api::approval::AttemptRequest;
use farol_api::digest::Digest;
use farol_api::editors::Untold;
use farol_api::id::{AttemptId, StepId};
use farol_api::incident::{IncidentRole, Milestone, PostmortemSection, PostmortemState, Severity, Status};
use farol_api::user::Person;

use crate::spec::AttemptSpec;

/// One thing somebody asks.
#[derive(Clone, Debug)]
pub enum Command {
    /// Changes severity.
    ChangeSeverity { to: Severity, reason: Option<String> },
    /// Changes status.
    ChangeStatus { to: Status, reason: Option<String> },
    /// Records when a milestone was; now where no time is given.
    RecordMilestone { milestone: Milestone, at: Option<DateTime<Utc>> },
    /// Records the age of the data restored.
    RecordDataAge { seconds: u64 },
    /// Joins as a responder.
    Join,
    /// Gives somebody a role.
    AssignRole { role: IncidentRole, person: Person },
    /// Fills a parameter of the runbook.
    SetParameter { name: String, value: String, secret: bool },
    /// Chooses a branch.
    ChooseBranch { step: StepId, arm: usize, reason: Option<String> },
    /// Marks a person's step as done.
    FinishStep { step: StepId, observed: Option<String> },
    /// Says that a person's step went wrong.
    FailStep { step: StepId, reason: String },
    /// Leaves a step out.
    SkipStep { step: StepId, reason: String },
    /// Takes a finished step up again.
    ReopenStep { step: StepId, reason: Option<String> },
    /// Asks to run a step.
    StartAttempt(Box<StartAttempt>),
    /// Approves what somebody else asked.
    Approve { attempt: AttemptId, digest: Digest, approver: Approver },
    /// Refuses what somebody else asked.
    Refuse { attempt: AttemptId, reason: String, approver: Approver },
    /// Commits what is held, or rolls it back.
    DecideHold { attempt: AttemptId, commit: bool },
    /// Stops an attempt, or withdraws it while it waits.
    Cancel { attempt: AttemptId },
    /// Breaks the glass for one's own steps.
    OpenBreakGlass { reason: String, minutes: u32 },
    /// Closes it before its time.
    CloseBreakGlass { number: u32 },
    /// Says what was found of what was run meanwhile.
    ReviewBreakGlass { number: u32, text: String },
    /// Writes a note.
    Note { text: String, step: Option<StepId> },
    /// Corrects an earlier entry.
    Correct { seq: i64, text: String },
    /// Writes a section of the post-mortem.
    WriteSection { section: PostmortemSection, text: String },
    /// Adds or changes an action item.
    SetActionItem { number: Option<u32>, text: String, owner: Option<String>, due: Option<String>, done: bool },
    /// Moves the post-mortem on.
    MovePostmortem { to: PostmortemState },
}

/// Asks to run a step exactly as it was shown.
#[derive(Clone, Debug)]
pub struct StartAttempt {
    /// What runs.
    pub spec: AttemptSpec,
    /// The same, as the record and the approvers see it.
    pub request: AttemptRequest,
    /// The digest that the requester saw.
    pub seen: Digest,
    /// The target's name, typed.
    pub typed_target: Option<String>,
    /// Whether what it does beside reading was confirmed.
    pub confirmed: bool,
    /// Whether a broken glass counts: for a person who may still break it, and no program of theirs.
    pub may_waive: bool,
}

/// What is known of somebody who approves or refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Approver {
    /// Whether their role approves.
    pub may_approve: bool,
    /// Whether they wrote the runbook revision.
    pub is_editor: bool,
    /// Why nobody can be named as who wrote it: they may have.
    pub untold: Option<Untold>,
}
