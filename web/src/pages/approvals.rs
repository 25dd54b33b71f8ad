//! What waits for approval: exactly what would run, why, who asks, until when.

use farol_api::approval::{AttemptRequest, PendingApproval};
use farol_api::capture::Origin;
use farol_api::editors::Untold;
use farol_api::graph::CommandLanguage;
use farol_api::id::IncidentId;
use farol_api::incident::BreakGlassView;
use farol_api::paths;
use farol_api::request::Me;
use farol_api::risk::RiskClass;
use farol_api::user::Person;
use leptos::prelude::*;

use crate::api::parse;
use crate::components::badge::Sev;
use crate::components::glass;
use crate::components::page::{PageTitle, Reader, load, show};
use crate::components::prose::inline;
use crate::form::Form;
use crate::form::field::{Send, Text};
use crate::room::{exactly, expiry, terms};
use crate::time;
use crate::visit::locale;
use crate::words::room::words;
use crate::words::terms::Term;
use crate::words::{common, fill};

/// The approvals page.
#[component]
pub fn ApprovalsPage() -> impl IntoView {
    let glasses = load::<Vec<BreakGlassView>>(paths::api_break_glass);
    let glasses = view! { <Suspense>{move || Suspend::new(async move { to_review(parse(glasses.text.await).ok()?).await })}</Suspense> };
    view! { {show(load::<Vec<PendingApproval>>(paths::api_approvals), list)} {glasses} }
}

/// What was run without approval and nobody has looked at yet.
async fn to_review(glasses: Vec<BreakGlassView>) -> Option<AnyView> {
    let me = Reader::take().get().await.filter(|_| !glasses.is_empty())?;
    let glasses: Vec<_> = glasses.into_iter().map(|view| glass::one(view, &me, paths::approvals())).collect();
    let title = crate::words::break_glass::words().to_review;
    Some(view! { <section class="page" id="to-review"><h2>{title}</h2>{glasses}</section> }.into_any())
}

fn list(pending: Vec<PendingApproval>, _me: Me) -> AnyView {
    let (w, c) = (words(), common::words());
    let empty = pending.is_empty();
    view! {
        <PageTitle text=c.approvals/>
        <div class="page">
            <h1>{c.approvals}</h1>
            {empty.then(|| view! { <div class="empty"><p>{w.approvals_empty}</p><p class="hint">{w.approvals_hint}</p></div> })}
            {pending.into_iter().map(one).collect_view()}
        </div>
    }
    .into_any()
}

fn one(pending: PendingApproval) -> AnyView {
    let w = words();
    let PendingApproval {
        incident_id,
        incident_title,
        severity,
        request,
        requested_by,
        requested_at,
        approved_by,
        barred,
        editors_untold,
    } = pending;
    let by = fill(w.asked_by, &[&requested_by.name, &time::stamp(requested_at)]);
    let why = request.risk.why.get(locale()).to_owned();
    let reason = request.reason.clone().map(|reason| fill(w.their_reason, &[&reason]));
    let approved: Vec<_> = approved_by.iter().map(approver).collect();
    let about = format!("{} · {}", fill(w.digest, &[request.digest.short()]), expiry(&request));
    let (attempt, digest) = (request.attempt, request.digest.to_string());
    let decide = match barred {
        Some(bar) => view! {
            <p class="note">{bar.word()}</p>
            <button type="button" class="go" aria-disabled="true">{w.approve}</button>
        }
        .into_any(),
        None => view! {
            <div class="actions">
                <Form action=paths::api_approval(incident_id, attempt) back=paths::approvals()>
                    <input type="hidden" name="digest" value=digest/>
                    <Send label=w.approve look="go"/>
                </Form>
                <details class="act stop">
                    <summary>{w.refuse}</summary>
                    <Form action=paths::api_refusal(incident_id, attempt) back=paths::approvals()>
                        <Text name="reason" label=w.why_refuse required=true/>
                        <Send label=w.refuse look="stop"/>
                    </Form>
                </details>
            </div>
        }
        .into_any(),
    };
    view! {
        <section class="approval">
            <div class="line">
                <Sev severity/>
                <h2>{request.title.clone()}</h2>
                <span class="label end"><a href=paths::incident_step(incident_id, &request.step)>"INC-"{incident_id.to_string()}" · "{incident_title}</a></span>
            </div>
            <p>{by}</p>
            {reason.map(|reason| view! { <p>{reason}</p> })}
            {exactly(&request)}
            {terms(&request).map(|terms| view! { <p>{terms}</p> })}
            {beside(incident_id, &request)}
            <p class="label">{w.why}": "{inline(&why)}</p>
            {approved}
            <p class="label">{about}</p>
            {untold(editors_untold)}{decide}
        </section>
    }
    .into_any()
}

fn approver(by: &Person) -> AnyView {
    view! { <p class="label">{fill(words().approved_by, &[&by.name])}</p> }.into_any()
}

/// That whoever reads this may have written the step, for all that is known.
fn untold(why: Option<Untold>) -> Option<AnyView> {
    why.map(|why| view! { <p class="note wait">{fill(words().untold, &[why.word()])}</p> }.into_any())
}

/// What one looks at beside the text: where its values come from, and what it would do.
fn beside(id: IncidentId, request: &AttemptRequest) -> AnyView {
    view! { {origins(request)}{dry_run(id, request)} }.into_any()
}

/// The way to what a change would do, which the database can be asked while it waits.
fn dry_run(id: IncidentId, request: &AttemptRequest) -> Option<AnyView> {
    let changes = matches!(request.risk.class, RiskClass::Write | RiskClass::Destructive);
    let asks = changes && request.language == CommandLanguage::Sql;
    let href = paths::dry_run(id, &request.step);
    asks.then(|| view! { <p class="label"><a href=href>{words().dry_run}</a></p> }.into_any())
}

/// Where values come from that earlier steps left.
fn origins(request: &AttemptRequest) -> Vec<AnyView> {
    let line = |(name, from): (&String, &Origin)| {
        let text = fill(words().left_by, &[&from.number.to_string(), &from.title]);
        view! { <p class="label"><code>{name.clone()}</code>" "{text}</p> }.into_any()
    };
    request.origins.iter().map(line).collect()
}
