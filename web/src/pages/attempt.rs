//! One attempt: what is held of it, who decides, how it ended, and what would undo it.

use farol_api::approval::AttemptRequest;
use farol_api::hold::{AttemptView, HoldState, RolledBack, UndoOffer};
use farol_api::id::{AttemptId, IncidentId};
use farol_api::incident::Attempt;
use farol_api::paths;
use farol_api::policy::RequesterAct;
use farol_api::request::Me;
use farol_api::terms::after_commit;
use farol_api::user::Permission;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::components::erasing::erasing;
use crate::components::output::output_view;
use crate::components::page::{PageTitle, load, show};
use crate::form::Form;
use crate::form::field::{Send, Text, Tick};
use crate::room::{exactly, terms};
use crate::time;
use crate::url::encode;
use crate::visit::{self, locale};
use crate::words::hold::words;
use crate::words::terms::Term;
use crate::words::{count, fill, room};

/// The page of one attempt.
#[component]
pub fn AttemptPage() -> impl IntoView {
    let at = at();
    let path = move || at.with(|(id, attempt)| format!("/api/incidents/{id}/attempts/{attempt}"));
    let incident = move || at.with_untracked(|(id, _)| id.parse().map(IncidentId));
    show(load::<AttemptView>(path), move |view, me| incident().map_or_else(|_| ().into_any(), |id| page(id, view, &me)))
}

/// The page that shows what would undo an attempt, and asks for it.
#[component]
pub fn UndoPage() -> impl IntoView {
    let at = at();
    let path = move || at.with(|(id, attempt)| format!("/api/incidents/{id}/attempts/{attempt}/undo"));
    let place = move || {
        at.with_untracked(|(id, attempt)| Some((IncidentId(id.parse().ok()?), AttemptId(attempt.parse().ok()?))))
    };
    show(load::<AttemptRequest>(path), move |request, me| {
        place().map_or_else(|| ().into_any(), |(id, attempt)| undo_page(id, attempt, &request, &me))
    })
}

fn at() -> Memo<(String, String)> {
    let params = use_params_map();
    Memo::new(move |_| {
        let of = |name: &str| encode(&params.with(|params| params.get(name)).unwrap_or_default());
        (of("id"), of("attempt"))
    })
}

fn page(id: IncidentId, view: AttemptView, me: &Me) -> AnyView {
    let w = words();
    let request = &view.attempt.request;
    let title = if request.way.is_dry() { w.title_dry } else { w.title };
    let title = fill(title, &[&request.number.to_string(), &request.title]);
    let held = view.attempt.hold.as_ref().map(|hold| hold_view(id, &view, hold));
    let undoes = request.hold.as_ref().and_then(|hold| hold.undoes);
    let compares = view.attempt.hold.is_some();
    let erased = view.erased.as_ref().map(|erasure| {
        let said = erasure.said().get(visit::locale()).to_owned();
        view! { <h2>{w.output}</h2><p class="note">{said}</p> }
    });
    let shows = erased.is_none() && !view.output.is_empty();
    let erase = view.may_erase.then(|| erasing(id, Some(request.attempt), paths::attempt(id, request.attempt)));
    let output = shows.then(|| {
        view! {
            <h2>{w.output}</h2>
            {compares.then(|| view! { <p class="hint">{w.before_after}</p> })}
            {output_view(view.output.iter())}
        }
    });
    let may = me.user.role.may(Permission::Respond);
    view! {
        <PageTitle text=title.clone()/>
        <div class="page">
            <p class="label">
                <a href=paths::incident_step(id, &request.step)>{w.room}</a>
                " · INC-"{id.to_string()}" · "{view.incident_title.clone()}
            </p>
            <h1>{title}</h1>
            {undoes.map(|undone| view! { <p>{w.undo_this}" "<a href=paths::attempt(id, undone)>{w.undone}</a></p> })}
            {ended(&view.attempt)}
            {held.unwrap_or_else(|| not_held(id, &view.attempt))}
            {exactly(request)}
            {erased}
            {output}
            {undo_view(id, &view, may)}
            {erase}
        </div>
    }
    .into_any()
}

