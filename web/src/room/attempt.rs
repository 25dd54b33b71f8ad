//! Attempts: one under way, and those that were.

use farol_api::id::{AttemptId, StepId};
use farol_api::incident::{Attempt, AttemptStatus, IncidentRole, StepStatus};
use farol_api::output::{OutputChunk, OutputContent};
use farol_api::paths;
use farol_api::room::RoomView;
use farol_api::user::Permission;
use leptos::prelude::*;

use super::act::Doing;
use super::begin::Account;
use super::step::Panel;
use super::{Ctx, run};
use crate::components::badge::Clock;
use crate::components::erase::part;
use crate::components::output::output_view;
use crate::components::timeline::say;
use crate::form::Form;
use crate::form::field::{Send, Text};
use crate::time;
use crate::words::room::words;
use crate::words::terms::Term;
use crate::words::{count, fill};

/// The attempt that waits, is queued or runs.
pub fn active(ctx: Ctx, panel: &Panel) -> Doing {
    let Some(id) = panel.state.attempts.last().copied() else {
        return Doing { fields: ().into_any(), press: ().into_any() };
    };
    let attempt = ctx.derive(move |room| room.state.attempts.get(&id).cloned());
    let status = panel.state.status;
    let fields = move || attempt.get().map(|attempt| active_view(ctx, attempt, status));
    let press = move || attempt.get().map(|attempt| active_press(ctx, id, attempt, status));
    Doing { fields: part(fields), press: part(press) }
}

fn active_view(ctx: Ctx, attempt: Attempt, status: StepStatus) -> AnyView {
    let w = words();
    if status == StepStatus::AwaitingApproval {
        return awaiting(ctx, attempt);
    }
    let since = attempt.dispatched_at;
    let page = paths::attempt(ctx.id, attempt.request.attempt);
    let (text, look) = match (attempt.held, since.is_some()) {
        (true, _) => (w.held, "note wait"),
        (false, true) => (w.running, "note run"),
        (false, false) => (w.queued, "note run"),
    };
    view! {
        <p class=look>
            <a href=page><b>{text}</b></a>
            {since.map(|since| view! {
                " "{fill(w.running_since, &[&time::clock(since)])}", "
                <span class="num">{part(move || time::running((ctx.now.get() - since).num_seconds()))}</span>
            })}
        </p>
    }
    .into_any()
}

/// What can be done about it: approve or withdraw while it waits, stop while it runs.
fn active_press(ctx: Ctx, id: AttemptId, attempt: Attempt, status: StepStatus) -> AnyView {
    let w = words();
    if status == StepStatus::AwaitingApproval {
        return if may_approve(ctx, &attempt) {
            decide(ctx, id, &attempt)
        } else if ctx.may_respond() {
            cancel(ctx, id, w.withdraw)
        } else {
            ().into_any()
        };
    }
    if attempt.cancel_requested {
        return view! { <p class="state wait">{w.cancelling}</p> }.into_any();
    }
    if attempt.held && may_decide(ctx, &attempt) {
        return view! { {end_hold(ctx, id, "true", w.commit, "go")}{end_hold(ctx, id, "false", w.roll_back, "stop")} }
            .into_any();
    }
    if ctx.may_respond() { cancel(ctx, id, w.cancel_run) } else { ().into_any() }
}

/// Tells whether the reader may be the other person; the server has the last word.
fn may_approve(ctx: Ctx, attempt: &Attempt) -> bool {
    let Account { id: me, role } = ctx.me.user;
    attempt.requested_by.as_ref().is_none_or(|by| by.id != me) && role.may(Permission::Approve)
}

/// Tells whether the reader may say what becomes of what is held: who asked for it, or who commands. The server has the
/// last word.
fn may_decide(ctx: Ctx, attempt: &Attempt) -> bool {
    let me = ctx.me.user.id;
    let asked = attempt.requested_by.as_ref().is_some_and(|by| by.id == me);
    let commands = |room: &RoomView| {
        room.state.roles.iter().any(|holder| holder.role == IncidentRole::Commander && holder.person.id == me)
    };
    ctx.may_respond() && (asked || ctx.room.with(commands))
}

