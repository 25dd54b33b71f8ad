//! A server that answers pages from fixtures, and an incident for them to show.

pub mod answers;
pub mod attempts;
pub mod fixtures;
pub mod shelf;

use std::sync::{Arc, Once};

use farol_api::problem::Problem;
use farol_api::text::Locale;
use farol_web::ssr::{Assets, NewKey, Page, ServerApi, Visit, render};
use farol_web::visit::FormEcho;

/// What a page is asked with.
pub struct Ask {
    pub url: &'static str,
    pub locale: Locale,
    pub echo: Option<FormEcho>,
    pub logged_in: bool,
}

impl Ask {
    pub fn page(url: &'static str) -> Self {
        Self { url, locale: Locale::En, echo: None, logged_in: true }
    }

    pub fn in_portuguese(self) -> Self {
        Self { locale: Locale::PtBr, ..self }
    }

    pub fn with_echo(self, echo: FormEcho) -> Self {
        Self { echo: Some(echo), ..self }
    }

    pub fn by_a_stranger(self) -> Self {
        Self { logged_in: false, ..self }
    }
}

/// Renders a page against the fixtures.
pub fn page(ask: Ask) -> Page {
    static START: Once = Once::new();
    START.call_once(|| any_spawner::Executor::init_futures_executor().expect("nothing started one before"));
    let logged_in = ask.logged_in;
    let api = ServerApi(Arc::new(move |method, path, _body| {
        let answer = match logged_in || path == "/api/setup" {
            true => answers::answer(method, &path),
            false => problem(401, "not_logged_in"),
        };
        Box::pin(async move { Ok(answer) })
    }));
    let visit = Visit {
        url: ask.url.to_owned(),
        locale: ask.locale,
        nonce: "a-nonce".to_owned(),
        assets: Assets {
            css: "/assets/farol.css".to_owned(),
            js: "/assets/farol.js".to_owned(),
            editor: "/assets/editor.js".to_owned(),
            search: "/assets/search.js".to_owned(),
            notices: "/assets/notices.js".to_owned(),
            wasm: "/assets/farol.wasm".to_owned(),
            preload_fonts: vec!["/assets/atkinson.woff2".to_owned()],
        },
        api,
        new_key: NewKey(Arc::new(|| "a-key".to_owned())),
        echo: ask.echo,
    };
    futures::executor::block_on(render(visit))
}

pub fn problem(status: u16, code: &str) -> (u16, String) {
    (status, serde_json::to_string(&a_problem(status, code)).expect("a problem is JSON"))
}

pub fn a_problem(status: u16, code: &str) -> Problem {
    Problem {
        type_uri: format!("/problems/{code}"),
        status,
        code: code.to_owned(),
        title: format!("Title of {code}"),
        detail: format!("Detail of {code}"),
        errors: Vec::new(),
        request_id: None,
    }
}
