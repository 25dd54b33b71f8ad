//! What was seen of a change that is held, and who decided.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::id::AttemptId;
use crate::incident::{Attempt, Erasure};
use crate::output::OutputChunk;
use crate::user::Person;

/// What was seen of a change that is held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Held {
    /// Its statements in their order. Rows before and after stand in the attempt's output.
    pub statements: Vec<HeldStatement>,
    /// The locks that it holds, as far as the database tells.
    pub locks: Vec<HeldLock>,
    /// How many other sessions wait for it; absent where the database does not tell.
    pub waiting: Option<u64>,
    /// Until when somebody may decide; then it is rolled back.
    pub until: DateTime<Utc>,
    /// How many rows could be put back as they were; absent where that is not offered.
    pub undo_rows: Option<u64>,
    /// Why undoing it is not offered.
    pub no_undo: Option<NoUndo>,
}

impl Held {
    /// Returns the rows of all its statements.
    pub fn rows(&self) -> u64 {
        self.statements.iter().map(|statement| statement.rows).sum()
    }

    /// Returns how many rows could be put back once it is committed, or why none could.
    pub fn undo(&self) -> Result<u64, NoUndo> {
        self.undo_rows.ok_or(self.no_undo.unwrap_or(NoUndo::NotSimple))
    }
}

/// One statement of a change that is held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HeldStatement {
    /// The rows that it changed, as the database counts them.
    pub rows: u64,
    /// How many rows of it stand in the attempt's output as they were and as they would be.
    pub shown: u64,
}

/// A lock that a change holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HeldLock {
    /// What is locked, in the database's words.
    pub on: String,
    /// How, in the database's words.
    pub mode: String,
}

/// Why undoing a change is not offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum NoUndo {
    /// No row is other than it was, whatever the database counts.
    NoRows,
    /// More than one table, an order or a function has a say in which rows it changes.
    NotSimple,
    /// The table has no primary key.
    NoPrimaryKey,
    /// It changed the key itself, or the rows are not those that were looked at before.
    OtherRows,
    /// The table has triggers or rules, or it is no plain table.
    Triggers,
    /// The table may have triggers, and the credential is not told of them.
    TriggersUnseen,
    /// Other tables follow what happens to its rows.
    Cascades,
    /// Other tables may follow what happens to its rows, and the credential is not told of all tables.
    CascadesUnseen,
    /// It has columns whose values cannot be put back exactly.
    Columns,
    /// There are more rows, or more bytes of them, than are kept.
    TooMany,
    /// What stood there holds a secret.
    Secret,
    /// The rows that it added cannot be told.
    Inserted,
    /// The credential may not read what would be put back.
    NotReadable,
    /// What would be put back was erased, with the output.
    Erased,
}

/// How a hold stands, folded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HoldState {
    /// What was seen.
    pub held: Held,
    /// Since when it is held.
    pub since: DateTime<Utc>,
    /// What was decided; absent while somebody may decide.
    pub decided: Option<HoldDecision>,
}

/// What became of a hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HoldDecision {
    /// Whether it is committed; rolled back where not.
    pub commit: bool,
    /// Why it is rolled back though no person said so.
    pub because: Option<RolledBack>,
    /// Who decided; absent for Farol itself.
    pub by: Option<Person>,
    /// When.
    pub at: DateTime<Utc>,
}

/// Why Farol rolls back a change that is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RolledBack {
    /// Nobody decided in time.
    Deadline,
    /// Somebody stopped it.
    Cancelled,
    /// The server stops, or cannot keep hold of it.
    Server,
    /// The connection to the target is gone.
    Connection,
}

/// One attempt, as its page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AttemptView {
    /// What its incident is about.
    pub incident_title: String,
    /// The attempt.
    pub attempt: Attempt,
    /// Whether the one who asks may decide what becomes of what is held.
    pub may_decide: bool,
    /// Whether undoing it can be asked for, and if not, why not.
    pub undo: UndoOffer,
    /// What it printed or returned, and the rows that are held, before and after.
    pub output: Vec<OutputChunk>,
    /// That its output was erased, by whom and why; absent where it was not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erased: Option<Erasure>,
    /// Whether the one who asks may erase its output now.
    #[serde(default)]
    pub may_erase: bool,
    /// The server's time when this was read.
    pub now: DateTime<Utc>,
}

/// Whether an attempt can be undone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum UndoOffer {
    /// There is nothing to undo: it is not held, or not committed.
    Nothing,
    /// It can be asked for.
    Offered {
        /// How many rows are put back.
        rows: u64,
    },
    /// It cannot be undone from here.
    Not {
        /// Why.
        why: NoUndo,
    },
    /// An attempt that undid it succeeded.
    Done {
        /// That attempt.
        by: AttemptId,
    },
}
