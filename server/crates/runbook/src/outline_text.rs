//! A runbook's graph as a short text that people can read and compare.

use std::collections::HashMap;
use std::fmt::Write as _;

use farol_api::graph::{Edge, EdgeKind, Node, NodeKind};
use farol_api::id::StepId;
use farol_api::runbook::{Runbook, TableKind};

/// Writes a runbook as an outline: metadata, nodes with their edges, parameters, diagnostics.
pub fn outline_text(runbook: &Runbook) -> String {
    let mut out = String::new();
    let language = runbook.language.as_deref().unwrap_or("?");
    let _ = writeln!(out, "{} [{language}]", runbook.title);
    for item in &runbook.metadata {
        let seconds = item.seconds.map(|s| format!(" = {s} s")).unwrap_or_default();
        let _ = writeln!(out, "  meta {:?} {}: {}{seconds}", item.kind, item.label, item.value);
    }
    let mut edges: HashMap<&StepId, Vec<&Edge>> = HashMap::new();
    for edge in &runbook.graph.edges {
        edges.entry(&edge.from).or_default().push(edge);
    }
    let mut section: &[String] = &[];
    for node in &runbook.graph.nodes {
        if *node.section != *section {
            section = &node.section;
            let _ = writeln!(out, "{}", section.join(" > "));
        }
        write_node(&mut out, edges.get(&node.id).map_or(&[], Vec::as_slice), node);
    }
    write_facts(&mut out, runbook);
    for list in &runbook.checklists {
        let _ = writeln!(out, "checklist {:?}: {} items", list.title, list.steps.len());
    }
    for parameter in &runbook.parameters {
        let secret = if parameter.secret { " secret" } else { "" };
        let (name, token, kind) = (&parameter.name, &parameter.token, parameter.kind);
        let _ = writeln!(out, "parameter {name} {token} {kind:?}{secret} in {}", parameter.steps.len());
    }
    for found in &runbook.diagnostics {
        let _ = writeln!(out, "{:?} {} line {}: {}", found.severity, found.code, found.line, found.message.en);
    }
    out
}

/// What is told of the steps beside their order.
fn write_facts(out: &mut String, runbook: &Runbook) {
    for lifted in &runbook.lifted {
        let through = lifted.through.as_ref().map(|t| format!(" through {t}")).unwrap_or_default();
        let _ = writeln!(out, "sql of {} by {}{through}", lifted.step, lifted.client);
        for statement in &lifted.statements {
            let _ = writeln!(out, "        | {}", statement.text.lines().next().unwrap_or(""));
        }
    }
    for context in &runbook.contexts {
        let _ = writeln!(out, "{:?} opened by {}: {}", context.kind, context.opened_by, ids(&context.steps));
    }
    for capture in &runbook.captures {
        let _ = writeln!(out, "${} set by {}: {}", capture.name, capture.step, ids(&capture.used_by));
    }
    for link in &runbook.links {
        let _ = writeln!(out, "{} {:?} {}", link.from, link.kind, link.to);
    }
    for sample in &runbook.samples {
        let _ = writeln!(out, "sample {} ({:?}) in {}", sample.token, sample.kind, ids(&sample.steps));
    }
    for alert in &runbook.alerts {
        let _ = writeln!(out, "alert {} line {}", alert.name, alert.line);
    }
    for table in runbook.tables.iter().filter(|t| t.kind != TableKind::Other) {
        let _ = writeln!(out, "table {:?} line {}: {} rows", table.kind, table.line, table.rows.len());
    }
}

fn ids(steps: &[StepId]) -> String {
    steps.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn write_node(out: &mut String, edges: &[&Edge], node: &Node) {
    let arm = node.arm.as_ref().map(|a| format!(" ({}#{})", a.decision, a.arm)).unwrap_or_default();
    let phase = node.phase.map(|p| format!(" {p:?}")).unwrap_or_default();
    let _ = writeln!(out, "  {:>3} {:?}{phase} {}: {}{arm}", node.line, node.kind, node.id, node.title);
    if let Some(guard) = &node.guard {
        let _ = writeln!(out, "        if: {guard}");
    }
    if let Some(command) = &node.command {
        let lines = command.text.lines().take(if node.kind == NodeKind::Reference { 1 } else { 12 });
        for line in lines {
            let _ = writeln!(out, "        | {line}");
        }
    }
    if let Some(expected) = &node.expected {
        let _ = writeln!(out, "        expect: {}", expected.lines().next().unwrap_or(""));
    }
    if let Some(minutes) = node.after_minutes {
        let _ = writeln!(out, "        after {minutes} min");
    }
    for edge in edges {
        match &edge.kind {
            EdgeKind::Then => {}
            EdgeKind::Branch(branch) => {
                let _ = writeln!(out, "        [{}] -> {}", branch.label, edge.to);
            }
            other => {
                let _ = writeln!(out, "        {other:?} -> {}", edge.to);
            }
        }
    }
}
