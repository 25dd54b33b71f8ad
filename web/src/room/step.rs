//! The step in view: what to do, with what, and what to watch for.

use farol_api::approval::Way;
use farol_api::graph::{Node, NodeKind};
use farol_api::id::StepId;
use farol_api::incident::{StepState, StepStatus};
use farol_api::paths;
use farol_api::room::{Gate, RoomView, StepNote};
use leptos::prelude::*;

use super::act::Doing;
use super::{Ctx, act, attempt, place, run, steps};
use crate::components::badge::StepMark;
use crate::components::command::{CommandBlock, Place, pieces};
use crate::components::erase::part;
use crate::components::prose::{Prose, inline};
use crate::url::encode;
use crate::visit::locale;
use crate::words::fill;
use crate::words::room::words;
use crate::words::terms::Term;

/// All that the view of one step depends on, apart from output and preview.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    pub node: Node,
    pub state: StepState,
    pub gate: Option<Gate>,
    /// The other ways in which it can run.
    pub ways: Vec<Way>,
    pub place: Option<(usize, usize)>,
    pub previous: Option<StepId>,
    pub next: Option<StepId>,
    pub on_path: bool,
    pub open: bool,
    pub arm: Option<String>,
    pub chosen: Option<usize>,
    pub firsts: Vec<Option<String>>,
    pub never: Vec<Node>,
    pub asides: Vec<Node>,
    pub values: Vec<(String, Option<String>, bool)>,
    pub notes: Vec<StepNote>,
}

impl Panel {
    fn of(room: &RoomView, step: &StepId, way: Option<Way>) -> Option<Self> {
        let gate = room.gate(step, way).cloned();
        let others = room.gates_of(step).map(|gate| gate.way);
        let node = room.graph.node(step)?.clone();
        let way: Vec<_> = room.path().filter(|node| node.kind.is_step()).map(|node| node.id.clone()).collect();
        let at = way.iter().position(|id| id == step);
        let label = node.arm.as_ref().and_then(|arm| {
            let decision = room.graph.node(&arm.decision)?;
            Some(decision.arms.get(arm.arm)?.label.clone())
        });
        let firsts = node
            .arms
            .iter()
            .map(|arm| arm.first.as_ref().and_then(|first| room.graph.node(first)).map(|first| first.title.clone()));
        let used = room.parameters.iter().filter(|parameter| parameter.steps.contains(step));
        let values = used.map(|parameter| {
            let filled = room.state.parameters.get(&parameter.name);
            (parameter.name.clone(), filled.and_then(|filled| filled.value.clone()), filled.is_some())
        });
        Some(Self {
            state: room.state.steps.get(step).cloned().unwrap_or_default(),
            ways: others.filter(|way| gate.as_ref().is_some_and(|gate| gate.way != *way)).collect(),
            gate,
            place: place(room, &node),
            previous: at.and_then(|at| at.checked_sub(1)).and_then(|at| way.get(at).cloned()),
            next: at.and_then(|at| way.get(at + 1).cloned()),
            on_path: room.state.is_on_path(&room.graph, &node),
            open: room.state.status.is_open(),
            arm: label,
            chosen: room.state.choices.get(step).map(|choice| choice.arm),
            firsts: firsts.collect(),
            never: room.prohibitions_for(&node).cloned().collect(),
            asides: asides(room, &node),
            values: values.collect(),
            notes: room.notes.iter().filter(|note| &note.step == step).cloned().collect(),
            node,
        })
    }

    /// Tells whether somebody can still settle it.
    pub fn is_unsettled(&self) -> bool {
        !self.state.status.is_settled() && !self.state.status.is_active()
    }
}

/// What stands beside a step in the text: references, escalations, go-tos of the same section.
fn asides(room: &RoomView, node: &Node) -> Vec<Node> {
    let beside = |other: &&Node| {
        matches!(other.kind, NodeKind::Reference | NodeKind::Escalation | NodeKind::Goto)
            && other.section == node.section
            && other.arm == node.arm
    };
    room.graph.nodes.iter().filter(beside).cloned().collect()
}

/// The current step. What was typed for one step never stands in the fields of another: they are keyed by step.
#[component]
pub fn Current() -> impl IntoView {
    let ctx = Ctx::take();
    view! {
        <For each=move || ctx.step.get() key=|step| step.clone() let:step>
            {one(ctx, step)}
        </For>
        {part(move || ctx.step.get().is_none().then(|| nothing_due(ctx)))}
    }
    .into_any()
}

fn one(ctx: Ctx, step: StepId) -> AnyView {
    let panel = ctx.derive(move |room| Panel::of(room, &step, ctx.way.get()));
    part(move || panel.get().map(|panel| panel_view(ctx, panel)))
}

