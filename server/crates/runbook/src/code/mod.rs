//! Code blocks: what they hold, and the logical commands in them.

mod assigning;
mod braces;
mod calls;
mod changes;
pub mod containers;
mod doubt;
pub mod functions;
mod interactive;
mod judge;
mod known;
mod lookalikes;
pub mod options;
mod printed;
mod prompt;
mod promql;
mod read;
mod remarks;
mod shell;
mod sql;
mod sql_words;
mod sqlplus;
mod transcript;
mod whole;
mod windows;

use std::ops::Range;

use farol_api::graph::CommandLanguage;
use farol_api::runbook::BlockKind;

pub use doubt::may_be_program;
pub use interactive::{is_interactive, leaves, opens_console};
pub use judge::{is_bare_command, is_chat_command, is_http, is_inline_command, is_surely_typed, past_assignments};
pub use options::unwrapped;
pub use prompt::may_have_prompt;
pub use read::read;
pub use shell::comments as shell_comments;
pub use sql::{is_surely_sql as is_sql, statements};
pub use whole::buried_label;

/// Tells whether a label says that a block is a shell script.
pub fn is_script(label: &str) -> bool {
    judge::family(label) == judge::Family::Shell
}

/// Tells whether a word can be nothing but a program.
pub fn is_program(word: &str) -> bool {
    known::word(word) == known::Word::Sure
}

/// Tells whether a command does nothing but give names values.
pub fn is_assignment(text: &str) -> bool {
    let (rest, assigns) = judge::past_assignments(text);
    assigns && (rest.is_empty() || rest.starts_with('#'))
}

/// Reads a comment line of a script that starts at byte `at` of the block's text.
pub fn comment(line: &str, at: usize) -> Piece {
    read::comment(line, at, "#")
}

/// What was read from a code block.
#[derive(Debug)]
pub struct Reading {
    /// What it holds.
    pub kind: BlockKind,
    /// Its pieces, in order; empty for a reference.
    pub pieces: Vec<Piece>,
}

impl Reading {
    fn reference() -> Self {
        Self { kind: BlockKind::Reference, pieces: Vec::new() }
    }
}

/// A piece of an executable block.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece {
    /// A blank line.
    Blank,
    /// A comment line: its words, and where it stands in the block's text.
    Comment(String, Range<usize>),
    /// A logical command.
    Command(Logical),
    /// What a command printed, or what else nobody types.
    Output,
}

/// A logical command.
#[derive(Debug, PartialEq, Eq)]
pub struct Logical {
    /// Its language; `Other` for consoles that nothing here can drive.
    pub language: CommandLanguage,
    /// Its text without prompts.
    pub text: String,
    /// Where it stands in the block's text.
    pub range: Range<usize>,
}

/// What the text around a block says of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hint {
    /// Nothing.
    #[default]
    None,
    /// It is to be run or queried.
    Asked,
    /// It is typed at the console of a language: "in the API's shell, run".
    Console,
    /// It might be a log, a result or a file: what holds only commands is typed all the same.
    Perhaps,
    /// It is output, a template, a rule, or a file to save.
    Shown,
    /// Its author says that it is never run.
    Never,
}