fn end_hold(ctx: Ctx, id: AttemptId, commit: &'static str, label: &'static str, look: &'static str) -> AnyView {
    view! {
        <Form action=paths::api_hold(ctx.id, id) back=stay(ctx) kinds="commit:flag" id=format!("hold-{commit}") class="wide">
            <input type="hidden" name="commit" value=commit/>
            <Send label=label look=look/>
        </Form>
    }
    .into_any()
}

/// The address of the step in view.
fn stay(ctx: Ctx) -> String {
    ctx.step.get_untracked().map_or_else(|| ctx.here(), |step| paths::incident_step(ctx.id, &step))
}

fn cancel(ctx: Ctx, id: AttemptId, label: &'static str) -> AnyView {
    view! {
        <Form action=paths::api_cancellation(ctx.id, id) back=stay(ctx) class="wide">
            <Send label=label look="stop"/>
        </Form>
    }
    .into_any()
}

fn awaiting(ctx: Ctx, attempt: Attempt) -> AnyView {
    let w = words();
    let request = &attempt.request;
    let me = ctx.me.user.id;
    let own = attempt.requested_by.as_ref().is_some_and(|by| by.id == me);
    let by = attempt.requested_by.as_ref().map_or("", |by| by.name.as_str());
    let asked = fill(w.awaiting_asked, &[by, &time::clock(attempt.requested_at), request.digest.short()]);
    let approved: Vec<_> = attempt
        .approvals
        .iter()
        .filter_map(|approval| approval.by.as_ref())
        .map(|by| view! { <p>{fill(w.approved_by, &[&by.name])}</p> }.into_any())
        .collect();
    view! {
        {run::exactly(request)}
        {run::terms(request).map(|terms| view! { <p>{terms}</p> })}
        <div class="note wait">
            <p><b>{w.awaiting}</b>" "{asked}{own.then(|| view! { " "{w.awaiting_own} })}</p>
            {request.reason.clone().map(|reason| view! { <p>{fill(w.their_reason, &[&reason])}</p> })}
            {approved}
            <p class="label">{run::expiry(request)}" · "<a href=paths::break_glass(ctx.id)>{w.nobody_there}</a></p>
        </div>
    }
    .into_any()
}

fn decide(ctx: Ctx, id: AttemptId, attempt: &Attempt) -> AnyView {
    let w = words();
    let digest = attempt.request.digest.to_string();
    view! {
        <Form action=paths::api_approval(ctx.id, id) back=stay(ctx) class="wide">
            <input type="hidden" name="digest" value=digest/>
            <Send label=w.approve look="go" shortcut="a"/>
        </Form>
        <details class="act stop">
            <summary>{w.refuse}</summary>
            <Form action=paths::api_refusal(ctx.id, id) back=stay(ctx)>
                <Text name="reason" label=w.why_refuse required=true/>
                <Send label=w.refuse look="stop"/>
            </Form>
        </details>
    }
    .into_any()
}

/// Output of the latest attempt, and what became of the ones before.
pub fn latest(ctx: Ctx, step: &StepId) -> AnyView {
    let step = step.clone();
    let attempts = ctx.derive(move |room| summaries(room, &step));
    view! {
        {part(move || {
            let all = attempts.get();
            let (last, number) = all.last().map(|(id, number, ..)| (*id, *number))?;
            Some(output(ctx, last, number))
        })}
        {part(move || {
            let all = attempts.get();
            (!all.is_empty()).then(|| history(ctx, &all))
        })}
    }
    .into_any()
}

type Summary = (AttemptId, u32, AttemptStatus, String);

fn summaries(room: &RoomView, step: &StepId) -> Vec<Summary> {
    let ids = room.state.steps.get(step).map(|step| step.attempts.clone()).unwrap_or_default();
    let known = ids.into_iter().filter_map(|id| room.state.attempts.get(&id).map(|attempt| (id, attempt)));
    known.map(|(id, attempt)| (id, attempt.request.number, attempt.status, outcome(attempt))).collect()
}

