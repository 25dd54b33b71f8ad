//! The plan: all steps on the way taken, in their order, done ones on a line.

use farol_api::graph::{Node, NodeKind};
use farol_api::id::StepId;
use farol_api::incident::StepStatus;
use farol_api::paths;
use farol_api::room::RoomView;
use farol_api::terms::shape;
use leptos::prelude::*;

use super::Ctx;
use crate::components::badge::step_class;
use crate::components::erase::part;
use crate::components::prose::inline;
use crate::time;
use crate::url::encode;
use crate::words::room::words;
use crate::words::terms::{Term, words as terms};
use crate::words::{count, fill};

/// One line of the plan.
#[derive(Clone, Debug, PartialEq)]
enum Line {
    /// A heading over the lines that follow.
    Heading(String),
    /// A step.
    Step { id: StepId, title: String, status: StepStatus, decision: bool, depth: usize, sub: Option<String> },
    /// A branch that was not chosen yet.
    Arm { label: String, depth: usize },
    /// Words between steps: whom to call, where to continue.
    Aside { text: String, depth: usize },
}

fn lines(room: &RoomView) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut heading = None;
    for node in room.path() {
        if matches!(node.kind, NodeKind::Prohibition | NodeKind::Reference) {
            continue;
        }
        let own = heading_of(node);
        if heading.as_ref() != Some(&own) {
            lines.push(Line::Heading(own.clone()));
            heading = Some(own);
        }
        lines.push(line(room, node));
        if node.kind == NodeKind::Decision && !room.state.choices.contains_key(&node.id) {
            let depth = depth(room, node) + 1;
            lines.extend(node.arms.iter().map(|arm| Line::Arm { label: arm.label.clone(), depth }));
        }
    }
    lines
}

/// The phase, else the author's own heading.
fn heading_of(node: &Node) -> String {
    match (node.phase, &*node.section) {
        (Some(phase), _) => phase.word().to_owned(),
        (None, [_, section, ..] | [section]) => section.clone(),
        (None, []) => terms().phase_none.to_owned(),
    }
}

fn depth(room: &RoomView, node: &Node) -> usize {
    let mut depth = 0;
    let mut arm = node.arm.clone();
    while let Some(at) = arm.filter(|_| depth < 8) {
        depth += 1;
        arm = room.graph.node(&at.decision).and_then(|decision| decision.arm.clone());
    }
    depth
}

fn line(room: &RoomView, node: &Node) -> Line {
    let depth = depth(room, node);
    let w = words();
    match node.kind {
        NodeKind::Escalation => Line::Aside { text: format!("{} {}", escalation(node), node.title), depth },
        NodeKind::Goto => {
            let to = format!("{} {}", w.goto, place(node));
            let text = node.guard.as_ref().map_or(to.clone(), |guard| format!("{guard}: {to}"));
            Line::Aside { text, depth }
        }
        _ => Line::Step {
            id: node.id.clone(),
            title: node.title.clone(),
            status: room.status(&node.id),
            decision: node.kind == NodeKind::Decision,
            depth,
            sub: sub(room, node),
        },
    }
}

/// Where it goes on, as the runbook calls it.
pub fn place(node: &Node) -> &str {
    node.goto.as_deref().unwrap_or(&node.title)
}

/// When somebody is to be called.
pub fn escalation(node: &Node) -> String {
    let w = words();
    node.after_minutes
        .map_or_else(|| w.escalation_any.to_owned(), |minutes| fill(w.escalation, &[&minutes.to_string()]))
}

