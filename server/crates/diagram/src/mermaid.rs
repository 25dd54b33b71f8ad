//! The graph for Mermaid, which many wikis draw.

use std::fmt::Write as _;

use farol_api::graph::{EdgeKind, NodeKind, Phase, StepGraph};
use farol_api::text::Locale;

use crate::facts::{Facts, risk_look};
use crate::plan::{Block, DEEPEST};
use crate::text::{clean, shorten};
use crate::words;

/// How much of a title is written, in graphemes.
const TITLE: usize = 120;

/// Writes a graph as a Mermaid flowchart: lanes as subgraphs, jumps dotted.
pub fn mermaid(graph: &StepGraph, locale: Locale) -> String {
    let facts = Facts::new(graph, locale, DEEPEST);
    let mut writer = Writer { facts: &facts, out: String::from("flowchart TB\n"), lanes: 0 };
    if facts.plan.nodes.is_empty() {
        writer.line(1, &format!("empty[{}]", quoted(words::no_steps(locale))));
    }
    writer.sequence(&facts.plan.blocks, 1, None);
    for edge in &graph.edges {
        if let Some((from, to)) = facts.plan.place(&edge.from).zip(facts.plan.place(&edge.to)) {
            let arrow = arrow(&edge.kind, &facts);
            writer.line(1, &format!("n{from} {arrow} n{to}"));
        }
    }
    writer.out
}

struct Writer<'a> {
    facts: &'a Facts<'a>,
    out: String,
    lanes: usize,
}

impl Writer<'_> {
    fn line(&mut self, depth: usize, text: &str) {
        let _ = writeln!(self.out, "{}{text}", "  ".repeat(depth));
    }

    fn sequence(&mut self, blocks: &[Block], depth: usize, around: Option<Option<Phase>>) {
        let facts = self.facts;
        for lane in facts.plan.lanes(blocks, around) {
            let mut inner = depth;
            if let Some(heading) = lane.heading {
                self.line(depth, &format!("subgraph lane{}[{}]", self.lanes, quoted(&facts.heading(heading))));
                self.lanes += 1;
                inner += 1;
                self.line(inner, "direction TB");
            }
            for block in lane.blocks {
                self.node(block.node, inner);
                for branch in &block.branches {
                    self.sequence(&branch.blocks, inner, Some(lane.phase));
                }
            }
            if lane.heading.is_some() {
                self.line(depth, "end");
            }
        }
    }

    fn node(&mut self, index: usize, depth: usize) {
        let facts = self.facts;
        let node = &facts.plan.nodes[index];
        let mut lines = vec![shorten(&facts.numbered(index), TITLE)];
        lines.extend(facts.guard(node.guard.as_deref()).map(|guard| shorten(&guard, TITLE)));
        lines.push(facts.nature(index));
        let label = lines.iter().map(|line| escaped(line)).collect::<Vec<_>>().join("<br/>");
        let (open, close) = match node.kind {
            NodeKind::Decision => ("{", "}"),
            NodeKind::Prohibition | NodeKind::Escalation => (">", "]"),
            NodeKind::Goto | NodeKind::Reference => ("[/", "/]"),
            _ if risk_look(node).is_some_and(|(look, _)| look == "destroy") => ("{{", "}}"),
            _ => ("[", "]"),
        };
        self.line(depth, &format!("n{index}{open}\"{label}\"{close}"));
    }
}

fn arrow(kind: &EdgeKind, facts: &Facts<'_>) -> String {
    let locale = facts.locale;
    match kind {
        EdgeKind::Then => "-->".to_owned(),
        EdgeKind::Branch(branch) => format!("-->|{}|", quoted(&shorten(&clean(&branch.label), TITLE))),
        EdgeKind::Goto => format!("-.->|{}|", quoted(words::goes_to(locale))),
        EdgeKind::Needs => format!("-.->|{}|", quoted(words::needs_short(locale))),
        EdgeKind::OnFailure => format!("-.->|{}|", quoted(words::on_failure(locale))),
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

/// Writes all that Mermaid, Markdown or HTML could take for its own as a character code.
fn escaped(text: &str) -> String {
    let text = clean(text);
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let plain = c.is_ascii_alphanumeric() || matches!(c, ' ' | ',') || !c.is_ascii();
        // A list or a number at the beginning would be read as Markdown.
        let inside = matches!(c, '.' | '-' | '/' | ':') && out.chars().any(|before| before.is_ascii_alphabetic());
        if plain || inside {
            out.push(c);
        } else {
            let _ = write!(out, "#{};", u32::from(c));
        }
    }
    // An empty label would be no label at all.
    if out.is_empty() { " ".to_owned() } else { out }
}
