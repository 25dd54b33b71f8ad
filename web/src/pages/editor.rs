//! Writing a runbook: a plain text area, a preview made by the server, a new revision on save.

use farol_api::paths;
use farol_api::request::Me;
use farol_api::runbook::{Mended, Preview, RunbookDetail};
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::components::page::{PageTitle, load, show, show_me};
use crate::components::parameters::{parameter_table, sample_table};
use crate::components::runbooks::diagnostics;
use crate::components::steps::step_list;
use crate::form::Form;
use crate::form::field::{Area, Send, Text};
use crate::ssr::Assets;
use crate::url::encode;
use crate::visit::{Echo, FormEcho};
use crate::words::fill;
use crate::words::runbooks::words;

/// The page of a new runbook.
#[component]
pub fn NewRunbookPage() -> impl IntoView {
    show_me(|_| {
        let w = words();
        editor(Draft {
            title: w.new_title.to_owned(),
            action: paths::api_runbooks(),
            back: paths::new_runbook(),
            next: "/runbooks/{id}".to_owned(),
            source: w.template.to_owned(),
            base: None,
            known: None,
        })
    })
}

/// The editor of a runbook.
#[component]
pub fn EditPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| encode(&params.with(|params| params.get("id")).unwrap_or_default()));
    show(load::<RunbookDetail>(move || format!("/api/runbooks/{}", id.get())), |detail, _: Me| {
        let title = fill(words().editing, &[&detail.runbook.title]);
        editor(Draft {
            title,
            action: paths::api_revisions(&detail.id),
            back: paths::edit_runbook(&detail.id),
            next: paths::runbook(&detail.id),
            source: detail.source,
            base: Some(detail.revision.id.to_string()),
            known: Some(Preview { html: detail.html, runbook: detail.runbook }),
        })
    })
}

struct Draft {
    title: String,
    action: String,
    back: String,
    next: String,
    source: String,
    base: Option<String>,
    known: Option<Preview>,
}

fn editor(draft: Draft) -> AnyView {
    let w = words();
    let (checked, mended) = (Echo::of(&paths::api_preview()), Echo::of(&paths::api_fixes()));
    let typed = |name: &str| checked.as_ref().or(mended.as_ref()).and_then(|echo| echo.values.get(name).cloned());
    let (note, id) = (typed("note").unwrap_or_default(), typed("id").unwrap_or_default());
    let after = answer::<Mended>(mended.as_ref());
    let source = after.as_ref().map(|mended| mended.source.clone()).or_else(|| typed("source")).unwrap_or(draft.source);
    let first = after.map(|mended| mended.preview).or_else(|| answer::<Preview>(checked.as_ref())).or(draft.known);
    let mendable = first.as_ref().is_some_and(|seen| {
        seen.runbook.diagnostics.iter().any(|found| found.fix.as_ref().is_some_and(|fix| fix.sure))
    });
    let is_new = draft.base.is_none();
    let script = use_context::<Assets>().unwrap_or_default().editor;
    view! {
        <PageTitle text=draft.title.clone()/>
        <div class="page editor" data-fix=w.fix>
            <h1>{draft.title}</h1>
            <Form action=draft.action back=draft.back next=draft.next kinds="line_ends_of_base:flag">
                {draft.base.map(|base| view! {
                    <input type="hidden" name="base" value=base/>
                    <input type="hidden" name="line_ends_of_base" value="true"/>
                })}
                <div class="editing">
                    <div>
                        <Area name="source" label=w.source hint=w.source_hint value=source required=true rows=28 mono=true/>
                        {is_new.then(|| view! { <Text name="id" label=w.id hint=w.id_hint value=id/> })}
                        <Text name="note" label=w.note value=note/>
                        <div class="actions">
                            <Send label=w.save look="go"/>
                            <button type="submit" formaction=format!("{}{}", paths::FORM_PREFIX, paths::api_preview()) name="_show" value="1" formnovalidate=true data-check="">
                                {w.preview_go}
                            </button>
                            {mendable.then(|| view! {
                                <button type="submit" formaction=format!("{}{}", paths::FORM_PREFIX, paths::api_fixes()) name="_show" value="1" formnovalidate=true>
                                    {w.fix_all}
                                </button>
                            })}
                        </div>
                    </div>
                    {pane(first)}
                </div>
            </Form>
            {(!script.is_empty()).then(|| view! { <script type="module" nonce=use_nonce() src=script></script> })}
        </div>
    }
    .into_any()
}

/// What the API answered to a button of the form.
fn answer<T: serde::de::DeserializeOwned>(echo: Option<&FormEcho>) -> Option<T> {
    crate::json::from_value(echo?.answer.as_ref()?)
}

/// What Farol reads from the text: after a press without scripts, after a pause with them.
fn pane(shown: Option<Preview>) -> AnyView {
    let w = words();
    view! {
        <section class="preview" id="preview" aria-label=w.preview>
            <h2>{w.preview}</h2>
            {match shown {
                Some(preview) => preview_view(preview),
                None => view! { <p class="hint">{w.preview_empty}</p> }.into_any(),
            }}
        </section>
    }
    .into_any()
}

fn preview_view(preview: Preview) -> AnyView {
    let w = words();
    let runbook = preview.runbook;
    view! {
        <h3>{w.diagnostics}</h3>
        {diagnostics(&runbook.diagnostics, |_| "#main".to_owned())}
        <h3>{w.steps}</h3>
        {step_list(&runbook)}
        {parameter_table(&runbook)}
        {sample_table(&runbook)}
        <h3>{w.text}</h3>
        <article class="prose document" lang=runbook.language inner_html=preview.html></article>
    }
    .into_any()
}
