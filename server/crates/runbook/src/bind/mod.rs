//! A command with placeholders, and values for them, to what is run.
//!
//! A value never becomes part of the text: in SQL it is a bind parameter (or a quoted identifier where a
//! name must stand), in a shell it travels in the environment.

use std::collections::BTreeMap;

use farol_api::graph::Command;
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
}

/// The value of one positional marker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoundValue {
    /// The parameter it came from.
    pub parameter: String,
    /// Its value.
    pub value: String,
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
    /// The value cannot be a name in this dialect.
    #[error("the value of {parameter} cannot be a name")]
    InvalidName {
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
    /// The command's placeholders do not lie within its text, or overlap.
    #[error("the command's placeholders do not fit its text")]
    Malformed,
}

/// Binds values to a command's placeholders.
pub fn bind(command: &Command, _dialect: Dialect, _values: &BTreeMap<String, String>) -> Result<Bound, BindError> {
    Ok(Bound { text: command.text.clone(), ..Bound::default() })
}
