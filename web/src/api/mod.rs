//! The typed client of the API: over fetch in the browser, through the server's own router while rendering.

#[cfg(feature = "hydrate")]
mod browser;
#[cfg(feature = "ssr")]
mod server;

use farol_api::problem::Problem;
use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What the API answered, or why it did not.
pub type Answer<T> = Result<T, Problem>;

/// What pages load: readable and writable as JSON, so that the browser starts with what the server saw.
pub trait Data: Serialize + DeserializeOwned + Clone + Send + Sync + 'static {}
impl<T: Serialize + DeserializeOwned + Clone + Send + Sync + 'static> Data for T {}

/// The way to the API. Taken from the context before anything is awaited.
#[derive(Clone)]
pub struct Api {
    #[cfg(feature = "ssr")]
    server: Option<crate::ssr::ServerApi>,
}

/// Grows when a form changed something, so that what the page shows is loaded again.
#[derive(Clone, Copy)]
pub struct Refresh(RwSignal<u32>);

impl Refresh {
    /// Provides it; called once.
    pub fn provide() {
        provide_context(Self(RwSignal::new(0)));
    }

    /// Returns how often something was changed; tracks it.
    pub fn count(self) -> u32 {
        self.0.get()
    }

    /// Loads everything on the page again.
    pub fn now(self) {
        self.0.update(|count| *count += 1);
    }
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
        read(self.call("GET", path, None, None).await?)
    }

    /// Calls with a JSON body; `key` makes a repeated call harmless. Returns the answer's JSON, null without one.
    pub async fn send(
        &self,
        method: &'static str,
        path: &str,
        key: &str,
        body: &serde_json::Value,
    ) -> Answer<serde_json::Value> {
        let (status, text) = self.call(method, path, Some(key), Some(body.to_string())).await?;
        if (200..300).contains(&status) && text.is_empty() {
            return Ok(serde_json::Value::Null);
        }
        read((status, text))
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

/// Loads a resource for a page: on the server before the page is sent, in the browser from what the server saw.
pub fn load<T: Data>(path: impl Fn() -> String + Send + Sync + 'static) -> Resource<Answer<T>> {
    let refresh = use_context::<Refresh>();
    let source = move || (path(), refresh.map(|refresh| refresh.0.get()));
    Resource::new_blocking(source, |(path, _)| {
        let api = Api::take();
        sendable(async move { api.get(&path).await })
    })
}

/// Loads a resource where there is a path, and nothing where there is none.
pub fn load_where<T: Data>(path: impl Fn() -> Option<String> + Send + Sync + 'static) -> Resource<Option<Answer<T>>> {
    let refresh = use_context::<Refresh>();
    let source = move || (path(), refresh.map(|refresh| refresh.0.get()));
    Resource::new_blocking(source, |(path, _)| {
        let api = Api::take();
        sendable(async move {
            match path {
                Some(path) => Some(api.get(&path).await),
                None => None,
            }
        })
    })
}

/// Lets a browser's future be held where Leptos asks for one that could change threads; there is one thread there.
#[cfg(feature = "hydrate")]
pub fn sendable<F: Future>(future: F) -> send_wrapper::SendWrapper<F> {
    send_wrapper::SendWrapper::new(future)
}

/// Returns the future as it is: the server's can change threads.
#[cfg(not(feature = "hydrate"))]
pub fn sendable<F: Future + Send>(future: F) -> F {
    future
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

#[expect(clippy::result_large_err, reason = "a few calls a page; the problem is shown, not passed around")]
fn read<T: DeserializeOwned>((status, text): (u16, String)) -> Answer<T> {
    if (200..300).contains(&status) {
        return serde_json::from_str(&text).map_err(|_| unreachable_api());
    }
    Err(serde_json::from_str(&text).unwrap_or_else(|_| Problem { status, ..unreachable_api() }))
}
