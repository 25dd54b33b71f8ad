//! All incidents, newest first.

use farol_api::incident::IncidentSummary;
use farol_api::paths;
use farol_api::request::Me;
use farol_api::user::Permission;
use leptos::prelude::*;

use crate::components::badge::{Sev, Stamp, StatusMark};
use crate::components::page::{PageTitle, load, show};
use crate::time;
use crate::words::common::words;

/// The list of incidents.
#[component]
pub fn IncidentsPage() -> impl IntoView {
    show(load::<Vec<IncidentSummary>>(paths::api_incidents), list)
}

fn list(incidents: Vec<IncidentSummary>, me: Me) -> AnyView {
    let w = words();
    let declare = me
        .user
        .role
        .may(Permission::Respond)
        .then(|| view! { <a class="btn go" href=paths::declare()>{w.declare}</a> });
    let empty = incidents.is_empty();
    let rows: Vec<_> = incidents.into_iter().map(row).collect();
    view! {
        <PageTitle text=w.incidents/>
        <div class="page">
            <div class="page-head"><h1>{w.incidents}</h1>{declare}</div>
            {if empty {
                view! { <div class="empty"><p>{w.incident_list_empty}</p><p class="hint">{w.incident_list_hint}</p></div> }.into_any()
            } else {
                view! {
                    <div class="scroll" tabindex="0" role="region" aria-label=w.incidents>
                        <table>
                            <thead><tr>
                                <th scope="col">{w.severity}</th><th scope="col">{w.incident}</th>
                                <th scope="col">{w.status}</th><th scope="col">{w.declared_at}</th>
                                <th scope="col" class="r">{w.duration}</th>
                            </tr></thead>
                            <tbody>{rows}</tbody>
                        </table>
                    </div>
                }.into_any()
            }}
        </div>
    }
    .into_any()
}

fn row(incident: IncidentSummary) -> AnyView {
    let w = words();
    let took = incident.resolved_at.and_then(|end| u64::try_from((end - incident.declared_at).num_seconds()).ok());
    let about = format!("INC-{}{}", incident.id, incident.runbook_title.map(|t| format!(" · {t}")).unwrap_or_default());
    view! {
        <tr>
            <td><Sev severity=incident.severity/></td>
            <td>
                <a href=paths::incident(incident.id)>{incident.title}</a>
                {incident.drill.then(|| view! { " " <span class="env">{w.drill}</span> })}
                <span class="sub">{about}</span>
            </td>
            <td><StatusMark status=incident.status/></td>
            <td class="num"><Stamp at=incident.declared_at/></td>
            <td class="num r">{took.map_or_else(|| "–".to_owned(), time::span)}</td>
        </tr>
    }
    .into_any()
}
