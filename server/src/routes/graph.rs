//! The step graph as a picture that needs nothing else.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use farol_api::id::{IncidentId, RevisionId, RunbookId, StepId};
use farol_api::room::RoomView;
use farol_api::runbook::Runbook;
use farol_diagram::{Highlight, Options, svg};
use serde::Deserialize;

use super::room::Room;
use crate::app::App;
use crate::http::body::{Path, Query};
use crate::locale::locale_of;
use crate::problem::ApiError;

/// Which step people are at. Whatever else stands in the address, such as the number of the last event, only makes it new,
/// so that a page that holds the picture loads it again.
#[derive(Debug, Deserialize)]
pub struct At {
    step: Option<StepId>,
}

/// Returns the graph of a revision.
pub async fn of_revision(
    State(app): State<App>,
    headers: HeaderMap,
    Path((id, revision)): Path<(RunbookId, RevisionId)>,
) -> Result<Response, ApiError> {
    let revision = app.store.revision(&id, &revision).await?.ok_or(ApiError::NotFound("revision"))?;
    let reading = app.reader.reading(&app.store, &revision.summary.id, &revision.source).await?;
    Ok(picture(&reading, None, &headers))
}

/// Returns the graph of the revision that an incident keeps, with where each step stands.
pub async fn of_incident(
    State(app): State<App>,
    headers: HeaderMap,
    Path(id): Path<IncidentId>,
    Query(At { step }): Query<At>,
) -> Result<Response, ApiError> {
    let runbook = Room::load(&app, id).await?;
    let reading = runbook.runbook.clone();
    let room: RoomView = runbook.view(&app).await?;
    let current = step.or_else(|| room.focus().map(|node| node.id.clone()));
    let statuses = room.graph.nodes.iter().map(|node| (node.id.clone(), room.status(&node.id))).collect();
    Ok(picture(&reading, Some(&Highlight { statuses, current }), &headers))
}

fn picture(runbook: &Runbook, highlight: Option<&Highlight>, headers: &HeaderMap) -> Response {
    let locale = locale_of(headers);
    let options = Options { locale, title: &runbook.title, standalone: true, highlight, ..Options::default() };
    // The picture carries its style inside, and nothing that could run.
    let policy = HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox");
    let kind = HeaderValue::from_static("image/svg+xml");
    let about = [(header::CONTENT_TYPE, kind), (header::CONTENT_SECURITY_POLICY, policy)];
    (about, svg(&runbook.graph, &options)).into_response()
}
