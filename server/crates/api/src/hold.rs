//! Holding a change before it is committed: what is asked for, what was seen, and who decided.

use serde::{Deserialize, Serialize};

#[cfg(not(target_arch = "wasm32"))]
use crate::id::AttemptId;

#[cfg(not(target_arch = "wasm32"))]
mod seen;
#[cfg(not(target_arch = "wasm32"))]
pub use seen::*;

/// How a change is held. A part of what runs: approvals bind it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HoldTerms {
    /// How long it waits for a person before it is rolled back, in seconds; absent where nobody is waited for, and it is
    /// committed at once where its rows are as many as they may be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<u32>,
    /// How many rows it may change, all its statements together; outside, it is rolled back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<RowRange>,
    /// The attempt that it undoes: each of its statements must change exactly one row, or all is rolled back.
    #[cfg(not(target_arch = "wasm32"))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undoes: Option<AttemptId>,
}

/// A least and a most number of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RowRange {
    /// The least.
    pub least: u64,
    /// The most.
    pub most: u64,
}

impl RowRange {
    /// Reads `1..10`, or one number for exactly that many; nothing where it is neither or the least is above the most.
    pub fn read(text: &str) -> Option<Self> {
        let (least, most) = text.trim().split_once("..").unwrap_or((text.trim(), text.trim()));
        let (least, most) = (least.trim().parse().ok()?, most.trim().parse().ok()?);
        (least <= most).then_some(Self { least, most })
    }

    /// Tells whether a number of rows is within.
    pub const fn holds(&self, rows: u64) -> bool {
        self.least <= rows && rows <= self.most
    }
}

impl std::fmt::Display for RowRange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}..{}", self.least, self.most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_read_as_it_is_written() {
        assert_eq!(RowRange::read("1..10"), Some(RowRange { least: 1, most: 10 }));
        assert_eq!(RowRange::read(" 3 "), Some(RowRange { least: 3, most: 3 }));
        for wrong in ["", "10..1", "a..b", "1..", "-1..2", "1...3"] {
            assert_eq!(RowRange::read(wrong), None, "{wrong}");
        }
        let range = RowRange { least: 1, most: 2 };
        assert!(range.holds(1) && range.holds(2) && !range.holds(0) && !range.holds(3));
        assert_eq!(RowRange::read(&range.to_string()), Some(range));
    }
}
