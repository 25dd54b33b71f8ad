//! The server's side: rendering one page to a string.
//!
//! Before the first page the server starts the executor that polls what pages load, once:
//! `any_spawner::Executor::init_tokio()`.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use farol_api::text::Locale;
use futures::StreamExt;
use futures::stream::once;
use leptos::nonce::Nonce;
use leptos::prelude::*;
use leptos_integration_utils::{BoxedFnOnce, PinnedFuture, PinnedStream, build_response};
use leptos_meta::ServerMetaContext;
use leptos_router::location::RequestUrl;

use crate::app::Document;
use crate::visit::FormEcho;

/// The answer to one API call: the status and the JSON body, or why there is none.
pub type ApiAnswer = Pin<Box<dyn Future<Output = Result<(u16, String), String>> + Send>>;

/// Calls the API in-process: method, path with query, JSON body.
///
/// The server provides one per visit, with the visitor's cookie and language in it.
#[derive(Clone)]
pub struct ServerApi(pub Arc<dyn Fn(&'static str, String, Option<String>) -> ApiAnswer + Send + Sync>);

/// Makes idempotency keys for forms.
#[derive(Clone)]
pub struct NewKey(pub Arc<dyn Fn() -> String + Send + Sync>);

/// The published names of the front end's files, as absolute paths.
#[derive(Clone, Debug, Default)]
pub struct Assets {
    /// The style sheet.
    pub css: String,
    /// The script that loads the module.
    pub js: String,
    /// The editor of runbooks; only its own page loads it.
    pub editor: String,
    /// The search of the library while somebody types; only its own page loads it.
    pub search: String,
    /// What tells at once, on every page of somebody who is logged in.
    pub notices: String,
    /// The WebAssembly module.
    pub wasm: String,
    /// Fonts to fetch early.
    pub preload_fonts: Vec<String>,
}

/// One request for a page.
pub struct Visit {
    /// Path and query.
    pub url: String,
    /// The language of the page.
    pub locale: Locale,
    /// A fresh nonce, the one of the Content-Security-Policy that the server answers with.
    pub nonce: String,
    /// The names of the files that the page loads.
    pub assets: Assets,
    /// The way to the API.
    pub api: ServerApi,
    /// Makes idempotency keys.
    pub new_key: NewKey,
    /// What became of the form that led here.
    pub echo: Option<FormEcho>,
}

/// A rendered page.
#[derive(Clone, Debug)]
pub struct Page {
    /// The HTTP status: 200, or what the page set (404, 403 …). Where an echo holds a problem, the server answers
    /// with the problem's status instead of a 200.
    pub status: u16,
    /// Where the visitor is sent instead (303), for example to log in.
    pub location: Option<String>,
    /// The whole document.
    pub html: String,
}

/// What the page says about its own answer.
#[derive(Clone, Default)]
pub struct PageAnswer(Arc<Mutex<(Option<u16>, Option<String>)>>);

impl PageAnswer {
    fn lock(&self) -> MutexGuard<'_, (Option<u16>, Option<String>)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets the status; the first one set counts.
    pub fn set_status(&self, status: u16) {
        self.lock().0.get_or_insert(status);
    }

    /// Sets where the visitor is sent; the first one set counts.
    pub fn set_location(&self, path: &str) {
        self.lock().1.get_or_insert_with(|| path.to_owned());
    }
}

/// Renders a page to its end: nothing is streamed, so that the status is right and pages work without scripts.
pub async fn render(visit: Visit) -> Page {
    let answer = PageAnswer::default();
    let (meta, meta_output) = ServerMetaContext::new();
    let provide = {
        let answer = answer.clone();
        move || {
            // Nothing of what pages load is written into them a second time: the room, which the browser takes over,
            // brings its own text.
            if let Some(shared) = Owner::current_shared_context() {
                shared.set_is_hydrating(false);
            }
            provide_context(RequestUrl::new(&visit.url));
            provide_context(meta);
            provide_context(Nonce::from_value(visit.nonce));
            provide_context(visit.locale);
            provide_context(visit.assets);
            provide_context(visit.api);
            provide_context(visit.new_key);
            provide_context(answer);
            if let Some(echo) = visit.echo {
                provide_context(echo);
            }
        }
    };
    let (owner, stream) = build_response(|| view! { <Document/> }, provide, whole, false);
    let shared = owner.shared_context();
    let stream = stream.await;
    while let Some(pending) = shared.as_ref().and_then(|shared| shared.await_deferred()) {
        pending.await;
    }
    let html = meta_output.inject_meta_context(stream).await.collect::<String>().await;
    owner.unset_with_forced_cleanup();
    let (status, location) = answer.lock().clone();
    Page { status: status.unwrap_or(200), location, html }
}

/// Collects the page in order, then the values it was rendered from.
fn whole<V: IntoView + 'static>(
    app: V,
    chunks: BoxedFnOnce<PinnedStream<String>>,
    _out_of_order: bool,
) -> PinnedFuture<PinnedStream<String>> {
    Box::pin(async move {
        let page = app.to_html_stream_in_order().collect::<String>().await;
        let chunks = chunks();
        Box::pin(once(async move { page }).chain(chunks)) as PinnedStream<String>
    })
}
