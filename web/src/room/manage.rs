//! What is recorded of the incident as a whole: milestones, status, severity, age of data, roles, parameters.

use farol_api::incident::{IncidentRole, Milestone, Severity, Status};
use farol_api::paths;
use leptos::prelude::*;

use super::{Ctx, run};
use crate::components::badge::Clock;
use crate::components::erase::part;
use crate::form::Form;
use crate::form::field::{Choice, Send, Text};
use crate::time;
use crate::words::common;
use crate::words::fill;
use crate::words::room::words;
use crate::words::terms::Term;

/// The order in which milestones are shown; what the program records itself has no form.
const SHOWN: [Milestone; 6] = [
    Milestone::ImpactStarted,
    Milestone::Detected,
    Milestone::Acknowledged,
    Milestone::Mitigated,
    Milestone::ImpactEnded,
    Milestone::Resolved,
];

/// The block above the timeline.
#[component]
pub fn Manage() -> impl IntoView {
    let ctx = Ctx::take();
    let w = words();
    view! {
        <h2>{w.incident}</h2>
        {milestones(ctx)}
        {ctx.may_respond().then(|| view! { {status(ctx)} {severity(ctx)} {data_age(ctx)} })}
        {roles(ctx)}
        {parameters(ctx)}
        <p><a href=paths::after(ctx.id)>{w.after_link}</a></p>
    }
    .into_any()
}

fn milestones(ctx: Ctx) -> AnyView {
    let known = ctx.derive(|room| (room.state.milestones.clone(), room.state.status.is_open()));
    let line = move |milestone: Milestone| {
        let (known, open) = known.get();
        let at = known.get(&milestone).copied();
        let by_hand = milestone != Milestone::Resolved && ctx.may_respond();
        // The two that everybody waits for are one press away; the others are one more.
        let pressing = matches!(milestone, Milestone::Acknowledged | Milestone::Mitigated) && at.is_none() && open;
        view! {
            <li>
                <span>{milestone.word()}</span>
                {match at {
                    Some(at) => view! { <Clock at/> }.into_any(),
                    None => view! { <span class="label">"–"</span> }.into_any(),
                }}
                {(by_hand && pressing).then(|| record_now(ctx, milestone))}
                {by_hand.then(|| record_other(ctx, milestone))}
            </li>
        }
    };
    view! { <ul class="milestones">{Vec::from(SHOWN.map(|milestone| part(move || line(milestone))))}</ul> }.into_any()
}

fn wire(milestone: Milestone) -> String {
    crate::form::wire(&milestone)
}

fn record_now(ctx: Ctx, milestone: Milestone) -> AnyView {
    let w = words();
    let label = if milestone == Milestone::Acknowledged { w.acknowledge } else { w.record_now };
    let name = wire(milestone);
    view! {
        <Form action=paths::api_milestones(ctx.id) back=ctx.here() id=format!("now-{name}")>
            <input type="hidden" name="milestone" value=name/>
            <Send label=label/>
        </Form>
    }
    .into_any()
}

fn record_other(ctx: Ctx, milestone: Milestone) -> AnyView {
    let w = words();
    let name = wire(milestone);
    view! {
        <details class="act quiet">
            <summary><span class="sr">{milestone.word()}": "</span>{w.record}</summary>
            <Form
                action=paths::api_milestones(ctx.id)
                back=ctx.here()
                id=format!("at-{name}")
                kinds="at:time"
            >
                <input type="hidden" name="milestone" value=name/>
                <Text name="at" label=w.other_time kind="datetime-local"/>
                <Send label=w.record/>
            </Form>
        </details>
    }
    .into_any()
}

fn status(ctx: Ctx) -> AnyView {
    let w = words();
    let now = ctx.derive(|room| room.state.status);
    view! {
        <details class="act quiet">
            <summary>{w.move_on}": "{part(move || now.get().word())}</summary>
            {part(move || {
                let options = now.get().next().iter().map(|status| (crate::form::wire(status), status.word().to_owned()));
                let options: Vec<_> = options.collect();
                let resolves = now.get().next().contains(&Status::Resolved);
                view! {
                    <Form action=paths::api_status(ctx.id) back=ctx.here()>
                        <Choice name="status" label=w.new_status options=options required=true/>
                        <Text name="reason" label=w.reason/>
                        <Send label=w.set/>
                    </Form>
                    {resolves.then(|| resolve(ctx))}
                }
            })}
        </details>
    }
    .into_any()
}

fn resolve(ctx: Ctx) -> AnyView {
    view! {
        <Form action=paths::api_status(ctx.id) back=ctx.here() id="resolve">
            <input type="hidden" name="status" value=crate::form::wire(&Status::Resolved)/>
            <Send label=words().resolve/>
        </Form>
    }
    .into_any()
}

