//! The first owner's page, behind the one-time token.

use farol_api::paths;
use farol_api::request::SetUpState;
use leptos::prelude::*;

use crate::components::page::{PageTitle, load, show_open};
use crate::form::Form;
use crate::form::field::{Send, Text};
use crate::visit::send_to;
use crate::words::common;
use crate::words::people::words;

/// Makes the first owner.
#[component]
pub fn SetUpPage() -> impl IntoView {
    show_open(load::<SetUpState>(paths::api_setup), |state| {
        if !state.needed {
            send_to(&paths::login());
            return ().into_any();
        }
        let (w, c) = (words(), common::words());
        view! {
            <PageTitle text=w.setup_title/>
            <div class="page narrow">
                <h1>{w.setup_title}</h1>
                <p>{w.setup_hint}</p>
                <Form
                    action=paths::api_setup()
                    back=paths::setup()
                    next=paths::home()
                    secret="password token"
                >
                    <Text name="token" label=w.token required=true focus=true/>
                    <Text name="name" label=c.name required=true autocomplete="name"/>
                    <Text name="email" label=c.email kind="email" required=true autocomplete="username"/>
                    <Text
                        name="password"
                        label=c.password
                        kind="password"
                        hint=w.password_hint
                        required=true
                        autocomplete="new-password"
                    />
                    <p class="actions"><Send label=w.setup_go look="go"/></p>
                </Form>
            </div>
        }
        .into_any()
    })
}
