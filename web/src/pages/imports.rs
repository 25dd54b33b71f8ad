//! Importing: forms that work without scripts, folders that are watched, and what an import did.

use farol_api::library::{FileOutcome, Import, ImportReport, ImportedFile, Imports, SkipReason, Watch};
use farol_api::paths;
use farol_api::request::Me;
use farol_api::user::Permission;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::components::badge::Stamp;
use crate::components::page::{PageTitle, load, show};
use crate::form::Form;
use crate::form::field::{Area, Files, Send, Text, Tick};
use crate::url::encode;
use crate::visit::locale;
use crate::words::library::words;
use crate::words::{count, fill};

/// The ways to bring runbooks in.
#[component]
pub fn ImportsPage() -> impl IntoView {
    show(load::<Imports>(paths::api_imports), |imports, me| page(imports, &me))
}

/// What one import did, file by file.
#[component]
pub fn ImportPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| encode(&params.with(|params| params.get("id")).unwrap_or_default()));
    show(load::<Import>(move || format!("{}/{}", paths::api_imports(), id.get())), |import, _| report(import))
}

fn page(imports: Imports, me: &Me) -> AnyView {
    let w = words();
    let mib = (imports.upload_bytes / (1024 * 1024)).to_string();
    view! {
        <PageTitle text=w.import/>
        <div class="page">
            <h1>{w.import}</h1>
            <p>{w.import_lead}</p>
            <div class="ways">
                <section aria-labelledby="files">
                    <h2 id="files">{w.files_title}</h2>
                    {upload("files", view! { <Files name="files" label=w.files hint=fill(w.files_hint, &[&mib]) key="one" accept=".md,.markdown,.zip,.tar,.gz,.tgz"/> }.into_any(), true)}
                </section>
                <section aria-labelledby="folder">
                    <h2 id="folder">{w.folder_title}</h2>
                    {upload("folder", view! { <Files name="files" label=w.folder hint=w.folder_hint key="folder" folder=true/> }.into_any(), true)}
                </section>
            </div>
            <h2 id="paste">{w.paste_title}</h2>
            {upload("paste", view! {
                <Text name="name" label=w.paste_name hint=w.paste_name_hint/>
                <Area name="text" label=w.paste required=true rows=10 mono=true/>
            }.into_any(), false)}
            <h2 id="watched">{w.watch_title}</h2>
            {watched(&imports, me.user.role.may(Permission::ManageTargets))}
            <h2 id="imports">{w.imports}</h2>
            {last(imports.imports)}
        </div>
    }
    .into_any()
}

fn upload(id: &'static str, fields: AnyView, with_edits: bool) -> AnyView {
    let w = words();
    view! {
        <Form action=paths::api_imports() back=paths::imports() next=format!("{}/{{id}}", paths::imports()) id=id upload=true>
            {fields}
            {with_edits.then(|| view! { <Tick name="over_edits" label=w.over_edits/> })}
            <Send label=w.send look="go"/>
        </Form>
    }
    .into_any()
}

fn watched(imports: &Imports, may_manage: bool) -> AnyView {
    let w = words();
    let items: Vec<_> = imports.watches.iter().map(|watch| watch_row(watch, may_manage)).collect();
    let list = if items.is_empty() {
        view! { <p class="label">{w.watch_none}</p> }.into_any()
    } else {
        view! { <ul class="list">{items}</ul> }.into_any()
    };
    let add = match (may_manage, imports.roots.is_empty()) {
        (false, _) => None,
        (true, true) => Some(view! { <p class="hint">{w.watch_off}</p> }.into_any()),
        (true, false) => Some({
            let below = fill(w.watch_below, &[&imports.roots.join(", ")]);
            view! {
                <Form action=paths::api_watches() back=paths::imports() class="inline">
                    <Text name="path" label=w.watch_path hint=below required=true/>
                    <Send label=w.watch_add/>
                </Form>
            }
            .into_any()
        }),
    };
    view! { <p>{w.watch_lead}</p>{list}{add} }.into_any()
}

fn watch_row(watch: &Watch, may_manage: bool) -> AnyView {
    let w = words();
    let id = watch.id;
    view! {
        <li>
            <div class="line">
                <code>{watch.path.clone()}</code>
                <span class="label">
                    {watch.looked_at.map(|at| view! { {w.watch_looked}" "<Stamp at/> })}
                    {watch.import.map(|id| view! { " · "<a href=paths::import(id)>{w.watch_report}</a> })}
                </span>
            </div>
            {watch.failure.clone().map(|failure| view! { <p class="note bad">{failure}</p> })}
            {may_manage.then(|| view! {
                <div class="line">
                    <Form action=paths::api_look(id) back=paths::imports()><Send label=w.watch_look/></Form>
                    <Form action=paths::api_watch(id) method="DELETE" back=paths::imports()><Send label=w.watch_stop/></Form>
                </div>
            })}
        </li>
    }
    .into_any()
}

