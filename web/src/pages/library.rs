//! The library: a list that is searched and narrowed down, all of it in the address.

use std::collections::BTreeMap;

use farol_api::library::{Facet, FacetKind, LastRun, Library, LibraryRow};
use farol_api::paths;
use farol_api::request::Me;
use farol_api::risk::RiskClass;
use farol_api::user::Permission;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::components::badge::{Risk, Stamp};
use crate::components::page::{PageTitle, load, show};
use crate::ssr::Assets;
use crate::url::encode;
use crate::words::library::{Words, words};
use crate::words::terms::Term;
use crate::words::{common, count, fill, runbooks};

/// Values of a facet that stand in the open.
const SHOWN: usize = 6;

/// What is asked, as it stands in the address.
#[derive(Clone, Debug, Default, PartialEq)]
struct Asked {
    words: String,
    chosen: BTreeMap<FacetKind, String>,
    page: u32,
}

/// The library; `?q=` searches, and each facet is a parameter of its own.
#[component]
pub fn LibraryPage() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        query.with(|query| {
            let of = |name: &str| query.get(name).filter(|value| !value.is_empty());
            Asked {
                words: of("q").unwrap_or_default(),
                chosen: FacetKind::ALL.into_iter().filter_map(|kind| Some((kind, of(kind.as_str())?))).collect(),
                page: of("page").and_then(|page| page.parse().ok()).unwrap_or(1),
            }
        })
    });
    let loaded = load::<Library>(move || asked.with(|asked| asked.address(&paths::api_library())));
    show(loaded, move |found, me| library(found, &me, &asked.get_untracked()))
}

impl Asked {
    fn address(&self, path: &str) -> String {
        let mut pairs = Vec::new();
        if !self.words.is_empty() {
            pairs.push(format!("q={}", encode(&self.words)));
        }
        pairs.extend(self.chosen.iter().map(|(kind, value)| format!("{}={}", kind.as_str(), encode(value))));
        if self.page > 1 {
            pairs.push(format!("page={}", self.page));
        }
        if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
    }

    fn with(&self, kind: FacetKind, value: &str) -> String {
        let mut asked = Self { page: 1, ..self.clone() };
        asked.chosen.insert(kind, if value.is_empty() { "-".to_owned() } else { value.to_owned() });
        asked.address(&paths::runbooks())
    }

    fn without(&self, kind: FacetKind) -> String {
        let mut asked = Self { page: 1, ..self.clone() };
        asked.chosen.remove(&kind);
        asked.address(&paths::runbooks())
    }

    fn on(&self, page: u32) -> String {
        Self { page, ..self.clone() }.address(&paths::runbooks())
    }

    fn is_all(&self) -> bool {
        self.words.is_empty() && self.chosen.is_empty()
    }
}

fn library(found: Library, me: &Me, asked: &Asked) -> AnyView {
    let (w, r) = (words(), runbooks::words());
    let may_write = me.user.role.may(Permission::Author);
    let script = use_context::<Assets>().unwrap_or_default().search;
    // Apart from what a search replaces, so that screen readers hear the number change.
    let number = (!asked.is_all() || found.total > 0).then(|| {
        let total = usize::try_from(found.total).unwrap_or(usize::MAX);
        view! { <p class="label" role="status" id="count">{count(total, r.found_one, r.found)}</p> }
    });
    let body = if found.total == 0 { nothing(asked, may_write) } else { list(found, asked) };
    view! {
        <PageTitle text=r.library/>
        <div class="page">
            <div class="page-head">
                <h1>{r.library}</h1>
                {may_write.then(|| view! {
                    <div class="line">
                        <a class="btn" href=paths::imports()>{w.import}</a>
                        <a class="btn" href=paths::new_runbook()>{r.new}</a>
                    </div>
                })}
            </div>
            {search(asked)}
            {number}
            <div id="results">
                {chosen(asked)}
                {body}
            </div>
            {(!script.is_empty()).then(|| view! { <script type="module" nonce=use_nonce() src=script></script> })}
        </div>
    }
    .into_any()
}

