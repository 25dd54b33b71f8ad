//! The library: a list that is searched.

use farol_api::paths;
use farol_api::request::Me;
use farol_api::runbook::RunbookSummary;
use farol_api::user::Permission;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::components::badge::{Risk, Stamp};
use crate::components::page::{PageTitle, load, show};
use crate::url::encode;
use crate::words::runbooks::words;
use crate::words::{common, count, fill};

/// The library; `?q=` searches.
#[component]
pub fn LibraryPage() -> impl IntoView {
    let query = use_query_map();
    let sought = Memo::new(move |_| query.with(|query| query.get("q")).unwrap_or_default());
    let loaded = load::<Vec<RunbookSummary>>(move || {
        let sought = sought.get();
        if sought.is_empty() {
            paths::api_runbooks()
        } else {
            format!("{}?q={}", paths::api_runbooks(), encode(&sought))
        }
    });
    show(loaded, move |runbooks, me| library(runbooks, &me, &sought.get_untracked()))
}

fn library(runbooks: Vec<RunbookSummary>, me: &Me, sought: &str) -> AnyView {
    let (w, c) = (words(), common::words());
    let may_write = me.user.role.may(Permission::Author);
    let number = runbooks.len();
    let searched = !sought.is_empty();
    let rows: Vec<_> = runbooks.into_iter().map(row).collect();
    let body = match (number, searched) {
        (0, true) => view! {
            <div class="empty">
                <p>{fill(w.nothing, &[sought])}</p><p class="hint">{w.nothing_hint}</p>
                <a class="btn" href=paths::runbooks()>{w.show_all}</a>
            </div>
        }
        .into_any(),
        (0, false) => view! {
            <div class="empty">
                <p>{w.empty}</p><p class="hint">{w.empty_hint}</p>
                {may_write.then(|| view! { <a class="btn go" href=paths::new_runbook()>{w.new}</a> })}
            </div>
        }
        .into_any(),
        _ => view! {
            <p class="label" role="status">{count(number, w.found_one, w.found)}</p>
            <ul class="library">{rows}</ul>
        }
        .into_any(),
    };
    view! {
        <PageTitle text=w.library/>
        <div class="page">
            <div class="page-head">
                <h1>{w.library}</h1>
                {may_write.then(|| view! { <a class="btn" href=paths::new_runbook()>{w.new}</a> })}
            </div>
            <form class="search" action=paths::runbooks() role="search">
                <label for="q">{c.search}</label>
                <input id="q" type="search" name="q" value=sought.to_owned() aria-describedby="q-hint"/>
                <button type="submit">{c.search}</button>
                <p class="hint" id="q-hint">{w.search_hint}</p>
            </form>
            {body}
        </div>
    }
    .into_any()
}

fn row(runbook: RunbookSummary) -> AnyView {
    let (w, c) = (words(), common::words());
    let by = runbook.updated_by.map_or_else(|| c.came_with.to_owned(), |person| person.name);
    let steps =
        format!("{} {} · {} {}", runbook.steps, w.steps_col.to_lowercase(), runbook.executable_steps, w.runnable);
    let problems = (runbook.problems > 0).then(|| view! { <span class="state wait">"▲ "{runbook.problems.to_string()}" "{w.problems_col.to_lowercase()}</span> });
    view! {
        <li>
            <div class="line">
                <a class="name" href=paths::runbook(&runbook.id) lang=runbook.language.clone()>{runbook.title}</a>
                {runbook.highest_risk.map(|class| view! { <Risk class/> })}
                {runbook.severity.map(|word| view! { <span class="label">{c.severity}": "{word}</span> })}
                {problems}
            </div>
            <p class="label">{steps}" · "{runbook.language.unwrap_or_default()}" · "<Stamp at=runbook.updated_at/>" · "{by}</p>
        </li>
    }
    .into_any()
}
