//! Plain forms: translated into the same API call that the browser's client makes.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use farol_api::paths::FORM_PREFIX;
use farol_api::problem::Problem;
use farol_web::form::translate::{Submission, translate};
use farol_web::visit::FormEcho;
use serde_json::Value;

use super::{Pages, render, visit};
use crate::http::endpoint::find;
use crate::http::guard;
use crate::problem::ApiError;
use crate::router::PUBLIC_BYTES;

/// The largest answer of an API call that a form makes, in bytes.
const ANSWER_BYTES: usize = 4 * 1024 * 1024;

/// Does what a form asks for: 303 where it worked, the form's own page with the problem where it did not.
pub async fn post(State(pages): State<Pages>, request: Request) -> Response {
    submit(&pages, request).await.unwrap_or_else(IntoResponse::into_response)
}

async fn submit(pages: &Pages, request: Request) -> Result<Response, ApiError> {
    let (parts, body) = request.into_parts();
    let address = parts.extensions.get::<ConnectInfo<std::net::SocketAddr>>().copied();
    let path = parts.uri.path().strip_prefix(FORM_PREFIX).unwrap_or_default().to_owned();
    if is_upload(&parts.headers) {
        return upload(pages, &parts.headers, path, body, address).await;
    }
    // Every byte of what is sent can take three in a form.
    let limit = match guard::identify(&pages.app, &parts.headers).await? {
        Some(_) => pages.app.config.runbook_bytes * 3 + 64 * 1024,
        None => PUBLIC_BYTES * 3,
    };
    let body = to_bytes(body, limit).await.map_err(|_| ApiError::TooLarge)?;
    let fields = fields(&body)?;
    let submission = translate(fields.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    let method = match submission.method.as_str() {
        "PUT" => Method::PUT,
        "PATCH" => Method::PATCH,
        "DELETE" => Method::DELETE,
        _ => Method::POST,
    };
    // The page knows its form by the action that it gave it, fields not filled in.
    let (action, path) = (path.clone(), submission.path(&path));
    let endpoint = find(&pages.app.endpoints, &method, &path).ok_or(ApiError::NotFound("form"))?;
    let json = endpoint.takes.is_some().then(|| visit::Sent::json(submission.body.to_string()));
    let key = submission.key.as_deref();
    let response = visit::call(pages, &parts.headers, method, &path, key, json, address).await?;
    finish(pages, &parts.headers, action, submission, response).await
}

fn is_upload(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.starts_with("multipart/form-data")
}

/// A form with files goes on as it is: only what is meant for the way there and back is read here.
async fn upload(
    pages: &Pages,
    headers: &HeaderMap,
    path: String,
    body: Body,
    address: Option<ConnectInfo<std::net::SocketAddr>>,
) -> Result<Response, ApiError> {
    let endpoint = find(&pages.app.endpoints, &Method::POST, &path).filter(|endpoint| endpoint.uploads);
    endpoint.ok_or(ApiError::NotFound("form"))?;
    // Nobody fills the memory who is not logged in.
    if guard::identify(&pages.app, headers).await?.is_none() {
        return Ok(Redirect::to(&farol_api::paths::login()).into_response());
    }
    let limit = pages.app.config.body_bytes(true);
    let body = to_bytes(body, limit).await.map_err(|_| ApiError::TooLarge)?;
    let kind = headers.get(header::CONTENT_TYPE).cloned().ok_or(ApiError::NotFound("form"))?;
    let parts = crate::library::upload::parts(kind.to_str().unwrap_or_default(), body.clone()).await?;
    let fields = parts.iter().filter(|part| part.file.is_none());
    let fields: Vec<(String, String)> =
        fields.map(|part| (part.name.clone(), String::from_utf8_lossy(&part.bytes).into_owned())).collect();
    drop(parts);
    let submission = translate(fields.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    let key = submission.key.as_deref();
    let sent = visit::Sent { kind, body: Body::from(body) };
    let response = visit::call(pages, headers, Method::POST, &path, key, Some(sent), address).await?;
    finish(pages, headers, path, submission, response).await
}

async fn finish(
    pages: &Pages,
    headers: &HeaderMap,
    action: String,
    submission: Submission,
    response: Response,
) -> Result<Response, ApiError> {
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, ANSWER_BYTES).await.map_err(anyhow::Error::from)?;
    let answer: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let mut reply = if !parts.status.is_success() {
        let problem = problem(parts.status, answer);
        let echo = FormEcho { action, problem: Some(problem), answer: None, values: submission.values };
        render(pages, headers, submission.return_to, Some(echo)).await?
    } else if submission.show {
        let echo = FormEcho { action, problem: None, answer: Some(answer), values: submission.values };
        render(pages, headers, submission.return_to, Some(echo)).await?
    } else {
        Redirect::to(&submission.destination(&answer)).into_response()
    };
    for cookie in parts.headers.get_all(header::SET_COOKIE) {
        reply.headers_mut().append(header::SET_COOKIE, cookie.clone());
    }
    Ok(reply)
}

fn fields(body: &Bytes) -> Result<Vec<(String, String)>, ApiError> {
    serde_urlencoded::from_bytes(body).map_err(|error| ApiError::Unreadable(error.to_string()))
}

fn problem(status: StatusCode, answer: Value) -> Problem {
    serde_json::from_value(answer).unwrap_or_else(|_| Problem {
        type_uri: "about:blank".to_owned(),
        status: status.as_u16(),
        code: "internal".to_owned(),
        title: status.canonical_reason().unwrap_or_default().to_owned(),
        detail: String::new(),
        errors: Vec::new(),
        request_id: None,
    })
}