fn severity(ctx: Ctx) -> AnyView {
    let w = words();
    let now = ctx.derive(|room| room.state.severity);
    view! {
        <details class="act quiet">
            <summary>{common::words().severity}": SEV"{part(move || now.get().number().to_string())}</summary>
            {part(move || {
                let others = Severity::ALL.into_iter().filter(|severity| *severity != now.get());
                let options = others.map(|s| (crate::form::wire(&s), format!("{} · {}", s.code(), s.word()))).collect();
                view! {
                    <Form action=paths::api_severity(ctx.id) back=ctx.here()>
                        <Choice name="severity" label=w.new_severity options=options required=true/>
                        <Text name="reason" label=w.reason/>
                        <Send label=w.set/>
                    </Form>
                }
            })}
        </details>
    }
    .into_any()
}

fn data_age(ctx: Ctx) -> AnyView {
    let w = words();
    let known = ctx.derive(|room| (room.state.data_age_seconds, room.state.rpo_seconds));
    let said = move || {
        let (age, rpo) = known.get();
        let age = age.map_or_else(|| "–".to_owned(), time::span);
        rpo.map_or_else(|| age.clone(), |rpo| format!("{age} · {} {}", w.rpo, time::span(rpo)))
    };
    view! {
        <details class="act quiet">
            <summary>{w.data_age}": "{part(said)}</summary>
            <Form action=paths::api_data_age(ctx.id) back=ctx.here() kinds="minutes:number">
                <Text name="minutes" label=w.minutes kind="number" hint=w.data_age_hint required=true/>
                <Send label=w.record/>
            </Form>
        </details>
    }
    .into_any()
}

const ROLES: [IncidentRole; 5] = [
    IncidentRole::Commander,
    IncidentRole::Deputy,
    IncidentRole::Scribe,
    IncidentRole::SubjectExpert,
    IncidentRole::Communications,
];

fn roles(ctx: Ctx) -> AnyView {
    let w = words();
    let holders = ctx.derive(|room| (room.state.roles.clone(), room.state.responders.clone()));
    let me = ctx.me.user.id;
    let commander = move || {
        let held = holders.with(|(roles, _)| roles.iter().find(|h| h.role == IncidentRole::Commander).cloned());
        held.map_or_else(|| w.nobody.to_owned(), |held| held.person.name)
    };
    let line = move |role: IncidentRole| {
        let (roles, responders) = holders.get();
        let holder = roles.iter().find(|holder| holder.role == role).map(|holder| holder.person.clone());
        let mine = holder.as_ref().is_some_and(|person| person.id == me);
        let people =
            responders.iter().map(|(_, person)| (person.id.to_string(), person.name.clone())).collect::<Vec<_>>();
        let name = crate::form::wire(&role);
        let give = ctx.may_respond().then(|| {
            view! {
                <Form action=paths::api_roles(ctx.id) back=ctx.here() id=format!("role-{name}") class="inline">
                    <input type="hidden" name="role" value=name/>
                    <Choice name="user" label=w.give_role options=people value=me.to_string() required=true/>
                    <Send label={if mine { w.set } else { w.take_role }}/>
                </Form>
            }
        });
        view! { <li><span>{role.word()}": "<b>{holder.map_or_else(|| w.nobody.to_owned(), |person| person.name)}</b></span>{give}</li> }
    };
    let joined = ctx.derive(move |room| room.state.responders.iter().any(|(_, person)| person.id == me));
    view! {
        <details class="act quiet">
            <summary>{w.roles}": "{IncidentRole::Commander.word()}" "{part(commander)}</summary>
            <ul class="roles">{Vec::from(ROLES.map(|role| part(move || line(role))))}</ul>
        </details>
        {part(move || (!joined.get() && ctx.may_respond()).then(|| view! {
            <Form action=paths::api_responders(ctx.id) back=ctx.here()><Send label=w.join/></Form>
        }))}
    }
    .into_any()
}

fn parameters(ctx: Ctx) -> AnyView {
    let w = words();
    let all = ctx.derive(|room| {
        let one = |name: &String| {
            let filled = room.state.parameters.get(name);
            (name.clone(), filled.map(|filled| filled.value.clone()))
        };
        room.parameters.iter().map(|parameter| one(&parameter.name)).collect::<Vec<_>>()
    });
    let may = ctx.may_respond();
    let view = move || {
        let all = all.get();
        (!all.is_empty()).then(|| {
            let filled = all.iter().filter(|(_, value)| value.is_some()).count();
            let lines: Vec<_> = all
                .iter()
                .map(|(name, value)| {
                    let shown = match value {
                        Some(Some(value)) => value.clone(),
                        Some(None) => w.secret_value.to_owned(),
                        None => w.not_filled.to_owned(),
                    };
                    let form = may.then(|| run::parameter_form(ctx, name, "all"));
                    view! { <li><code>{name.clone()}</code>" = "<b>{shown}</b>{form}</li> }.into_any()
                })
                .collect();
            let counted = fill("{} / {}", &[&filled.to_string(), &all.len().to_string()]);
            view! { <details class="act quiet"><summary>{w.parameters}": "{counted}</summary><ul class="roles">{lines}</ul></details> }
        })
    };
    part(view)
}
