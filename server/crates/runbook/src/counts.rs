//! How much of everything a document holds.

use std::collections::BTreeSet;

use farol_api::graph::NodeKind;
use serde::Serialize;

use crate::code::functions;
use crate::doc::Doc;
use crate::outline::Outline;
use crate::steps::{BlockDraft, Draft, Origin, Steps};

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

/// Counts what a walk found.
pub fn count(doc: &Doc<'_>, outline: &Outline<'_>, steps: &Steps) -> Counts {
    let by = |origin: Origin| steps.drafts.iter().filter(move |d| d.origin == origin);
    let exec: Vec<&BlockDraft> = steps.blocks.iter().filter(|b| b.kind.is_exec()).collect();
    let typed = |d: &&Draft| d.command.is_some() && !matches!(d.kind, NodeKind::Prohibition | NodeKind::Reference);
    let manual = steps.drafts.iter().filter(|d| {
        matches!(d.origin, Origin::Item | Origin::Heading | Origin::Comment)
            && matches!(d.kind, NodeKind::Manual | NodeKind::Http | NodeKind::Goto | NodeKind::Escalation)
    });
    let prose = by(Origin::Paragraph).filter(|d| matches!(d.kind, NodeKind::Manual | NodeKind::Escalation));
    let mut guards: BTreeSet<usize> = steps.drafts.iter().filter_map(|d| d.guard.as_ref().map(|g| g.1)).collect();
    guards.extend(&steps.loose_guards);
    let scenarios = outline.arms.len();
    let tokens = tokens(steps);
    Counts {
        code_blocks: steps.blocks.len(),
        exec_blocks: exec.len(),
        nonexec_blocks: steps.blocks.len() - exec.len(),
        exec_block_open_lines: exec.iter().map(|b| doc.line(b.span.start)).collect(),
        commands: by(Origin::Block)
            .filter(typed)
            .filter_map(|d| d.command.as_ref())
            .map(|c| functions::count(&c.text))
            .sum(),
        inline_commands: by(Origin::Inline).filter(typed).count(),
        manual_steps: manual.count(),
        prose_steps: prose.count(),
        checklists: steps.checklists.len(),
        check_items: by(Origin::Check).count(),
        scenarios,
        conditionals: guards.len(),
        branches: scenarios + guards.len(),
        placeholders: tokens.len(),
        placeholder_list: tokens,
        implicit_placeholders: 0,
    }
}

/// Distinct tokens of commands and of comments in executable blocks, in order of first use.
fn tokens(steps: &Steps) -> Vec<String> {
    let mut all: Vec<(usize, String)> = steps.comment_tokens.iter().map(|(t, at)| (*at, t.clone())).collect();
    for draft in steps.drafts.iter() {
        // A request is no command.
        let Some(command) = draft.command.as_ref().filter(|_| draft.kind != NodeKind::Http) else { continue };
        all.extend(command.placeholders.iter().map(|p| (command.span.start + p.span.start, p.token.clone())));
    }
    all.sort();
    let mut seen = BTreeSet::new();
    let bare = |token: String| {
        token.strip_prefix("${").and_then(|t| t.strip_suffix('}')).map(|t| format!("${t}")).unwrap_or(token)
    };
    all.into_iter().map(|(_, token)| bare(token)).filter(|t| seen.insert(t.clone())).collect()
}
