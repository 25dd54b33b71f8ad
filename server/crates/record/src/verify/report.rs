//! What a verification found.

use chrono::{DateTime, Utc};
use farol_api::id::AttemptId;
use serde::Serialize;

use super::meaning::Fault;

/// What lines of a bundle prove, and what not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The incident that the bundle says it is of.
    pub incident: i64,
    /// The tree that the bundle says it is of.
    pub origin: String,
    /// How many entries there are.
    pub entries: u64,
    /// So many of them, from the first on, stand as a key that was named has signed them.
    pub proved: u64,
    /// How many attempts were dispatched.
    pub dispatched: u64,
    /// How many chunks of output there are.
    pub outputs: u64,
    /// The good signatures of keys that were named.
    pub signed: Vec<Signed>,
    /// What is wrong.
    pub problems: Vec<Problem>,
    /// What is not wrong and not proved either.
    pub gaps: Vec<Gap>,
    /// What a reader should know.
    pub remarks: Vec<Remark>,
}

impl Report {
    /// Tells whether everything in the bundle is proved.
    pub fn proves(&self) -> bool {
        self.problems.is_empty() && self.gaps.is_empty()
    }
}

/// A good signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Signed {
    /// Over so many entries.
    pub size: u64,
    /// By this key, as `NAME+ID`.
    pub key: String,
    /// Whether the checkpoint was kept elsewhere, and not brought by the bundle.
    pub kept_elsewhere: bool,
}

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Problem {
    /// A line is not spelt as the format says.
    NotCanonical {
        /// The line, from 1.
        line: u64,
    },
    /// There is no entry.
    Empty,
    /// An entry is not what was hashed when it was appended.
    Changed {
        /// The entry.
        seq: i64,
    },
    /// Entries are missing.
    Missing {
        /// The first.
        from: i64,
        /// The last.
        to: i64,
    },
    /// An entry stands in another's place.
    OutOfOrder {
        /// The entry.
        seq: i64,
    },
    /// An entry belongs to another incident.
    OtherIncident {
        /// The entry.
        seq: i64,
        /// Its incident.
        found: i64,
    },
    /// What an entry's leaf says is not what its payload says.
    Disagrees {
        /// The entry.
        seq: i64,
    },
    /// The payload of an entry is not here, and no other entry says that it was erased.
    Gone {
        /// The entry.
        seq: i64,
    },
    /// An entry cannot be read by this verifier.
    NotUnderstood {
        /// The entry.
        seq: i64,
        /// Its kind.
        kind: String,
    },
    /// There are not so many lines of each kind as the last one says.
    Counts,
    /// A checkpoint, or the bundle, is of another tree.
    OtherOrigin {
        /// Which.
        origin: String,
    },
    /// A text that should be a checkpoint is none.
    NoCheckpoint {
        /// The line, from 1.
        line: u64,
    },
    /// Checkpoints do not stand in order of size.
    CheckpointOrder {
        /// The line, from 1.
        line: u64,
    },
    /// A signature of a key that was named is wrong.
    BadSignature {
        /// Over so many entries.
        size: u64,
        /// The key, as `NAME+ID`.
        key: String,
    },
    /// A checkpoint covers more entries than there are: the last ones were cut off.
    Cut {
        /// So many were signed.
        size: u64,
        /// So many are there.
        entries: u64,
    },
    /// Entries are not those that were signed.
    Rewritten {
        /// Up to this one they are.
        after: u64,
        /// Up to this one they were signed.
        size: u64,
    },
    /// What the entries say should not have happened.
    Meaning {
        /// The entry.
        seq: i64,
        /// The attempt it is about.
        attempt: Option<AttemptId>,
        /// What is wrong.
        fault: Fault,
    },
    /// There is output of an attempt that the entries do not know.
    StrayOutput {
        /// The attempt.
        attempt: AttemptId,
    },
}

/// Something that is not proved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Gap {
    /// No key was named.
    NoKey {
        /// Keys that claim to have signed, as `NAME+ID`.
        claimed: Vec<String>,
    },
    /// No signature of a key that was named covers these.
    Unsigned {
        /// The first.
        from: u64,
        /// The last.
        to: u64,
    },
    /// None of the checkpoints that were kept elsewhere is of this record.
    NoneKept,
}

/// Something to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Remark {
    /// So many entries were hashed only some time after they were written.
    Late {
        /// How many.
        entries: u64,
    },
    /// Something was erased. What is left of entries is what the erasure says; that they were there, when, by whom and of
    /// what kind stays proved.
    Erased {
        /// The entry that says so.
        seq: i64,
        /// When.
        at: DateTime<Utc>,
        /// By whom; absent for the retention.
        by: Option<String>,
        /// Why; absent for the retention.
        reason: Option<String>,
        /// After how many days the retention did it.
        days: Option<u32>,
        /// The attempts whose output was erased.
        attempts: Vec<AttemptId>,
        /// The entries whose payload was erased.
        entries: Vec<i64>,
    },
    /// An entry says that something was erased, and it is here.
    NotYetErased {
        /// The entry.
        seq: Option<i64>,
        /// The attempt, of output.
        attempt: Option<AttemptId>,
    },
    /// A key that was not named signed too.
    UnknownKey {
        /// Over so many entries.
        size: u64,
        /// The key, as `NAME+ID`.
        key: String,
    },
    /// Somebody broke the glass here, and nobody else has looked at what was run meanwhile.
    Unreviewed {
        /// The entry.
        seq: i64,
    },
    /// An attempt had not ended when the incident was exported.
    Running {
        /// The attempt.
        attempt: AttemptId,
        /// The entry of its dispatch.
        seq: i64,
    },
}

/// Why lines are no bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Unreadable {
    /// The first line is not one of a record.
    #[error("not a record")]
    NotARecord,
    /// The format is newer.
    #[error("a newer format")]
    Newer {
        /// Its version.
        format: u64,
    },
    /// A line is not one of a record.
    #[error("line {line} is none of a record")]
    Line {
        /// The line, from 1.
        line: u64,
    },
    /// There are lines after the last.
    #[error("lines after the last")]
    AfterEnd,
    /// The last line is missing.
    #[error("cut short")]
    Cut {
        /// So many lines are there.
        lines: u64,
    },
}