fn nothing_due(ctx: Ctx) -> AnyView {
    let w = words();
    let has_steps = ctx.room.with(|room| room.graph.nodes.iter().any(|node| node.kind.is_step()));
    let (title, hint) = if has_steps { (w.all_through, w.all_through_hint) } else { (w.steps, w.no_runbook) };
    view! {
        <h2>{title}</h2>
        <p>{hint}</p>
        <div class="actions">
            <a class="btn" href=paths::after(ctx.id)>{w.after_link}</a>
            {ctx.may_respond().then(|| act::note(ctx, None))}
        </div>
    }
    .into_any()
}

fn panel_view(ctx: Ctx, panel: Panel) -> AnyView {
    let w = words();
    let node = panel.node.clone();
    view! {
        {where_it_stands(ctx, &panel)}
        <h2 class="title" id="step">{inline(&node.title)}</h2>
        <p class="facts-line"><StepMark status=panel.state.status/>{seen(&panel)}</p>
        {node.guard.clone().map(|guard| view! { <p class="note"><b>{w.guard}": "</b>{inline(&guard)}</p> })}
        {said(&panel)}
        {says_more(&node).then(|| view! { <Prose text=node.text.clone()/> })}
        {command(&panel)}
        {(node.kind == NodeKind::Decision && panel.chosen.is_some()).then(|| act::taken(&panel))}
        {expected(&panel)}
        {never(&panel)}
        {actions(ctx, &panel)}
        {attempt::latest(ctx, &node.id)}
        {others(&panel)}
    }
    .into_any()
}

/// Tells whether the author's text around a step says more than its title.
fn says_more(node: &Node) -> bool {
    let bare = |text: &str| text.trim().trim_end_matches([':', '.']).to_owned();
    let text = bare(&node.text);
    !text.is_empty() && text != bare(&node.title)
}

fn where_it_stands(ctx: Ctx, panel: &Panel) -> AnyView {
    let w = words();
    let phase = panel.node.phase.map(Term::word).map(str::to_owned).or_else(|| panel.node.section.last().cloned());
    let mut parts = Vec::new();
    parts.extend(panel.place.map(|(at, all)| fill(w.step_of, &[&at.to_string(), &all.to_string()])));
    parts.extend(phase);
    parts.extend(panel.arm.clone());
    if !panel.on_path {
        parts.push(w.not_taken.to_owned());
    }
    let link = |step: &Option<StepId>, key: &'static str, text: &'static str| {
        step.as_ref().map(|step| {
            let href = format!("{}?step={}", paths::incident(ctx.id), encode(step.as_str()));
            view! { <a href=href data-key=key data-step="">{text}</a> }
        })
    };
    view! {
        <p class="label where">
            <span>{parts.join(" · ")}</span>
            <span class="end">{link(&panel.previous, "k", w.prev)}{link(&panel.next, "j", w.next)}</span>
        </p>
    }
    .into_any()
}

/// Who settled it and what they saw or gave as reason.
fn seen(panel: &Panel) -> AnyView {
    let w = words();
    let mut parts = Vec::new();
    parts.extend(
        panel.state.by.as_ref().filter(|_| panel.state.status != StepStatus::Pending).map(|by| by.name.clone()),
    );
    parts.extend(panel.state.reason.clone());
    parts.extend(panel.state.observed.as_ref().map(|seen| format!("{}: {seen}", w.observed)));
    if parts.is_empty() {
        return ().into_any();
    }
    view! { <span class="label">" "{parts.join(" · ")}</span> }.into_any()
}

fn command(panel: &Panel) -> AnyView {
    let Some(command) = panel.node.command.clone() else { return ().into_any() };
    let w = words();
    let runnable = panel.node.kind.is_executable();
    let value =
        |name: &str| panel.values.iter().find(|(known, ..)| known == name).and_then(|(_, value, _)| value.clone());
    let shown = pieces(&command, value);
    let target = panel.gate.as_ref().and_then(|gate| gate.target.clone());
    let place = target.map(|target| Place {
        target: target.id.to_string(),
        environment: target.environment,
        timeout_seconds: panel.node.attributes.timeout_seconds.unwrap_or(target.timeout_seconds),
    });
    let risk = panel.node.risk.clone().filter(|_| runnable);
    let why = risk.as_ref().map(|risk| risk.why.get(locale()).to_owned());
    let note = match panel.node.kind {
        NodeKind::Reference => Some(w.reference),
        NodeKind::Http => Some(w.http_shown),
        _ => None,
    };
    let block =
        view! { <CommandBlock language=command.language pieces=shown risk=risk.map(|risk| risk.class) place=place/> };
    let block = if run::is_reviewed(panel) {
        view! { <details class="quiet"><summary>{w.as_written}</summary>{block}</details> }.into_any()
    } else {
        block.into_any()
    };
    view! {
        {block}
        {why.map(|why| view! { <p class="label">{w.why}": "{inline(&why)}</p> })}
        {note.map(|note| view! { <p class="label">{note}</p> })}
        {takes(panel)}
    }
    .into_any()
}

