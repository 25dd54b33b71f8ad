//! The steps of a runbook as a list, each with what the text says of it: the canonical form of the graph.

use std::collections::HashMap;

use farol_api::graph::{ContextKind, EdgeKind, Node, NodeKind, StepGraph, StepLinkKind};
use farol_api::id::StepId;
use farol_api::runbook::Runbook;
use leptos::prelude::*;

use super::badge::risk_of;
use crate::components::prose::inline;
use crate::words::facts::words as facts;
use crate::words::fill;
use crate::words::runbooks::words;
use crate::words::terms::{Term, words as terms};

/// Shows every step, and beside them what must not be done, whom to call and where the way goes on.
pub fn step_list(runbook: &Runbook) -> AnyView {
    let nodes = runbook.graph.nodes.iter().filter(|node| node.kind != NodeKind::Reference);
    let mut known = known(runbook);
    let rows: Vec<_> =
        nodes.map(|node| row(&runbook.graph, node, known.remove(&node.id).unwrap_or_default())).collect();
    if rows.is_empty() {
        return view! { <p class="empty">{words().no_steps}</p> }.into_any();
    }
    view! { <ol class="step-list">{rows}</ol> }.into_any()
}

/// A term and what it says of a step.
struct Fact {
    term: &'static str,
    what: AnyView,
}

type Known<'a> = HashMap<&'a StepId, Vec<Fact>>;

/// What the runbook says of each step elsewhere than in the step.
fn known(runbook: &Runbook) -> Known<'_> {
    let mut known = Known::new();
    let graph = &runbook.graph;
    let w = facts();
    for edge in &graph.edges {
        let (about, term, other) = match edge.kind {
            EdgeKind::Needs => (&edge.to, w.needs, &edge.from),
            EdgeKind::OnFailure => (&edge.from, w.on_failure, &edge.to),
            EdgeKind::Goto => (&edge.from, w.continues, &edge.to),
            EdgeKind::Then | EdgeKind::Branch(_) => continue,
        };
        add(&mut known, about, term, link(graph, other));
    }
    for found in &runbook.links {
        let (does, done) = match found.kind {
            StepLinkKind::Verifies => (w.verifies, w.verified_by),
            StepLinkKind::Undoes => (w.undoes, w.undone_by),
        };
        add(&mut known, &found.from, does, link(graph, &found.to));
        add(&mut known, &found.to, done, link(graph, &found.from));
    }
    for capture in &runbook.captures {
        let users: Vec<_> = capture.used_by.iter().filter_map(|step| Some(graph.node(step)?.title.clone())).collect();
        let template = if users.is_empty() { "{}" } else { w.set_for };
        add(
            &mut known,
            &capture.step,
            w.sets,
            inline(&fill(template, &[&format!("`${}`", capture.name), &users.join(", ")])).into_any(),
        );
    }
    for context in &runbook.contexts {
        add(&mut known, &context.opened_by, w.opens, opened(context.kind).into_any());
        for step in &context.steps {
            add(&mut known, step, w.inside, code(&context.command));
        }
    }
    for lifted in &runbook.lifted {
        for statement in &lifted.statements {
            add(&mut known, &lifted.step, w.sql_inside, code(&statement.text));
        }
    }
    known
}

fn add<'a>(known: &mut Known<'a>, step: &'a StepId, term: &'static str, what: AnyView) {
    known.entry(step).or_default().push(Fact { term, what });
}

fn link(graph: &StepGraph, step: &StepId) -> AnyView {
    let title = graph.node(step).map_or_else(|| step.to_string(), |node| node.title.clone());
    view! { <a href=format!("#step-{step}") rel="external">{inline(&title)}</a> }.into_any()
}

fn opened(kind: ContextKind) -> &'static str {
    let w = facts();
    match kind {
        ContextKind::Remote => w.open_remote,
        ContextKind::Container => w.open_container,
        ContextKind::Database => w.open_database,
        ContextKind::User => w.open_user,
        ContextKind::Console => w.open_console,
    }
}

/// What the step says of itself.
fn own(node: &Node) -> Vec<Fact> {
    let w = facts();
    let mut own = Vec::new();
    let mut add = |term, what: &str| own.push(Fact { term, what: inline(what).into_any() });
    if let Some(guard) = &node.guard {
        add(w.condition, guard);
    }
    if let Some(expected) = &node.expected {
        add(w.expected, expected);
    }
    if let Some(goto) = node.goto.as_ref().filter(|goto| **goto != node.title) {
        add(w.continues, goto);
    }
    own
}

fn code(text: &str) -> AnyView {
    view! { <code>{text.to_owned()}</code> }.into_any()
}

fn row(graph: &StepGraph, node: &Node, known: Vec<Fact>) -> AnyView {
    let w = words();
    let arm = node.arm.as_ref().and_then(|arm| {
        let decision = graph.node(&arm.decision)?;
        Some(decision.arms.get(arm.arm)?.label.clone())
    });
    let phase = node.phase.map_or_else(|| terms().phase_none, Term::word);
    let due = node.after_minutes.map(|minutes| fill(facts().minutes, &[&minutes.to_string()]));
    let about = [Some(node.kind.word().to_owned()), due, Some(phase.to_owned()), arm].into_iter().flatten();
    let about = about.collect::<Vec<_>>().join(" · ");
    let class = match (node.kind, node.arm.is_some()) {
        (NodeKind::Prohibition, true) => "branch never",
        (NodeKind::Prohibition, false) => "never",
        (_, true) => "branch",
        (_, false) => "",
    };
    let command = node.command.as_ref().map(|command| command.text.clone());
    let facts: Vec<_> = own(node)
        .into_iter()
        .chain(known)
        .map(|fact| view! { <div><dt>{fact.term}</dt><dd>{fact.what}</dd></div> }.into_any())
        .collect();
    view! {
        <li class=class id=format!("step-{}", node.id)>
            <div class="line">
                <b>{inline(&node.title)}</b>
                {risk_of(node).map(|risk| view! { <span class="label">{risk}</span> })}
                <span class="label end">{fill(w.line, &[&node.line.to_string()])}</span>
            </div>
            <p class="label">{about}</p>
            {command.map(|text| view! { <pre class="quoted">{text}</pre> })}
            {(!facts.is_empty()).then(|| view! { <dl class="known">{facts}</dl> })}
        </li>
    }
    .into_any()
}
