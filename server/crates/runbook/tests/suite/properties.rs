//! What holds for every text, however broken.

use std::collections::{HashMap, HashSet};

use crate::pieces::text;
use farol_api::graph::{EdgeKind, Node, NodeKind};
use farol_api::id::StepId;
use farol_api::runbook::Runbook;
use farol_api::text::Span;
use farol_runbook::{parse, to_html};
use proptest::prelude::*;

type Ids = HashMap<StepId, usize>;

fn inside(span: Span, text: &str) -> bool {
    span.start <= span.end && text.get(span.start..span.end).is_some()
}

/// The line of a byte, from 1.
fn line_of(text: &str, at: usize) -> usize {
    1 + text.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count()
}

fn check(runbook: &Runbook, text: &str) {
    let nodes = &runbook.graph.nodes;
    let ids: Ids = nodes.iter().enumerate().map(|(i, n)| (n.id.clone(), i)).collect();
    assert_eq!(ids.len(), nodes.len(), "ids are unique");
    for node in nodes {
        step(node, text);
    }
    let steps = nodes.iter().filter(|n| n.kind != NodeKind::Decision);
    assert!(steps.map(|n| n.span.start).is_sorted(), "steps stand in the order of the text");
    places(runbook, text);
    named(runbook, text, &ids);
    facts(runbook, text, &ids);
    graph(runbook, &ids);
    arms(runbook, &ids);
}

