//! The page of an address that leads nowhere.

use leptos::prelude::*;

use crate::components::page::PageTitle;
use crate::visit::set_status;
use crate::words::problems::words;

/// Says that there is no such page.
#[component]
pub fn NotFound() -> impl IntoView {
    set_status(404);
    let w = words();
    view! {
        <PageTitle text=w.not_found_title/>
        <div class="page narrow">
            <h1>{w.not_found_title}</h1>
            <p>{w.not_found_detail}</p>
            <p class="actions"><a class="btn go" href="/">{w.to_home}</a></p>
        </div>
    }
    .into_any()
}
