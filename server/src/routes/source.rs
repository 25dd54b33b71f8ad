//! A runbook's Markdown as it was saved.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use farol_api::id::{RevisionId, RunbookId};

use crate::app::App;
use crate::http::body::Path;
use crate::problem::ApiError;

/// Returns the source of a revision byte for byte, as a file to keep.
pub async fn of_revision(
    State(app): State<App>,
    Path((id, revision)): Path<(RunbookId, RevisionId)>,
) -> Result<Response, ApiError> {
    let revision = app.store.revision(&id, &revision).await?.ok_or(ApiError::NotFound("revision"))?;
    // An id is a slug, so it cannot leave the quotes.
    let name = format!("attachment; filename=\"{id}.md\"");
    let about =
        [(header::CONTENT_TYPE, "text/markdown; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((about, revision.source).into_response())
}
