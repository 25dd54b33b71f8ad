//! Declaring an incident: a title and a runbook; the rest is suggested.

use farol_api::incident::Severity;
use farol_api::paths;
use farol_api::request::Me;
use farol_api::runbook::RunbookSummary;
use farol_api::target::Target;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use serde::Deserialize;

use crate::api::Api;
use crate::components::page::{Loaded, PageTitle, show};
use crate::form::field::{Choice, Send, Text, Tick};
use crate::form::{Form, wire};
use crate::words::common::words;
use crate::words::fill;
use crate::words::terms::Term;

#[derive(Debug, Deserialize)]
struct Choices {
    runbooks: Vec<RunbookSummary>,
    targets: Vec<Target>,
}

/// The page that declares an incident; `?runbook=` and `?drill=1` choose ahead.
#[component]
pub fn DeclarePage() -> impl IntoView {
    let query = use_query_map();
    let text = Resource::new_blocking(
        || (),
        |()| {
            let api = Api::take();
            async move {
                let runbooks = api.text(&paths::api_runbooks()).await?;
                let targets = api.text(&paths::api_targets()).await?;
                Ok(format!("{{\"runbooks\":{runbooks},\"targets\":{targets}}}"))
            }
        },
    );
    let loaded = Loaded::<Choices>::from(text);
    show(loaded, move |choices, me| {
        let (runbook, drill) = query.with_untracked(|query| (query.get("runbook"), query.get("drill").is_some()));
        declare(choices, me, runbook, drill)
    })
}

fn declare(choices: Choices, _me: Me, runbook: Option<String>, drill: bool) -> AnyView {
    let w = words();
    let chosen = choices.runbooks.iter().find(|known| Some(known.id.as_str()) == runbook.as_deref());
    let word = chosen.and_then(|chosen| chosen.severity.clone());
    let suggested = word.as_deref().and_then(Severity::from_word);
    let hint = suggested.map(|severity| fill(w.suggested, &[severity.code()]));
    // One target is no choice; the only one is taken.
    let only = match choices.targets.as_slice() {
        [only] => Some(only.id.to_string()),
        _ => None,
    };
    let runbooks = choices.runbooks.iter().map(|runbook| (runbook.id.to_string(), runbook.title.clone()));
    let runbooks = std::iter::once((String::new(), w.declare_no_runbook.to_owned())).chain(runbooks).collect();
    let targets = choices
        .targets
        .iter()
        .map(|target| (target.id.to_string(), format!("{} · {}", target.id, target.environment.word())));
    let targets = std::iter::once((String::new(), w.declare_no_target.to_owned())).chain(targets).collect();
    let severities =
        Severity::ALL.map(|severity| (wire(&severity), format!("{} · {}", severity.code(), severity.word())));
    let severities = std::iter::once((String::new(), w.declare_severity_auto.to_owned())).chain(severities).collect();
    let title = chosen.map(|chosen| chosen.title.clone()).unwrap_or_default();
    view! {
        <PageTitle text=w.declare/>
        <div class="page narrow">
            <h1>{w.declare}</h1>
            <Form
                action=paths::api_incidents()
                back=paths::declare()
                next="/incidents/{id}"
                kinds="drill:flag"
            >
                <Text
                    name="title"
                    label=w.declare_title
                    hint=w.declare_title_hint
                    placeholder=w.declare_example
                    value=title
                    required=true
                    focus=true
                />
                <Choice name="runbook" label=w.declare_runbook options=runbooks value=runbook.unwrap_or_default()/>
                <details class="quiet" open=drill>
                    <summary>{w.declare_more}{hint.map(|hint| view! { <span class="label">" · "{hint}</span> })}</summary>
                    <Choice name="severity" label=w.declare_severity options=severities/>
                    <Choice
                        name="target"
                        label=w.declare_target
                        hint=w.declare_target_hint
                        options=targets
                        value=only.unwrap_or_default()
                    />
                    <Tick name="drill" label=w.declare_drill checked=drill/>
                </details>
                <p class="actions"><Send label=w.declare_go look="go"/></p>
            </Form>
        </div>
    }
    .into_any()
}
