//! Risk classes of statements and scripts.

use serde::{Deserialize, Serialize};

use crate::text::{Localized, Span};

/// What running a statement or script can do, from least to most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RiskClass {
    /// R: reads.
    Read,
    /// S: reads with a side effect (locks, sleeps, notifies).
    SideEffect,
    /// W: writes.
    Write,
    /// X: changes a schema.
    Schema,
    /// D: destroys.
    Destructive,
    /// A: administers, or can escape the database.
    Administration,
    /// U: not understood; handled as administration.
    Unknown,
    /// C: controls the session or a transaction; refused.
    Session,
}

impl RiskClass {
    /// Returns the letter of the SQL table: R S W X D A U C.
    pub const fn letter(self) -> char {
        match self {
            Self::Read => 'R',
            Self::SideEffect => 'S',
            Self::Write => 'W',
            Self::Schema => 'X',
            Self::Destructive => 'D',
            Self::Administration => 'A',
            Self::Unknown => 'U',
            Self::Session => 'C',
        }
    }

    /// Tells whether what is of it leaves its target as it was.
    pub const fn only_reads(self) -> bool {
        matches!(self, Self::Read | Self::SideEffect)
    }

    /// Returns the word of the shell table: read, write, destructive or unknown.
    pub const fn shell_word(self) -> &'static str {
        match self {
            Self::Read | Self::SideEffect => "read",
            Self::Write | Self::Schema => "write",
            Self::Destructive => "destructive",
            Self::Administration | Self::Unknown | Self::Session => "unknown",
        }
    }
}

/// The language that a command is classified in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Dialect {
    /// PostgreSQL.
    Postgres,
    /// MySQL and MariaDB.
    Mysql,
    /// SQLite.
    Sqlite,
    /// Bash.
    Shell,
}

/// A class with its reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RiskVerdict {
    /// The class.
    pub class: RiskClass,
    /// Why, in one sentence.
    pub why: Localized,
    /// The words that decided it, as bytes of the classified text; absent where the whole text did.
    pub span: Option<Span>,
}
