//! A page of several forms: sending one keeps what was typed in the others.
//!
//! The form is posted as the browser would post it, and the page that comes back takes the place of the one shown. What was
//! changed in other forms and not sent is put into the fields of the same ids.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement, HtmlFormElement, SubmitEvent};

use crate::post::{all, post, property};

/// What marks the part of a page that is replaced.
const PART: &str = "[data-keep]";
const FIELDS: &str = "textarea, input:not([type=hidden]):not([type=checkbox])";

/// Follows the forms of such a page.
pub fn follow() {
    let _ = window_event_listener_untyped("submit", |event| {
        let form = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
        let Some(form) = form.filter(|form| form.closest(PART).ok().flatten().is_some()) else { return };
        event.prevent_default();
        let button = event.dyn_into::<SubmitEvent>().ok().and_then(|event| event.submitter());
        js_sys::futures::spawn_local(async move {
            if send(&form, button.as_deref()).await.is_none() {
                // What could not be done here, the browser does as it always did.
                let _ = form.submit();
            }
        });
    });
}

async fn send(form: &HtmlFormElement, button: Option<&Element>) -> Option<()> {
    let page = post(form, button).await?;
    let Ok(Some(fresh)) = page.document.query_selector(PART) else {
        crate::browser::load(&page.address);
        return Some(());
    };
    let shown = document().query_selector(PART).ok()??;
    let sent = all(form, FIELDS).first().map(Element::id);
    let typed = all(&shown, FIELDS).into_iter().filter(|field| !form.contains(Some(field))).filter_map(|field| {
        let now = property(&field, "value")?;
        (property(&field, "defaultValue")? != now).then(|| (field.id(), now))
    });
    let typed: Vec<_> = typed.collect();
    shown.set_inner_html(&fresh.inner_html());
    for (id, value) in typed {
        if let Some(field) = document().get_element_by_id(&id) {
            let _ = js_sys::Reflect::set(&field, &JsValue::from_str("value"), &JsValue::from_str(&value));
        }
    }
    // Who sent it by keyboard goes on where they were.
    let field =
        sent.and_then(|id| document().get_element_by_id(&id)).and_then(|field| field.dyn_into::<HtmlElement>().ok());
    if let Some(field) = field {
        let _ = field.focus();
    }
    Some(())
}
