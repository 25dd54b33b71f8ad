//! The document, what stands around every page, and the routes.

use farol_api::paths;
use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::path;

use crate::components::chrome::{Header, Keys};
use crate::components::notices::Notices;
use crate::components::page::{Reader, load};
use crate::pages::account::AccountPage;
use crate::pages::after::AfterPage;
use crate::pages::approvals::ApprovalsPage;
use crate::pages::attempt::{AttemptPage, UndoPage};
use crate::pages::break_glass::BreakGlassPage;
use crate::pages::declare::DeclarePage;
use crate::pages::dry_run::DryRunPage;
use crate::pages::editor::{EditPage, NewRunbookPage};
use crate::pages::error::NotFound;
use crate::pages::home::HomePage;
use crate::pages::imports::{ImportPage, ImportsPage};
use crate::pages::incidents::IncidentsPage;
use crate::pages::invitation::InvitationPage;
use crate::pages::library::LibraryPage;
use crate::pages::login::LogInPage;
use crate::pages::people::PeoplePage;
use crate::pages::postmortem::PostmortemPage;
use crate::pages::revisions::RevisionsPage;
use crate::pages::room::RoomPage;
use crate::pages::runbook::{RevisionPage, RunbookPage};
use crate::pages::setup::SetUpPage;
use crate::pages::targets::{NewTargetPage, TargetPage, TargetsPage};
use crate::visit::Echo;

/// The whole document, as the server writes it.
#[component]
pub fn Document() -> impl IntoView {
    use crate::ssr::Assets;
    use leptos::attr::custom::custom_attribute;
    use leptos::nonce::use_nonce;

    let assets = use_context::<Assets>().unwrap_or_default();
    let fonts: Vec<_> = assets
        .preload_fonts
        .iter()
        .map(|font| view! { <link rel="preload" {..custom_attribute("as", "font")} href=font.clone() type="font/woff2" crossorigin="anonymous"/> })
        .collect();
    let script = (!assets.js.is_empty()).then(|| {
        let start = format!(
            "import start,{{hydrate}} from \"{}\";start({{module_or_path:\"{}\"}}).then(hydrate)",
            assets.js, assets.wasm
        );
        view! {
            <link rel="modulepreload" href=assets.js.clone()/>
            <link rel="preload" {..custom_attribute("as", "fetch")} href=assets.wasm.clone() type="application/wasm" crossorigin="anonymous"/>
            <script type="module" nonce=use_nonce()>{start}</script>
        }
    });
    view! {
        <!DOCTYPE html>
        <html lang=crate::visit::locale().tag()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <link rel="icon" href="data:,"/>
                {fonts}
                {(!assets.css.is_empty()).then(|| view! { <link rel="stylesheet" href=assets.css.clone()/> })}
                {script}
                <leptos_meta::MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// Everything inside the document's body.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    Echo::provide(use_context());
    provide_context(Reader(load(paths::api_me)));
    view! {
        <Router>
            <Header/>
            <Notices/>
            <main id="main" tabindex="-1">
                <Routes fallback=|| view! { <NotFound/> }>
                    <Route path=path!("/") view=HomePage/>
                    <Route path=path!("/setup") view=SetUpPage/>
                    <Route path=path!("/login") view=LogInPage/>
                    <Route path=path!("/invitations/:secret") view=InvitationPage/>
                    <Route path=path!("/incidents") view=IncidentsPage/>
                    <Route path=path!("/incidents/new") view=DeclarePage/>
                    <Route path=path!("/incidents/:id") view=RoomPage/>
                    <Route path=path!("/incidents/:id/break-glass") view=BreakGlassPage/>
                    <Route path=path!("/incidents/:id/steps/:step/dry-run") view=DryRunPage/>
                    <Route path=path!("/incidents/:id/attempts/:attempt") view=AttemptPage/>
                    <Route path=path!("/incidents/:id/attempts/:attempt/undo") view=UndoPage/>
                    <Route path=path!("/incidents/:id/after") view=AfterPage/>
                    <Route path=path!("/incidents/:id/postmortem") view=PostmortemPage/>
                    <Route path=path!("/approvals") view=ApprovalsPage/>
                    <Route path=path!("/runbooks") view=LibraryPage/>
                    <Route path=path!("/library/imports") view=ImportsPage/>
                    <Route path=path!("/library/imports/:id") view=ImportPage/>
                    <Route path=path!("/runbooks/new") view=NewRunbookPage/>
                    <Route path=path!("/runbooks/:id") view=RunbookPage/>
                    <Route path=path!("/runbooks/:id/edit") view=EditPage/>
                    <Route path=path!("/runbooks/:id/revisions") view=RevisionsPage/>
                    <Route path=path!("/runbooks/:id/revisions/:revision") view=RevisionPage/>
                    <Route path=path!("/targets") view=TargetsPage/>
                    <Route path=path!("/targets/new") view=NewTargetPage/>
                    <Route path=path!("/targets/:id") view=TargetPage/>
                    <Route path=path!("/people") view=PeoplePage/>
                    <Route path=path!("/account") view=AccountPage/>
                </Routes>
            </main>
            <Keys/>
        </Router>
    }
}
