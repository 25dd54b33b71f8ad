//! Sending a form of the room from the browser.

use farol_api::problem::Problem;
use leptos::prelude::*;
use serde_json::Value;
use wasm_bindgen::JsCast;
use web_sys::{FormData, HtmlButtonElement, HtmlFormElement, SubmitEvent};

use super::translate::translate;
use crate::api::Api;
use crate::browser;
use crate::live::Done;

/// What sending a form needs.
pub struct Sending {
    pub method: &'static str,
    pub action: String,
    pub problem: RwSignal<Option<Problem>>,
    pub pending: RwSignal<bool>,
}

/// Returns the handler of a form's submit event.
pub fn handler(sending: Sending) -> impl Fn(SubmitEvent) + 'static {
    let Sending { method, action, problem, pending } = sending;
    let done = use_context::<Done>();
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
        let kept = last.get_value().filter(|(_, body)| *body == sent.body);
        let key = kept.map_or_else(browser::new_key, |(key, _)| key);
        last.set_value(Some((key.clone(), sent.body.clone())));
        pending.set(true);
        let action = action.clone();
        leptos::task::spawn_local(async move {
            let outcome = Api::take().send(method, &action, &key, &sent.body).await;
            let _ = pending.try_set(false);
            match outcome {
                Ok(_) => {
                    last.try_set_value(None);
                    let _ = problem.try_set(None);
                    form.reset();
                    close_around(&form);
                    if let Some(done) = done {
                        done.0.run(sent.return_to);
                    }
                }
                Err(refused) if refused.status == 401 => browser::load(&farol_api::paths::login()),
                Err(refused) => {
                    if refused.status != 0 {
                        last.try_set_value(None);
                    }
                    let _ = problem.try_set(Some(refused));
                }
            }
        });
    }
}

/// Closes the disclosure that a form stands in, once it was sent.
fn close_around(form: &HtmlFormElement) {
    if let Ok(Some(around)) = form.closest("details.act") {
        let _ = around.remove_attribute("open");
    }
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
    let button = event.submitter().and_then(|button| button.dyn_into::<HtmlButtonElement>().ok());
    if let Some(button) = button.filter(|button| !button.name().is_empty()) {
        fields.push((button.name(), button.value()));
    }
    fields
}
