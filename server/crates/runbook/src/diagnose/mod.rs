//! What the reader has to say about a text.

mod attributes;
pub mod catalogue;
pub mod keys;
mod labels;
pub mod page;
mod quotes;
mod references;

pub use references::missing_runbooks;

use chrono::NaiveDate;
use farol_api::graph::{Node, NodeKind, Phase, StepGraph};
use farol_api::id::StepId;
use farol_api::runbook::{Diagnostic, DiagnosticSeverity, MetadataKind, Runbook, TextEdit};
use farol_api::text::{Localized, Span};
use rustc_hash::FxHashMap;

use crate::dense;
use crate::doc::Doc;
use crate::front;
use crate::graph::Built;
use crate::outline::Outline;
use crate::steps::Steps;
use catalogue::Entry;

/// No document gets more of one kind; the rest says nothing new.
const MOST_OF_A_KIND: usize = 100;

/// Makes a diagnostic from its entry.
pub fn diagnostic(entry: &Entry, about: &str, span: Span, line: usize) -> Diagnostic {
    let message = Localized::new(fill(entry.en, about), fill(entry.pt, about));
    Diagnostic { code: entry.code.to_owned(), severity: entry.severity, message, span, line, fix: None }
}

/// Puts what a sentence is about into it.
fn fill(sentence: &str, about: &str) -> String {
    let gap = memchr::memchr(b'{', sentence.as_bytes()).filter(|at| sentence[*at..].starts_with("{}"));
    gap.map_or_else(|| sentence.to_owned(), |at| [&sentence[..at], about, &sentence[at + 2..]].concat())
}

/// Makes a diagnostic that speaks of something in the reader's language.
pub fn localized(entry: &Entry, about: &Localized, span: Span, line: usize) -> Diagnostic {
    let message = Localized::new(fill(entry.en, &about.en), fill(entry.pt, &about.pt));
    Diagnostic { message, ..diagnostic(entry, "", span, line) }
}

/// Says which destructive steps nothing verifies or undoes.
///
/// Which steps destroy is for who classifies risk to say; this looks only at what comes after.
pub fn destructive_without_verification(graph: &StepGraph, destroys: impl Fn(&Node) -> bool) -> Vec<Diagnostic> {
    let cares = |n: &Node| {
        matches!(n.kind, NodeKind::Verify | NodeKind::Check) || matches!(n.phase, Some(Phase::Verify | Phase::Rollback))
    };
    let after = graph.nodes.iter().rposition(cares).unwrap_or(0);
    let alone = graph.nodes[after.min(graph.nodes.len())..].iter().filter(|n| {
        // What undoes something needs nothing that undoes it.
        n.expected.is_none() && n.phase != Some(Phase::Rollback) && destroys(n)
    });
    let entry = &catalogue::DESTRUCTIVE_WITHOUT_VERIFICATION;
    alone.take(MOST_OF_A_KIND).map(|step| diagnostic(entry, &step.title, step.span, step.line)).collect()
}

/// What earlier passes have to say.
pub struct Found<'a> {
    /// References that lead nowhere.
    pub broken: &'a [(String, Span)],
    /// What is wrong with front matter.
    pub front: &'a [front::Problem],
    /// Parameters that front matter declares and no step uses.
    pub unused: &'a [(String, Span)],
}