/// What the class takes on this target.
fn takes(panel: &Panel) -> Option<AnyView> {
    let w = words();
    let requirement = panel.gate.as_ref()?.requirement?;
    let people = match requirement.approvals {
        0 => w.nobody_else.to_owned(),
        1 => w.one_other.to_owned(),
        more => fill(w.others, &[&more.to_string()]),
    };
    let credential = fill(w.credential, &[requirement.credential.word()]);
    let text = format!("{}: {} · {people} · {credential}", w.takes, requirement.requester.word());
    Some(view! { <p class="label">{text}</p> }.into_any())
}

fn expected(panel: &Panel) -> Option<AnyView> {
    let expected = panel.node.expected.clone()?;
    Some(view! { <p class="note"><b>{words().expected}": "</b>{inline(&expected)}</p> }.into_any())
}

/// What the server has to say of it: how what its author asks for stands.
fn said(panel: &Panel) -> Vec<AnyView> {
    let class = |note: &StepNote| if note.met == Some(false) { "note wait" } else { "note" };
    let notes = panel.notes.iter();
    notes.map(|note| view! { <p class=class(note)>{note.text.get(locale()).to_owned()}</p> }.into_any()).collect()
}

/// What must not be done, from the runbook, with its line.
fn never(panel: &Panel) -> Vec<AnyView> {
    let w = words();
    let notes = panel.never.iter().map(|node| {
        let line = fill(w.from_line, &[&node.line.to_string()]);
        view! { <p class="note never"><b>{w.never}": "</b>{inline(&node.title)}" "<span class="label">{line}</span></p> }.into_any()
    });
    notes.collect()
}

fn others(panel: &Panel) -> Vec<AnyView> {
    let w = words();
    let views = panel.asides.iter().filter(|node| node.id != panel.node.id).map(|node| match node.kind {
        NodeKind::Escalation => {
            view! { <p class="note wait"><b>{steps::escalation(node)}": "</b>{inline(&node.title)}</p> }.into_any()
        }
        NodeKind::Goto => {
            let guard = node.guard.as_ref().map(|guard| view! { {inline(guard)}": " });
            view! { <p class="note">{guard}<b>{w.goto}": "</b>{inline(steps::place(node))}</p> }.into_any()
        }
        _ => {
            let text = node.command.as_ref().map(|command| command.text.clone()).unwrap_or_default();
            view! {
                <details class="quiet"><summary>{w.reference}": "{node.title.clone()}</summary><pre class="quoted">{text}</pre></details>
            }
            .into_any()
        }
    });
    views.collect()
}

fn actions(ctx: Ctx, panel: &Panel) -> AnyView {
    let w = words();
    if !ctx.may_respond() {
        return view! {
            {panel.state.status.is_active().then(|| attempt::active(ctx, panel).fields)}
            <p class="label">{w.read_only}</p>
        }
        .into_any();
    }
    if !panel.open {
        // What runs or is held goes on to its end, and somebody may have to decide about it.
        let under_way = matches!(panel.state.status, StepStatus::Queued | StepStatus::Running);
        return under_way.then(|| attempt::active(ctx, panel)).map_or_else(
            || ().into_any(),
            |Doing { fields, press }| view! { {fields}<div class="actions">{press}</div> }.into_any(),
        );
    }
    let step = &panel.node.id;
    let unsettled = panel.is_unsettled() && panel.on_path;
    let Doing { fields, press } = match panel.node.kind {
        _ if panel.state.status.is_active() => attempt::active(ctx, panel),
        _ if !unsettled => Doing { fields: ().into_any(), press: ().into_any() },
        NodeKind::Decision => act::choices(ctx, panel),
        kind if kind.is_executable() => run::view_of(ctx, panel),
        _ => act::done(ctx, panel),
    };
    let decision = panel.node.kind == NodeKind::Decision;
    let settled = panel.state.status.is_settled() || panel.state.status == StepStatus::Failed;
    view! {
        {fields}
        <div class="actions">
            {press}
            {(unsettled && panel.node.kind.is_executable()).then(|| act::done_by_hand(ctx, panel))}
            {act::note(ctx, Some(step))}
            {unsettled.then(|| act::skip(ctx, step))}
            {(unsettled && !decision && panel.state.status != StepStatus::Failed).then(|| act::fail(ctx, step))}
            {(settled && panel.on_path).then(|| act::reopen(ctx, step, if decision { w.reopen_decision } else { w.reopen }))}
        </div>
    }
    .into_any()
}
