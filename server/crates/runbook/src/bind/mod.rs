//! A command with placeholders, and values for them, to what is run.
//!
//! A value is no code: in SQL it is a bind parameter, a quoted identifier where a name must stand, or, where the database takes
//! neither, a literal that holds nothing which could end it; in a shell it travels in the environment. Where none of these is
//! possible the command is refused, never patched together.

mod among;
mod in_text;
mod shell;
mod shell_scan;
mod sql;
mod sql_scan;
mod utility;

use std::collections::{BTreeMap, BTreeSet};

pub(crate) use self::among::is_loose;
pub use self::in_text::{BoundLiteral, Form, InText};
pub(crate) use self::shell::{is_dangerous, is_plain, reads_code};

use farol_api::graph::{Command, CommandLanguage, PlaceholderUse};
use farol_api::risk::Dialect;

/// What is run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bound {
    /// The statement or the script.
    pub text: String,
    /// The values of the positional markers in `text`, in order; empty for a shell.
    pub binds: Vec<BoundValue>,
    /// What the environment has to hold; empty for SQL.
    pub env: BTreeMap<String, String>,
    /// Values that are part of `text`, in the order in which they stand there.
    pub in_text: Vec<InText>,
    /// Secrets that `text` has a place for, in their order there; see [`Bound::seal`].
    pub literals: Vec<BoundLiteral>,
    /// Parameters whose values could say more than their place in a longer word of a shell; see [`Bound::seal`].
    pub loose: Vec<String>,
}

/// The value of one positional marker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoundValue {
    /// The parameter it came from.
    pub parameter: String,
    /// Its value.
    pub value: String,
    /// Whether the database puts it together with other text.
    pub piece: bool,
}

/// Says why a command cannot be bound.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BindError {
    /// Parameters without a value.
    #[error("no value for {}", .0.join(", "))]
    Missing(Vec<String>),
    /// A value holds a NUL byte.
    #[error("the value of {parameter} holds a NUL byte")]
    Nul {
        /// The parameter.
        parameter: String,
    },
    /// The placeholder stands where neither a value nor a name can.
    #[error("{token} stands for a piece of the statement, which cannot be filled safely")]
    NotAValue {
        /// The parameter.
        parameter: String,
        /// The token as written.
        token: String,
    },
    /// The placeholder stands inside quotes (or a heredoc) that let no value in.
    #[error("{token} stands inside quotes that let no value in")]
    InsideQuotes {
        /// The parameter.
        parameter: String,
        /// The token as written.
        token: String,
    },
    /// Another interpreter (SQL in `psql -c`, the far shell of `ssh`) reads the value, so it has to be plain.
    #[error(
        "the value of {parameter} may hold only letters, digits and . _ : / @ + , % -, for another program reads it as code"
    )]
    NotPlain {
        /// The parameter.
        parameter: String,
    },
    /// The value begins with `-` and would reach a program as an option, which can do what nobody approved.
    #[error("the value of {parameter} may not begin with -, for the program would take it as an option")]
    LooksLikeOption {
        /// The parameter.
        parameter: String,
    },
    /// The value cannot be a name in this dialect.
    #[error("the value of {parameter} cannot be a name")]
    InvalidName {
        /// The parameter.
        parameter: String,
    },
    /// The value becomes a part of a name, and cannot.
    #[error("the value of {parameter} becomes a part of a name and may hold only letters, digits and underscores")]
    NotInName {
        /// The parameter.
        parameter: String,
    },
    /// The database would take the value for 0, for it is no whole number.
    #[error("the value of {parameter} has to be a whole number")]
    NotANumber {
        /// The parameter.
        parameter: String,
    },
    /// The database takes no parameter there, so the value stands in the text, in quotes that it may not end.
    #[error(
        "the value of {parameter} may hold no quotes, backslashes or line breaks, for it stands in the statement's text"
    )]
    NotLiteral {
        /// The parameter.
        parameter: String,
    },
    /// The parameter is a secret, which nobody who approves it sees, and a piece of a longer text that it could say more in.
    #[error("the value of {parameter} could say more than its place, for it is a piece of a longer text")]
    NotPiece {
        /// The parameter.
        parameter: String,
    },
    /// The parameter is a secret, and the statement's text, which others see, would hold its value.
    #[error("{parameter} is a secret, which may not stand in the statement's text")]
    SecretInText {
        /// The parameter.
        parameter: String,
    },
    /// A variable of this name would change how the shell itself works.
    #[error("{name} may not be set for a step")]
    DangerousVariable {
        /// The variable.
        name: String,
    },
    /// The command is not of the language that the dialect belongs to.
    #[error("the command is not of this language")]
    WrongLanguage,
    /// The command's placeholders do not fit its text, or it has markers of its own.
    #[error("the command's placeholders do not fit its text")]
    Malformed,
}

