//! Running a step: what it takes, exactly what will run, and the press.

use farol_api::approval::{AttemptRequest, Way};
use farol_api::graph::CommandLanguage;
use farol_api::incident::StepStatus;
use farol_api::paths;
use farol_api::policy::RequesterAct;
use farol_api::risk::RiskClass;
use farol_api::runbook::Parameter;
use leptos::prelude::*;

use super::act::{Doing, MAIN_FORM};
use super::step::Panel;
use super::{Ctx, Preview};
use crate::components::command::{CommandBlock, Place};
use crate::components::erase::part;
use crate::components::problem::ProblemNote;
use crate::form::Form;
use crate::form::field::{Send, Text, Tick};
use crate::time;
use crate::words::fill;
use crate::words::room::words;
use crate::words::terms::Term;

/// Tells whether the step in view is to be reviewed before it runs: its exact text then stands open beside the press,
/// and what the runbook has is folded away.
pub fn is_reviewed(panel: &Panel) -> bool {
    let gate = panel.gate.as_ref().filter(|gate| gate.blocked.is_none());
    let act = gate.and_then(|gate| gate.requirement).map(|requirement| requirement.requester);
    let waits = panel.state.status == StepStatus::AwaitingApproval;
    waits || panel.open && panel.on_path && panel.is_unsettled() && act.is_some_and(|act| act != RequesterAct::Press)
}

/// The way to run the step in view, or why there is none.
pub fn view_of(ctx: Ctx, panel: &Panel) -> Doing {
    let w = words();
    let gate = panel.gate.clone();
    let blocked = gate.as_ref().and_then(|gate| gate.blocked);
    let ways = ways(ctx, panel);
    let missing = gate.as_ref().map(|gate| gate.missing.clone()).unwrap_or_default();
    if let Some(blocked) = blocked {
        let fields = view! {
            {ways}
            {(missing.is_empty() || blocked.refuses_value()).then(|| view! { <p class="note wait"><b>{w.blocked}": "</b>{blocked.word()}</p> })}
            {fill_in(ctx, &missing)}
        };
        let press = (!blocked.refuses_value()).then(|| {
            view! { <button type="button" class="go wide" aria-disabled="true">{w.run}": "{blocked.word()}</button> }
        });
        return Doing { fields: fields.into_any(), press: press.into_any() };
    }
    let again = !matches!(panel.state.status, StepStatus::Pending);
    let unknown = panel.state.status == StepStatus::OutcomeUnknown;
    let step = panel.node.id.clone();
    let preview = Memo::new(move |_| ctx.preview.get().filter(|preview| preview.key.0 == step));
    let dry_run = gate.filter(|gate| gate.dry_run).map(|_| paths::dry_run(ctx.id, &panel.node.id));
    let fields = view! {
        {ways}
        {dry_run.map(|href| view! { <p class="label"><a href=href>{w.dry_run}</a></p> })}
        {unknown.then(|| view! { <p class="note bad">{w.unknown_note}</p> })}
        {part(move || preview.get().map(|preview| preview_view(ctx, preview)))}
    };
    let press = move || {
        preview.get().and_then(|preview| preview.answer.ok()).map(|request| {
            let label = label(&request, again);
            view! { <Send label=label look="go wide" shortcut="r" form=MAIN_FORM/> }
        })
    };
    Doing { fields: fields.into_any(), press: part(press) }
}

/// The way in which the step would run, and the way to the other one.
fn ways(ctx: Ctx, panel: &Panel) -> Option<AnyView> {
    let way = panel.gate.as_ref().map(|gate| gate.way).filter(|_| !panel.ways.is_empty())?;
    let others: Vec<_> = panel
        .ways
        .iter()
        .map(|other| {
            let href = format!("{}&way={}", paths::incident_step(ctx.id, &panel.node.id), other.as_str());
            view! { " · "<a href=href data-step="">{other.word()}</a> }.into_any()
        })
        .collect();
    Some(view! { <p><b>{way.word()}</b>{others}</p> }.into_any())
}

/// What the press does, on its face.
fn label(request: &AttemptRequest, again: bool) -> &'static str {
    let w = words();
    match (request.requirement.requester, request.requirement.approvals, again) {
        (_, 1.., _) => w.run_ask,
        (_, _, true) => w.run_again,
        (RequesterAct::Press, ..) => w.run_reads,
        _ => w.run,
    }
}

/// Forms for the parameters that are not filled yet; each is filled once for the whole incident.
fn fill_in(ctx: Ctx, missing: &[String]) -> AnyView {
    if missing.is_empty() {
        return ().into_any();
    }
    let w = words();
    let forms: Vec<_> = missing.iter().map(|name| parameter_form(ctx, name, "step")).collect();
    view! { <div class="fill"><p><b>{w.fill_title}</b></p>{forms}</div> }.into_any()
}

