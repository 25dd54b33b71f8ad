//! What everybody is told on every page, and at once: the script keeps these lines up to date.

use farol_api::paths;
use farol_api::request::{Me, Notice};
use leptos::nonce::use_nonce;
use leptos::prelude::*;

use super::page::Reader;
use crate::ssr::Assets;
use crate::time;
use crate::words::break_glass::words;
use crate::words::{common, count, fill};

/// The lines below the header.
#[component]
pub fn Notices() -> impl IntoView {
    view! { <Suspense>{move || Suspend::new(async move { lines().await })}</Suspense> }
}

async fn lines() -> Option<AnyView> {
    let Me { approvals, break_glass, .. } = Reader::take().get().await?;
    let script = use_context::<Assets>().unwrap_or_default().notices;
    let notice = Notice { approvals, break_glass };
    // What the stream says while nothing has changed.
    let shown = serde_json::to_string(&notice).unwrap_or_default();
    let c = common::words();
    let waiting = (approvals > 0).then(|| {
        let text = count(approvals, c.home_waiting_one, c.home_waiting);
        view! { <p class="note wait"><a href=paths::approvals()>{text}</a></p> }
    });
    let open: Vec<_> = notice
        .break_glass
        .into_iter()
        .map(|glass| {
            let id = glass.incident_id;
            let said = [&glass.by, &time::clock(glass.until), &id.to_string(), &glass.incident_title];
            let text = fill(words().told, &said.map(String::as_str));
            view! { <p class="note bad"><a href=paths::break_glass(id)>{text}</a></p> }.into_any()
        })
        .collect();
    Some(
        view! {
            <div id="notices" class="notices" aria-live="polite" data-shown=shown>{waiting}{open}</div>
            {(!script.is_empty()).then(|| view! { <script type="module" nonce=use_nonce() src=script></script> })}
        }
        .into_any(),
    )
}