fn outcome(attempt: &Attempt) -> String {
    let w = words();
    let Some(result) = &attempt.result else { return String::new() };
    let mut parts = vec![result.outcome.word().to_owned(), time::millis(result.duration_ms)];
    parts.extend(result.rows.map(|rows| count(usize::try_from(rows).unwrap_or(usize::MAX), w.rows_one, w.rows)));
    parts.extend(result.exit_code.map(|code| fill(w.exit, &[&code.to_string()])));
    parts.extend(result.failure.map(|failure| failure.word().to_owned()));
    parts.extend(result.output_digest.as_ref().map(|digest| fill(w.digest, &[digest.short()])));
    parts.join(" · ")
}

/// Grows live; the table and the log are put together anew with each batch of chunks.
fn output(ctx: Ctx, attempt: AttemptId, number: u32) -> AnyView {
    let w = words();
    let chunks = ctx.derive(move |room| room.output.iter().filter(|chunk| chunk.attempt == attempt).count());
    let ended =
        ctx.derive(move |room| room.state.attempts.get(&attempt).is_some_and(|attempt| attempt.result.is_some()));
    let files = ctx.derive(move |room| files(room, attempt));
    view! {
        {part(move || {
            ctx.erased.track();
            let any = chunks.get() > 0;
            (any || ended.get()).then(|| view! {
                <h3>{fill(w.output_of, &[&number.to_string()])}</h3>
                {ctx.room.with_untracked(|room| output_view(room.output.iter().filter(|chunk| chunk.attempt == attempt)))}
            })
        })}
        {part(move || files.get().map(|says| view! {
            <p class="label">
                {says}" "<a href=paths::api_result(ctx.id, attempt, "csv") download="">"CSV"</a>
                " · "<a href=paths::api_result(ctx.id, attempt, "ndjson") download="">"NDJSON"</a>
            </p>
        }))}
    }
    .into_any()
}

/// What the files of a result hold, in words; nothing where it has no rows to keep.
fn files(room: &RoomView, attempt: AttemptId) -> Option<String> {
    let w = words();
    let result = room.state.attempts.get(&attempt)?.result.as_ref()?;
    if let Some(full) = &result.full {
        return Some(fill(if full.complete { w.all_as_file } else { w.first_as_file }, &[&full.rows.to_string()]));
    }
    if result.truncated {
        return None;
    }
    let has_rows =
        |chunk: &OutputChunk| chunk.attempt == attempt && matches!(chunk.content, OutputContent::Rows { .. });
    room.output.iter().any(has_rows).then(|| w.as_file.to_owned())
}

fn history(ctx: Ctx, all: &[Summary]) -> AnyView {
    let w = words();
    let rows: Vec<_> = all
        .iter()
        .rev()
        .map(|(id, number, _, outcome)| {
            let id = *id;
            let at = ctx.room.with_untracked(|room| room.state.attempts.get(&id).map(|attempt| attempt.requested_at));
            let events = ctx.room.with_untracked(|room| {
                let about = room.timeline.iter().filter(|event| is_about(&event.kind, id));
                about.filter_map(|event| say(event, &room.state, &room.graph).by).collect::<Vec<_>>()
            });
            let mut people = events;
            people.dedup();
            view! {
                <li>
                    {at.map(|at| view! { <Clock at/> })}
                    <span><a href=paths::attempt(ctx.id, id)>{fill(w.attempt, &[&number.to_string()])}</a>": "{outcome.clone()}<small>{people.join(", ")}</small></span>
                </li>
            }
            .into_any()
        })
        .collect();
    view! { <details class="quiet"><summary>{w.attempts}" · "{all.len().to_string()}</summary><ol class="tl">{rows}</ol></details> }.into_any()
}

fn is_about(kind: &farol_api::event::EventKind, id: AttemptId) -> bool {
    use farol_api::event::EventKind;
    match kind {
        EventKind::AttemptRequested { request } => request.attempt == id,
        EventKind::ApprovalGranted { attempt, .. }
        | EventKind::ApprovalRefused { attempt, .. }
        | EventKind::CancelRequested { attempt, .. } => *attempt == id,
        _ => false,
    }
}
