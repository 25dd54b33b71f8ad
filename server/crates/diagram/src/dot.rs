//! The graph for Graphviz.

use std::fmt::Write as _;

use farol_api::graph::{EdgeKind, NodeKind, Phase, StepGraph};
use farol_api::text::Locale;

use crate::facts::{Facts, risk_look};
use crate::plan::{Block, DEEPEST};
use crate::text::{Font, clean, shorten, wrap};
use crate::words;

/// Graphviz wraps nothing itself.
const LABEL: Font = Font { size: 14, bold: false };
const LABEL_WIDTH: i32 = 240;

/// Writes a graph in the DOT language: lanes as clusters, jumps dashed.
pub fn dot(graph: &StepGraph, locale: Locale) -> String {
    let facts = Facts::new(graph, locale, DEEPEST);
    let mut writer = Writer { facts: &facts, out: String::new(), lanes: 0 };
    writer.line(0, &format!("digraph {} {{", quoted(words::step_graph(locale))));
    writer.line(1, "graph [rankdir=TB, fontname=\"sans-serif\", newrank=true];");
    writer.line(1, "node [shape=box, fontname=\"sans-serif\", fontsize=11];");
    writer.line(1, "edge [fontname=\"sans-serif\", fontsize=10];");
    writer.sequence(&facts.plan.blocks, 1, None);
    for edge in &graph.edges {
        if let Some((from, to)) = facts.plan.place(&edge.from).zip(facts.plan.place(&edge.to)) {
            let attributes = edge_attributes(&edge.kind, &facts);
            writer.line(1, &format!("n{from} -> n{to}{attributes};"));
        }
    }
    writer.line(0, "}");
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
                self.line(depth, &format!("subgraph cluster_{} {{", self.lanes));
                self.line(depth + 1, &format!("label={}; labeljust=l; color=gray;", quoted(&facts.heading(heading))));
                self.lanes += 1;
                inner += 1;
            }
            for block in lane.blocks {
                self.node(block.node, inner);
                for branch in &block.branches {
                    self.sequence(&branch.blocks, inner, Some(lane.phase));
                }
            }
            if lane.heading.is_some() {
                self.line(depth, "}");
            }
        }
    }

    fn node(&mut self, index: usize, depth: usize) {
        let facts = self.facts;
        let node = &facts.plan.nodes[index];
        let mut lines = wrap(&facts.numbered(index), LABEL, LABEL_WIDTH, 4);
        lines.extend(facts.guard(node.guard.as_deref()).map(|guard| shorten(&guard, 60)));
        lines.push(facts.nature(index));
        let mut attributes = format!("label={}", quoted_lines(&lines));
        let _ = write!(attributes, ", id={}, tooltip={}", quoted(node.id.as_str()), quoted(facts.title(index)));
        match node.kind {
            NodeKind::Decision => attributes.push_str(", shape=diamond"),
            NodeKind::Prohibition => attributes.push_str(", shape=octagon, penwidth=2"),
            NodeKind::Reference => attributes.push_str(", shape=note"),
            NodeKind::Goto => attributes.push_str(", style=dashed"),
            NodeKind::Escalation => attributes.push_str(", shape=cds"),
            _ if risk_look(node).is_some_and(|(look, _)| look == "destroy") => {
                attributes.push_str(", shape=doubleoctagon");
            }
            _ => {}
        }
        self.line(depth, &format!("n{index} [{attributes}];"));
    }
}

fn edge_attributes(kind: &EdgeKind, facts: &Facts<'_>) -> String {
    let locale = facts.locale;
    match kind {
        EdgeKind::Then => String::new(),
        EdgeKind::Branch(branch) => format!(" [label={}]", quoted(&shorten(&clean(&branch.label), 60))),
        EdgeKind::Goto => {
            format!(" [style=dashed, constraint=false, label={}]", quoted(words::goes_to(locale)))
        }
        EdgeKind::Needs => format!(" [style=dotted, constraint=false, label={}]", quoted(words::needs_short(locale))),
        EdgeKind::OnFailure => {
            format!(" [style=dashed, constraint=false, color=red, label={}]", quoted(words::on_failure(locale)))
        }
    }
}

fn quoted(text: &str) -> String {
    quoted_lines(std::slice::from_ref(&text))
}

/// A quoted string. A backslash is doubled, or Graphviz would read `\N` and its like as escapes of its own.
fn quoted_lines(lines: &[impl AsRef<str>]) -> String {
    let mut out = String::from("\"");
    for (index, line) in lines.iter().enumerate() {
        if index > 0 {
            out.push_str("\\n");
        }
        for c in clean(line.as_ref()).chars() {
            match c {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                // Graphviz reads entities of HTML in any label.
                '&' => out.push_str("&amp;"),
                c => out.push(c),
            }
        }
    }
    out.push('"');
    out
}