fn last(imports: Vec<Import>) -> AnyView {
    let w = words();
    if imports.is_empty() {
        return view! { <p class="empty">{w.imports_none}</p> }.into_any();
    }
    let items: Vec<_> = imports
        .into_iter()
        .map(|import| {
            let by = import.by.map_or_else(|| w.on_its_own.to_owned(), |by| by.name);
            view! {
                <li>
                    <div class="line">
                        <a href=paths::import(import.id)>{import.report.source.clone()}</a>
                        <span class="label">{sums(&import.report)}</span>
                    </div>
                    <p class="label"><Stamp at=import.at/>" · "{by}</p>
                </li>
            }
            .into_any()
        })
        .collect();
    view! { <ul class="list">{items}</ul> }.into_any()
}

fn sums(report: &ImportReport) -> String {
    let w = words();
    let counted = [
        (report.new, w.new_one, w.new),
        (report.changed, w.changed_one, w.changed),
        (report.renamed, w.renamed_one, w.renamed),
        (report.unchanged, w.unchanged_one, w.unchanged),
        (report.skipped, w.skipped_one, w.skipped),
    ];
    let counted = counted.into_iter().filter(|(number, ..)| *number > 0);
    let counted: Vec<String> = counted.map(|(number, one, many)| count(number, one, many)).collect();
    if counted.is_empty() { w.nothing_in_it.to_owned() } else { counted.join(", ") }
}

fn report(import: Import) -> AnyView {
    let w = words();
    let report = import.report;
    let title = fill(w.report, &[&report.source]);
    let by = import.by.map_or_else(|| w.on_its_own.to_owned(), |by| by.name);
    let files: Vec<_> = report.files.iter().map(file).collect();
    let gone: Vec<_> =
        report.gone.iter().map(|path| view! { <li><code>{path.clone()}</code></li> }.into_any()).collect();
    view! {
        <PageTitle text=title.clone()/>
        <div class="page">
            <h1>{title}</h1>
            <p class="label"><Stamp at=import.at/>" · "{by}</p>
            <p role="status">{sums(&report)}</p>
            {report.stopped.as_ref().map(|why| view! {
                <div class="note bad"><p><b>{w.stopped}</b></p><p>{why.get(locale()).to_owned()}</p></div>
            })}
            <ul class="list files">{files}</ul>
            {(report.unlisted > 0).then(|| view! { <p class="label">{fill(w.unlisted, &[&report.unlisted.to_string()])}</p> })}
            {(!gone.is_empty()).then(|| view! { <h2>{w.gone}</h2><p>{w.gone_hint}</p><ul>{gone}</ul> })}
            <div class="actions">
                <a class="btn" href=paths::runbooks()>{w.see_library}</a>
                <a class="btn" href=paths::imports()>{w.see_imports}</a>
            </div>
        </div>
    }
    .into_any()
}

fn file(file: &ImportedFile) -> AnyView {
    let w = words();
    let (class, shape, word) = match (file.outcome, file.reason) {
        (FileOutcome::Skipped, Some(SkipReason::NotMarkdown)) => ("state ok", "·", w.is_skipped),
        (FileOutcome::Skipped, _) => ("state bad", "✕", w.is_skipped),
        (FileOutcome::New, _) => ("state run", "✚", w.is_new),
        (FileOutcome::Changed, _) => ("state run", "✎", w.is_changed),
        (FileOutcome::Renamed, _) => ("state run", "→", w.is_renamed),
        (FileOutcome::Unchanged, _) => ("state ok", "=", w.is_unchanged),
    };
    let name = match &file.runbook {
        Some(id) => view! { <a href=paths::runbook(id)><code>{file.path.clone()}</code></a> }.into_any(),
        None => view! { <code>{file.path.clone()}</code> }.into_any(),
    };
    let size = file
        .runbook
        .is_some()
        .then(|| format!("{} · {}", count(file.steps, w.step, w.steps), count(file.problems, w.finding, w.findings)));
    view! {
        <li>
            <div class="line">
                <span class=class><span aria-hidden="true">{shape}" "</span>{word}</span>
                {name}
                {size.map(|size| view! { <span class="label">{size}</span> })}
            </div>
            {file.note.as_ref().map(|note| view! { <p class="label">{note.get(locale()).to_owned()}</p> })}
        </li>
    }
    .into_any()
}