impl BindError {
    /// Returns the parameter of which another value might do.
    pub fn refused_value(&self) -> Option<&str> {
        match self {
            Self::Nul { parameter }
            | Self::NotPlain { parameter }
            | Self::LooksLikeOption { parameter }
            | Self::InvalidName { parameter }
            | Self::NotInName { parameter }
            | Self::NotANumber { parameter }
            | Self::NotLiteral { parameter }
            | Self::NotPiece { parameter } => Some(parameter),
            _ => None,
        }
    }
}

/// Binds values to a command's placeholders.
///
/// SQL on the three databases yields positional markers: `$1` on Postgres, `?` on MySQL, `?1` on SQLite, a
/// new one for each use, in the order of `binds`. A shell command yields `FAROL_P_<NAME>` variables; `$X`
/// tokens keep their text and their own name. `-it` of `kubectl exec` and its like becomes `-i`.
///
/// # Errors
/// Every [`BindError`]; nothing is ever bound half.
pub fn bind(command: &Command, dialect: Dialect, values: &BTreeMap<String, String>) -> Result<Bound, BindError> {
    check_spans(command)?;
    match (command.language, dialect) {
        (CommandLanguage::Shell, Dialect::Shell) => shell::bind(command, values),
        (CommandLanguage::Sql, Dialect::Postgres | Dialect::Mysql | Dialect::Sqlite) => {
            sql::bind(command, dialect, values)
        }
        _ => Err(BindError::WrongLanguage),
    }
}

/// Tells whether a command asks for a terminal, which a step does not have; [`bind`] takes that off.
pub fn asks_for_terminal(command: &Command) -> bool {
    command.language == CommandLanguage::Shell
        && !shell::without_terminal(&command.text, &command.placeholders).is_empty()
}

/// The placeholders lie in the text, in order, apart from each other, and are what they say.
fn check_spans(command: &Command) -> Result<(), BindError> {
    let mut end = 0;
    for used in &command.placeholders {
        let there = command.text.get(used.span.start..used.span.end);
        if used.span.start < end || there != Some(used.token.as_str()) || used.token.is_empty() {
            return Err(BindError::Malformed);
        }
        end = used.span.end;
    }
    Ok(())
}

/// Looks up the values of placeholders: all are there, and none holds a NUL.
fn look_up<'a>(
    uses: impl Iterator<Item = &'a PlaceholderUse>,
    values: &'a BTreeMap<String, String>,
) -> Result<(), BindError> {
    let mut missing = BTreeSet::new();
    for used in uses {
        match values.get(&used.parameter) {
            None => drop(missing.insert(used.parameter.clone())),
            Some(value) if value.contains('\0') => return Err(BindError::Nul { parameter: used.parameter.clone() }),
            Some(_) => {}
        }
    }
    if missing.is_empty() { Ok(()) } else { Err(BindError::Missing(missing.into_iter().collect())) }
}

fn not_a_value(used: &PlaceholderUse) -> BindError {
    BindError::NotAValue { parameter: used.parameter.clone(), token: used.token.clone() }
}

fn inside_quotes(used: &PlaceholderUse) -> BindError {
    BindError::InsideQuotes { parameter: used.parameter.clone(), token: used.token.clone() }
}

/// A replacement of a piece of the command's text.
struct Edit {
    range: std::ops::Range<usize>,
    with: String,
    /// The value that `with` shows, with its place in that.
    shows: Option<InText>,
}

/// Applies edits that do not overlap, and tells which values the text shows then.
fn apply(text: &str, mut edits: Vec<Edit>) -> Result<(String, Vec<InText>), BindError> {
    edits.sort_by_key(|e| e.range.start);
    let (mut out, mut at) = (String::with_capacity(text.len() + 64), 0);
    let mut shown = Vec::new();
    for edit in edits {
        out.push_str(text.get(at..edit.range.start).ok_or(BindError::Malformed)?);
        shown.extend(edit.shows.map(|part| part.moved(out.len())));
        out.push_str(&edit.with);
        at = edit.range.end;
    }
    out.push_str(text.get(at..).ok_or(BindError::Malformed)?);
    Ok((out, shown))
}

#[cfg(test)]
mod tests;