fn ended(attempt: &Attempt) -> Option<AnyView> {
    let (w, r) = (words(), room::words());
    let result = attempt.result.as_ref()?;
    let mut parts = vec![result.outcome.word().to_owned(), time::millis(result.duration_ms)];
    parts.extend(result.rows.map(|rows| count(usize::try_from(rows).unwrap_or(usize::MAX), r.rows_one, r.rows)));
    let failure = result.failure.map(|failure| view! { <p>{failure.word()}</p> });
    Some(view! { <h2>{w.result}</h2><p><b>{parts.join(" · ")}</b></p>{failure} }.into_any())
}

fn not_held(id: IncidentId, attempt: &Attempt) -> AnyView {
    let w = words();
    let here = paths::attempt(id, attempt.request.attempt);
    if attempt.result.is_some() {
        return ().into_any();
    }
    let terms = terms(&attempt.request);
    view! { <p class="note">{w.not_held_yet}" "{terms}" "<a href=here>{w.look_again}</a></p> }.into_any()
}

fn hold_view(id: IncidentId, view: &AttemptView, hold: &HoldState) -> AnyView {
    let w = words();
    let decided = match &hold.decided {
        None if view.attempt.result.is_none() => waiting(id, view, hold),
        None => ().into_any(),
        Some(decision) => {
            let (at, by) = (time::clock(decision.at), decision.by.as_ref().map(|by| by.name.as_str()));
            let text = match (decision.commit, by, decision.because) {
                (true, by, _) => fill(w.committed_by, &[by.unwrap_or("Farol"), &at]),
                (false, Some(by), _) => fill(w.rolled_back_by, &[by, &at]),
                (false, None, why) => fill(w.rolled_back, &[&at, why.map_or("", because)]),
            };
            view! { <p class="note">{text}</p> }.into_any()
        }
    };
    view! { {decided}{statements(hold)}{locks(hold)} }.into_any()
}

fn because(why: RolledBack) -> &'static str {
    let w = words();
    match why {
        RolledBack::Deadline => w.because_deadline,
        RolledBack::Cancelled => w.because_cancelled,
        RolledBack::Server => w.because_server,
        RolledBack::Connection => w.because_connection,
    }
}

/// What waits for a person, and the two presses.
fn waiting(id: IncidentId, view: &AttemptView, hold: &HoldState) -> AnyView {
    let w = words();
    let attempt = view.attempt.request.attempt;
    let rows = usize::try_from(hold.held.rows()).unwrap_or(usize::MAX);
    let left = (hold.held.until - view.now).num_seconds().max(0).unsigned_abs();
    let range = view.attempt.request.hold.as_ref().and_then(|hold| hold.rows);
    let back = paths::attempt(id, attempt);
    let press = |commit: &'static str, label: &'static str, look: &'static str| {
        view! {
            <Form action=paths::api_hold(id, attempt) back=back.clone() kinds="commit:flag" id=format!("hold-{commit}")>
                <input type="hidden" name="commit" value=commit/>
                <Send label=label look=look/>
            </Form>
        }
        .into_any()
    };
    let decide = if view.may_decide {
        view! { <div class="actions">{press("true", w.commit, "go")}{press("false", w.roll_back, "stop")}</div> }
            .into_any()
    } else {
        view! { <p>{w.not_yours}</p> }.into_any()
    };
    view! {
        <section class="note wait" aria-labelledby="held">
            <h2 id="held">{w.held}</h2>
            <p><b>{count(rows, w.held_rows_one, w.held_rows)}</b>{range.map(|range| format!(" {}", fill(room::words().range, &[&range.to_string()])))}</p>
            <p>{fill(w.until, &[&time::clock(hold.held.until)])}" "{fill(w.left, &[&time::span(left)])}" "<a href=back.clone()>{w.look_again}</a></p>
            {later(hold, &view.attempt.request).map(|text| view! { <p>{text}</p> })}
            {decide}
        </section>
    }
    .into_any()
}

/// What of it can be put back once it is committed; nothing of what undoes something itself.
fn later(hold: &HoldState, request: &AttemptRequest) -> Option<String> {
    let undoes = request.hold.as_ref().is_some_and(|hold| hold.undoes.is_some());
    (!undoes).then(|| after_commit(&hold.held, locale()))
}

