//! Writing a runbook: a plain text area, a preview made by the server, a new revision on save.

use farol_api::paths;
use farol_api::request::Me;
use farol_api::runbook::{Preview, RunbookDetail};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::api::load;
use crate::components::page::{PageTitle, encode, show, show_me};
use crate::components::runbooks::{diagnostics, parameter_table, step_table};
use crate::form::field::{Area, Send, Text};
use crate::form::{After, Form, Scope};
use crate::visit::Echo;
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
    let previewed = Echo::of(&paths::api_preview());
    let typed = |name: &str| previewed.as_ref().and_then(|echo| echo.values.get(name).cloned());
    let source = typed("source").unwrap_or(draft.source);
    let note = typed("note").unwrap_or_default();
    let id = typed("id").unwrap_or_default();
    let answer = previewed.as_ref().and_then(|echo| echo.answer.clone());
    let first = answer.and_then(|answer| serde_json::from_value(answer).ok()).or(draft.known);
    let is_new = draft.base.is_none();
    view! {
        <PageTitle text=draft.title.clone()/>
        <div class="page editor">
            <h1>{draft.title}</h1>
            <Form action=draft.action back=draft.back next=draft.next after=After::Go>
                {draft.base.map(|base| view! { <input type="hidden" name="base" value=base/> })}
                <div class="editing">
                    <div>
                        <Area name="source" label=w.source hint=w.source_hint value=source required=true rows=28 mono=true/>
                        {is_new.then(|| view! { <Text name="id" label=w.id hint=w.id_hint value=id/> })}
                        <Text name="note" label=w.note value=note/>
                        <div class="actions">
                            <Send label=w.save look="go"/>
                            <button type="submit" formaction=format!("{}{}", paths::FORM_PREFIX, paths::api_preview()) name="_show" value="1" formnovalidate=true>
                                {w.preview_go}
                            </button>
                        </div>
                    </div>
                    <PreviewPane first/>
                </div>
            </Form>
        </div>
    }
    .into_any()
}

/// What Farol reads from the text: after a press without scripts, 300 ms after a pause with them.
#[component]
fn PreviewPane(first: Option<Preview>) -> impl IntoView {
    let w = words();
    let shown = RwSignal::new(first);
    let answer = use_context::<Scope>().map(|scope| scope.answer);
    Effect::new(move |_| {
        let fresh = answer.and_then(|answer| answer.get()).and_then(|answer| serde_json::from_value(answer).ok());
        if let Some(fresh) = fresh {
            shown.set(Some(fresh));
        }
    });
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| live::follow(shown));
    view! {
        <section class="preview" aria-label=w.preview>
            <h2>{w.preview}</h2>
            {move || match shown.get() {
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
        {step_table(&runbook.graph)}
        {parameter_table(&runbook.parameters, &runbook.graph)}
        <h3>{w.text}</h3>
        <article class="prose document" lang=runbook.language inner_html=preview.html></article>
    }
    .into_any()
}

#[cfg(feature = "hydrate")]
mod live {
    use std::time::Duration;

    use farol_api::paths;
    use farol_api::runbook::Preview;
    use leptos::prelude::*;
    use send_wrapper::SendWrapper;
    use wasm_bindgen::JsCast;
    use wasm_bindgen::closure::Closure;
    use web_sys::{Element, HtmlTextAreaElement};

    use crate::api::Api;

    const PAUSE: Duration = Duration::from_millis(300);

    /// Previews what is typed, after each pause; and takes the cursor to the line of a diagnostic.
    pub fn follow(shown: RwSignal<Option<Preview>>) {
        let area = document().query_selector("textarea[name=source]").ok().flatten();
        let Some(area) = area.and_then(|area| area.dyn_into::<HtmlTextAreaElement>().ok()) else { return };
        let turn = StoredValue::new(0_u32);
        let watched = area.clone();
        let typed = Closure::<dyn FnMut()>::new(move || {
            let Some(mine) = turn.try_update_value(|turn| {
                *turn += 1;
                *turn
            }) else {
                return;
            };
            let watched = watched.clone();
            set_timeout(
                move || {
                    if turn.try_get_value() == Some(mine) {
                        ask(watched.value(), mine, turn, shown);
                    }
                },
                PAUSE,
            );
        });
        let _ = area.add_event_listener_with_callback("input", typed.as_ref().unchecked_ref());
        let kept = SendWrapper::new(typed);
        on_cleanup(move || drop(kept));
        if shown.with_untracked(Option::is_none) {
            ask(area.value(), 0, turn, shown);
        }
        let clicks = window_event_listener(leptos::ev::click, move |event| {
            let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            let link = target.and_then(|target| target.closest("[data-line]").ok().flatten());
            if let Some(line) = link.and_then(|link| link.get_attribute("data-line")).and_then(|line| line.parse().ok())
            {
                event.prevent_default();
                go_to(&area, line);
            }
        });
        on_cleanup(move || clicks.remove());
    }

    fn ask(source: String, mine: u32, turn: StoredValue<u32>, shown: RwSignal<Option<Preview>>) {
        leptos::task::spawn_local(async move {
            let body = serde_json::json!({ "source": source });
            let answer = Api::take().send("POST", &paths::api_preview(), "", &body).await;
            let preview = answer.ok().and_then(|answer| serde_json::from_value(answer).ok());
            if preview.is_some() && turn.try_get_value() == Some(mine) {
                let _ = shown.try_set(preview);
            }
        });
    }

    /// The browser counts in UTF-16 units.
    fn go_to(area: &HtmlTextAreaElement, line: usize) {
        let text = area.value();
        let before: usize =
            text.split_inclusive('\n').take(line.saturating_sub(1)).map(|line| line.encode_utf16().count()).sum();
        let length = text.lines().nth(line.saturating_sub(1)).map_or(0, |line| line.encode_utf16().count());
        let at = |units: usize| u32::try_from(units).unwrap_or(u32::MAX);
        let _ = area.focus();
        let _ = area.set_selection_range(at(before), at(before + length));
    }
}
