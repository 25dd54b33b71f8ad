//! Whether the server lives, and whether it can work.

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use farol_api::request::Health;

use crate::app::App;
use crate::http::body::Json;
use crate::http::openapi;
use crate::problem::ApiError;

/// Answers while the process lives.
pub async fn alive() -> Json<Health> {
    Json(health())
}

/// Answers while the store does.
pub async fn ready(State(app): State<App>) -> Result<Json<Health>, ApiError> {
    if app.stopping.is_cancelled() {
        return Err(ApiError::Stopping);
    }
    app.store.ping().await?;
    Ok(Json(health()))
}

/// Returns the OpenAPI document.
pub async fn openapi(State(app): State<App>) -> impl IntoResponse {
    let document = app.openapi.get_or_init(|| openapi::document(&app.endpoints).to_string().into());
    ([(CONTENT_TYPE, "application/json")], document.clone())
}

fn health() -> Health {
    Health { status: "ok".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() }
}
