//! Accepting an invitation.

use farol_api::paths;
use farol_api::request::InvitationView;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::components::page::{PageTitle, load, show_open};
use crate::form::Form;
use crate::form::field::{Send, Text};
use crate::url::encode;
use crate::words::people::words;
use crate::words::terms::Term;
use crate::words::{common, fill};

/// The page that an invitation's link opens.
#[component]
pub fn InvitationPage() -> impl IntoView {
    let params = use_params_map();
    let secret = Memo::new(move |_| encode(&params.with(|params| params.get("secret")).unwrap_or_default()));
    let loaded = load::<InvitationView>(move || paths::api_invitation(&secret.get()));
    show_open(loaded, move |invitation| {
        let (w, c) = (words(), common::words());
        let secret = secret.get_untracked();
        let resets = invitation.resets;
        let (title, go) = if resets { (w.reset_title, w.reset_go) } else { (w.invited_title, w.join) };
        let said = match resets {
            true => fill(w.reset_by, &[&invitation.invited_by]),
            false => fill(w.invited_by, &[&invitation.invited_by, invitation.role.word()]),
        };
        view! {
            <PageTitle text=title/>
            <div class="page narrow">
                <h1>{title}</h1>
                <p>{said}</p>
                <p class="label">{invitation.email.clone()}</p>
                <Form
                    action=paths::api_accept_invitation(&secret)
                    back=paths::invitation(&secret)
                    next=paths::home()
                    secret="password"
                >
                    {(!resets).then(|| view! {
                        <Text name="name" label=c.name required=true autocomplete="name" focus=true/>
                    })}
                    <Text
                        name="password"
                        label=c.password
                        kind="password"
                        hint=w.password_hint
                        required=true
                        autocomplete="new-password"
                    />
                    <p class="actions"><Send label=go look="go"/></p>
                </Form>
            </div>
        }
        .into_any()
    })
}
