//! What happened in an incident. Events are append-only and the only truth about it.

mod about;
mod actor;
#[cfg(not(target_arch = "wasm32"))]
mod erased;

use serde::{Deserialize, Serialize};

use crate::approval::AttemptRequest;
#[cfg(not(target_arch = "wasm32"))]
use crate::capture::Captured;
#[cfg(not(target_arch = "wasm32"))]
use crate::confine::Confinement;
use crate::digest::Digest;
use crate::editors::Untold;
#[cfg(not(target_arch = "wasm32"))]
use crate::hold::{Held, RolledBack};
use crate::id::{AttemptId, IncidentId, RevisionId, RunbookId, StepId, TargetId};
use crate::incident::{IncidentRole, Milestone, PostmortemSection, PostmortemState, Severity, Status};
use crate::user::Person;
use chrono::{DateTime, Utc};

pub use self::actor::Actor;
#[cfg(not(target_arch = "wasm32"))]
pub use self::erased::ErasedEntry;
pub use crate::failure::FailureCode;

/// One entry of an incident's record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Event {
    /// The incident.
    pub incident_id: IncidentId,
    /// Its place in the incident, from 1, without gaps.
    pub seq: i64,
    /// When it happened.
    pub occurred_at: DateTime<Utc>,
    /// When it was written down.
    pub recorded_at: DateTime<Utc>,
    /// Who did it.
    pub actor: Actor,
    /// What happened.
    pub kind: EventKind,
}

/// The runbook revision an incident was declared with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RunbookRef {
    /// The runbook.
    pub id: RunbookId,
    /// The revision, which the incident keeps.
    pub revision: RevisionId,
    /// Its title then.
    pub title: String,
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It ended well.
    Succeeded,
    /// It ended badly.
    Failed,
    /// A person stopped it.
    Cancelled,
    /// It ran longer than it may.
    TimedOut,
    /// It was dispatched, and nobody knows how it ended. Never retried by itself.
    OutcomeUnknown,
    /// It never ran: what was approved had changed or expired, or a person withdrew or refused it.
    Voided,
}

impl Outcome {
    /// Tells whether it ran and did not end well, as far as anybody knows.
    pub const fn is_failure(self) -> bool {
        matches!(self, Self::Failed | Self::TimedOut | Self::OutcomeUnknown)
    }
}

/// What is known after an attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AttemptResult {
    /// How it ended.
    pub outcome: Outcome,
    /// The exit code of a shell step.
    pub exit_code: Option<i32>,
    /// Rows returned or affected by an SQL step.
    pub rows: Option<u64>,
    /// From dispatch to end, in milliseconds.
    pub duration_ms: u64,
    /// SHA-256 over the stored output chunks, in order; absent without output.
    pub output_digest: Option<Digest>,
    /// Whether output was cut at a cap.
    pub truncated: bool,
    /// The file with the whole of a result whose output was cut; absent where nothing was cut.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub full: Option<FullResult>,
    /// Why it did not succeed: a code that the interface has words for.
    pub failure: Option<FailureCode>,
    /// Whether what its author expects came out, as a line or a cell of its own; absent where nothing was expected, or
    /// where output was cut before it could be told.
    #[cfg(not(target_arch = "wasm32"))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_seen: Option<bool>,
    /// What it left for later steps.
    #[cfg(not(target_arch = "wasm32"))]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub captured: Vec<Captured>,
    /// The folder that its script ended in: a path within the incident's workspace, `.` for that itself, or an
    /// absolute one; absent where it is not known, and where a script began and ended in the workspace itself.
    #[cfg(not(target_arch = "wasm32"))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub directory: Option<String>,
    /// How far its script was confined; absent where none was started, and where nobody lived to say it.
    #[cfg(not(target_arch = "wasm32"))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confined: Option<Confinement>,
}

impl AttemptResult {
    /// An end of which nothing more is known.
    pub const fn ended(outcome: Outcome, failure: Option<FailureCode>) -> Self {
        Self {
            outcome,
            exit_code: None,
            rows: None,
            duration_ms: 0,
            output_digest: None,
            truncated: false,
            full: None,
            failure,
            #[cfg(not(target_arch = "wasm32"))]
            expected_seen: None,
            #[cfg(not(target_arch = "wasm32"))]
            captured: Vec::new(),
            #[cfg(not(target_arch = "wasm32"))]
            directory: None,
            #[cfg(not(target_arch = "wasm32"))]
            confined: None,
        }
    }
}

