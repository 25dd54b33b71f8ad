//! The way in: a running server over HTTP, or the same router in this process.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use farol_api::problem::Problem;
use farol_api::text::{Locale, Localized};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tower::ServiceExt;

use super::Stop;
use crate::app::App;
use crate::config::Config;
use crate::{router, serve, serving};

/// How long a server may take to say that it is there.
const KNOCK: Duration = Duration::from_secs(2);
/// How long one answer may take.
const ANSWER: Duration = Duration::from_secs(30);
/// The most that is read of an answer of the router in this process.
const LARGEST: usize = 256 << 20;

/// Tells whether what is sent to an address can be read by nobody else on the way.
fn is_private(base: &str) -> bool {
    let Ok(url) = reqwest::Url::parse(base) else { return false };
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let loopback = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
    url.scheme() == "https" || (url.scheme() == "http" && loopback)
}

/// Answers calls as somebody's token.
pub(super) struct Door {
    way: Way,
    token: String,
    lang: Locale,
}

enum Way {
    Server { http: reqwest::Client, base: String },
    Inside { app: App, router: Router },
}

impl Door {
    /// Opens the way to the server that is named, to the one that serves this data folder, or else to the store.
    pub async fn open(named: Option<&str>, config: Config, token: String, lang: Locale) -> Result<Self, Stop> {
        let base = match named {
            Some(base) => Some(base.trim_end_matches('/').to_owned()),
            // The lock on its note vouches for it, whatever address it listens on.
            None => serving::address(&config.data),
        };
        if let Some(base) = base {
            let url = reqwest::Url::parse(&base).ok();
            if url.is_none_or(|url| !matches!(url.scheme(), "http" | "https") || !url.has_host()) {
                let words = Localized::new(
                    format!(
                        "{base} is no address of a server. Nothing ran. Give one such as https://farol.example.com."
                    ),
                    format!(
                        "{base} não é um endereço de servidor. Nada foi executado. Informe um como https://farol.example.com."
                    ),
                );
                return Err(Stop::Unusable(words.get(lang).to_owned()));
            }
            let mut http = reqwest::Client::builder().timeout(ANSWER).redirect(reqwest::redirect::Policy::none());
            if !base.starts_with("https:") {
                // A proxy between would read the token.
                http = http.no_proxy();
            }
            let http = http.build().map_err(|error| Stop::Unusable(error.to_string()))?;
            if named.is_some() && !is_private(&base) {
                let words = Localized::new(
                    "Over http to another machine the token would travel readable. Nothing was sent. Give an https address.",
                    "Por http até outra máquina o token viajaria legível. Nada foi enviado. Informe um endereço https.",
                );
                return Err(Stop::Unusable(words.get(lang).to_owned()));
            }
            let there = http.get(format!("{base}/healthz")).timeout(KNOCK).send().await;
            if there.is_ok_and(|answer| answer.status().is_success()) {
                return Ok(Self { way: Way::Server { http, base }, token, lang });
            }
            if named.is_some() {
                let words = Localized::new(
                    format!("No Farol answers at {base}. Nothing ran. Start it, or correct --server (FAROL_SERVER)."),
                    format!(
                        "Nenhum Farol responde em {base}. Nada foi executado. Inicie-o ou corrija --server (FAROL_SERVER)."
                    ),
                );
                return Err(Stop::Unusable(words.get(lang).to_owned()));
            }
        }
        let exe = std::env::current_exe().map_err(|error| Stop::Unusable(error.to_string()))?;
        let app = serve::start(config, exe).await.map_err(|error| Stop::Unusable(format!("{error:#}")))?;
        let router = router::api(app.clone());
        Ok(Self { way: Way::Inside { app, router }, token, lang })
    }

    /// Where people find an incident in a browser; nothing without a server.
    pub fn page(&self, path: &str) -> Option<String> {
        match &self.way {
            Way::Server { base, .. } => Some(format!("{base}{path}")),
            Way::Inside { .. } => None,
        }
    }

    /// Lets what runs end, and closes the store, where this process opened it.
    pub async fn close(self) {
        if let Way::Inside { app, .. } = self.way {
            if let Some(engine) = app.engine.lock().await.take() {
                engine.shutdown().await;
            }
            app.store.close().await;
        }
    }

    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Stop> {
        self.try_get(path).await?.map_err(|problem| Stop::refused(&problem))
    }

