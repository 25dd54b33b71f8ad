//! What the end of a statement means, on whichever database it ran.

use farol_api::event::{FailureCode, Outcome};
use farol_api::risk::RiskClass;
use tokio::time::Instant;

use super::Statement;
use super::failure::{Meaning, meaning, words};
use super::pump::Counts;
use crate::ended::Ended;
use crate::output::Printer;

/// Rows that a write changed; absent where the statement is of a kind that has none.
pub(super) fn changed_rows(statement: &Statement<'_>, counts: Counts) -> Option<u64> {
    let counts_rows = matches!(statement.class, RiskClass::Write | RiskClass::Destructive);
    if counts.affected > 0 || (counts_rows && !counts.had_columns) {
        Some(counts.affected)
    } else {
        counts.had_columns.then_some(counts.seen)
    }
}

/// Says what an error that nobody asked for means.
pub(super) fn after_error(error: &sqlx::Error, statement: &Statement<'_>, started: Instant) -> Ended {
    match meaning(error) {
        Meaning::Interrupted if started.elapsed() >= statement.timeout => Ended::of(Outcome::TimedOut),
        Meaning::Interrupted | Meaning::Refused => Ended::failed(FailureCode::StatementRefused),
        Meaning::Lost => statement.lost(),
    }
}

/// What is known after a statement was asked to stop.
#[derive(Debug)]
pub(super) enum StopProof {
    /// It had ended by itself.
    Done,
    /// It ended with this error.
    Error(sqlx::Error),
    /// The session was ended, and is seen to be gone.
    Gone,
    /// Nothing could be proved.
    None,
}

/// Says what a wish to stop came to.
pub(super) async fn after_stop(
    proof: StopProof,
    wish: Outcome,
    statement: &Statement<'_>,
    printer: &mut Printer,
) -> Ended {
    match proof {
        StopProof::Done if statement.leaves_nothing() => Ended::of(wish),
        StopProof::Done => Ended::succeeded(None),
        StopProof::Error(error) => match meaning(&error) {
            Meaning::Interrupted => Ended::of(wish),
            Meaning::Refused => {
                printer.message(&words(&error)).await;
                Ended::failed(FailureCode::StatementRefused)
            }
            Meaning::Lost if statement.leaves_nothing() => Ended::of(wish),
            Meaning::Lost => statement.lost(),
        },
        StopProof::Gone if statement.leaves_nothing() => Ended::of(wish),
        StopProof::Gone => statement.lost(),
        StopProof::None => {
            printer.message("farol: the server could not be made to confirm that the statement stopped.").await;
            statement.lost()
        }
    }
}

/// Returns the first word of a statement, after white space, comments and brackets.
pub(super) fn first_word(text: &str) -> &str {
    let mut rest = text.trim_start_matches(|c: char| c.is_whitespace() || c == '(');
    loop {
        let after = match rest.get(..2) {
            Some("--") => rest.split_once('\n').map(|(_, after)| after),
            Some("/*") => rest[2..].split_once("*/").map(|(_, after)| after),
            _ => None,
        };
        match after {
            Some(after) => rest = after.trim_start(),
            None => break,
        }
    }
    let end = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
    &rest[..end]
}

/// Returns the query that a text asks for the plan of, where it asks for nothing beside.
pub(super) fn explained(text: &str) -> Option<&str> {
    let (word, query) = text.split_once(char::is_whitespace)?;
    let asks = ["select", "with"].iter().any(|known| first_word(query).eq_ignore_ascii_case(known));
    (word.eq_ignore_ascii_case("explain") && asks).then_some(query)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_word_stands_after_comments() {
        assert_eq!(first_word("  -- hello\n /* x */ explain select 1"), "explain");
        assert_eq!(first_word("(select 1)"), "select");
        assert_eq!(first_word(""), "");
    }
}
