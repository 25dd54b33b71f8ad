//! Incidents as a whole: declaring, severity, status, milestones, roles, notes.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use farol_api::event::{Event, EventKind, RunbookRef};
use farol_api::id::IncidentId;
use farol_api::incident::{IncidentSummary, Severity};
use farol_api::request::{
    AssignRole, ChangeSeverity, ChangeStatus, Correct, Declare, Declared, Events, RecordDataAge, RecordMilestone,
    WriteNote,
};
use farol_api::room::RoomView;
use farol_api::runbook::{MetadataKind, Runbook};
use farol_api::text::Localized;
use farol_incident::Command;
use farol_store::Declaration;
use serde::Deserialize;

use super::field;
use super::room::{Room, act};
use crate::app::App;
use crate::auth::caller::Caller;
use crate::http::body::{Json, Path, Query};
use crate::http::idempotency;
use crate::locale::locale_of;
use crate::problem::ApiError;

/// Where a page of events begins.
#[derive(Debug, Deserialize)]
pub struct After {
    #[serde(default)]
    after: i64,
    limit: Option<u32>,
}

/// Where a page of incidents begins.
#[derive(Debug, Deserialize)]
pub struct Before {
    before: Option<IncidentId>,
}

/// Returns a page of incidents, newest first.
pub async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(page): Query<Before>,
) -> Result<Json<Vec<IncidentSummary>>, ApiError> {
    Ok(Json(app.store.incidents(caller.user.id, page.before, 100).await?))
}

/// Declares an incident.
pub async fn declare(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    Json(body): Json<Declare>,
) -> Result<impl IntoResponse, ApiError> {
    let title = field("title", &body.title, 200)?;
    let revision = match &body.runbook {
        Some(id) => Some(app.store.newest_revision(id).await?.ok_or_else(|| unknown("runbook"))?),
        None => None,
    };
    if let Some(target) = &body.target {
        app.store.target(target).await?.ok_or_else(|| unknown("target"))?;
    }
    let mut runbook = Runbook::default();
    let mut reference = None;
    if let Some(revision) = revision {
        runbook = app.reader.reading(&app.store, &revision.summary.id, &revision.source).await?;
        let title = crate::library::title(&runbook, revision.runbook.as_str());
        reference = Some(RunbookRef { id: revision.runbook, revision: revision.summary.id, title });
    }
    let kind = EventKind::Declared {
        title,
        severity: body.severity.or_else(|| suggested(&runbook)).unwrap_or(Severity::Sev2),
        drill: body.drill,
        runbook: reference,
        target: body.target,
        rto_seconds: seconds(&runbook, MetadataKind::Rto),
        rpo_seconds: seconds(&runbook, MetadataKind::Rpo),
    };
    let key = idempotency::key_of(&headers);
    let declaration = Declaration { kind, actor: caller.actor(), occurred_at: None, idempotency: key };
    let id = app.store.declare(declaration).await?;
    Ok((StatusCode::CREATED, Json(Declared { id })))
}

/// Returns the room.
pub async fn show(
    State(app): State<App>,
    headers: HeaderMap,
    Path(id): Path<IncidentId>,
) -> Result<Json<RoomView>, ApiError> {
    Ok(Json(Room::load_for(&app, id, Some(locale_of(&headers))).await?.view(&app).await?))
}

/// Returns a page of events.
pub async fn events(
    State(app): State<App>,
    Path(id): Path<IncidentId>,
    Query(page): Query<After>,
) -> Result<Json<Events>, ApiError> {
    let limit = page.limit.unwrap_or(500).clamp(1, 1_000);
    let mut events = app.store.events_after(id, page.after, limit + 1).await?;
    if events.is_empty() && app.store.state(id).await?.is_none() {
        return Err(ApiError::NotFound("incident"));
    }
    let more = events.len() > limit as usize;
    events.truncate(limit as usize);
    Ok(Json(Events { events, more }))
}

/// Changes severity.
pub async fn severity(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<IncidentId>,
    Json(body): Json<ChangeSeverity>,
) -> Result<Json<Events>, ApiError> {
    let command = Command::ChangeSeverity { to: body.severity, reason: body.reason };
    appended(act(&app, &caller, id, command).await?)
}

/// Changes status.
pub async fn status(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<IncidentId>,
    Json(body): Json<ChangeStatus>,
) -> Result<Json<Events>, ApiError> {
    let command = Command::ChangeStatus { to: body.status, reason: body.reason };
    appended(act(&app, &caller, id, command).await?)
}

/// Records when a milestone was.
pub async fn milestone(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<IncidentId>,
    Json(body): Json<RecordMilestone>,
) -> Result<Json<Events>, ApiError> {
    let at = body.at.map(farol_api::clock::truncate);
    let command = Command::RecordMilestone { milestone: body.milestone, at };
    appended(act(&app, &caller, id, command).await?)
}

/// Records the age of the data restored.
pub async fn data_age(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<IncidentId>,
    Json(body): Json<RecordDataAge>,
) -> Result<Json<Events>, ApiError> {
    let seconds = body.minutes.saturating_mul(60);
    appended(act(&app, &caller, id, Command::RecordDataAge { seconds }).await?)
}

/// Gives somebody a role in the incident.
pub async fn role(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<IncidentId>,
    Json(body): Json<AssignRole>,
) -> Result<Json<Events>, ApiError> {
    let person = match body.user {
        Some(user) => {
            let user = app.store.user(user).await?.ok_or(ApiError::NotFound("user"))?;
            farol_api::user::Person { id: user.id, name: user.name }
        }
        None => caller.person(),
    };
    appended(act(&app, &caller, id, Command::AssignRole { role: body.role, person }).await?)
}

/// Joins as a responder.
pub async fn join(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<IncidentId>,
) -> Result<Json<Events>, ApiError> {
    appended(act(&app, &caller, id, Command::Join).await?)
}

/// Writes a note.
pub async fn note(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<IncidentId>,
    Json(body): Json<WriteNote>,
) -> Result<Json<Events>, ApiError> {
    appended(act(&app, &caller, id, Command::Note { text: body.text, step: body.step }).await?)
}

/// Corrects an entry of the timeline, which stays.
pub async fn correct(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<IncidentId>,
    Json(body): Json<Correct>,
) -> Result<Json<Events>, ApiError> {
    appended(act(&app, &caller, id, Command::Correct { seq: body.seq, text: body.text }).await?)
}

/// Answers with the events just appended.
pub(super) fn appended(events: Vec<Event>) -> Result<Json<Events>, ApiError> {
    Ok(Json(Events { events, more: false }))
}

fn unknown(field: &'static str) -> ApiError {
    ApiError::Invalid(field, Localized::new("There is none of this name.", "Não há nenhum com este nome."))
}

fn suggested(runbook: &Runbook) -> Option<Severity> {
    let item = runbook.metadata.iter().find(|item| item.kind == MetadataKind::Severity)?;
    Severity::from_word(&item.value)
}

fn seconds(runbook: &Runbook, kind: MetadataKind) -> Option<u64> {
    runbook.metadata.iter().find(|item| item.kind == kind).and_then(|item| item.seconds)
}
