//! What went wrong, beside where it did.

use farol_api::problem::Problem;
use leptos::prelude::*;

use crate::words::problems::words;

/// Returns a problem's title and detail, in the interface's words where the API could not be reached.
fn said(problem: &Problem) -> (String, String) {
    let w = words();
    if problem.title.is_empty() {
        return (w.unreachable_title.to_owned(), w.unreachable_detail.to_owned());
    }
    (problem.title.clone(), problem.detail.clone())
}

/// A problem beside a form.
#[component]
pub fn ProblemNote(problem: Problem) -> impl IntoView {
    let (title, detail) = said(&problem);
    // Errors whose field is not on this form would otherwise be told nowhere.
    let others: Vec<_> =
        problem.errors.iter().map(|error| view! { <li>{error.message.clone()}</li> }.into_any()).collect();
    view! {
        <div class="note bad" role="alert">
            <p><b>{title}</b></p>
            <p>{detail}</p>
            {(!others.is_empty()).then(|| view! { <ul class="plain">{others}</ul> })}
            {problem.request_id.map(|id| view! { <p class="label">{words().request}" "<code>{id}</code></p> })}
        </div>
    }
    .into_any()
}

/// A whole page that says what went wrong.
#[cfg(feature = "ssr")]
#[component]
pub fn ProblemPage(problem: Problem) -> impl IntoView {
    let (title, detail) = said(&problem);
    crate::visit::set_status(if problem.status == 0 { 502 } else { problem.status });
    view! {
        <leptos_meta::Title text=title.clone()/>
        <div class="page narrow">
            <h1>{title}</h1>
            <p>{detail}</p>
            {problem.request_id.map(|id| view! { <p class="label">{words().request}" "<code>{id}</code></p> })}
            <p class="actions"><a class="btn go" href="/">{words().to_home}</a></p>
        </div>
    }
    .into_any()
}
