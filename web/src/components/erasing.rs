//! The form by which an admin erases something, typed once more before it goes.

use farol_api::id::{AttemptId, IncidentId};
use farol_api::paths;
use leptos::prelude::*;

use crate::form::Form;
use crate::form::field::{Area, Send, Text};
use crate::words::erasure::words;
use crate::words::fill;

/// Erases the output of an attempt, or, without one, the text of an entry that is named by its number.
pub fn erasing(id: IncidentId, attempt: Option<AttemptId>, back: String) -> AnyView {
    let w = words();
    let (title, about, form) = match attempt {
        Some(_) => (w.output, w.output_about, "erase-output"),
        None => (w.entry, w.entry_about, "erase-entry"),
    };
    let what = match attempt {
        Some(attempt) => view! { <input type="hidden" name="attempt" value=attempt.to_string()/> }.into_any(),
        None => view! { <Text name="seq" label=w.number kind="number" required=true/> }.into_any(),
    };
    view! {
        <details class="act quiet" id="erase">
            <summary>{title}</summary>
            <p>{about}</p>
            <Form action=paths::api_erasures(id) back=back kinds="seq:number" id=form class="narrow">
                {what}
                <Area name="reason" label=w.reason hint=w.reason_hint required=true rows=2/>
                <Text name="typed" label=fill(w.typed, &[&id.to_string()]) required=true/>
                <Send label=w.go look="stop"/>
            </Form>
        </details>
    }
    .into_any()
}