/// One parameter's form.
///
/// `place` tells the forms of one parameter apart where it can be filled in two places of the room.
pub fn parameter_form(ctx: Ctx, name: &str, place: &str) -> AnyView {
    let w = words();
    let (default, example, secret, value) = ctx.room.with_untracked(|room| {
        let parameter = room.parameters.iter().find(|parameter| parameter.name == name);
        let value = room.state.parameters.get(name).and_then(|filled| filled.value.clone());
        let of = |text: fn(&Parameter) -> &Option<String>| parameter.and_then(|parameter| text(parameter).clone());
        let secret = parameter.is_some_and(|parameter| parameter.secret);
        (of(|parameter| &parameter.default), of(|parameter| &parameter.example), secret, value)
    });
    let name = name.to_owned();
    let back = ctx.step.get_untracked().map_or_else(|| ctx.here(), |step| paths::incident_step(ctx.id, &step));
    let hint = default.as_ref().map(|default| fill(w.default_hint, &[default]));
    let hint = hint.or_else(|| example.map(|example| fill(w.example_hint, &[&example])));
    view! {
        <Form
            action=paths::api_parameters(ctx.id)
            back=back
            id=format!("{place}-{name}")
            secret={if secret { "value" } else { "" }}
            class="inline"
        >
            <input type="hidden" name="name" value=name.clone()/>
            <Text
                name="value"
                label=name
                kind={if secret { "password" } else { "text" }}
                value=value.or(default).unwrap_or_default()
                hint=hint.unwrap_or_default()
                required=true
            />
            <Send label=w.fill/>
        </Form>
    }
    .into_any()
}

fn preview_view(ctx: Ctx, preview: Preview) -> AnyView {
    match preview.answer {
        Ok(request) => run_form(ctx, request),
        Err(problem) => view! { <ProblemNote problem/> }.into_any(),
    }
}

/// What exactly will run: shown before anything is asked of the reader.
pub fn exactly(request: &AttemptRequest) -> AnyView {
    let w = words();
    let place = Place {
        target: request.target.to_string(),
        environment: request.environment,
        timeout_seconds: request.timeout_seconds,
    };
    let values: Vec<_> = request
        .parameters
        .iter()
        .map(|(name, value)| {
            let value = match value {
                Some(value) => view! { <code>{value.clone()}</code> }.into_any(),
                None => view! { <i>{w.secret_value}</i> }.into_any(),
            };
            view! { <li><code>{name.clone()}</code>" = "{value}</li> }.into_any()
        })
        .collect();
    view! {
        {(request.way == Way::Direct).then(|| view! { <p class="label">{request.way.word()}</p> })}
        <CommandBlock
            language=request.language
            pieces=vec![(request.text.clone(), false)]
            risk=Some(request.risk.class)
            place=Some(place)
        />
        {(!values.is_empty()).then(|| view! { <p class="label">{w.with_values}</p><ul class="values">{values}</ul> })}
    }
    .into_any()
}

fn run_form(ctx: Ctx, request: AttemptRequest) -> AnyView {
    let w = words();
    let act = request.requirement.requester;
    let asks_others = request.requirement.approvals > 0;
    let (needs_reason, way) = (request.needs_reason, request.way);
    let digest = request.digest.to_string();
    let short = fill(w.digest, &[request.digest.short()]);
    let action = paths::api_attempts(ctx.id, &request.step);
    // Who runs a step wants to see what comes of it.
    let back = paths::incident_step(ctx.id, &request.step);
    let exact = exactly(&request);
    let terms = terms(&request).map(|terms| view! { <p>{terms}</p> });
    let target = request.target.to_string();
    let fields = move || {
        let typed = matches!(act, RequesterAct::TypeTarget | RequesterAct::TypeTargetAndReason);
        let reason = needs_reason || act == RequesterAct::TypeTargetAndReason;
        let tick = match act {
            RequesterAct::Confirm => Some(w.confirm_side_effect),
            RequesterAct::Review => Some(w.confirm_reviewed),
            _ => None,
        };
        view! {
            <input type="hidden" name="digest" value=digest.clone()/>
            <input type="hidden" name="way" value=way.as_str()/>
            {tick.map(|label| view! { <Tick name="confirmed" label=label required=true/> })}
            {typed.then(|| view! { <Text name="typed_target" label=fill(w.type_target, &[&target]) required=true/> })}
            {(reason || asks_others).then(|| view! { <Text name="reason" label=w.reason required=reason/> })}
            <p class="label">{short.clone()}</p>
        }
    };
    let open = act == RequesterAct::Press;
    let form = view! {
        <Form action=action back=back kinds="confirmed:flag" element=MAIN_FORM>{fields()}</Form>
    }
    .into_any();
    if open {
        return view! { <details class="quiet"><summary>{w.exactly}</summary>{exact}</details>{form} }.into_any();
    }
    view! { <div class="review"><p><b>{w.exactly}</b></p>{exact}{terms}{form}</div> }.into_any()
}

/// How a change will be held before it is committed, and how many rows it may change; nothing of what changes no rows.
pub fn terms(request: &AttemptRequest) -> Option<String> {
    let w = words();
    let changes = matches!(request.risk.class, RiskClass::Write | RiskClass::Destructive);
    if request.language != CommandLanguage::Sql || !changes {
        return None;
    }
    let hold = request.hold.as_ref();
    let held = hold.and_then(|hold| hold.seconds);
    let held = held.map_or_else(|| w.at_once.to_owned(), |seconds| fill(w.will_hold, &[&time::span(seconds.into())]));
    let range = hold.and_then(|hold| hold.rows).map(|range| fill(w.range, &[&range.to_string()]));
    Some(std::iter::once(held).chain(range).collect::<Vec<_>>().join(" "))
}

/// When a request expires.
pub fn expiry(request: &AttemptRequest) -> String {
    fill(words().expires, &[&time::stamp(request.expires_at)])
}
