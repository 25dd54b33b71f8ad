//! After the incident: figures with their formulas, deviations, steps, people, the timeline.

use farol_api::event::Event;
use farol_api::graph::Node;
use farol_api::incident::{Erasure, Severity};
use farol_api::metrics::{Metric, MetricKind, MetricValue};
use farol_api::paths;
use farol_api::request::{AfterView, Deviation, Me};
use farol_api::room::RoomView;
use farol_api::user::Permission;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::components::badge::{Clock, Sev, Stamp, StatusMark, StepMark};
use crate::components::erasing::erasing;
use crate::components::page::{PageTitle, load, show};
use crate::components::timeline::{Said, say};
use crate::time;
use crate::url::encode;
use crate::visit::locale;
use crate::words::after::words;
use crate::words::terms::{Term, formula};
use crate::words::{common, fill};

/// The post-incident page.
#[component]
pub fn AfterPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| encode(&params.with(|params| params.get("id")).unwrap_or_default()));
    show(load::<AfterView>(move || format!("/api/incidents/{}/after", id.get())), view_of)
}

fn view_of(after: AfterView, me: Me) -> AnyView {
    let (w, c) = (words(), common::words());
    let room = &after.room;
    let state = &room.state;
    let id = state.id;
    let about = state.runbook.as_ref().map(|runbook| format!(" · {}, {}", runbook.title, runbook.revision.short()));
    let declared = state.milestones.get(&farol_api::incident::Milestone::Declared).copied();
    let figures: Vec<_> = after.metrics.iter().map(|metric| figure(*metric)).collect();
    view! {
        <PageTitle text=format!("{} · INC-{id}", w.title)/>
        <div class="page">
            <p class="label">"INC-"{id.to_string()}{about}{declared.map(|at| view! { " · "<Stamp at/> })}</p>
            <h1><Sev severity=state.severity/>" "{state.title.clone()}</h1>
            <p class="facts-line">
                <StatusMark status=state.status/>
                {state.drill.then(|| view! { " " <span class="env">{c.drill}</span> })}
            </p>
            {state.status.is_open().then(|| view! { <p class="note wait">{w.still_open}</p> })}
            <p class="links">
                <a href=paths::incident(id)>{w.room}</a>
                <a href=paths::postmortem(id)>{w.postmortem}</a>
                <a rel="external" href=paths::api_postmortem_markdown(id) download=format!("INC-{id}.md")>{w.export_md}</a>
                <a rel="external" href=paths::api_postmortem_html(id)>{w.export_html}</a>
                <a rel="external" href=paths::api_record(id) download=format!("INC-{id}.record.ndjson")>{w.record}</a>
                <a rel="external" href=paths::api_checkpoint(id)>{w.checkpoint}</a>
            </p>
            <p class="label">{w.record_hint}" "<code>"farol verify"</code>"."</p>
            <h2>{w.figures}</h2>
            <dl class="facts">{figures}</dl>
            {severities(room)}
            <h2>{w.deviations}</h2>
            {deviations(&after.deviations)}
            <h2>{w.steps_taken}</h2>
            {steps(room)}
            <h2>{w.responders}</h2>
            {responders(room)}
            <h2>{w.timeline}</h2>
            {timeline(room)}
            {me.user.may(Permission::Erase).then(|| erasing(id, None, paths::after(id)))}
        </div>
    }
    .into_any()
}

fn figure(metric: Metric) -> AnyView {
    let w = words();
    let has_objective = matches!(metric.kind, MetricKind::Rto | MetricKind::Rpo);
    let value = match metric.value {
        MetricValue::Recorded { seconds } => time::span(seconds),
        MetricValue::Pending => w.pending.to_owned(),
        MetricValue::NotApplicable => w.not_applicable.to_owned(),
        MetricValue::Invalid => w.invalid.to_owned(),
    };
    let recorded = matches!(metric.value, MetricValue::Recorded { .. });
    let objective = match metric.objective_seconds {
        Some(seconds) => Some(fill(w.objective, &[&time::span(seconds)])),
        None => has_objective.then(|| w.no_objective.to_owned()),
    };
    let met = metric.met.map(|met| {
        let (class, shape, word) = if met { ("state ok", "✓", w.met) } else { ("state bad", "✕", w.missed) };
        view! { <span class=class>{shape}" "{word}</span> }
    });
    view! {
        <div>
            <dt>{metric.kind.word()}</dt>
            <dd class=(!recorded).then_some("unknown")>{value}</dd>
            <dd class="how">{formula(metric.kind)}</dd>
            {objective.map(|objective| view! { <dd class="how">{objective}" "{met}</dd> })}
        </div>
    }
    .into_any()
}

/// How long it was how bad, where that changed.
fn severities(room: &RoomView) -> Option<AnyView> {
    let spans = &room.state.severities;
    if spans.len() < 2 {
        return None;
    }
    let end = room.state.milestones.get(&farol_api::incident::Milestone::Resolved).copied().unwrap_or(room.now);
    let ends = spans.iter().skip(1).map(|(at, _)| *at).chain([end]);
    let mut totals: Vec<(Severity, i64)> = Vec::new();
    for ((from, severity), to) in spans.iter().zip(ends) {
        let seconds = (to - *from).num_seconds().max(0);
        match totals.iter_mut().find(|(known, _)| known == severity) {
            Some((_, total)) => *total += seconds,
            None => totals.push((*severity, seconds)),
        }
    }
    totals.sort_by_key(|(severity, _)| *severity);
    let said: Vec<_> = totals
        .into_iter()
        .map(|(severity, seconds)| format!("{} {}", severity.code(), time::span(seconds.unsigned_abs())))
        .collect();
    Some(view! { <p class="label">{words().severity_times}": "{said.join(" · ")}</p> }.into_any())
}