/// Collects all diagnostics, in the order of the text.
pub fn all(
    doc: &Doc<'_>,
    outline: &Outline<'_>,
    steps: &Steps,
    built: &Built,
    found: &Found<'_>,
    runbook: &Runbook,
) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    repairs(doc, &mut out);
    attributes::all(doc, steps, &mut out);
    front_matter(doc, found, &mut out);
    labels::all(doc, steps, runbook, &mut out);
    quotes::all(doc, runbook, &mut out);
    references::all(doc, outline, found.broken, &mut out);
    let mut counts: Vec<(&'static str, usize)> = Vec::new();
    let mut add = |entry: &Entry, about: &str, span: Span| {
        // What would be dropped at the end need not be made.
        let known = counts.iter().position(|(code, _)| *code == entry.code);
        let known = known.unwrap_or_else(|| {
            counts.push((entry.code, 0));
            counts.len() - 1
        });
        counts[known].1 += 1;
        if counts[known].1 <= most_of(entry.severity) {
            out.push(diagnostic(entry, about, span, doc.line(span.start)));
        }
    };
    for (entry, cut, most) in [
        (&catalogue::TOO_MANY_STEPS, steps.cut, dense::most_steps(doc.text)),
        (&catalogue::TOO_MANY_HEADINGS, doc.cut, dense::most_headings(doc.text)),
    ] {
        if let Some(at) = cut {
            add(entry, &most.to_string(), Span::new(at, at));
        }
    }
    for (entry, list) in [
        (&catalogue::DUPLICATE_ID, &built.duplicates[..]),
        (&catalogue::NEEDS_CYCLE, &built.cycles[..]),
        (&catalogue::UNKNOWN_STEP, &built.missing[..]),
        (&catalogue::UNUSED_PARAMETER, found.unused),
    ] {
        list.iter().for_each(|(about, span)| add(entry, about, *span));
    }
    if let Some(first) = doc.long.first() {
        add(&catalogue::LONG_BLOCK, &doc.line(*first).to_string(), Span::new(*first, *first));
    }
    if let Some(first) = doc.moved.first() {
        add(&catalogue::READ_AS_MEANT, &doc.moved.len().to_string(), Span::from(first.clone()));
    }
    nodes(runbook, &mut add);
    targets(runbook, &mut add);
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

/// A command whose target cannot be told, in a runbook that says of others where they run.
fn targets(runbook: &Runbook, add: &mut impl FnMut(&Entry, &str, Span)) {
    let executable = || runbook.graph.nodes.iter().filter(|n| n.kind.is_executable());
    let named = runbook.front_matter.as_ref().map_or(0, |front| front.targets.len());
    // One target for all is enough said.
    if named == 1 || named == 0 && executable().all(|n| n.attributes.target.is_none()) {
        return;
    }
    for node in executable().filter(|n| n.attributes.target.is_none()) {
        add(&catalogue::COMMAND_WITHOUT_TARGET, &node.title, node.span);
    }
}

fn front_matter(doc: &Doc<'_>, found: &Found<'_>, out: &mut Vec<Diagnostic>) {
    for problem in found.front {
        let entry = match problem.kind {
            front::ProblemKind::Unread => &catalogue::FRONT_MATTER,
            front::ProblemKind::NearMiss => &catalogue::FRONT_MATTER_KEY,
        };
        let mut said = localized(entry, &problem.about, problem.span, doc.line(problem.span.start));
        let edit = |key: &str| TextEdit { span: problem.span, replacement: key.to_owned(), sure: false };
        said.fix = problem.meant.map(edit);
        out.push(said);
    }
}

/// Says that a runbook's day of review has passed. `today` is the day where the question is asked.
pub fn stale_review(runbook: &Runbook, today: NaiveDate) -> Option<Diagnostic> {
    let due = runbook.front_matter.as_ref()?.review_by.filter(|due| *due < today)?;
    let item = runbook.metadata.iter().find(|m| m.label.eq_ignore_ascii_case("review_by") || m.label == "review-by");
    let (span, line) = item.map_or((Span::new(0, 0), 1), |item| (item.span, item.line));
    Some(diagnostic(&catalogue::STALE_REVIEW, &due.to_string(), span, line))
}

/// Says that a parameter's pattern is no regular expression; the reader itself knows none.
pub fn invalid_pattern(runbook: &Runbook, is_pattern: impl Fn(&str) -> bool) -> Vec<Diagnostic> {
    let declared = runbook.front_matter.iter().flat_map(|front| &front.parameters);
    let wrong = declared.filter(|p| p.pattern.as_deref().is_some_and(|pattern| !is_pattern(pattern)));
    wrong.map(|p| diagnostic(&catalogue::INVALID_PATTERN, &p.name, p.span, p.line)).collect()
}

/// Puts diagnostics into the order of the text.
pub fn sort(found: &mut [Diagnostic]) {
    found.sort_by_key(|d| (d.span.start, d.span.end));
}

fn repairs(doc: &Doc<'_>, out: &mut Vec<Diagnostic>) {
    for repair in &doc.repairs {
        let span = Span::from(repair.fence.clone());
        let line = doc.line(repair.end.max(1) - 1) + 1;
        let mut found = diagnostic(&catalogue::UNCLOSED_FENCE, &line.to_string(), span, doc.line(span.start));
        found.fix = Some(closing(doc, repair.end, &repair.marker));
        out.push(found);
    }
}

/// Closes a block below its last line that holds something, with the line ends of the text around it.
fn closing(doc: &Doc<'_>, end: usize, marker: &str) -> TextEdit {
    let body = doc.text[..end].trim_end();
    let blank = &doc.text[body.len()..end];
    let newline = if blank.starts_with("\r\n") || blank.is_empty() && body.contains("\r\n") { "\r\n" } else { "\n" };
    let (at, before) =
        if blank.starts_with(newline) { (body.len() + newline.len(), "") } else { (body.len(), newline) };
    let replacement = format!("{before}{marker}{newline}");
    let replacement = if doc.mac { replacement.replace('\n', "\r") } else { replacement };
    TextEdit { span: Span::new(at, at), replacement, sure: true }
}

fn nodes(runbook: &Runbook, add: &mut impl FnMut(&Entry, &str, Span)) {
    for node in &runbook.graph.nodes {
        if node.kind == NodeKind::Manual && node.command.is_none() {
            add(&catalogue::STEP_WITHOUT_COMMAND, &node.title, node.span);
        }
    }
    if runbook.parameters.is_empty() {
        return;
    }
    let by_id: FxHashMap<&StepId, &Node> = runbook.graph.nodes.iter().map(|n| (&n.id, n)).collect();
    for parameter in &runbook.parameters {
        let first = parameter.steps.first().and_then(|s| by_id.get(s));
        let command = first.and_then(|n| n.command.as_ref());
        if let (Some(command), None) = (command, &parameter.default) {
            add(&catalogue::PLACEHOLDER_UNFILLED, &parameter.token, command.span);
        }
    }
}

/// A phase of more than nine steps, counted per section, is hard to follow.
fn phases(outline: &Outline<'_>, runbook: &Runbook, add: &mut impl FnMut(&Entry, &str, Span)) {
    let mut counts: FxHashMap<&[String], usize> = FxHashMap::default();
    let steps = runbook.graph.nodes.iter().filter(|n| n.kind.is_step() && n.kind != NodeKind::Decision);
    let steps: Vec<&[String]> = steps.map(|n| &*n.section).collect();
    // The steps of a section stand side by side, and share its path.
    for side_by_side in steps.chunk_by(|a, b| std::ptr::eq(*a, *b)) {
        *counts.entry(side_by_side[0]).or_default() += side_by_side.len();
    }
    counts.retain(|_, count| *count > 9);
    if counts.is_empty() {
        return;
    }
    for (i, section) in outline.sections.iter().enumerate() {
        let path = outline.path(Some(i));
        // Two sections of one name share their steps; the first one speaks for both.
        if let Some(count) = counts.remove(path.as_slice()).filter(|c| *c > 9) {
            add(&catalogue::PHASE_TOO_LONG, &count.to_string(), Span::from(section.heading.clone()));
        }
    }
}

/// How many of one kind are kept.
const fn most_of(severity: DiagnosticSeverity) -> usize {
    match severity {
        DiagnosticSeverity::Error => 10 * MOST_OF_A_KIND,
        DiagnosticSeverity::Warning | DiagnosticSeverity::Info => MOST_OF_A_KIND,
    }
}

fn capped(mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    if found.len() > MOST_OF_A_KIND {
        let mut counts: FxHashMap<String, usize> = FxHashMap::default();
        found.retain(|d| {
            let count = counts.entry(d.code.clone()).or_default();
            *count += 1;
            *count <= most_of(d.severity)
        });
    }
    sort(&mut found);
    found
}
