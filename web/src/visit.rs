//! What surrounds one visit to a page: provided by the server before it renders, read by the pages.

use std::collections::BTreeMap;

use farol_api::problem::Problem;
use farol_api::text::Locale;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What became of a plain form: shown beside the form it came from, with what was typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormEcho {
    /// The API path that the form posted to, without the `/form` prefix.
    pub action: String,
    /// Why it was refused; absent where it was not.
    pub problem: Option<Problem>,
    /// The API's answer, for forms with `_show`; absent for all else.
    pub answer: Option<serde_json::Value>,
    /// The fields as they were sent; never passwords and other secrets.
    pub values: BTreeMap<String, String>,
}

/// Returns the language of the page.
pub fn locale() -> Locale {
    #[cfg(feature = "ssr")]
    {
        use_context::<Locale>().unwrap_or_default()
    }
    #[cfg(not(feature = "ssr"))]
    {
        crate::browser::locale()
    }
}

/// Sets the HTTP status of the page; nothing in the browser.
pub fn set_status(status: u16) {
    #[cfg(feature = "ssr")]
    if let Some(answer) = use_context::<crate::ssr::PageAnswer>() {
        answer.set_status(status);
    }
    #[cfg(not(feature = "ssr"))]
    let _ = status;
}

/// Sends the visitor to another page: a 303 while rendering on the server, a full load in the browser.
pub fn send_to(path: &str) {
    #[cfg(feature = "ssr")]
    if let Some(answer) = use_context::<crate::ssr::PageAnswer>() {
        answer.set_location(path);
    }
    #[cfg(feature = "hydrate")]
    crate::browser::load(path);
    #[cfg(not(any(feature = "ssr", feature = "hydrate")))]
    let _ = path;
}

/// Returns a fresh idempotency key for a form's hidden field; empty in the browser, which makes its own.
pub fn new_key() -> String {
    #[cfg(feature = "ssr")]
    {
        use_context::<crate::ssr::NewKey>().map(|make| (make.0)()).unwrap_or_default()
    }
    #[cfg(not(feature = "ssr"))]
    {
        String::new()
    }
}

/// The echo of a plain form, the same on both sides.
#[derive(Clone, Default)]
pub struct Echo(pub Option<FormEcho>);

impl Echo {
    /// Provides the echo to all forms; called once, before any of them.
    pub fn provide() {
        let echo = SharedValue::new(use_context::<FormEcho>).into_inner();
        provide_context(Self(echo));
    }

    /// Returns the echo of the form with this action.
    pub fn of(action: &str) -> Option<FormEcho> {
        use_context::<Self>()?.0.filter(|echo| echo.action == action)
    }
}
