//! What the reader has to say about a text.

pub mod catalogue;
pub mod page;

use std::collections::HashMap;

use farol_api::graph::{Node, NodeKind, Phase, StepGraph};
use farol_api::id::StepId;
use farol_api::runbook::{BlockKind, Diagnostic, DiagnosticSeverity, MetadataKind, Runbook, TextEdit};
use farol_api::text::{Localized, Span};

use crate::doc::Doc;
use crate::graph::Built;
use crate::outline::Outline;
use crate::steps::Steps;
use catalogue::Entry;

/// No document gets more of one kind; the rest says nothing new.
const MOST_OF_A_KIND: usize = 100;

/// Makes a diagnostic from its entry.
pub fn diagnostic(entry: &Entry, about: &str, span: Span, line: usize) -> Diagnostic {
    let message = Localized::new(entry.en.replacen("{}", about, 1), entry.pt.replacen("{}", about, 1));
    Diagnostic { code: entry.code.to_owned(), severity: entry.severity, message, span, line, fix: None }
}

/// Makes the diagnostic for a destructive step that nothing verifies or undoes, if `step` is one.
///
/// Which steps destroy is for who classifies risk to say; this looks only at what comes after.
pub fn destructive_without_verification(graph: &StepGraph, step: &Node) -> Option<Diagnostic> {
    let after = graph.nodes.iter().skip_while(|n| n.id != step.id).skip(1);
    let mut caring = after.filter(|n| {
        matches!(n.kind, NodeKind::Verify | NodeKind::Check) || matches!(n.phase, Some(Phase::Verify | Phase::Rollback))
    });
    let mended = step.expected.is_some() || caring.next().is_some();
    (!mended).then(|| diagnostic(&catalogue::DESTRUCTIVE_WITHOUT_VERIFICATION, &step.title, step.span, step.line))
}

/// Collects all diagnostics, in the order of the text.
pub fn all(
    doc: &Doc<'_>,
    outline: &Outline,
    steps: &Steps,
    built: &Built,
    broken: &[(String, Span)],
    runbook: &Runbook,
) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    repairs(doc, &mut out);
    let mut add =
        |entry: &Entry, about: &str, span: Span| out.push(diagnostic(entry, about, span, doc.line(span.start)));
    for (key, span) in &steps.unknown_attributes {
        add(&catalogue::UNKNOWN_ATTRIBUTE, key, Span::from(span.clone()));
    }
    for (entry, list) in [
        (&catalogue::DUPLICATE_ID, &built.duplicates[..]),
        (&catalogue::NEEDS_CYCLE, &built.cycles[..]),
        (&catalogue::UNKNOWN_STEP, &built.missing[..]),
        (&catalogue::BROKEN_CROSS_REFERENCE, broken),
    ] {
        list.iter().for_each(|(about, span)| add(entry, about, *span));
    }
    for block in &runbook.blocks {
        if lies(&block.label, block.kind) {
            add(&catalogue::FENCE_LABEL_MISMATCH, &block.label, block.span);
        }
    }
    nodes(runbook, &mut add);
    phases(outline, runbook, &mut add);
    let rto = runbook.metadata.iter().find(|m| m.kind == MetadataKind::Rto);
    let escalates = runbook.graph.nodes.iter().any(|n| n.after_minutes.is_some());
    if let Some(rto) = rto.filter(|_| !escalates) {
        add(&catalogue::RTO_WITHOUT_ESCALATION, "", rto.span);
    }
    if !runbook.graph.nodes.iter().any(|n| n.kind.is_step()) {
        add(&catalogue::NO_STEPS, "", Span::new(0, 0));
    }
    capped(out)
}

fn repairs(doc: &Doc<'_>, out: &mut Vec<Diagnostic>) {
    for repair in &doc.repairs {
        let span = Span::from(repair.fence.clone());
        let line = doc.line(repair.end.max(1) - 1) + 1;
        let mut found = diagnostic(&catalogue::UNCLOSED_FENCE, &line.to_string(), span, doc.line(span.start));
        found.fix = Some(closing(doc.text, repair.end, &repair.marker));
        out.push(found);
    }
}

/// Closes a block below its last line that holds something, with the line ends of the text around it.
fn closing(text: &str, end: usize, marker: &str) -> TextEdit {
    let body = text[..end].trim_end();
    let blank = &text[body.len()..end];
    let newline = if blank.starts_with("\r\n") || blank.is_empty() && body.contains("\r\n") { "\r\n" } else { "\n" };
    let (at, before) =
        if blank.starts_with(newline) { (body.len() + newline.len(), "") } else { (body.len(), newline) };
    TextEdit { span: Span::new(at, at), replacement: format!("{before}{marker}{newline}") }
}

fn nodes(runbook: &Runbook, add: &mut impl FnMut(&Entry, &str, Span)) {
    for node in &runbook.graph.nodes {
        if node.kind == NodeKind::Manual && node.command.is_none() {
            add(&catalogue::STEP_WITHOUT_COMMAND, &node.title, node.span);
        }
    }
    let by_id: HashMap<&StepId, &Node> = runbook.graph.nodes.iter().map(|n| (&n.id, n)).collect();
    for parameter in &runbook.parameters {
        let first = parameter.steps.first().and_then(|s| by_id.get(s));
        let command = first.and_then(|n| n.command.as_ref());
        if let (Some(command), None) = (command, &parameter.default) {
            add(&catalogue::PLACEHOLDER_UNFILLED, &parameter.token, command.span);
        }
    }
}

/// A phase of more than nine steps, counted per section, is hard to follow.
fn phases(outline: &Outline, runbook: &Runbook, add: &mut impl FnMut(&Entry, &str, Span)) {
    let mut counts: HashMap<&[String], usize> = HashMap::new();
    for node in runbook.graph.nodes.iter().filter(|n| n.kind.is_step() && n.kind != NodeKind::Decision) {
        *counts.entry(&node.section).or_default() += 1;
    }
    for (i, section) in outline.sections.iter().enumerate() {
        let path = outline.path(Some(i));
        // Two sections of one name share their steps; the first one speaks for both.
        if let Some(count) = counts.remove(path.as_slice()).filter(|c| *c > 9) {
            add(&catalogue::PHASE_TOO_LONG, &count.to_string(), Span::from(section.heading.clone()));
        }
    }
}

fn lies(label: &str, kind: BlockKind) -> bool {
    let shell = matches!(label, "bash" | "sh" | "shell" | "zsh");
    let source =
        matches!(label, "python" | "py" | "yaml" | "yml" | "json" | "javascript" | "js" | "ini" | "toml" | "conf");
    shell && matches!(kind, BlockKind::Reference | BlockKind::Sql)
        || label == "sql" && kind == BlockKind::Shell
        || source && kind.is_exec()
}

fn capped(mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    found.retain(|d| {
        let count = counts.entry(d.code.clone()).or_default();
        *count += 1;
        *count <= MOST_OF_A_KIND || d.severity == DiagnosticSeverity::Error && *count <= 10 * MOST_OF_A_KIND
    });
    found.sort_by_key(|d| (d.span.start, d.span.end));
    found
}