/// A file with all rows of a result, kept by the server that ran the attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FullResult {
    /// Its rows, without the names of the columns.
    pub rows: u64,
    /// Its length in bytes.
    pub bytes: u64,
    /// SHA-256 of the file as it is downloaded.
    pub digest: Digest,
    /// Whether these are all rows; the file is cut too where it grew too long, or the statement ran out of time.
    pub complete: bool,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// An incident began. Always the first event.
    Declared {
        /// What it is about.
        title: String,
        /// How bad it is.
        severity: Severity,
        /// Whether it is an exercise.
        drill: bool,
        /// The runbook it is walked by.
        runbook: Option<RunbookRef>,
        /// Where steps run that name no target.
        target: Option<TargetId>,
        /// The runbook's recovery time objective, in seconds.
        rto_seconds: Option<u64>,
        /// The runbook's recovery point objective, in seconds.
        rpo_seconds: Option<u64>,
    },
    /// Its severity changed.
    SeverityChanged {
        /// Before.
        from: Severity,
        /// After.
        to: Severity,
        /// Why.
        reason: Option<String>,
    },
    /// Its status changed.
    StatusChanged {
        /// Before.
        from: Status,
        /// After.
        to: Status,
        /// Why.
        reason: Option<String>,
    },
    /// A milestone's time was recorded; the last record of each counts.
    MilestoneRecorded {
        /// Which.
        milestone: Milestone,
        /// When it was.
        at: DateTime<Utc>,
    },
    /// The age of the data restored was recorded.
    DataAgeRecorded {
        /// Its age in seconds.
        seconds: u64,
    },
    /// Somebody joined.
    ResponderJoined {
        /// Who.
        person: Person,
    },
    /// Somebody took a role.
    RoleAssigned {
        /// Which.
        role: IncidentRole,
        /// Who.
        person: Person,
    },
    /// A parameter was filled for the whole incident.
    ParameterSet {
        /// Its name.
        name: String,
        /// Its value; absent where it is secret.
        value: Option<String>,
        /// Whether it is secret.
        secret: bool,
    },
    /// A branch was chosen.
    BranchChosen {
        /// The decision node.
        decision: StepId,
        /// The index of the arm.
        arm: usize,
        /// The arm's name.
        label: String,
        /// Why.
        reason: Option<String>,
    },
    /// A person did a step.
    StepDone {
        /// The step.
        step: StepId,
        /// What it was called.
        title: String,
        /// What was seen.
        observed: Option<String>,
    },
    /// A person's step went wrong.
    StepFailed {
        /// The step.
        step: StepId,
        /// What it was called.
        title: String,
        /// How.
        reason: String,
    },
    /// A step was skipped.
    StepSkipped {
        /// The step.
        step: StepId,
        /// What it was called.
        title: String,
        /// Why.
        reason: String,
    },
    /// A finished step was taken up again.
    StepReopened {
        /// The step.
        step: StepId,
        /// What it was called.
        title: String,
        /// Why.
        reason: Option<String>,
    },
    /// Somebody asked to run a step.
    AttemptRequested {
        /// Exactly what will run.
        request: AttemptRequest,
    },
    /// Another person approved it.
    ApprovalGranted {
        /// The attempt.
        attempt: AttemptId,
        /// The step.
        step: StepId,
        /// The digest that they saw.
        digest: Digest,
        /// Why nobody could be named as who wrote the step.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        editors_untold: Option<Untold>,
    },
    /// Another person refused it; the attempt is over.
    ApprovalRefused {
        /// The attempt.
        attempt: AttemptId,
        /// The step.
        step: StepId,
        /// Why.
        reason: String,
    },
    /// Somebody broke the glass: for a while their own steps run without other people's approval.
    BreakGlassOpened {
        /// Counts from 1 in the incident.
        number: u32,
        /// Why.
        reason: String,
        /// Until when at most.
        until: DateTime<Utc>,
    },
    /// It was closed before its time.
    BreakGlassClosed {
        /// Which.
        number: u32,
    },
    /// Somebody else looked at what was run meanwhile.
    BreakGlassReviewed {
        /// Which.
        number: u32,
        /// What they found.
        text: String,
    },
    /// It may run now.
    AttemptQueued {
        /// The attempt.
        attempt: AttemptId,
        /// The step.
        step: StepId,
    },
    /// It is being sent to its target. Committed before it is sent.
    AttemptDispatched {
        /// The attempt.
        attempt: AttemptId,
        /// The step.
        step: StepId,
        /// The server that runs it.
        worker: String,
        /// Grows with every claim; a stale worker's writes are refused by it.
        fencing_token: i64,
    },
    /// What it changed is held: it is neither committed nor rolled back, and waits for a person.
    AttemptHeld {
        /// The attempt.
        attempt: AttemptId,
        /// The step.
        step: StepId,
        /// What was seen of it.
        #[cfg(not(target_arch = "wasm32"))]
        held: Held,
    },
    /// It was decided what becomes of a change that is held. Committed before the change is.
    HoldDecided {
        /// The attempt.
        attempt: AttemptId,
        /// The step.
        step: StepId,
        /// Whether it is committed; rolled back where not.
        commit: bool,
        /// Why it is rolled back though no person said so.
        #[cfg(not(target_arch = "wasm32"))]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        because: Option<RolledBack>,
    },
    /// Somebody asked to stop it.
    CancelRequested {
        /// The attempt.
        attempt: AttemptId,
        /// The step.
        step: StepId,
    },
    /// It ended.
    AttemptFinished {
        /// The attempt.
        attempt: AttemptId,
        /// The step.
        step: StepId,
        /// How.
        result: AttemptResult,
    },
    /// Somebody wrote a note.
    Noted {
        /// Markdown.
        text: String,
        /// The step it is about.
        step: Option<StepId>,
    },
    /// Somebody corrected an earlier entry, which stays.
    Corrected {
        /// The entry.
        seq: i64,
        /// What is right.
        text: String,
    },
    /// A section of the post-mortem was written.
    SectionWritten {
        /// Which.
        section: PostmortemSection,
        /// Markdown.
        text: String,
    },
    /// An action item was added or changed.
    ActionItemSet {
        /// Counts from 1.
        number: u32,
        /// What is to be done.
        text: String,
        /// By whom.
        owner: Option<String>,
        /// Until when, as `YYYY-MM-DD`.
        due: Option<String>,
        /// Whether it was done.
        done: bool,
    },
    /// The post-mortem moved on.
    PostmortemMoved {
        /// Before.
        from: PostmortemState,
        /// After.
        to: PostmortemState,
    },
    /// Content is erased, and its place in the record stays. Recorded before anything is removed.
    PayloadErased {
        /// The attempts whose stored output goes.
        #[cfg(not(target_arch = "wasm32"))]
        attempts: Vec<AttemptId>,
        /// The entries whose payload goes, and what is left of each.
        #[cfg(not(target_arch = "wasm32"))]
        entries: Vec<ErasedEntry>,
        /// Why; absent where the retention erases.
        reason: Option<String>,
        /// After how many days the retention erases; absent where a person does.
        #[cfg(not(target_arch = "wasm32"))]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        days: Option<u32>,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The record is never rewritten: what an older version wrote has to be read for ever.
    #[test]
    fn an_end_that_an_older_version_wrote_is_read() {
        let old = r#"{"attempt_finished":{"attempt":"00000000-0000-0000-0000-000000000007","step":"look","result":{"outcome":"succeeded","exit_code":0,"rows":null,"duration_ms":5,"output_digest":null,"truncated":false,"failure":null}}}"#;
        let EventKind::AttemptFinished { result, .. } = serde_json::from_str(old).unwrap() else { panic!("another") };
        assert_eq!((result.outcome, result.expected_seen), (Outcome::Succeeded, None));
        let again = serde_json::to_string(&EventKind::AttemptFinished {
            attempt: AttemptId(uuid::Uuid::from_u128(7)),
            step: "look".parse().unwrap(),
            result,
        });
        assert_eq!(again.unwrap(), old, "and what it says is written as it was");
    }
}
