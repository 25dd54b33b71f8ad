//! The graph as a list: for screen readers, for phones, and where pictures are not shown.

use std::fmt;

use farol_api::graph::{NodeKind, Phase, StepGraph};
use farol_api::id::StepId;
use farol_api::text::Locale;
use serde::Serialize;

use crate::facts::Facts;
use crate::plan::{Block, DEEPEST};
use crate::words;

/// What a line of the list is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// A heading: the lines below it, as deep or deeper, are of one phase or section.
    Lane,
    /// A node.
    Node(NodeKind),
    /// A branch of the decision above it; what lies in it follows, one deeper.
    Branch,
}

/// One line of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OutlineLine {
    /// How deep it stands, from 0.
    pub depth: usize,
    /// What it is.
    pub kind: LineKind,
    /// The node; absent for headings and branches.
    pub step: Option<StepId>,
    /// The step's number, from 1; the picture has the same.
    pub number: Option<usize>,
    /// The author's words, in full, as one line; for a lane its name.
    pub title: String,
    /// What else is said: condition, risk, kind, target.
    pub notes: Vec<String>,
    /// Where it leads besides what comes next.
    pub leads: Vec<Lead>,
}

/// Where a line leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lead {
    /// How, for example `continues at`.
    pub how: String,
    /// The node.
    pub to: StepId,
    /// Its number, else the beginning of its title.
    pub name: String,
}

impl fmt::Display for OutlineLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let indent = "  ".repeat(self.depth);
        match (self.kind, self.number) {
            (LineKind::Lane, _) => write!(f, "{indent}[{}]", self.title)?,
            (LineKind::Branch, _) => write!(f, "{indent}└ {}", self.title)?,
            (LineKind::Node(_), Some(number)) => write!(f, "{indent}{number}. {}", self.title)?,
            (LineKind::Node(_), None) => write!(f, "{indent}– {}", self.title)?,
        }
        for note in &self.notes {
            write!(f, " · {note}")?;
        }
        for lead in &self.leads {
            write!(f, " · {} {}", lead.how, lead.name)?;
        }
        Ok(())
    }
}

/// Lists a graph: every node once, in the order of the text.
pub fn outline(graph: &StepGraph, locale: Locale) -> Vec<OutlineLine> {
    let facts = Facts::new(graph, locale, DEEPEST);
    let mut lister = Lister { facts: &facts, lines: Vec::new() };
    lister.sequence(&facts.plan.blocks, 0, None, true);
    lister.lines
}

struct Lister<'a> {
    facts: &'a Facts<'a>,
    lines: Vec<OutlineLine>,
}

impl Lister<'_> {
    /// `last` tells whether nothing follows the sequence, so that its end needs no word.
    fn sequence(&mut self, blocks: &[Block], depth: usize, around: Option<Option<Phase>>, last: bool) {
        let facts = self.facts;
        let lanes = facts.plan.lanes(blocks, around);
        let count = blocks.len();
        let mut seen = 0;
        for lane in lanes {
            if let Some(heading) = lane.heading {
                self.plain(LineKind::Lane, depth, facts.heading(heading), Vec::new());
            }
            for block in lane.blocks {
                seen += 1;
                self.block(block, depth, lane.phase, last && seen == count);
            }
        }
    }

    fn block(&mut self, block: &Block, depth: usize, phase: Option<Phase>, last: bool) {
        let facts = self.facts;
        let node = &facts.plan.nodes[block.node];
        let mut notes = Vec::new();
        notes.extend(facts.guard(node.guard.as_deref()).filter(|guard| *guard != facts.title(block.node)));
        notes.push(facts.nature(block.node));
        if node.kind == NodeKind::Goto && facts.leads(block.node).next().is_none() {
            let to = node.goto.as_deref().map(crate::text::clean).filter(|to| !to.is_empty());
            notes.extend(to.map(|to| format!("{} {to}", words::goes_to(facts.locale))));
        }
        if facts.plan.start == Some(block.node) && !self.lines.iter().all(|line| line.kind == LineKind::Lane) {
            notes.push(words::begins_here(facts.locale).to_owned());
        }
        let leads: Vec<Lead> = facts.leads(block.node).map(|(how, to)| self.lead(how, to)).collect();
        if !block.leaves && !last && leads.is_empty() && block.branches.is_empty() {
            notes.push(words::ends_here(facts.locale).to_owned());
        }
        self.lines.push(OutlineLine {
            depth,
            kind: LineKind::Node(node.kind),
            step: Some(node.id.clone()),
            number: facts.plan.numbers[block.node],
            title: facts.title(block.node).to_owned(),
            notes,
            leads,
        });
        for branch in &block.branches {
            let mut notes = Vec::new();
            notes.extend(facts.branch_guard(block.node, branch.arm));
            self.plain(LineKind::Branch, depth + 1, facts.branch(block.node, branch.arm), notes);
            self.sequence(&branch.blocks, depth + 2, Some(phase), last);
        }
    }

    fn plain(&mut self, kind: LineKind, depth: usize, title: String, notes: Vec<String>) {
        self.lines.push(OutlineLine { depth, kind, step: None, number: None, title, notes, leads: Vec::new() });
    }

    fn lead(&self, how: &str, to: usize) -> Lead {
        let facts = self.facts;
        Lead { how: how.to_owned(), to: facts.plan.nodes[to].id.clone(), name: facts.name(to) }
    }
}
