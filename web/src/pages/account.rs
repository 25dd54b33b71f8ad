//! One's own account: language, sessions, keys, logging out.

use farol_api::paths;
use farol_api::request::{Me, TokenMade};
use farol_api::text::Locale;
use farol_api::user::{Session, TokenScope};
use leptos::prelude::*;

use crate::components::badge::Stamp;
use crate::components::chrome::key_list;
use crate::components::page::{PageTitle, load, show};
use crate::form::field::{Choice, Send, Text};
use crate::form::{Form, Scope, wire};
use crate::visit::locale;
use crate::words::common;
use crate::words::people::words;
use crate::words::terms::{Term, may};

/// The account page.
#[component]
pub fn AccountPage() -> impl IntoView {
    show(load::<Vec<Session>>(paths::api_sessions), view_of)
}

fn view_of(sessions: Vec<Session>, me: Me) -> AnyView {
    let (w, c) = (words(), common::words());
    let languages = vec![
        (Locale::En.tag().to_owned(), "English".to_owned()),
        (Locale::PtBr.tag().to_owned(), "Português (Brasil)".to_owned()),
    ];
    let rows: Vec<_> = sessions.into_iter().map(session).collect();
    let keys: Vec<_> =
        key_list().map(|(keys, what)| view! { <div><dt><kbd>{keys}</kbd></dt><dd>{what}</dd></div> }.into_any()).into();
    view! {
        <PageTitle text=c.account/>
        <div class="page">
            <div class="page-head">
                <h1>{me.user.name}</h1>
                <Form action=paths::api_session() method="DELETE" back=paths::account() next=paths::login()>
                    <Send label=c.log_out/>
                </Form>
            </div>
            <p class="label">{me.user.email}" · "{me.user.role.word()}": "{may(me.user.role)}</p>
            <h2>{w.settings}</h2>
            <Form action=paths::api_me() method="PATCH" back=paths::account() class="inline">
                <Choice name="locale" label=w.own_language options=languages value=locale().tag() required=true/>
                <Send label=c.save/>
            </Form>
            <h2>{w.sessions}</h2>
            <div class="scroll" tabindex="0" role="region" aria-label=w.sessions>
                <table>
                    <thead><tr>
                        <th scope="col">{w.browser}</th><th scope="col">{w.since}</th>
                        <th scope="col">{w.last_seen}</th><th scope="col">{c.state}</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            {tokens()}
            <h2>{c.help_title}</h2>
            <dl class="keys">{keys}</dl>
            <p class="hint">{c.help_hint}</p>
        </div>
    }
    .into_any()
}

fn tokens() -> AnyView {
    let w = words();
    let scopes: Vec<_> = TokenScope::ALL.map(|scope| (wire(&scope), may_do(scope).to_owned())).into();
    view! {
        <h2>{w.new_token}</h2>
        <p class="hint">{w.token_hint}</p>
        <Form action=paths::api_tokens() back=paths::account() show=true kinds="days:number" class="narrow">
            <Text name="name" label=w.token_name required=true/>
            <Choice name="scope" label=w.token_scope options=scopes value=wire(&TokenScope::Respond) required=true/>
            <Text name="days" label=w.token_days kind="number" value="90".to_owned()/>
            <Send label=w.make_token look="go"/>
            <NewToken/>
        </Form>
    }
    .into_any()
}

/// The secret of a token just made; it is never shown again.
#[component]
fn NewToken() -> impl IntoView {
    let made = use_context::<Scope>().and_then(|scope| scope.answer::<TokenMade>());
    made.map(|made| {
        view! {
            <div class="note" role="status">
                <p>{words().token_once}</p>
                <p><code class="secret">{made.secret}</code></p>
            </div>
        }
    })
}

fn may_do(scope: TokenScope) -> &'static str {
    match scope {
        TokenScope::Read => words().token_reads,
        TokenScope::Respond => words().token_responds,
    }
}

fn session(session: Session) -> AnyView {
    let w = words();
    let revoke = (!session.current).then(|| {
        view! {
            <Form action=paths::api_one_session(session.id) method="DELETE" back=paths::account()>
                <Send label=w.revoke/>
            </Form>
        }
    });
    view! {
        <tr>
            <td>{session.user_agent}{session.scope.map(|scope| format!(" · {}: {}", w.a_token, may_do(scope)))}</td>
            <td class="num"><Stamp at=session.created_at/></td>
            <td class="num"><Stamp at=session.last_seen_at/></td>
            <td>{session.current.then_some(w.this_one)}{revoke}</td>
        </tr>
    }
    .into_any()
}
