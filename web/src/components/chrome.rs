//! What stands around every page: navigation, language, help.

use farol_api::paths;
use farol_api::text::Locale;
use farol_api::user::Permission;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::page::Reader;
use crate::url::encode;
use crate::visit::locale;
use crate::words::common::words;

/// The header of every page.
#[component]
pub fn Header() -> impl IntoView {
    let w = words();
    view! {
        <a class="skip" href="#main" rel="external">{w.skip}</a>
        <header class="top">
            <a class="brand" href=paths::home()>"Farol"</a>
            <Suspense>{move || Suspend::new(async move { navigation().await })}</Suspense>
            <div class="end">
                <Languages/>
                <Suspense>{move || Suspend::new(async move { reader_link().await })}</Suspense>
            </div>
        </header>
    }
    .into_any()
}

async fn navigation() -> Option<AnyView> {
    let w = words();
    let path = use_location().pathname;
    let me = Reader::take().get().await?;
    let approvals = match me.approvals {
        0 => w.approvals.to_owned(),
        waiting => format!("{} · {waiting}", w.approvals),
    };
    let mut links = vec![
        (paths::incidents(), w.incidents.to_owned()),
        (paths::runbooks(), w.runbooks.to_owned()),
        (paths::approvals(), approvals),
        (paths::targets(), w.targets.to_owned()),
    ];
    if me.user.may(Permission::ManagePeople) {
        links.push((paths::people(), w.people.to_owned()));
    }
    let links: Vec<_> = links
        .into_iter()
        .map(|(href, text)| {
            let base = href.clone();
            let id = (base == paths::approvals()).then_some("approvals-link");
            let current = move || path.with(|path| path.starts_with(&base)).then_some("page");
            view! { <a id=id href=href aria-current=current>{text}</a> }.into_any()
        })
        .collect();
    Some(view! { <nav aria-label=w.main_nav>{links}</nav> }.into_any())
}

async fn reader_link() -> Option<AnyView> {
    let me = Reader::take().get().await?;
    let w = words();
    Some(
        view! {
            <button type="button" class="link" data-key="?" data-opens="keys" hidden=true>{w.help}</button>
            <a href=paths::account()>{me.user.name}</a>
        }
        .into_any(),
    )
}

/// Switches the language and keeps the page; a plain link, so that it works without scripts.
#[component]
fn Languages() -> impl IntoView {
    let location = use_location();
    let here = move || {
        let query = location.search.get();
        let query = query.trim_start_matches('?');
        let path = location.pathname.get();
        encode(&if query.is_empty() { path } else { format!("{path}?{query}") })
    };
    let (other, short, name) = match locale() {
        Locale::En => (Locale::PtBr, "PT", "Português"),
        Locale::PtBr => (Locale::En, "EN", "English"),
    };
    let href = move || format!("/locale/{}?return={}", other.tag(), here());
    view! {
        <a class="language" rel="external nofollow" lang=other.tag() hreflang=other.tag() href=href title=name>
            <span aria-hidden="true">{short}</span>
            <span class="sr">{name}</span>
        </a>
    }
    .into_any()
}

/// The list of keys, opened by `?` or the button in the header.
#[component]
pub fn Keys() -> impl IntoView {
    let w = words();
    let rows: Vec<_> = key_list()
        .into_iter()
        .map(|(keys, what)| view! { <div><dt><kbd>{keys}</kbd></dt><dd>{what}</dd></div> }.into_any())
        .collect();
    view! {
        <dialog id="keys" aria-labelledby="keys-title">
            <h2 id="keys-title">{w.help_title}</h2>
            <dl class="keys">{rows}</dl>
            <p class="hint">{w.help_hint}</p>
            <div class="tick"><input type="checkbox" id="keys-on" data-keys-switch=""/><label for="keys-on">{w.help_off}</label></div>
            <form method="dialog"><button type="submit" class="go">{w.close}</button></form>
        </dialog>
    }
    .into_any()
}

/// The keys and what they do.
pub fn key_list() -> [(&'static str, &'static str); 8] {
    let w = words();
    [
        ("j k", w.help_next),
        ("r", w.help_run),
        ("a", w.help_approve),
        ("d", w.help_done),
        ("x", w.help_fail),
        ("s", w.help_skip),
        ("n", w.help_note),
        ("?", w.help_help),
    ]
}
