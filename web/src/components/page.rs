//! What most pages are: something loaded, and a view of it.

use farol_api::paths;
use farol_api::request::Me;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;

use super::problem::ProblemPage;
use crate::api::{Answer, Data};
use crate::visit::send_to;
use crate::words::common::words;
use crate::words::fill;

/// The reader, loaded once for all pages; absent before they log in.
#[derive(Clone, Copy)]
pub struct Reader(pub Resource<Answer<Me>>);

impl Reader {
    /// Takes it from the context.
    pub fn take() -> Self {
        expect_context()
    }
}

/// Shows what was loaded, or why it was not; sends visitors who are not logged in to do so.
pub fn show<T: Data>(
    loaded: Resource<Answer<T>>,
    view: impl Fn(T, Me) -> AnyView + Clone + Send + Sync + 'static,
) -> impl IntoView {
    let reader = Reader::take();
    let location = use_location();
    let here = move || {
        format!(
            "{}{}",
            location.pathname.get_untracked(),
            location.search.with_untracked(|query| {
                if query.is_empty() { String::new() } else { format!("?{}", query.trim_start_matches('?')) }
            })
        )
    };
    view! {
        <Transition fallback=|| view! { <p class="page label">{words().loading}</p> }>
            {move || {
                let view = view.clone();
                Suspend::new(async move {
                    let (me, loaded) = (reader.0.await, loaded.await);
                    match (me, loaded) {
                        (Ok(me), Ok(loaded)) => view(loaded, me),
                        (Err(problem), _) | (_, Err(problem)) if problem.status == 401 => {
                            send_to(&format!("{}?return={}", paths::login(), encode(&here())));
                            ().into_any()
                        }
                        (Err(problem), _) | (_, Err(problem)) => view! { <ProblemPage problem/> }.into_any(),
                    }
                })
            }}
        </Transition>
    }
    .into_any()
}

/// Shows what depends on the reader only.
pub fn show_me(view: impl Fn(Me) -> AnyView + Clone + Send + Sync + 'static) -> impl IntoView {
    show(Reader::take().0, move |me, _| view(me))
}

/// Shows what visitors may see who are not logged in.
pub fn show_open<T: Data>(
    loaded: Resource<Answer<T>>,
    view: impl Fn(T) -> AnyView + Clone + Send + Sync + 'static,
) -> impl IntoView {
    view! {
        <Transition fallback=|| ()>
            {move || {
                let view = view.clone();
                Suspend::new(async move {
                    match loaded.await {
                        Ok(loaded) => view(loaded),
                        Err(problem) => view! { <ProblemPage problem/> }.into_any(),
                    }
                })
            }}
        </Transition>
    }
    .into_any()
}

/// Sets the document's title.
#[component]
pub fn PageTitle(#[prop(into)] text: String) -> impl IntoView {
    view! { <Title text=fill(words().page_title, &[&text])/> }
}

/// Encodes a text for use as a query's value.
pub fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => encoded.push(byte as char),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}
