//! What most pages are: something loaded, and a view of it.

use std::marker::PhantomData;
use std::sync::Arc;

use farol_api::paths;
use farol_api::problem::Problem;
use farol_api::request::Me;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;
use serde::de::DeserializeOwned;

use super::problem::ProblemPage;
use crate::api::{Answer, Api, parse};
use crate::url::encode;
use crate::visit::send_to;
use crate::words::common::words;
use crate::words::fill;

/// What a page loads, as the JSON text that the API answered with.
pub type Text = Resource<Answer<String>>;

/// What a page loads, and what it is read as.
pub struct Loaded<T> {
    /// The JSON text.
    pub text: Text,
    kind: PhantomData<fn() -> T>,
}

impl<T> Clone for Loaded<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Loaded<T> {}

impl<T> Loaded<T> {
    /// Says what a text is read as.
    pub const fn from(text: Text) -> Self {
        Self { text, kind: PhantomData }
    }
}

/// Loads a resource for a page, before the page is sent.
pub fn load<T>(path: impl Fn() -> String + Send + Sync + 'static) -> Loaded<T> {
    Loaded::from(Resource::new_blocking(path, |path| {
        let api = Api::take();
        async move { api.text(&path).await }
    }))
}

/// The reader, loaded once for all pages; a problem with status 401 before they log in.
#[derive(Clone, Copy)]
pub struct Reader(pub Loaded<Me>);

impl Reader {
    /// Takes it from the context.
    pub fn take() -> Self {
        expect_context()
    }

    /// Waits for it; nothing before they log in.
    pub async fn get(self) -> Option<Me> {
        parse(self.0.text.await).ok()
    }
}

type View = Arc<dyn Fn(Answer<String>, Answer<String>) -> Answer<AnyView> + Send + Sync>;

/// Shows what was loaded, or why it was not; sends visitors who are not logged in to do so.
pub fn show<T: DeserializeOwned + 'static>(
    loaded: Loaded<T>,
    view: impl Fn(T, Me) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    show_texts(loaded, move |loaded, me| Ok(view(parse(Ok(loaded))?, parse(Ok(me))?)))
}

/// Shows what was loaded, from the texts themselves.
pub fn show_texts<T>(
    loaded: Loaded<T>,
    view: impl Fn(String, String) -> Answer<AnyView> + Send + Sync + 'static,
) -> AnyView {
    show_text(loaded.text, Arc::new(move |loaded, me| view(loaded?, me?)))
}

/// Shows what depends on the reader only.
pub fn show_me(view: impl Fn(Me) -> AnyView + Send + Sync + 'static) -> AnyView {
    show_text(Reader::take().0.text, Arc::new(move |_, me| Ok(view(parse(me)?))))
}

/// Shows what visitors may see who are not logged in.
pub fn show_open<T: DeserializeOwned + 'static>(
    loaded: Loaded<T>,
    view: impl Fn(T) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    show_text(loaded.text, Arc::new(move |loaded, _| Ok(view(parse(loaded)?))))
}

/// The one place where pages wait for what they show: a page is its own code, and nothing of the waiting.
fn show_text(text: Text, view: View) -> AnyView {
    let reader = Reader::take();
    let location = use_location();
    let here = move || {
        let query = location.search.get_untracked();
        let query = query.trim_start_matches('?');
        let path = location.pathname.get_untracked();
        if query.is_empty() { path } else { format!("{path}?{query}") }
    };
    view! {
        <Transition fallback=|| view! { <p class="page label">{words().loading}</p> }>
            {move || {
                let view = view.clone();
                Suspend::new(async move {
                    let (me, loaded) = (reader.0.text.await, text.await);
                    view(loaded, me).unwrap_or_else(|problem| refused(problem, here))
                })
            }}
        </Transition>
    }
    .into_any()
}

fn refused(problem: Problem, here: impl Fn() -> String) -> AnyView {
    if problem.status == 401 {
        send_to(&format!("{}?return={}", paths::login(), encode(&here())));
        return ().into_any();
    }
    view! { <ProblemPage problem/> }.into_any()
}

/// Sets the document's title.
#[component]
pub fn PageTitle(#[prop(into)] text: String) -> impl IntoView {
    view! { <Title text=fill(words().page_title, &[&text])/> }
}
