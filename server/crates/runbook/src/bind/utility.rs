//! Statements that take no bind parameters: what stands at a place of theirs.

use super::sql::last_word;

/// What a placeholder stands for where none can be bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    /// The name of a thing.
    Name,
    /// A value: a number as it is, anything else in quotes.
    Value,
}

/// Tells what stands behind a text in a statement that takes no parameters (`CREATE INDEX … ON <table>(<column>)`,
/// `ALTER SYSTEM SET work_mem = <size>`); nothing where others can tell it, or nobody.
pub fn stands(before: &str) -> Option<Stands> {
    let (word, rest) = last_word(before);
    let earlier = || last_word(rest).0;
    match word.as_str() {
        "=" | "default" | "is" | "password" => Some(Stands::Value),
        "by" if earlier() == "identified" => Some(Stands::Value),
        "set" | "show" | "grant" | "revoke" | "constraint" | "copy" | "policy" => Some(Stands::Name),
        // `SET work_mem TO <size>`, and not `RENAME COLUMN a TO <name>`.
        "to" if last_word(last_word(rest).1).0 == "set" => Some(Stands::Value),
        "to" => Some(Stands::Name),
        // A condition of a join is neither.
        "on" => (!joins(before)).then_some(Stands::Name),
        "(" => inside(&earlier()),
        "," => match open_bracket(before) {
            Some(open) => inside(&last_word(&before[..open]).0),
            None => Some(Stands::Name),
        },
        _ => None,
    }
}

/// What a list in brackets holds, by the word before it: columns, unless it is one of values.
fn inside(word: &str) -> Option<Stands> {
    let values = ["from", "to", "in", "values", "with", "check", "using", "as"];
    (!values.contains(&word)).then_some(Stands::Name)
}

/// Where the bracket opens that is not closed yet.
fn open_bracket(before: &str) -> Option<usize> {
    let mut closed = 0;
    let found = before.bytes().enumerate().rev().find(|(_, byte)| {
        match byte {
            b')' => closed += 1,
            b'(' if closed == 0 => return true,
            b'(' => closed -= 1,
            _ => {}
        }
        false
    });
    found.map(|(at, _)| at)
}

fn joins(before: &str) -> bool {
    before.split(|c: char| !c.is_ascii_alphabetic()).any(|word| word.eq_ignore_ascii_case("join"))
}

/// Tells whether a value can stand in quotes without ending them, whatever a backslash means to the database.
pub fn is_literal(value: &str) -> bool {
    !value.chars().any(|c| c.is_control() || matches!(c, '\'' | '"' | '`' | '\\' | '\u{2028}' | '\u{2029}'))
}

/// Tells whether a value is a whole number that every database takes.
pub fn is_number(value: &str) -> bool {
    /// No number of them has more digits.
    const LONGEST: usize = 18;
    let digits = value.strip_prefix('-').unwrap_or(value);
    !digits.is_empty() && digits.len() <= LONGEST && digits.bytes().all(|byte| byte.is_ascii_digit())
}
