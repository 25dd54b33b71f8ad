//! What exactly was asked to run, and the digest that approvals bind.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

#[cfg(not(target_arch = "wasm32"))]
use crate::capture::Origin;
use crate::digest::Digest;
use crate::editors::Untold;
use crate::graph::CommandLanguage;
use crate::hold::HoldTerms;
use crate::id::{AttemptId, IncidentId, StepId, TargetId};
use crate::policy::Requirement;
use crate::risk::RiskVerdict;
use crate::target::Environment;
use crate::user::Person;
use chrono::{DateTime, Utc};

/// How a step runs. There are two ways where a shell command does nothing but hand one statement to a client; and a
/// statement can be asked about before it runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// As the runbook has it.
    #[default]
    Written,
    /// The statement goes to the target's database directly: with its SQL class, that class's credential, typed results.
    Direct,
    /// A dry run: how the database would go about the statement, or find the rows that it would change.
    Explain,
    /// A dry run: the rows that the statement would change or take away.
    Rows,
}

impl Way {
    /// Both kinds of dry run.
    pub const DRY: [Self; 2] = [Self::Rows, Self::Explain];

    /// Returns its name in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Written => "written",
            Self::Direct => "direct",
            Self::Explain => "explain",
            Self::Rows => "rows",
        }
    }

    /// Tells whether it is as the runbook has it.
    pub const fn is_written(&self) -> bool {
        matches!(self, Self::Written)
    }

    /// Tells whether it only asks what the step would do: such an attempt reads, and leaves the step where it stands.
    pub const fn is_dry(&self) -> bool {
        matches!(self, Self::Explain | Self::Rows)
    }
}

/// Exactly what will run, as the record and the approvers see it. Secret values are absent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AttemptRequest {
    /// The attempt.
    pub attempt: AttemptId,
    /// The step.
    pub step: StepId,
    /// What the step is called.
    pub title: String,
    /// Counts the attempts of this step, from 1.
    pub number: u32,
    /// The language of the text.
    pub language: CommandLanguage,
    /// How the step runs.
    #[serde(default, skip_serializing_if = "Way::is_written")]
    pub way: Way,
    /// The exact statement or script; parameters stand in it as markers or variables.
    pub text: String,
    /// The values of its parameters; absent where they are secret.
    pub parameters: BTreeMap<String, Option<String>>,
    /// Where values come from that earlier steps left, by their name among the parameters.
    #[cfg(not(target_arch = "wasm32"))]
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub origins: BTreeMap<String, Origin>,
    /// Where it runs.
    pub target: TargetId,
    /// How much that target matters.
    pub environment: Environment,
    /// Its risk, with the reason.
    pub risk: RiskVerdict,
    /// What the class takes there.
    pub requirement: Requirement,
    /// Whether a reason is needed whatever the class takes: its author allowed no further try.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub needs_reason: bool,
    /// What its author expects to come out.
    #[cfg(not(target_arch = "wasm32"))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// How it is held before it is committed; absent where it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold: Option<HoldTerms>,
    /// The reason the requester gave.
    pub reason: Option<String>,
    /// The longest it may run, in seconds.
    pub timeout_seconds: u32,
    /// After this it can neither be approved nor run.
    pub expires_at: DateTime<Utc>,
    /// SHA-256 over the canonical JSON of all that decides what runs.
    pub digest: Digest,
}

/// One attempt that waits for approval, as the approvals page lists it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PendingApproval {
    /// The incident.
    pub incident_id: IncidentId,
    /// What that is about.
    pub incident_title: String,
    /// Its severity, 1 to 5.
    pub severity: crate::incident::Severity,
    /// What is asked.
    pub request: AttemptRequest,
    /// Who asked.
    pub requested_by: Person,
    /// When.
    pub requested_at: DateTime<Utc>,
    /// Who approved already.
    pub approved_by: Vec<Person>,
    /// Why the one who asks may not approve it; absent where they may.
    pub barred: Option<ApprovalBar>,
    /// Why nobody can be named as who wrote the step; absent where somebody is.
    pub editors_untold: Option<Untold>,
}

/// Why somebody may not approve an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ApprovalBar {
    /// Their role does not approve.
    Role,
    /// They asked for it themselves.
    Requester,
    /// They wrote this revision of the runbook.
    Editor,
    /// They approved it already.
    Already,
}
