//! What an attempt printed or returned, in chunks, after redaction.

use serde::{Deserialize, Serialize};

use crate::id::AttemptId;
use chrono::{DateTime, Utc};

/// One chunk of an attempt's output.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OutputChunk {
    /// The attempt.
    pub attempt: AttemptId,
    /// Its place among all output of the incident, from 1, in order of storing.
    pub seq: i64,
    /// When it was stored.
    pub at: DateTime<Utc>,
    /// What it holds.
    pub content: OutputContent,
}

/// What a chunk holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum OutputContent {
    /// Text from standard output.
    Stdout {
        /// The text.
        text: String,
    },
    /// Text from standard error, or the target's own words about an error.
    Stderr {
        /// The text.
        text: String,
    },
    /// The columns of a result, before its first rows; sent for empty results too.
    Columns {
        /// Names and types, in order; names may repeat.
        columns: Vec<Column>,
    },
    /// Rows of a result: one cell a column, absent for NULL.
    Rows {
        /// The rows.
        rows: Vec<Vec<Option<String>>>,
    },
    /// Output was cut here.
    Truncated {
        /// The cap that was reached.
        cap: OutputCap,
    },
}

/// A column of a result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type in the target's words, for example `timestamptz`.
    pub type_name: String,
    /// Whether it is shown flush right.
    pub numeric: bool,
}

/// The cap at which output was cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum OutputCap {
    /// At most this many rows are kept.
    Rows {
        /// The cap.
        kept: u64,
    },
    /// At most this many bytes are kept.
    Bytes {
        /// The cap.
        kept: u64,
    },
}