fn search(asked: &Asked) -> AnyView {
    let (w, c) = (words(), common::words());
    let kept: Vec<_> = asked
        .chosen
        .iter()
        .map(|(kind, value)| view! { <input type="hidden" name=kind.as_str() value=value.clone()/> }.into_any())
        .collect();
    view! {
        <form class="search" action=paths::runbooks() role="search">
            <label for="q">{c.search}</label>
            <input id="q" type="search" name="q" value=asked.words.clone() aria-describedby="q-hint"/>
            {kept}
            <button type="submit">{c.search}</button>
            <p class="hint" id="q-hint">{w.search_hint}</p>
        </form>
    }
    .into_any()
}

/// What the list is narrowed down by, each with the way back.
fn chosen(asked: &Asked) -> Option<AnyView> {
    let w = words();
    if asked.chosen.is_empty() {
        return None;
    }
    let items: Vec<_> = asked
        .chosen
        .iter()
        .map(|(kind, value)| {
            let value = if value == "-" { "" } else { value };
            let named = format!("{}: {}", name(w, *kind), label(w, *kind, value));
            let remove = format!("{}: {named}", w.remove);
            view! { <li>{named}" "<a href=asked.without(*kind) aria-label=remove>"✕ "{w.remove}</a></li> }.into_any()
        })
        .collect();
    Some(view! { <ul class="line chosen">{items}</ul> }.into_any())
}

fn nothing(asked: &Asked, may_write: bool) -> AnyView {
    let (w, r) = (words(), runbooks::words());
    if asked.is_all() {
        return view! {
            <div class="empty">
                <p>{r.empty}</p><p class="hint">{w.empty_hint}</p>
                {may_write.then(|| view! { <a class="btn go" href=paths::imports()>{w.import}</a> })}
            </div>
        }
        .into_any();
    }
    let nothing = if asked.words.is_empty() { w.nothing_so.to_owned() } else { fill(r.nothing, &[&asked.words]) };
    view! {
        <div class="empty">
            <p>{nothing}</p><p class="hint">{r.nothing_hint}</p>
            <a class="btn" href=paths::runbooks()>{r.show_all}</a>
        </div>
    }
    .into_any()
}

fn list(found: Library, asked: &Asked) -> AnyView {
    let w = words();
    let facets: Vec<_> = found.facets.iter().filter_map(|one| facet(one, asked)).collect();
    let facets = (!facets.is_empty()).then(|| {
        view! {
            <nav class="facets" id="narrow" aria-labelledby="narrow-title">
                <h2 id="narrow-title">{w.narrow}</h2>
                {facets}
            </nav>
        }
    });
    let narrow = facets.is_some().then(|| view! { <a class="to-facets" href="#narrow" rel="external">{w.narrow}</a> });
    let pages = pages(&found, asked);
    let rows: Vec<_> = found.runbooks.into_iter().map(row).collect();
    view! {
        <div class="found">
            <div>
                {narrow}
                <ul class="library">{rows}</ul>
                {pages}
            </div>
            {facets}
        </div>
    }
    .into_any()
}

fn pages(found: &Library, asked: &Asked) -> Option<AnyView> {
    let w = words();
    if found.pages < 2 {
        return None;
    }
    let page = found.page;
    Some(
        view! {
            <nav class="links" aria-label=w.pages>
                {(page > 1).then(|| view! { <a href=asked.on(page - 1) rel="prev">{w.previous}</a> })}
                <span class="label">{fill(w.page_of, &[&page.to_string(), &found.pages.to_string()])}</span>
                {(page < found.pages).then(|| view! { <a href=asked.on(page + 1) rel="next">{w.next}</a> })}
            </nav>
        }
        .into_any(),
    )
}

/// One facet, where choosing a value of it would leave something out.
fn facet(facet: &Facet, asked: &Asked) -> Option<AnyView> {
    let w = words();
    let kind = facet.kind;
    if facet.values.len() < 2 || asked.chosen.contains_key(&kind) {
        return None;
    }
    let item = |value: &farol_api::library::FacetValue| {
        let (href, text) = (asked.with(kind, &value.value), label(w, kind, &value.value));
        view! { <li><a href=href>{text}</a>" "<span class="label">{value.count.to_string()}</span></li> }.into_any()
    };
    let shown: Vec<_> = facet.values.iter().take(SHOWN).map(item).collect();
    let more: Vec<_> = facet.values.iter().skip(SHOWN).map(item).collect();
    let more = (!more.is_empty()).then(|| {
        view! { <details class="quiet"><summary>{w.more}": "{name(w, kind)}</summary><ul>{more}</ul></details> }
    });
    Some(view! { <h3>{name(w, kind)}</h3><ul>{shown}</ul>{more} }.into_any())
}

