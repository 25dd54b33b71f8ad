//! The history of a runbook.

use farol_api::paths;
use farol_api::request::{Me, Revisions};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::components::badge::Stamp;
use crate::components::page::{PageTitle, load, show};
use crate::pages::runbook::saved_by;
use crate::url::encode;
use crate::words::runbooks::words;
use crate::words::{common, fill};

/// All revisions, newest first.
#[component]
pub fn RevisionsPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| encode(&params.with(|params| params.get("id")).unwrap_or_default()));
    show(load::<Revisions>(move || format!("/api/runbooks/{}/revisions", id.get())), list)
}

fn list(revisions: Revisions, _me: Me) -> AnyView {
    let (w, c) = (words(), common::words());
    let id = revisions.id.clone();
    let rows: Vec<_> = revisions
        .revisions
        .into_iter()
        .map(|revision| {
            let by = saved_by(&revision);
            view! {
                <tr>
                    <td>
                        <a href=paths::revision(&id, revision.id.as_str())>{fill(w.revision, &[&revision.number.to_string()])}</a>
                        <span class="sub"><code>{revision.id.short().to_owned()}</code></span>
                    </td>
                    <td>{revision.note}</td>
                    <td>{by}</td>
                    <td class="num"><Stamp at=revision.created_at/></td>
                </tr>
            }
            .into_any()
        })
        .collect();
    view! {
        <PageTitle text=w.revisions/>
        <div class="page">
            <p class="label"><a href=paths::runbook(&revisions.id)>{revisions.title}</a></p>
            <h1>{w.revisions}</h1>
            <div class="scroll" tabindex="0" role="region" aria-label=w.revisions>
                <table>
                    <thead><tr><th scope="col">{w.revisions}</th><th scope="col">{w.note}</th><th scope="col">{c.by}</th><th scope="col">{c.when}</th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </div>
    }
    .into_any()
}
