//! Forms that work without scripts and get better with them.
//!
//! Each is a real `<form method="post" action="/form{API path}">`. The server translates its fields with
//! [`translate::translate`] and answers with a 303. In the room, which is live, the browser translates with the same
//! function and calls the API itself; elsewhere a form is the browser's own business. Fields are uncontrolled: what was
//! typed before hydration stays.

pub mod field;
#[cfg(feature = "hydrate")]
mod submit;
pub mod translate;

use farol_api::paths::FORM_PREFIX;
use farol_api::problem::Problem;
use leptos::context::Provider;
use leptos::prelude::*;

use crate::components::erase::part;
use serde_json::Value;

use crate::components::problem::ProblemNote;
use crate::visit::{Echo, FormEcho, new_key};

/// What the fields of a form read from it.
#[derive(Clone)]
pub struct Scope {
    /// Prefix of the fields' element ids.
    pub id: String,
    /// What became of it without scripts.
    pub echo: Option<FormEcho>,
    /// Why it was refused.
    pub problem: RwSignal<Option<Problem>>,
    /// Whether an answer is awaited.
    pub pending: RwSignal<bool>,
}

impl Scope {
    /// Returns what the API answered, for forms with `show`.
    pub fn answer<T: serde::de::DeserializeOwned>(&self) -> Option<T> {
        crate::json::from_value(self.echo.as_ref()?.answer.as_ref()?)
    }

    /// Returns what was typed into a field before, where the form comes back with a problem.
    pub fn typed(&self, name: &str) -> Option<String> {
        self.echo.as_ref()?.values.get(name).cloned()
    }
}

/// A form that posts to the API.
#[component]
pub fn Form(
    /// The API path.
    action: String,
    /// The API's method.
    #[prop(default = "POST")]
    method: &'static str,
    /// The page to come back to.
    #[prop(into)]
    back: String,
    /// The page to go on to, with `{field}` for fields of the answer.
    #[prop(optional, into)]
    next: Option<String>,
    /// The kinds of fields that are no text, see [`translate::translate`].
    #[prop(optional, into)]
    kinds: String,
    /// The fields that must not be shown again.
    #[prop(optional)]
    secret: &'static str,
    /// Whether the answer is shown on the same page.
    #[prop(optional)]
    show: bool,
    /// Whether it sends files; it is then the browser's own business everywhere.
    #[prop(optional)]
    upload: bool,
    /// Tells forms with the same action on one page apart.
    #[prop(optional, into)]
    id: String,
    /// The element's id, for a button that stands outside the form.
    #[prop(optional, into)]
    element: Option<&'static str>,
    /// Classes.
    #[prop(optional, into)]
    class: String,
    children: Children,
) -> impl IntoView {
    let echo = Echo::of(&action).filter(|echo| echo.values.get("_form").map_or("", String::as_str) == id);
    let scope = Scope {
        id: if id.is_empty() { action.replace('/', "-") } else { id.clone() },
        problem: RwSignal::new(echo.as_ref().and_then(|echo| echo.problem.clone())),
        pending: RwSignal::new(false),
        echo,
    };
    let Scope { problem, pending, .. } = scope.clone();
    #[cfg(feature = "hydrate")]
    let on_submit = submit::handler(submit::Sending { method, action: action.clone(), problem, pending });
    #[cfg(not(feature = "hydrate"))]
    let on_submit = |_: leptos::ev::SubmitEvent| {};
    let hidden = move |name: &'static str, value: String| {
        (!value.is_empty()).then(|| view! { <input type="hidden" name=name value=value/> })
    };
    view! {
        <form
            method="post"
            enctype=upload.then_some("multipart/form-data")
            action=format!("{FORM_PREFIX}{action}")
            class=class
            id=element
            aria-busy=move || pending.get().then_some("true")
            on:submit=on_submit
        >
            // The key differs between the two sides, and hydration keeps the server's.
            <input type="hidden" name="_key" value=new_key()/>
            <input type="hidden" name="_return" value=back/>
            {hidden("_next", next.unwrap_or_default())}
            {hidden("_method", if method == "POST" { String::new() } else { method.to_owned() })}
            {hidden("_kinds", kinds)}
            {hidden("_secret", secret.to_owned())}
            {hidden("_show", if show { "1".to_owned() } else { String::new() })}
            {hidden("_form", id)}
            {part(move || problem.get().map(|problem| view! { <ProblemNote problem/> }))}
            <Provider value=scope>{children()}</Provider>
        </form>
    }
    .into_any()
}

/// Writes a value as the API does, for options and hidden fields; empty for what is no plain word.
pub fn wire<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => word,
        _ => String::new(),
    }
}