const fn name(w: &Words, kind: FacetKind) -> &'static str {
    match kind {
        FacetKind::Service => w.service,
        FacetKind::Scenario => w.scenario,
        FacetKind::Risk => w.risk,
        FacetKind::Language => w.language,
        FacetKind::Owner => w.owner,
        FacetKind::Freshness => w.freshness,
    }
}

/// A value in words; those that authors wrote stand as they are.
fn label(w: &Words, kind: FacetKind, value: &str) -> String {
    let word = match (kind, value) {
        (FacetKind::Risk, "") => w.no_steps,
        (_, "") => w.unstated,
        (FacetKind::Freshness, "fresh") => w.fresh,
        (FacetKind::Freshness, _) => w.stale,
        (FacetKind::Language, "en") => w.english,
        (FacetKind::Language, "pt") => w.portuguese,
        (FacetKind::Language, "es") => w.spanish,
        (FacetKind::Risk, word) => return risk(word).map_or_else(|| word.to_owned(), |class| class.word().to_owned()),
        (_, own) => own,
    };
    word.to_owned()
}

fn risk(word: &str) -> Option<RiskClass> {
    serde_json::from_value(serde_json::Value::from(word)).ok()
}

fn row(row: LibraryRow) -> AnyView {
    let (w, c, r) = (words(), common::words(), runbooks::words());
    let runbook = row.runbook.clone();
    let by = runbook.updated_by.map(|person| person.name).or(row.file.clone());
    let by = by.unwrap_or_else(|| c.came_with.to_owned());
    let runnable = count(runbook.executable_steps, r.runnable_one, r.runnable);
    let steps = format!("{} · {runnable}", count(runbook.steps, w.step, w.steps));
    let lint = if runbook.problems == 0 {
        view! { <span class="label">"✓ "{w.clean}</span> }.into_any()
    } else {
        let findings = count(runbook.problems, w.finding, w.findings);
        view! { <span class="state wait"><span aria-hidden="true">"▲ "</span>{findings}</span> }.into_any()
    };
    view! {
        <li>
            <div class="line">
                <a class="name" href=paths::runbook(&runbook.id) lang=runbook.language.clone()>{runbook.title}</a>
                {runbook.highest_risk.map(|class| view! { <Risk class/> })}
                {runbook.severity.map(|word| view! { <span class="label">{c.severity}": "{word}</span> })}
                {lint}
                {freshness(&row)}
            </div>
            <p class="label">{steps}" · "<Stamp at=runbook.updated_at/>" · "{by}</p>
            <p class="label">
                {row.owner.map(|owner| format!("{}: {owner} · ", w.owner))}
                {row.service.map(|service| format!("{}: {service} · ", w.service))}
                {w.last_run}": "{walked(row.last_run)}" · "{w.last_drill}": "{walked(row.last_drill)}
            </p>
        </li>
    }
    .into_any()
}

fn walked(run: Option<LastRun>) -> AnyView {
    match run {
        Some(run) => view! { <a href=paths::incident(run.incident)><Stamp at=run.at/></a> }.into_any(),
        None => words().never.into_any(),
    }
}

/// Whether it can still be trusted, by its author's date or its age.
fn freshness(row: &LibraryRow) -> Option<AnyView> {
    let w = words();
    let text = match (row.stale, &row.review_by) {
        (true, Some(date)) => fill(w.review_was, &[date]),
        (true, None) => w.old.to_owned(),
        (false, Some(date)) => {
            return Some(view! { <span class="label">{fill(w.review_by, &[date])}</span> }.into_any());
        }
        (false, None) => return None,
    };
    Some(view! { <span class="state wait"><span aria-hidden="true">"◷ "</span>{text}</span> }.into_any())
}
