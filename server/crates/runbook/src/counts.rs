//! How much of everything a document holds.

use serde::Serialize;

/// Counts by the rules that two people used to count documents by hand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Fenced and indented code blocks.
    pub code_blocks: usize,
    /// Blocks of which at least one line is meant to be typed at a console.
    pub exec_blocks: usize,
    /// All other blocks.
    pub nonexec_blocks: usize,
    /// The lines of the opening fences of executable blocks, from 1.
    pub exec_block_open_lines: Vec<usize>,
    /// Logical commands inside executable blocks.
    pub commands: usize,
    /// Code spans that are commands which the reader is told to run.
    pub inline_commands: usize,
    /// List items, headings and comments that order an action without a command.
    pub manual_steps: usize,
    /// The same in a paragraph of its own.
    pub prose_steps: usize,
    /// Task lists and labelled checklists.
    pub checklists: usize,
    /// Their items.
    pub check_items: usize,
    /// Alternative arms with steps of their own.
    pub scenarios: usize,
    /// Guards on steps.
    pub conditionals: usize,
    /// Scenarios and conditionals.
    pub branches: usize,
    /// Distinct tokens to fill in.
    pub placeholders: usize,
    /// Those tokens, in order of their first use.
    pub placeholder_list: Vec<String>,
    /// Example values that must be replaced.
    pub implicit_placeholders: usize,
}
