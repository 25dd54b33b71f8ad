//! Blocks of examples, which nobody is to run as they stand.

use crate::words::{fold, lines, shorten};

/// `-- ✅ Safe: add a column` over one statement after the other: examples of what may be done, and nothing to do now.
pub fn are_named(first: &str, text: &str) -> bool {
    const KINDS: [&str; 3] = ["safe", "seguro", "segura"];
    let named = |line: &str| {
        let remark = line.trim_start();
        remark.starts_with(['#', '-', '/']) && {
            let label = fold(shorten(remark.trim_start_matches(|c: char| !c.is_alphanumeric()), 12));
            KINDS.iter().any(|kind| label.strip_prefix(kind).is_some_and(|rest| rest.starts_with(':')))
        }
    };
    named(first) && lines(text).filter(|line| named(line)).nth(1).is_some()
}
