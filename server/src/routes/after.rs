//! After an incident: figures, deviations, and the post-mortem.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use farol_api::id::IncidentId;
use farol_api::metrics::metrics;
use farol_api::request::{AfterView, Events, MovePostmortem, SetActionItem, WriteSection};
use farol_incident::{Command, deviations};
use farol_postmortem::{Input, Report, html, markdown, report};

use super::incidents::appended;
use super::room::{Room, act};
use crate::app::App;
use crate::auth::caller::Caller;
use crate::http::body::{Json, Path};
use crate::locale::locale_of;
use crate::problem::ApiError;

/// Returns what the post-incident page shows.
pub async fn show(
    State(app): State<App>,
    headers: HeaderMap,
    Path(id): Path<IncidentId>,
) -> Result<Json<AfterView>, ApiError> {
    let room = Room::load_for(&app, id, Some(locale_of(&headers))).await?;
    let metrics = metrics(&room.state, &room.events);
    let deviations = deviations(&room.runbook.graph, &room.state, &room.events);
    Ok(Json(AfterView { room: room.view(&app).await?, metrics, deviations }))
}

/// Writes a section.
pub async fn section(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<IncidentId>,
    Json(body): Json<WriteSection>,
) -> Result<Json<Events>, ApiError> {
    let command = Command::WriteSection { section: body.section, text: body.text };
    appended(act(&app, &caller, id, command).await?)
}

/// Adds or changes an action item.
pub async fn action_item(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<IncidentId>,
    Json(body): Json<SetActionItem>,
) -> Result<Json<Events>, ApiError> {
    let SetActionItem { number, text, owner, due, done } = body;
    appended(act(&app, &caller, id, Command::SetActionItem { number, text, owner, due, done }).await?)
}

/// Moves the post-mortem on.
pub async fn state(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<IncidentId>,
    Json(body): Json<MovePostmortem>,
) -> Result<Json<Events>, ApiError> {
    appended(act(&app, &caller, id, Command::MovePostmortem { to: body.state }).await?)
}

/// Returns the post-mortem as Markdown.
pub async fn as_markdown(
    State(app): State<App>,
    headers: HeaderMap,
    Path(id): Path<IncidentId>,
) -> Result<Response, ApiError> {
    let text = markdown(&written(&app, &headers, id).await?);
    let kind = HeaderValue::from_static("text/markdown; charset=utf-8");
    let name = HeaderValue::from_str(&format!("inline; filename=\"INC-{id}.md\"")).map_err(anyhow::Error::from)?;
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], text).into_response())
}

/// Returns the post-mortem as one HTML page that needs nothing else.
pub async fn as_html(
    State(app): State<App>,
    headers: HeaderMap,
    Path(id): Path<IncidentId>,
) -> Result<Response, ApiError> {
    let page = html(&written(&app, &headers, id).await?);
    // The page carries its style inside, and nothing that could run.
    let policy = HeaderValue::from_static(
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; sandbox",
    );
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_SECURITY_POLICY, policy)], page).into_response())
}

async fn written(app: &App, headers: &HeaderMap, id: IncidentId) -> Result<Report, ApiError> {
    let locale = locale_of(headers);
    let room = Room::load_for(app, id, Some(locale)).await?;
    let metrics = metrics(&room.state, &room.events);
    let graph = &room.runbook.graph;
    let deviations = deviations(graph, &room.state, &room.events);
    let input = Input { state: &room.state, events: &room.events, graph, deviations: &deviations, metrics: &metrics };
    Ok(report(&input, locale))
}
