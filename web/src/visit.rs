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

/// Sets the HTTP status of the page.
#[cfg(feature = "ssr")]
pub fn set_status(status: u16) {
    if let Some(answer) = use_context::<crate::ssr::PageAnswer>() {
        answer.set_status(status);
    }
}

/// Sends the visitor to another page with a 303.
#[cfg(feature = "ssr")]
pub fn send_to(path: &str) {
    if let Some(answer) = use_context::<crate::ssr::PageAnswer>() {
        answer.set_location(path);
    }
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

/// The echo of a plain form; in the browser, the one that the room was rendered with.
#[derive(Clone, Default)]
pub struct Echo(pub Option<FormEcho>);

impl Echo {
    /// Provides the echo to all forms that follow.
    pub fn provide(echo: Option<FormEcho>) {
        provide_context(Self(echo));
    }

    /// Returns the echo of the form with this action.
    pub fn of(action: &str) -> Option<FormEcho> {
        use_context::<Self>()?.0.filter(|echo| echo.action == action)
    }
}
