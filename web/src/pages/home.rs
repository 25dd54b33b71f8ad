//! The home page: my open incident first, what waits for me, and Declare always in sight.

use chrono::{DateTime, Utc};
use farol_api::incident::IncidentSummary;
use farol_api::paths;
use farol_api::request::Me;
use farol_api::room::HomeView;
use farol_api::user::Permission;
use leptos::prelude::*;

use crate::components::badge::{Sev, Stamp, StatusMark};
use crate::components::page::{PageTitle, load, show};
use crate::components::runbooks::runbook_line;
use crate::time;
use crate::words::common::words;

/// The home page.
#[component]
pub fn HomePage() -> impl IntoView {
    show(load::<HomeView>(paths::api_home), home)
}

fn home(home: HomeView, me: Me) -> AnyView {
    let w = words();
    let may = |permission| me.user.role.may(permission);
    let (open, now) = (home.open, home.now);
    view! {
        <PageTitle text=w.home/>
        <div class="page">
            <div class="page-head">
                <h1>{w.home_open}</h1>
                {may(Permission::Respond).then(|| view! { <a class="btn go" href=paths::declare()>{w.declare}</a> })}
            </div>
            {if open.is_empty() {
                view! { <div class="empty"><p>{w.home_calm}</p><p class="hint">{w.home_calm_hint}</p></div> }.into_any()
            } else {
                view! { <ul class="cards">{open.into_iter().map(|incident| open_incident(incident, now)).collect_view()}</ul> }.into_any()
            }}
            {(home.targets == 0).then(|| view! {
                <p class="note">{w.home_no_targets}" "
                    {may(Permission::ManageTargets).then(|| view! { <a href=paths::new_target()>{w.home_new_target}</a> })}
                </p>
            })}
            <h2>{w.home_suggested}</h2>
            {if home.runbooks == 0 {
                view! {
                    <div class="empty"><p>{w.home_no_runbooks}</p>
                        {may(Permission::Author).then(|| view! { <a class="btn" href=paths::new_runbook()>{w.home_new_runbook}</a> })}
                    </div>
                }.into_any()
            } else {
                view! { <ul class="list">{home.suggested.into_iter().map(runbook_line).collect_view()}</ul> }.into_any()
            }}
            {(!home.recent.is_empty()).then(|| view! {
                <h2>{w.home_recent}</h2>
                <ul class="list">{home.recent.into_iter().map(recent).collect_view()}</ul>
            })}
        </div>
    }
    .into_any()
}

/// Time left to the objective, or time since the declaration, when the page was made.
fn clocks(incident: &IncidentSummary, now: DateTime<Utc>) -> AnyView {
    let w = words();
    let elapsed = (now - incident.declared_at).num_seconds().max(0);
    let left = incident.rto_seconds.map(|rto| i64::try_from(rto).unwrap_or(i64::MAX) - elapsed);
    let clock = |label: &'static str, seconds: i64, over: bool| {
        let text = time::span(seconds.unsigned_abs());
        view! { <div class:over=over><dt>{label}</dt><dd>{text}</dd></div> }
    };
    view! {
        <dl class="clock">
            {clock(w.elapsed, elapsed, false)}
            {left.map(|left| clock(if left < 0 { w.rto_over } else { w.rto_left }, left, left < 0))}
        </dl>
    }
    .into_any()
}

fn open_incident(incident: IncidentSummary, now: DateTime<Utc>) -> AnyView {
    let w = words();
    let clocks = clocks(&incident, now);
    let href = paths::incident(incident.id);
    view! {
        <li class=incident.mine.then_some("mine")>
            <div class="line">
                <Sev severity=incident.severity/>
                <h2><a href=href.clone()>{incident.title}</a></h2>
                <StatusMark status=incident.status/>
                {incident.drill.then(|| view! { <span class="env">{w.drill}</span> })}
            </div>
            <div class="line">
                {clocks}
                <span class="label">
                    "INC-"{incident.id.to_string()}{incident.runbook_title.map(|title| format!(" · {title}"))}
                    {incident.mine.then(|| format!(" · {}", w.home_yours))}
                </span>
                <a class="btn end" href=href>{if incident.mine { w.home_resume } else { w.home_enter }}</a>
            </div>
        </li>
    }
    .into_any()
}

fn recent(incident: IncidentSummary) -> AnyView {
    view! {
        <li class="line">
            <Sev severity=incident.severity/>
            <a href=paths::incident(incident.id)>{incident.title}</a>
            <StatusMark status=incident.status/>
            <span class="label end"><Stamp at=incident.declared_at/></span>
        </li>
    }
    .into_any()
}
