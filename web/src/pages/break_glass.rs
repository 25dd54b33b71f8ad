//! Breaking the glass in an incident.

use farol_api::id::IncidentId;
use farol_api::incident::BreakGlassOf;
use farol_api::paths;
use farol_api::request::Me;
use farol_api::user::Permission;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::components::glass;
use crate::components::page::{PageTitle, load, show};
use crate::form::Form;
use crate::form::field::{Send, Text};
use crate::words::break_glass::words;

/// The page of one incident.
#[component]
pub fn BreakGlassPage() -> impl IntoView {
    let params = use_params_map();
    let id = move || params.with(|params| params.get("id")).and_then(|id| id.parse::<IncidentId>().ok());
    // An address without a number is of no incident.
    let id = move || id().unwrap_or(IncidentId(0));
    show(load::<BreakGlassOf>(move || paths::api_incident_break_glass(id())), move |all, me| page(id(), all, &me))
}

fn page(id: IncidentId, view: BreakGlassOf, me: &Me) -> AnyView {
    let w = words();
    let here = paths::break_glass(id);
    let BreakGlassOf { incident_open, all } = view;
    let mine = all.iter().any(|view| view.open && view.glass.by.id == me.user.id);
    let none = all.is_empty();
    let open = if !incident_open {
        view! { <p class="note">{w.incident_over}</p> }.into_any()
    } else if !me.user.may(Permission::BreakGlass) {
        view! { <p class="note">{w.may_not}</p> }.into_any()
    } else if mine {
        ().into_any()
    } else {
        view! {
            <Form action=paths::api_incident_break_glass(id) back=here.clone() kinds="minutes:number" class="narrow">
                <Text name="reason" label=w.reason required=true hint=w.waits/>
                <Text name="minutes" label=w.minutes kind="number" value="15".to_owned() required=true/>
                <Send label=w.go look="stop"/>
            </Form>
        }
        .into_any()
    };
    let all: Vec<_> = all.into_iter().map(|view| glass::one(view, me, here.clone())).collect();
    view! {
        <PageTitle text=w.title/>
        <div class="page">
            <div class="page-head">
                <h1>{w.title}" · INC-"{id.to_string()}</h1>
                <a class="btn" href=paths::incident(id)>{w.back}</a>
            </div>
            <p>{w.lead}</p>
            {open}
            <h2>{w.all}</h2>
            {none.then(|| view! { <p class="label">{w.none}</p> })}
            {all}
        </div>
    }
    .into_any()
}