fn statements(hold: &HoldState) -> AnyView {
    let w = words();
    let rows: Vec<_> = hold
        .held
        .statements
        .iter()
        .enumerate()
        .map(|(at, statement)| {
            view! {
                <tr>
                    <th scope="row">{(at + 1).to_string()}</th>
                    <td class="num">{statement.rows.to_string()}</td>
                    <td class="num">{statement.shown.to_string()}</td>
                </tr>
            }
            .into_any()
        })
        .collect();
    view! {
        <h2>{w.statements}</h2>
        <div class="scroll" tabindex="0" role="region" aria-label=w.statements>
            <table>
                <thead><tr><th scope="col">{w.statement}</th><th scope="col">{w.rows}</th><th scope="col">{w.shown}</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn locks(hold: &HoldState) -> AnyView {
    let w = words();
    let waiting = hold.held.waiting.filter(|waiting| *waiting > 0);
    let waiting = waiting.map(|waiting| view! { <p>{fill(w.waiting, &[&waiting.to_string()])}</p> });
    if hold.held.locks.is_empty() {
        return view! { <p class="hint">{w.locks_none}</p>{waiting} }.into_any();
    }
    let rows: Vec<_> = hold
        .held
        .locks
        .iter()
        .map(|lock| view! { <tr><td><code>{lock.on.clone()}</code></td><td>{lock.mode.clone()}</td></tr> }.into_any())
        .collect();
    view! {
        <h2>{w.locks}</h2>
        <div class="scroll" tabindex="0" role="region" aria-label=w.locks>
            <table>
                <thead><tr><th scope="col">{w.lock_on}</th><th scope="col">{w.lock_mode}</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {waiting}
    }
    .into_any()
}

fn undo_view(id: IncidentId, view: &AttemptView, may: bool) -> AnyView {
    let w = words();
    let inner = match &view.undo {
        UndoOffer::Nothing => return ().into_any(),
        UndoOffer::Offered { rows } => {
            let rows = usize::try_from(*rows).unwrap_or(usize::MAX);
            let href = format!("{}/undo", paths::attempt(id, view.attempt.request.attempt));
            view! {
                <p>{count(rows, w.undo_offer_one, w.undo_offer)}</p>
                {may.then(|| view! { <p><a class="btn" href=href>{w.undo_show}</a></p> })}
            }
            .into_any()
        }
        UndoOffer::Done { by } => {
            view! { <p>{w.undo_done}" "<a href=paths::attempt(id, *by)>{w.undo_see}</a></p> }.into_any()
        }
        UndoOffer::Not { why } => view! { <p>{fill(w.undo_not, &[(*why).word()])}</p> }.into_any(),
    };
    view! { <h2>{w.undo}</h2>{inner} }.into_any()
}

fn undo_page(id: IncidentId, attempt: AttemptId, request: &AttemptRequest, me: &Me) -> AnyView {
    let (w, r) = (words(), room::words());
    let act = request.requirement.requester;
    let typed = matches!(act, RequesterAct::TypeTarget | RequesterAct::TypeTargetAndReason);
    let tick = matches!(act, RequesterAct::Confirm | RequesterAct::Review);
    let reason = request.needs_reason || act == RequesterAct::TypeTargetAndReason;
    let back = format!("{}/undo", paths::attempt(id, attempt));
    let type_target = fill(r.type_target, &[request.target.as_str()]);
    let digest = request.digest.to_string();
    let short_digest = fill(r.digest, &[request.digest.short()]);
    let form = me.user.may(Permission::Respond).then(|| {
        view! {
            <Form
                action=paths::api_undo(id, attempt)
                back=back
                next=format!("/incidents/{id}/attempts/{{attempt}}")
                kinds="confirmed:flag"
            >
                <input type="hidden" name="digest" value=digest/>
                {tick.then(|| view! { <Tick name="confirmed" label=r.confirm_reviewed required=true/> })}
                {typed.then(|| view! { <Text name="typed_target" label=type_target required=true/> })}
                <Text name="reason" label=r.reason required=reason/>
                <p class="label">{short_digest}</p>
                <Send label=w.undo_ask look="go"/>
            </Form>
        }
    });
    view! {
        <PageTitle text=w.undo_title/>
        <div class="page">
            <p class="label"><a href=paths::attempt(id, attempt)>{w.undone}</a></p>
            <h1>{w.undo_title}": "{request.title.clone()}</h1>
            <p>{w.undo_about}</p>
            {exactly(request)}
            {form}
        </div>
    }
    .into_any()
}