    pub async fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<T, Stop> {
        let body = serde_json::to_vec(body).map_err(|error| Stop::Unusable(error.to_string()))?;
        self.call(Method::POST, path, body).await?.map_err(|problem| Stop::refused(&problem))
    }

    /// The same as [`Self::get`], for callers who act on a refusal.
    pub async fn try_get<T: DeserializeOwned>(&self, path: &str) -> Result<Result<T, Problem>, Stop> {
        self.call(Method::GET, path, Vec::new()).await
    }

    /// The same as [`Self::post`], for callers who act on a refusal.
    pub async fn try_post<T: DeserializeOwned>(&self, path: &str, body: Vec<u8>) -> Result<Result<T, Problem>, Stop> {
        self.call(Method::POST, path, body).await
    }

    async fn call<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Vec<u8>,
    ) -> Result<Result<T, Problem>, Stop> {
        let bearer = format!("Bearer {}", self.token);
        let (status, bytes) = match &self.way {
            Way::Server { http, base } => {
                let request = http.request(method, format!("{base}{path}"));
                let request =
                    request.header(header::AUTHORIZATION, bearer).header(header::ACCEPT_LANGUAGE, self.lang.tag());
                let answer = request.header(header::CONTENT_TYPE, "application/json").body(body).send().await;
                let answer = answer.map_err(|_| self.silent())?;
                (answer.status(), answer.bytes().await.map_err(|_| self.silent())?)
            }
            Way::Inside { router, .. } => {
                let request = Request::builder().method(method).uri(path).header(header::AUTHORIZATION, bearer);
                let request = request.header(header::ACCEPT_LANGUAGE, self.lang.tag());
                let request = request.header(header::CONTENT_TYPE, "application/json").body(Body::from(body));
                let request = request.map_err(|error| Stop::Unusable(error.to_string()))?;
                let answer = router.clone().oneshot(request).await.unwrap_or_else(|never| match never {});
                let status = answer.status();
                let bytes = axum::body::to_bytes(answer.into_body(), LARGEST).await;
                (status, bytes.map_err(|_| self.silent())?)
            }
        };
        if status.is_success() {
            let text: &[u8] = if status == StatusCode::NO_CONTENT { b"null" } else { &bytes };
            return serde_json::from_slice(text).map(Ok).map_err(|_| self.foreign());
        }
        let problem = serde_json::from_slice::<Problem>(&bytes).map(|problem| Err(self.of_a_token(problem)));
        // A proxy says in its own words that there is no server behind it now.
        problem.map_err(|_| if status.is_server_error() { self.silent() } else { self.foreign() })
    }

    /// The connection broke. What had been asked for is in the record, or was never asked for.
    fn silent(&self) -> Stop {
        let words = Localized::new(
            "The server does not answer any more. What it had accepted is in the incident's record and goes on there; look at it before you run anything again.",
            "O servidor não responde mais. O que ele havia aceitado está no registro do incidente e continua lá; olhe-o antes de executar algo de novo.",
        );
        Stop::Unusable(words.get(self.lang).to_owned())
    }

    /// Who calls with a token has no session that could have ended.
    fn of_a_token(&self, problem: Problem) -> Problem {
        if problem.status != 401 {
            return problem;
        }
        let title = Localized::new(
            "The server does not know the token in FAROL_TOKEN, or it has ended",
            "O servidor não conhece o token em FAROL_TOKEN, ou ele terminou",
        );
        let detail = Localized::new(
            "That call changed nothing. Make another on your account page or with `farol token`, and set FAROL_TOKEN to it.",
            "Essa chamada não alterou nada. Crie outro na página da sua conta ou com `farol token`, e defina FAROL_TOKEN com ele.",
        );
        let get = |words: &Localized| words.get(self.lang).to_owned();
        Problem { title: get(&title), detail: get(&detail), ..problem }
    }

    fn foreign(&self) -> Stop {
        let words = Localized::new(
            "What answers there is no Farol of this version. Use the `farol` of the server's version.",
            "O que responde ali não é um Farol desta versão. Use o `farol` da versão do servidor.",
        );
        Stop::Unusable(words.get(self.lang).to_owned())
    }
}