/// What the parser makes of characters: blanks of tabs and line ends, a sign for what is no character, a bar of one that
/// is escaped in a table. Nothing else is read otherwise than it is written.
fn as_read(text: &str) -> String {
    let text = text.replace('\0', "\u{fffd}").replace("\\|", "|");
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// A step lies in the text, and so does its command, as it is written there.
fn step(node: &Node, text: &str) {
    assert!(inside(node.span, text), "{:?}", node.span);
    assert_eq!(node.line, line_of(text, node.span.start), "{:?}", node.title);
    let Some(command) = &node.command else { return };
    assert!(inside(command.span, text));
    assert_eq!(command.line, line_of(text, command.span.start), "{:?}", command.text);
    assert!(node.span.start <= command.span.start && command.span.end <= node.span.end, "{node:?}");
    let source = as_read(&text[command.span.start..command.span.end]);
    for line in command.text.lines().map(as_read) {
        assert!(source.contains(&line), "{line:?} in {source:?}");
    }
    for used in &command.placeholders {
        assert_eq!(command.text.get(used.span.start..used.span.end), Some(used.token.as_str()));
    }
    assert!(!(node.kind.is_executable() && command.text.trim().is_empty()));
    assert!(node.kind != NodeKind::Prohibition || command.placeholders.is_empty(), "what never runs asks for nothing");
}

/// Everything else that says where it stands lies in the text too, sections within those around them.
fn places(runbook: &Runbook, text: &str) {
    let spans =
        runbook.sections.iter().map(|s| (s.span, s.line)).chain(runbook.blocks.iter().map(|b| (b.span, b.line)));
    let spans = spans.chain(runbook.metadata.iter().map(|m| (m.span, m.line)));
    let spans = spans.chain(runbook.references.iter().map(|r| (r.span, r.line)));
    let spans = spans.chain(runbook.checklists.iter().map(|c| (c.span, c.line)));
    let spans = spans.chain(runbook.tables.iter().map(|t| (t.span, t.line)));
    for (span, line) in spans.chain(runbook.diagnostics.iter().map(|d| (d.span, d.line))) {
        assert!(inside(span, text), "{span:?}");
        assert_eq!(line, line_of(text, span.start), "{span:?}");
    }
    let fixes = runbook.diagnostics.iter().filter_map(|d| d.fix.as_ref()).map(|f| f.span);
    let facts = runbook.samples.iter().map(|s| s.span).chain(runbook.alerts.iter().map(|a| a.span));
    for span in fixes.chain(facts) {
        assert!(inside(span, text), "{span:?}");
    }
    let mut open: Vec<Span> = Vec::new();
    for section in &runbook.sections {
        open.retain(|outer| outer.end > section.span.start);
        assert!(open.last().is_none_or(|outer| section.span.end <= outer.end), "{section:?}");
        open.push(section.span);
    }
    let anchors: HashSet<_> = runbook.sections.iter().map(|s| &s.anchor).collect();
    assert_eq!(anchors.len(), runbook.sections.len(), "anchors are unique");
    assert!(runbook.references.iter().filter_map(|r| r.section.as_ref()).all(|anchor| anchors.contains(anchor)));
}

/// Blocks, checklists and parameters name steps that exist, and those that are theirs.
fn named(runbook: &Runbook, text: &str, ids: &Ids) {
    let node = |id: &StepId| &runbook.graph.nodes[ids[id]];
    for block in &runbook.blocks {
        assert!(block.steps.iter().all(|id| within(node(id).span, block.span)), "{block:?}");
        let runs = block.steps.iter().any(|id| node(id).command.is_some() && !is_shown(node(id).kind));
        assert_eq!(block.kind.is_exec(), runs, "{block:?} in {text:?}");
    }
    for list in &runbook.checklists {
        assert!(
            list.steps.iter().all(|id| node(id).kind == NodeKind::Check && within(node(id).span, list.span)),
            "{list:?}"
        );
    }
    let checks = runbook.graph.nodes.iter().filter(|n| n.kind == NodeKind::Check).count();
    assert_eq!(runbook.checklists.iter().map(|list| list.steps.len()).sum::<usize>(), checks);
    let used: HashSet<(&str, &StepId)> =
        runbook.graph.nodes.iter().flat_map(|n| uses(n).map(move |p| (p, &n.id))).collect();
    let said: HashSet<(&str, &StepId)> =
        runbook.parameters.iter().flat_map(|p| p.steps.iter().map(move |s| (p.name.as_str(), s))).collect();
    assert_eq!(used, said, "a parameter names the steps that use it");
}

fn uses(node: &Node) -> impl Iterator<Item = &str> {
    node.command.iter().flat_map(|command| &command.placeholders).map(|p| p.parameter.as_str())
}

fn within(inner: Span, outer: Span) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

fn is_shown(kind: NodeKind) -> bool {
    matches!(kind, NodeKind::Prohibition | NodeKind::Reference)
}

/// What is told of steps names steps that exist, and lies in the text.
fn facts(runbook: &Runbook, text: &str, ids: &Ids) {
    let lifted = runbook.lifted.iter().map(|l| &l.step);
    let contexts = runbook.contexts.iter().flat_map(|c| c.steps.iter().chain([&c.opened_by]));
    let captures = runbook.captures.iter().flat_map(|c| c.used_by.iter().chain([&c.step]));
    let links = runbook.links.iter().flat_map(|l| [&l.from, &l.to]);
    let samples = runbook.samples.iter().flat_map(|s| &s.steps);
    for id in lifted.chain(contexts).chain(captures).chain(links).chain(samples) {
        assert!(ids.contains_key(id), "{id}");
    }
    for lifted in &runbook.lifted {
        let command = runbook.graph.nodes[ids[&lifted.step]].command.as_ref().unwrap();
        for statement in &lifted.statements {
            assert!(inside(statement.span, &command.text));
            assert!(!statement.text.trim().is_empty());
        }
    }
    for sample in &runbook.samples {
        assert!(inside(sample.span, text));
    }
    for link in &runbook.links {
        assert!(ids[&link.to] < ids[&link.from], "one verifies and undoes what came before");
    }
}

/// Every end exists, the start reaches all by what comes next alone, and only a go-to leads back.
fn graph(runbook: &Runbook, ids: &Ids) {
    let mut next: HashMap<usize, Vec<usize>> = HashMap::new();
    for edge in &runbook.graph.edges {
        let (from, to) = (ids[&edge.from], ids[&edge.to]);
        assert!(edge.kind == EdgeKind::Goto || from < to, "only a go-to leads back: {edge:?}");
        assert_ne!(from, to, "{edge:?}");
        if matches!(edge.kind, EdgeKind::Then | EdgeKind::Branch(_)) {
            next.entry(from).or_default().push(to);
        }
    }
    assert_eq!(runbook.graph.start.is_some(), !runbook.graph.nodes.is_empty());
    let mut seen = HashSet::new();
    let mut open: Vec<usize> = runbook.graph.start.iter().map(|s| ids[s]).collect();
    while let Some(node) = open.pop() {
        if seen.insert(node) {
            open.extend(next.get(&node).into_iter().flatten());
        }
    }
    assert_eq!(seen.len(), runbook.graph.nodes.len(), "the start reaches all");
}

/// A choice has two arms at least, each with one way in, and a step knows the arm that it lies in.
fn arms(runbook: &Runbook, ids: &Ids) {
    let nodes = &runbook.graph.nodes;
    for (i, node) in nodes.iter().enumerate() {
        if let Some(arm) = &node.arm {
            let choice = &nodes[ids[&arm.decision]];
            assert!(choice.kind == NodeKind::Decision && arm.arm < choice.arms.len() && ids[&arm.decision] < i);
        }
        assert_eq!(node.arms.len() > 1, node.kind == NodeKind::Decision, "{node:?}");
        for (index, arm) in node.arms.iter().enumerate() {
            let Some(first) = &arm.first else { continue };
            let first = &nodes[ids[first]];
            let lies = first.arm.as_ref().is_some_and(|arm| arm.decision == node.id && arm.arm == index);
            assert!(lies, "an arm begins in itself: {first:?}");
            let leads = |e: &&farol_api::graph::Edge| e.from == node.id && e.to == first.id;
            let branch = runbook.graph.edges.iter().filter(leads).any(
                |e| matches!(&e.kind, EdgeKind::Branch(branch) if branch.label == arm.label && branch.guard == arm.guard),
            );
            assert!(branch, "a branch leads into each arm");
        }
        let ways = runbook.graph.edges.iter().filter(|e| e.from == node.id && matches!(e.kind, EdgeKind::Branch(_)));
        let thens = runbook.graph.edges.iter().filter(|e| e.from == node.id && e.kind == EdgeKind::Then).count();
        match node.kind {
            NodeKind::Decision => assert_eq!(thens, 0, "from a choice only its arms lead on"),
            _ => assert!(ways.count() == 0 && thens <= 1, "from a step one way leads on: {node:?}"),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_text_is_read_whole(text in text()) {
        let runbook = parse(&text, None);
        check(&runbook, &text);
        let again = parse(&text, Some(&runbook));
        prop_assert_eq!(&again, &runbook);
        let html = to_html(&text);
        prop_assert!(!html.contains("<script"));
    }

    /// Windows ends lines with two characters: the steps are the same, their places differ.
    #[test]
    fn line_ends_change_no_step(text in text()) {
        let text = text.replace('\r', "");
        let windows = text.replace('\n', "\r\n");
        let (unix, other) = (parse(&text, None), parse(&windows, None));
        check(&other, &windows);
        let steps = |r: &Runbook| -> Vec<_> {
            let nodes = r.graph.nodes.iter();
            nodes.map(|n| (n.id.clone(), n.kind, n.line, n.command.as_ref().map(|c| c.text.replace('\r', "")))).collect()
        };
        prop_assert_eq!(steps(&unix), steps(&other));
        // Old Macs end lines with one: not even places differ.
        let mac = text.replace('\n', "\r");
        prop_assert_eq!(parse(&mac, None).graph, unix.graph);
        prop_assert_eq!(to_html(&mac), to_html(&text));
    }
}