fn sub(room: &RoomView, node: &Node) -> Option<String> {
    let w = words();
    let step = room.state.steps.get(&node.id)?;
    if let Some(choice) = room.state.choices.get(&node.id) {
        return Some(format!("{}: {}", w.chosen, choice.label));
    }
    let mut parts = Vec::new();
    if !matches!(step.status, StepStatus::Done | StepStatus::Succeeded | StepStatus::Pending) {
        parts.push(step.status.word().to_owned());
    }
    parts.extend(step.reason.clone());
    parts.extend(step.observed.as_ref().map(|seen| format!("{}: {seen}", w.observed)));
    if step.status == StepStatus::Done && parts.is_empty() {
        parts.extend(step.by.as_ref().map(|person| person.name.clone()));
    }
    let last = step.attempts.last().and_then(|attempt| room.state.attempts.get(attempt));
    if let Some(result) = last.and_then(|attempt| attempt.result.as_ref()) {
        parts.extend(result.rows.map(|rows| count(usize::try_from(rows).unwrap_or(usize::MAX), w.rows_one, w.rows)));
        parts.push(time::millis(result.duration_ms));
    }
    (!parts.is_empty()).then(|| parts.join(" · "))
}

/// The plan.
#[component]
pub fn Steps() -> impl IntoView {
    let ctx = Ctx::take();
    let w = words();
    let lines = ctx.derive(lines);
    let drawn = ctx.derive(|room| !room.graph.nodes.is_empty());
    let about = ctx.derive(|room| {
        let runbook = room.state.runbook.clone();
        (runbook, room.progress())
    });
    view! {
        {part(move || {
            let (runbook, (settled, all)) = about.get();
            runbook.map_or_else(
                || view! { <p class="label">{w.no_runbook}</p> }.into_any(),
                |runbook| view! {
                    <p class="label">
                        <a href=paths::revision(&runbook.id, runbook.revision.as_str())>{runbook.title}</a>
                        " · "{fill(w.progress, &[&settled.to_string(), &all.to_string()])}
                    </p>
                }
                .into_any(),
            )
        })}
        <ol class="plan">{part(move || lines.get().into_iter().map(|line| line_view(ctx, line)).collect::<Vec<_>>())}</ol>
        {part(move || drawn.get().then(|| picture(ctx)))}
    }
    .into_any()
}

/// The graph as a picture, with the step in view marked; it says nothing that the plan does not.
fn picture(ctx: Ctx) -> AnyView {
    let w = words();
    let seq = ctx.derive(|room| room.state.last_seq);
    let address = move |now: Option<StepId>| {
        let step = now.map(|step| format!("step={}&", encode(step.as_str()))).unwrap_or_default();
        format!("{}?{step}seq={}", paths::api_incident_graph(ctx.id), seq.get())
    };
    view! {
        <details class="quiet">
            <summary>{w.graph}</summary>
            <a href=paths::api_incident_graph(ctx.id) target="_blank">
                <img class="graph" src=move || address(ctx.step.get()) alt=w.graph_alt loading="lazy"/>
            </a>
        </details>
    }
    .into_any()
}

fn line_view(ctx: Ctx, line: Line) -> AnyView {
    let indent = |depth: usize| format!("d{}", depth.min(3));
    match line {
        Line::Heading(text) => view! { <li class="phase">{text}</li> }.into_any(),
        Line::Arm { label, depth } => view! {
            <li class=format!("arm {}", indent(depth))><span class="line"><span aria-hidden="true">"┄"</span><span>{label}</span></span></li>
        }
        .into_any(),
        Line::Aside { text, depth } => view! {
            <li class=format!("arm {}", indent(depth))><span class="line"><span aria-hidden="true">"→"</span><span>{text}</span></span></li>
        }
        .into_any(),
        Line::Step { id, title, status, decision, depth, sub } => {
            let (look, shape) = (step_class(status), shape(status));
            let shape = if decision && !status.is_settled() { "◇" } else if decision { "◆" } else { shape };
            let href = format!("{}?step={}", paths::incident(ctx.id), encode(id.as_str()));
            let current = move || (ctx.step.get().as_ref() == Some(&id)).then_some("step");
            view! {
                <li class=format!("{look} {}", indent(depth))>
                    <a class="line" href=href aria-current=current data-step="">
                        <span aria-hidden="true">{shape}</span>
                        <span>
                            {inline(&title)}
                            <span class="sr">", "{status.word()}</span>
                            {sub.map(|sub| view! { <span class="sub">{sub}</span> })}
                        </span>
                    </a>
                </li>
            }
            .into_any()
        }
    }
}
