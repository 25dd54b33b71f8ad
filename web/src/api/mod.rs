//! The typed client of the API: over fetch in the browser, through the server's own router while rendering.

#[cfg(feature = "hydrate")]
mod browser;
#[cfg(feature = "ssr")]
mod server;

use farol_api::problem::Problem;
#[cfg(feature = "ssr")]
use leptos::prelude::*;
use serde::de::DeserializeOwned;

use crate::json;

/// What the API answered, or why it did not.
pub type Answer<T> = Result<T, Problem>;

/// Reads what was loaded.
pub fn parse<T: DeserializeOwned>(text: Answer<String>) -> Answer<T> {
    json::from_str(&text?).ok_or_else(unreachable_api)
}

/// The way to the API. Taken from the context before anything is awaited.
#[derive(Clone)]
pub struct Api {
    #[cfg(feature = "ssr")]
    server: Option<crate::ssr::ServerApi>,
}

impl Api {
    /// Takes the way to the API from the context.
    pub fn take() -> Self {
        Self {
            #[cfg(feature = "ssr")]
            server: use_context(),
        }
    }

    /// Gets a resource.
    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> Answer<T> {
        parse(self.text(path).await)
    }

    /// Gets a resource's JSON text.
    pub async fn text(&self, path: &str) -> Answer<String> {
        checked(self.call("GET", path, None, None).await?)
    }

    /// Calls with a JSON body; `key` makes a repeated call harmless. Returns the answer's JSON text, if any.
    pub async fn send(&self, method: &'static str, path: &str, key: &str, body: &serde_json::Value) -> Answer<String> {
        checked(self.call(method, path, Some(key), Some(body.to_string())).await?)
    }

    async fn call(
        &self,
        method: &'static str,
        path: &str,
        key: Option<&str>,
        body: Option<String>,
    ) -> Answer<(u16, String)> {
        #[cfg(feature = "hydrate")]
        {
            browser::call(method, path, key, body).await
        }
        #[cfg(all(feature = "ssr", not(feature = "hydrate")))]
        {
            let _ = key;
            server::call(self.server.as_ref(), method, path, body).await
        }
        #[cfg(not(any(feature = "ssr", feature = "hydrate")))]
        {
            let _ = (method, path, key, body);
            Err(unreachable_api())
        }
    }
}

/// Says that the API could not be reached; the interface has its own words for it.
pub fn unreachable_api() -> Problem {
    Problem {
        type_uri: "about:blank".to_owned(),
        status: 0,
        code: "unreachable".to_owned(),
        title: String::new(),
        detail: String::new(),
        errors: Vec::new(),
        request_id: None,
    }
}

fn checked((status, text): (u16, String)) -> Answer<String> {
    if (200..300).contains(&status) {
        return Ok(text);
    }
    Err(json::from_str(&text).unwrap_or_else(|| Problem { status, ..unreachable_api() }))
}
