//! Data changes between `BEGIN` and `COMMIT`, which are done together or not at all.

use super::shell::End;
use super::sql::Splitter;
use crate::lexicon::Lexicon;
use crate::words::{fold, lines, shorten, split};

/// The most changes that one block has.
const MOST_CHANGES: usize = 100;

/// Returns the end of a block of data changes that begins at `start`: `BEGIN`, changes alone, `COMMIT`. It is one step,
/// for its statements are done together or not at all.
pub fn end(text: &str, start: usize) -> Option<End> {
    let word = |at: usize| {
        let rest = text.get(at..).unwrap_or_default();
        rest.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default().to_ascii_lowercase()
    };
    let begins = |word: &str| text.get(start..start + word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word));
    if !(begins("begin") || begins("start")) || !matches!(word(start).as_str(), "begin" | "start") {
        return None;
    }
    let (mut splitter, mut at, mut changes) = (Splitter::new(), start, 0);
    while changes < MOST_CHANGES {
        let end = splitter.end(text, at);
        let statement = text[at..end.code].trim_end_matches(';').trim();
        match word(at).as_str() {
            "begin" if at == start && statement.split_whitespace().count() <= 2 => {}
            // `START REPLICA` begins no changes.
            "start" if at == start && is_transaction(statement) => {}
            "insert" | "update" | "delete" | "merge" | "replace" if at > start => changes += 1,
            "commit" | "end" if changes > 0 && statement.split_whitespace().count() <= 2 => return Some(end),
            _ => return None,
        }
        let after = code_after(text, end.next.max(end.code))?;
        // "-- Option A", "-- Option B": one of them is done.
        if lines(&text[end.code..after]).any(names_option) {
            return None;
        }
        at = after;
    }
    None
}

fn is_transaction(statement: &str) -> bool {
    let words: Vec<&str> = split(statement).collect();
    words.len() == 2 && words[1].eq_ignore_ascii_case("transaction")
}

/// Tells whether a comment line names one of several ways.
fn names_option(line: &str) -> bool {
    let comment = line.trim().trim_start_matches(|c: char| !c.is_alphanumeric());
    !comment.is_empty() && Lexicon::of(None).names_option(&fold(shorten(comment, 120)))
}

/// The next place that is neither blank nor in a comment.
fn code_after(text: &str, mut at: usize) -> Option<usize> {
    loop {
        let rest = text.get(at..)?;
        let blank = rest.len() - rest.trim_start_matches(|c: char| c.is_whitespace() || c == ';').len();
        at += blank;
        let rest = &rest[blank..];
        let comment = match rest.get(..2) {
            Some("--") => rest.find('\n').map_or(rest.len(), |end| end + 1),
            Some("/*") => rest.find("*/")? + 2,
            Some(_) => return Some(at),
            None => return (!rest.is_empty()).then_some(at),
        };
        at += comment;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_between_begin_and_commit_are_one() {
        let block = "BEGIN;\n-- first\nUPDATE t SET a = ';' WHERE id = 1;\nDELETE FROM u;\nCOMMIT;";
        let whole = |text: &str| end(text, 0).map(|end| text[..end.code].to_owned());
        assert_eq!(whole(&format!("{block}\nselect 1;")).as_deref(), Some(block));
        for apart in [
            "begin;\nselect 1;\ncommit;",
            "begin;\nupdate t set a = 1;\nselect 1;\ncommit;",
            "begin;\nupdate t set a = 1;\nrollback;",
            "begin;\nupdate t set a = 1;",
            "begin;\ncommit;",
            "update t set a = 1;",
            "start replica;\nupdate t set a = 1;\ncommit;",
            "begin;\n-- Opção A\nupdate t set a = 1;\n-- Opção B\nupdate t set a = 2;\ncommit;",
        ] {
            assert_eq!(whole(apart), None, "{apart}");
        }
    }
}
