//! Sending a form from the browser.

use farol_api::paths::FORM_PREFIX;
use farol_api::problem::Problem;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use serde_json::Value;
use wasm_bindgen::JsCast;
use web_sys::{FormData, HtmlButtonElement, HtmlFormElement, SubmitEvent};

use super::After;
use super::translate::{Submission, translate};
use crate::api::{Api, Refresh};
use crate::browser;
use crate::live::CatchUp;

/// What sending a form needs.
pub struct Sending {
    pub method: &'static str,
    pub action: String,
    pub after: After,
    pub problem: RwSignal<Option<Problem>>,
    pub pending: RwSignal<bool>,
    pub answer: RwSignal<Option<Value>>,
    pub done: Option<Callback<Value>>,
}

/// Returns the handler of a form's submit event.
pub fn handler(sending: Sending) -> impl Fn(SubmitEvent) + 'static {
    let Sending { method, action, after, problem, pending, answer, done } = sending;
    let navigate = use_navigate();
    let refresh = use_context::<Refresh>();
    let catch_up = use_context::<CatchUp>();
    // The same body sent again after a lost answer keeps its key, so that it counts once.
    let last: StoredValue<Option<(String, Value)>> = StoredValue::new(None);
    move |event: SubmitEvent| {
        let Some(form) = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok()) else { return };
        event.prevent_default();
        if pending.get_untracked() {
            return;
        }
        let fields = read(&form, &event);
        let sent = translate(fields.iter().map(|(name, text)| (name.as_str(), text.as_str())));
        let key = last.get_value().filter(|(_, body)| *body == sent.body).map_or_else(browser::new_key, |(key, _)| key);
        last.set_value(Some((key.clone(), sent.body.clone())));
        pending.set(true);
        // A button can send the same fields elsewhere, for example to be previewed.
        let elsewhere = button(&event).and_then(|button| button.get_attribute("formaction"));
        let elsewhere = elsewhere.and_then(|action| action.strip_prefix(FORM_PREFIX).map(str::to_owned));
        let shows = sent.show || elsewhere.is_some();
        let action = elsewhere.unwrap_or_else(|| sent.path(&action));
        let navigate = navigate.clone();
        leptos::task::spawn_local(async move {
            let outcome = Api::take().send(method, &action, &key, &sent.body).await;
            let _ = pending.try_set(false);
            match outcome {
                Ok(value) => {
                    last.try_set_value(None);
                    let _ = problem.try_set(None);
                    let _ = answer.try_set(Some(value.clone()));
                    if let Some(done) = done {
                        done.run(value.clone());
                    }
                    if shows {
                        return;
                    }
                    if matches!(after, After::Refresh | After::Live) {
                        form.reset();
                        close_around(&form);
                    }
                    go(after, &sent, &value, (refresh, catch_up), &navigate);
                }
                Err(refused) => {
                    if refused.status != 0 {
                        last.try_set_value(None);
                    }
                    if refused.status == 401 && action != farol_api::paths::api_session() {
                        browser::load(&farol_api::paths::login());
                    }
                    let _ = problem.try_set(Some(refused));
                }
            }
        });
    }
}

fn go(
    after: After,
    sent: &Submission,
    answer: &Value,
    (refresh, catch_up): (Option<Refresh>, Option<CatchUp>),
    navigate: &impl Fn(&str, NavigateOptions),
) {
    match after {
        After::Refresh => {
            if let Some(refresh) = refresh {
                refresh.now();
            }
        }
        After::Live => {
            if let Some(catch_up) = catch_up {
                catch_up.0.run(());
            }
        }
        After::Go => navigate(&sent.destination(answer), NavigateOptions::default()),
        After::Load => browser::load(&sent.destination(answer)),
    }
}

/// Closes the disclosure that a form stands in, once it was sent.
fn close_around(form: &HtmlFormElement) {
    if let Ok(Some(around)) = form.closest("details.act") {
        let _ = around.remove_attribute("open");
    }
}

fn button(event: &SubmitEvent) -> Option<HtmlButtonElement> {
    event.submitter().and_then(|button| button.dyn_into().ok())
}

fn read(form: &HtmlFormElement, event: &SubmitEvent) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    if let Ok(data) = FormData::new_with_form(form) {
        for entry in data.entries().into_iter().flatten() {
            let pair = js_sys::Array::from(&entry);
            if let (Some(name), Some(text)) = (pair.get(0).as_string(), pair.get(1).as_string()) {
                fields.push((name, text));
            }
        }
    }
    if let Some(button) = button(event).filter(|button| !button.name().is_empty()) {
        fields.push((button.name(), button.value()));
    }
    fields
}
