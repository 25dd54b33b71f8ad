//! Help for those who write runbooks: reading what is not saved, and applying the fixes that are sure.

use axum::extract::State;
use farol_api::request::PreviewRunbook;
use farol_api::runbook::{Mended, Preview};

use super::runbooks::{checked, html};
use crate::app::App;
use crate::http::body::Json;
use crate::library::Links;
use crate::problem::ApiError;
use crate::reading;

/// Reads text that is not saved.
pub async fn preview(State(app): State<App>, Json(body): Json<PreviewRunbook>) -> Result<Json<Preview>, ApiError> {
    let source = checked(&app, body.source)?;
    Ok(Json(read(&app, source).await?))
}

/// Applies the fixes that are sure to text that is not saved, and reads the result.
pub async fn mend(State(app): State<App>, Json(body): Json<PreviewRunbook>) -> Result<Json<Mended>, ApiError> {
    let source = checked(&app, body.source)?;
    let mended = tokio::task::spawn_blocking(move || farol_runbook::mend(&source)).await;
    let (source, found) = mended.map_err(anyhow::Error::from)?;
    Ok(Json(Mended { preview: read(&app, source.clone()).await?, source, applied: found.len() }))
}

async fn read(app: &App, source: String) -> Result<Preview, ApiError> {
    let runbook = reading::on(app.reader.read(source.clone(), None).await?, app.clock.now().date_naive());
    Ok(Preview { html: html(source, Links::new()).await?, runbook })
}
