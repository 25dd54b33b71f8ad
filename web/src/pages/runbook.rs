//! One runbook: its text, its steps, what it takes, and the way into an incident.

use farol_api::paths;
use farol_api::request::Me;
use farol_api::runbook::{DiagnosticSeverity, RevisionSummary, Runbook, RunbookDetail, Section};
use farol_api::user::Permission;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::components::badge::Stamp;
use crate::components::page::{PageTitle, load, show};
use crate::components::parameters::{parameter_table, sample_table};
use crate::components::runbooks::diagnostics;
use crate::components::steps::step_list;
use crate::url::encode;
use crate::words::facts::words as facts;
use crate::words::runbooks::words;
use crate::words::terms::Term;
use crate::words::{common, count, fill};

/// The newest revision of a runbook.
#[component]
pub fn RunbookPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| encode(&params.with(|params| params.get("id")).unwrap_or_default()));
    show(load::<RunbookDetail>(move || format!("/api/runbooks/{}", id.get())), detail)
}

/// One revision of a runbook.
#[component]
pub fn RevisionPage() -> impl IntoView {
    let params = use_params_map();
    let at = Memo::new(move |_| {
        let of = |name: &str| encode(&params.with(|params| params.get(name)).unwrap_or_default());
        (of("id"), of("revision"))
    });
    let path = move || at.with(|(id, revision)| format!("/api/runbooks/{id}/revisions/{revision}"));
    show(load::<RunbookDetail>(path), detail)
}

fn detail(detail: RunbookDetail, me: Me) -> AnyView {
    let w = words();
    let runbook = &detail.runbook;
    let title = if runbook.title.is_empty() { detail.id.to_string() } else { runbook.title.clone() };
    let by = saved_by(&detail.revision);
    let number = fill(w.revision, &[&detail.revision.number.to_string()]);
    let language = runbook.language.clone();
    let found = found(&detail);
    let (steps, parameters, samples) = (step_list(runbook), parameter_table(runbook), sample_table(runbook));
    view! {
        <PageTitle text=title.clone()/>
        <div class="page with-outline">
            <div class="wide">
                {(!detail.newest).then(|| view! {
                    <p class="note wait">{w.older}" "<a href=paths::runbook(&detail.id)>{w.see_newest}</a></p>
                })}
                <h1 lang=language.clone()>{title}</h1>
                <p class="label">
                    {number}" · "<Stamp at=detail.revision.created_at/>" · "{by}" · "
                    <a href=paths::revisions(&detail.id)>{w.revisions}</a>" · "
                    <a href=paths::api_source(&detail.id, detail.revision.id.as_str()) download=format!("{}.md", detail.id)>{w.download}</a>
                </p>
                {written_by(&detail).map(|text| view! { <p class="label">{text}</p> })}
                {detail.editors.untold.map(|why| view! { <p class="note wait">{fill(w.untold, &[why.word()])}</p> })}
                {starts(&detail, &me)}
            </div>
            {outline(&runbook.sections)}
            <div class="body">
                {about(runbook)}
                // No heading of a runbook has an anchor with a dot in it: links to its own "Steps" lead there.
                <h2 id="page.diagnostics">{w.diagnostics}</h2>
                {found}
                <h2 id="page.steps">{w.steps}</h2>
                {picture(&detail)}
                {steps}
                {parameters}
                {samples}
                <h2 id="page.text">{w.text}</h2>
                // The server sanitised it; scripts, styles and frames are gone.
                <article class="prose document" lang=language inner_html=detail.html></article>
            </div>
        </div>
    }
    .into_any()
}

/// Who saved a revision, in words.
pub fn saved_by(revision: &RevisionSummary) -> String {
    match &revision.created_by {
        Some(by) => by.name.clone(),
        None if revision.note.starts_with("import: ") => words().from_files.to_owned(),
        None => common::words().came_with.to_owned(),
    }
}

/// Who wrote it, where that is more than who saved it.
fn written_by(detail: &RunbookDetail) -> Option<String> {
    let (w, editors) = (words(), &detail.editors);
    let saved = detail.revision.created_by.as_ref().map(|by| by.id);
    let others = editors.people.iter().any(|person| Some(person.id) != saved) || editors.strangers > 0;
    let mut names: Vec<String> = editors.people.iter().map(|person| person.name.clone()).collect();
    names.extend((editors.strangers > 0).then(|| count(editors.strangers, w.stranger, w.strangers)));
    others.then(|| fill(w.written_by, &[&names.join(", ")]))
}

/// What the reader remarks. Notes alone are closed: nothing of them has to be mended before the steps are read.
fn found(detail: &RunbookDetail) -> AnyView {
    let w = words();
    let all = &detail.runbook.diagnostics;
    let list = diagnostics(all, |_| paths::edit_runbook(&detail.id));
    if all.is_empty() || all.iter().any(|one| one.severity != DiagnosticSeverity::Info) {
        return list;
    }
    let said = count(all.len(), w.note_alone, w.notes_alone);
    view! { <details class="quiet"><summary>{said}</summary>{list}</details> }.into_any()
}

fn starts(detail: &RunbookDetail, me: &Me) -> AnyView {
    let w = words();
    let may = |permission| me.user.role.may(permission);
    let declare = format!("{}?runbook={}", paths::declare(), detail.id);
    let drill = format!("{declare}&drill=1");
    view! {
        <div class="actions">
            {(may(Permission::Respond) && detail.newest).then(|| view! {
                <a class="btn go" href=declare>{w.start_incident}</a>
                <a class="btn" href=drill>{w.start_drill}</a>
            })}
            {(may(Permission::Author) && detail.newest).then(|| view! { <a class="btn" href=paths::edit_runbook(&detail.id)>{w.edit}</a> })}
        </div>
    }
    .into_any()
}

/// The step graph as a picture; the list below it says the same.
fn picture(detail: &RunbookDetail) -> Option<AnyView> {
    let w = words();
    detail.runbook.graph.start.as_ref()?;
    let address = paths::api_graph(&detail.id, detail.revision.id.as_str());
    Some(
        view! {
            <details class="quiet">
                <summary>{w.graph}</summary>
                <div class="scroll"><img class="graph" src=address alt=w.graph_alt loading="lazy"/></div>
            </details>
        }
        .into_any(),
    )
}

fn outline(sections: &[Section]) -> AnyView {
    let w = words();
    let items: Vec<_> = sections
        .iter()
        .filter(|section| (2..=3).contains(&section.level))
        .map(|section| {
            let class = format!("l{}", section.level);
            view! { <li class=class><a href=format!("#{}", section.anchor) rel="external">{section.title.clone()}</a></li> }.into_any()
        })
        .collect();
    view! {
        <nav class="outline" aria-label=w.outline>
            <ul>
                <li><a href="#page.steps" rel="external">{w.steps}</a></li>
                <li><a href="#page.text" rel="external">{w.text}</a></li>
                {items}
            </ul>
        </nav>
    }
    .into_any()
}

fn about(runbook: &Runbook) -> Option<AnyView> {
    let named = runbook.metadata.iter().map(|item| (item.label.clone(), item.value.clone()));
    let alerts: Vec<_> = runbook.alerts.iter().map(|alert| alert.name.as_str()).collect();
    let alerts = (!alerts.is_empty()).then(|| (facts().alerts.to_owned(), alerts.join(", ")));
    let items: Vec<_> = named
        .chain(alerts)
        .map(|(label, value)| view! { <div><dt>{label}</dt><dd>{value}</dd></div> }.into_any())
        .collect();
    if items.is_empty() {
        return None;
    }
    Some(view! { <dl class="facts words">{items}</dl> }.into_any())
}
