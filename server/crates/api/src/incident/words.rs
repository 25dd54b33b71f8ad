//! Severity, status, milestones and roles.

use serde::{Deserialize, Serialize};

/// How bad an incident is; when unsure, the worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The worst.
    Sev1,
    /// Bad.
    Sev2,
    /// Felt by some.
    Sev3,
    /// Hardly felt.
    Sev4,
    /// Not felt.
    Sev5,
}

impl Severity {
    /// All of them, worst first.
    pub const ALL: [Self; 5] = [Self::Sev1, Self::Sev2, Self::Sev3, Self::Sev4, Self::Sev5];

    /// Returns 1 to 5.
    pub const fn number(self) -> u8 {
        self as u8 + 1
    }

    /// Returns it as everybody writes it: `SEV1`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Sev1 => "SEV1",
            Self::Sev2 => "SEV2",
            Self::Sev3 => "SEV3",
            Self::Sev4 => "SEV4",
            Self::Sev5 => "SEV5",
        }
    }

    /// Suggests one from a runbook's own word, for example `Critical`, `P0`, `Sev1`, `Alta`.
    pub fn from_word(word: &str) -> Option<Self> {
        let word = word.trim().to_lowercase();
        let first = word.split(|c: char| !c.is_alphanumeric() && c != '-').next().unwrap_or("");
        match first {
            "critical" | "critica" | "crítica" | "critico" | "crítico" | "sev0" | "sev1" | "sev-1" | "s1" | "p0"
            | "p1" => Some(Self::Sev1),
            "high" | "alta" | "alto" | "major" | "sev2" | "sev-2" | "s2" | "p2" => Some(Self::Sev2),
            "medium" | "media" | "média" | "medio" | "médio" | "moderate" | "warning" | "sev3" | "sev-3" | "s3"
            | "p3" => Some(Self::Sev3),
            "low" | "baixa" | "baixo" | "baja" | "minor" | "sev4" | "sev-4" | "s4" | "p4" => Some(Self::Sev4),
            "info" | "informational" | "informativa" | "sev5" | "sev-5" | "s5" | "p5" => Some(Self::Sev5),
            _ => None,
        }
    }
}

/// Where an incident stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Nobody has looked yet.
    Declared,
    /// Somebody is finding out.
    Investigating,
    /// Somebody is mending.
    Mitigating,
    /// It is mended, and watched.
    Monitoring,
    /// It is over.
    Resolved,
    /// It was looked back on.
    Closed,
    /// It was none.
    Cancelled,
}

impl Status {
    /// Tells whether responders still work on it.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Declared | Self::Investigating | Self::Mitigating | Self::Monitoring)
    }

    /// Returns the statuses that may follow.
    pub const fn next(self) -> &'static [Self] {
        use Status::*;
        match self {
            Declared => &[Investigating, Mitigating, Monitoring, Resolved, Cancelled],
            Investigating => &[Mitigating, Monitoring, Resolved, Cancelled],
            Mitigating => &[Investigating, Monitoring, Resolved, Cancelled],
            Monitoring => &[Investigating, Mitigating, Resolved, Cancelled],
            Resolved => &[Investigating, Closed],
            Closed | Cancelled => &[Investigating],
        }
    }
}

/// A point in an incident's course that metrics are measured from and to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Milestone {
    /// Users began to feel it. Never filled by the program.
    ImpactStarted,
    /// Somebody or something noticed.
    Detected,
    /// The incident was declared.
    Declared,
    /// A person took it up.
    Acknowledged,
    /// Users stopped feeling the worst.
    Mitigated,
    /// It was over.
    Resolved,
    /// Users stopped feeling it at all.
    ImpactEnded,
    /// It was looked back on.
    Closed,
    /// The post-mortem was published.
    PostmortemPublished,
}

/// A role in one incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum IncidentRole {
    /// Decides.
    Commander,
    /// Stands in for the commander.
    Deputy,
    /// Writes down.
    Scribe,
    /// Knows the system.
    SubjectExpert,
    /// Tells others.
    Communications,
}