fn table(label: &'static str, head: &[&'static str], rows: Vec<AnyView>) -> AnyView {
    let head: Vec<_> = head.iter().map(|text| view! { <th scope="col">{*text}</th> }.into_any()).collect();
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=label>
            <table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>
        </div>
    }
    .into_any()
}

fn deviations(all: &[Deviation]) -> AnyView {
    let w = words();
    if all.is_empty() {
        return view! { <p class="state ok">"✓ "{w.no_deviations}</p> }.into_any();
    }
    let rows = all.iter().map(|deviation| {
        let event =
            deviation.seq.map(|seq| view! { <a href=format!("#e{seq}") rel="external">"#"{seq.to_string()}</a> });
        view! {
            <tr>
                <td>{deviation.kind.word()}</td><td>{deviation.title.clone()}</td>
                <td>{deviation.detail.clone().unwrap_or_else(|| "–".to_owned())}</td><td class="num">{event}</td>
            </tr>
        }
        .into_any()
    });
    table(w.deviations, &[w.what, w.step, w.detail, w.evidence], rows.collect())
}

fn steps(room: &RoomView) -> AnyView {
    let w = words();
    let taken = room.graph.nodes.iter().filter(|node| room.state.steps.contains_key(&node.id));
    let rows: Vec<_> = taken.map(|node| step_row(room, node)).collect();
    if rows.is_empty() {
        return view! { <p class="label">{w.no_steps}</p> }.into_any();
    }
    table(w.steps_taken, &[w.step, w.outcome, common::words().by, w.took, w.evidence], rows)
}

fn step_row(room: &RoomView, node: &Node) -> AnyView {
    let step = room.state.steps.get(&node.id).cloned().unwrap_or_default();
    let last = step.attempts.last().and_then(|attempt| room.state.attempts.get(attempt));
    let result = last.and_then(|attempt| attempt.result.clone());
    let took = result.as_ref().map_or_else(|| "–".to_owned(), |result| time::millis(result.duration_ms));
    let digest = result.and_then(|result| result.output_digest).map(|digest| digest.short().to_owned());
    let evidence = last.map(|attempt| {
        let (href, number) = (paths::attempt(room.state.id, attempt.request.attempt), attempt.request.number);
        view! { <a href=href>{digest.unwrap_or_else(|| format!("#{number}"))}</a> }
    });
    let detail =
        step.reason.or(step.observed).or_else(|| room.state.choices.get(&node.id).map(|choice| choice.label.clone()));
    let by = step.by.map(|by| by.name).unwrap_or_default();
    view! {
        <tr>
            <td>{node.title.clone()}{detail.map(|detail| view! { <span class="sub">{detail}</span> })}</td>
            <td><StepMark status=step.status/></td>
            <td>{by}</td>
            <td class="num">{took}</td>
            <td>{match evidence { Some(evidence) => view! { <code>{evidence}</code> }.into_any(), None => "–".into_any() }}</td>
        </tr>
    }
    .into_any()
}

fn responders(room: &RoomView) -> AnyView {
    let (w, c) = (words(), common::words());
    let rows = room.state.responders.iter().map(|(at, person)| {
        let roles =
            room.state.roles.iter().filter(|holder| holder.person.id == person.id).map(|holder| holder.role.word());
        let roles = roles.collect::<Vec<_>>().join(", ");
        let at = *at;
        view! { <tr><td>{person.name.clone()}</td><td>{roles}</td><td class="num"><Stamp at/></td></tr> }.into_any()
    });
    table(w.responders, &[c.name, w.roles, w.joined], rows.collect())
}

/// Says of an erasure what it took, and of what it took who did it, in the reader's language.
fn of_erasure(said: Said, event: &Event, room: &RoomView) -> Said {
    let how = |erasure: &Erasure| erasure.said().get(locale()).to_owned();
    match Erasure::of(event) {
        Some(erasure) => {
            let steps = erasure.attempts.iter().filter_map(|attempt| room.state.attempts.get(attempt));
            let steps = steps.map(|attempt| format!("{} ({})", attempt.request.title, attempt.request.number));
            // Values that an attempt left go with its output.
            let typed = |seq: &&i64| room.timeline.iter().any(|other| other.seq == **seq && is_typed(other));
            let entries = erasure.entries.iter().filter(typed).map(|seq| format!("#{seq}"));
            let what: Vec<String> = steps.chain(entries).collect();
            let detail = said.detail.or_else(|| Some(how(&erasure)));
            Said { what: format!("{}: {}", said.what, what.join(", ")), detail, ..said }
        }
        None => match room.state.erasure_of_entry(event.seq).filter(|_| is_typed(event)) {
            Some(erasure) => Said { detail: Some(how(erasure)), ..said },
            None => said,
        },
    }
}

/// Whether an entry has, or had, a text that somebody typed.
fn is_typed(event: &Event) -> bool {
    event.kind.with_texts("").is_some()
}

fn timeline(room: &RoomView) -> AnyView {
    let (w, c) = (words(), common::words());
    let rows = room.timeline.iter().map(|event| {
        let said = of_erasure(say(event, &room.state, &room.graph), event, room);
        let seq = event.seq;
        view! {
            <tr id=format!("e{seq}")>
                <td class="num"><Clock at=event.occurred_at/></td>
                <td>{said.what}{said.detail.map(|detail| view! { <span class="sub said">{detail}</span> })}</td>
                <td>{said.by.unwrap_or_else(|| c.system.to_owned())}</td>
                <td class="num"><a href=format!("#e{seq}") rel="external">"#"{seq.to_string()}</a></td>
            </tr>
        }
        .into_any()
    });
    table(w.timeline, &[c.utc, w.event, c.by, w.evidence], rows.collect())
}
