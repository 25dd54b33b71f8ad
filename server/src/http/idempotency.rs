//! A request that is sent again gets its first answer.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use farol_store::{Begun, IdempotencyKey, StoredResponse};
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::auth::caller::Caller;
use crate::problem::ApiError;

/// The header that names a request.
pub const HEADER: &str = "idempotency-key";

/// The longest key, in bytes.
const LONGEST: usize = 200;

/// Finds the key of a request. One that is empty or longer than is kept is none.
pub fn key_of(headers: &HeaderMap) -> Option<&str> {
    let key = headers.get(HEADER).and_then(|value| value.to_str().ok());
    key.filter(|key| (1..=LONGEST).contains(&key.len()))
}

/// Answers a repeated POST as it was first answered. It stands behind the guard, so that keys belong to people.
pub async fn replay(State((app, limit)): State<(App, usize)>, request: Request, next: Next) -> Response {
    let key = key_of(request.headers()).map(str::to_owned);
    let caller = request.extensions().get::<Caller>().map(|caller| caller.user.id);
    match (key, caller) {
        (Some(key), Some(user)) if request.method() == Method::POST => {
            once(&app, user, &key, limit, request, next).await.unwrap_or_else(IntoResponse::into_response)
        }
        _ => next.run(request).await,
    }
}

async fn once(
    app: &App,
    user: farol_api::id::UserId,
    key: &str,
    limit: usize,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, limit).await.map_err(|_| ApiError::TooLarge)?;
    let asked = format!("{} {} {:x}", parts.method, parts.uri.path(), Sha256::digest(&body));
    let key = IdempotencyKey { user, key, request: &asked };
    match app.store.begin_idempotent(key).await? {
        Begun::Fresh => {}
        Begun::Answered(stored) => return Ok(stored_response(stored)),
        Begun::InProgress => return Err(ApiError::KeyBusy),
        Begun::Mismatch => return Err(ApiError::KeyReused),
    }
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    if response.status().is_server_error() {
        // Whether anything was done is not known: the key stays taken until it gives itself up.
        return Ok(response);
    }
    if !response.status().is_success() {
        // Refused: nothing was done that repeating could do twice.
        app.store.abandon_idempotent(key).await?;
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let body: Bytes = to_bytes(body, usize::MAX).await.map_err(anyhow::Error::from)?;
    let stored = StoredResponse { status: parts.status.as_u16(), body: body.to_vec() };
    app.store.complete_idempotent(key, &stored).await?;
    Ok(Response::from_parts(parts, Body::from(body)))
}

fn stored_response(stored: StoredResponse) -> Response {
    let status = StatusCode::from_u16(stored.status).unwrap_or(StatusCode::OK);
    let mut response = (status, stored.body).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
