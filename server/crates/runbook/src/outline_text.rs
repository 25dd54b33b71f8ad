//! A runbook's graph as a short text that people can read and compare.

use std::fmt::Write as _;

use farol_api::graph::{EdgeKind, Node, NodeKind};
use farol_api::runbook::Runbook;

/// Writes a runbook as an outline: metadata, nodes with their edges, parameters, diagnostics.
pub fn outline_text(runbook: &Runbook) -> String {
    let mut out = String::new();
    let language = runbook.language.as_deref().unwrap_or("?");
    let _ = writeln!(out, "{} [{language}]", runbook.title);
    for item in &runbook.metadata {
        let seconds = item.seconds.map(|s| format!(" = {s} s")).unwrap_or_default();
        let _ = writeln!(out, "  meta {:?} {}: {}{seconds}", item.kind, item.label, item.value);
    }
    let mut section: &[String] = &[];
    for node in &runbook.graph.nodes {
        if node.section != section {
            section = &node.section;
            let _ = writeln!(out, "{}", section.join(" > "));
        }
        write_node(&mut out, runbook, node);
    }
    for list in &runbook.checklists {
        let _ = writeln!(out, "checklist {:?}: {} items", list.title, list.steps.len());
    }
    for parameter in &runbook.parameters {
        let secret = if parameter.secret { " secret" } else { "" };
        let _ = writeln!(out, "parameter {} {}{secret} in {}", parameter.name, parameter.token, parameter.steps.len());
    }
    for found in &runbook.diagnostics {
        let _ = writeln!(out, "{:?} {} line {}: {}", found.severity, found.code, found.line, found.message.en);
    }
    out
}

fn write_node(out: &mut String, runbook: &Runbook, node: &Node) {
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
    for edge in runbook.graph.edges.iter().filter(|e| e.from == node.id) {
        match &edge.kind {
            EdgeKind::Then => {}
            EdgeKind::Branch { label, .. } => {
                let _ = writeln!(out, "        [{label}] -> {}", edge.to);
            }
            other => {
                let _ = writeln!(out, "        {other:?} -> {}", edge.to);
            }
        }
    }
}
