//! What a page needs while it is rendered: above all the way to the API, in-process, as the visitor.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, header};
use farol_web::ssr::{NewKey, ServerApi, Visit};
use farol_web::visit::FormEcho;
use tower::ServiceExt;

use super::Pages;
use crate::http::idempotency;
use crate::locale::{self, locale_of};

/// The largest answer that a page is rendered from, in bytes.
const ANSWER_BYTES: usize = 64 * 1024 * 1024;

/// Puts a visit together.
pub(super) fn visit(pages: &Pages, headers: &HeaderMap, url: String, nonce: String, echo: Option<FormEcho>) -> Visit {
    let clock = Arc::clone(&pages.app.clock);
    let locale = locale_of(headers);
    let (for_api, headers) = (pages.clone(), forwarded(headers));
    let api = ServerApi(Arc::new(move |method, path, body| {
        let (pages, headers) = (for_api.clone(), headers.clone());
        Box::pin(async move {
            let method = Method::from_bytes(method.as_bytes()).map_err(|error| error.to_string())?;
            let sent = body.map(Sent::json);
            let response = call(&pages, &headers, method, &path, None, sent, None).await;
            let response = response.map_err(|error| error.to_string())?;
            let status = response.status().as_u16();
            let body = to_bytes(response.into_body(), ANSWER_BYTES).await.map_err(|error| error.to_string())?;
            Ok((status, String::from_utf8_lossy(&body).into_owned()))
        })
    }));
    Visit {
        url,
        locale,
        nonce,
        assets: pages.app.site.assets(),
        api,
        new_key: NewKey(Arc::new(move || clock.new_uuid().to_string())),
        echo,
    }
}

/// The body of a call.
pub(super) struct Sent {
    /// Its media type.
    pub(super) kind: HeaderValue,
    /// Its bytes.
    pub(super) body: Body,
}

impl Sent {
    /// A body of JSON.
    pub(super) fn json(text: String) -> Self {
        Self { kind: HeaderValue::from_static("application/json"), body: Body::from(text) }
    }
}

/// Calls the API's router in-process, as the visitor whose headers these are.
pub(super) async fn call(
    pages: &Pages,
    headers: &HeaderMap,
    method: Method,
    path: &str,
    key: Option<&str>,
    body: Option<Sent>,
    address: Option<ConnectInfo<SocketAddr>>,
) -> anyhow::Result<Response<Body>> {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in forwarded(headers).iter() {
        request = request.header(name, value);
    }
    if let Some(key) = key {
        request = request.header(idempotency::HEADER, key);
    }
    if let Some(address) = address {
        request = request.extension(address);
    }
    let request = match body {
        Some(sent) => request.header(header::CONTENT_TYPE, sent.kind).body(sent.body)?,
        None => request.body(Body::empty())?,
    };
    Ok(pages.api.clone().oneshot(request).await?)
}

/// The headers that go along: who the visitor is and what they read. Never Accept-Encoding: the answer is read here.
fn forwarded(headers: &HeaderMap) -> HeaderMap {
    const NAMES: [HeaderName; 4] =
        [header::COOKIE, header::ACCEPT_LANGUAGE, header::USER_AGENT, HeaderName::from_static("x-request-id")];
    let kept = headers.iter().filter(|(name, _)| NAMES.contains(name));
    let mut kept: HeaderMap = kept.map(|(name, value)| (name.clone(), value.clone())).collect();
    // The language is decided once, for the page and all that it is made of.
    if locale::cookie(headers, locale::COOKIE).is_none() {
        let tag = HeaderValue::from_static(locale_of(headers).tag());
        kept.insert(header::ACCEPT_LANGUAGE, tag);
    }
    kept
}
