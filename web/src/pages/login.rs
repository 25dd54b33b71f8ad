//! Logging in.

use farol_api::paths;
use farol_api::request::SetUpState;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::components::page::{PageTitle, load, show_open};
use crate::form::Form;
use crate::form::field::{Send, Text};
use crate::form::translate::is_local;
use crate::url::encode;
use crate::visit::send_to;
use crate::words::common::words;

/// The login page.
#[component]
pub fn LogInPage() -> impl IntoView {
    let state = load::<SetUpState>(paths::api_setup);
    let query = use_query_map();
    show_open(state, move |state| {
        if state.needed {
            send_to(&paths::setup());
            return ().into_any();
        }
        let onward = query.with_untracked(|query| query.get("return")).filter(|path| is_local(path));
        // A wrong password shows this page again, which is still to know where one wanted to go.
        let here = onward.as_ref().map_or_else(paths::login, |to| format!("{}?return={}", paths::login(), encode(to)));
        let w = words();
        view! {
            <PageTitle text=w.log_in/>
            <div class="page narrow">
                <h1>{w.log_in}</h1>
                <Form
                    action=paths::api_session()
                    back=here
                    next=onward.unwrap_or_else(paths::home)
                    secret="password"
                >
                    <Text name="email" label=w.email kind="email" required=true autocomplete="username" focus=true/>
                    <Text name="password" label=w.password kind="password" required=true autocomplete="current-password"/>
                    <p class="actions"><Send label=w.log_in look="go"/></p>
                </Form>
            </div>
        }
        .into_any()
    })
}
