//! Whether the server lives, and whether it can work.

use axum::extract::State;
use farol_api::request::Health;

use crate::app::App;
use crate::http::body::Json;
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
pub async fn openapi(State(app): State<App>) -> Json<serde_json::Value> {
    Json(app.openapi.clone())
}

fn health() -> Health {
    Health { status: "ok".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() }
}
