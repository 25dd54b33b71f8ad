//! Attempts: previewing, asking, approving, refusing, stopping, and what they printed.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use farol_api::approval::{AttemptRequest, Way};
use farol_api::id::{AttemptId, IncidentId, StepId};
use farol_api::output::OutputChunk;
use farol_api::request::{Approve, AttemptStarted, Events, Refuse, StartAttempt};
use farol_api::user::Permission;
use farol_incident::command::{Approver, StartAttempt as Start};
use farol_incident::{Command, Refusal};
use uuid::Uuid;

use super::incidents::appended;
use super::room::{Room, act, decide, say_erased};
use crate::app::App;
use crate::auth::caller::Caller;
use crate::gate::Prepared;
use crate::http::body::{Json, Path, Query};
use crate::locale::locale_of;
use crate::problem::ApiError;

/// The most chunks that one answer holds.
const PAGE: u32 = 5_000;

/// Where a page of output begins.
#[derive(Debug, serde::Deserialize)]
pub struct After {
    #[serde(default)]
    after: i64,
}

/// The way that is asked about, where a step has two.
#[derive(Debug, serde::Deserialize)]
pub struct AskedWay {
    #[serde(default)]
    way: Option<Way>,
    #[serde(default)]
    hold: Option<bool>,
}

/// Shows exactly what would run. Nothing is recorded.
pub async fn preview(
    State(app): State<App>,
    Path((id, step)): Path<(IncidentId, StepId)>,
    Query(asked): Query<AskedWay>,
) -> Result<Json<AttemptRequest>, ApiError> {
    let room = Room::load(&app, id).await?;
    Ok(Json(prepare(&app, &room, &step, AttemptId(Uuid::nil()), &asked).await?.request))
}

/// Asks to run a step as it was shown.
pub async fn create(
    State(app): State<App>,
    caller: Caller,
    Path((id, step)): Path<(IncidentId, StepId)>,
    Json(body): Json<StartAttempt>,
) -> Result<impl IntoResponse, ApiError> {
    let room = Room::load(&app, id).await?;
    let attempt = AttemptId(app.clock.new_uuid());
    let Prepared { spec, request } =
        prepare(&app, &room, &step, attempt, &AskedWay { way: body.way, hold: body.hold }).await?;
    start(&app, &caller, room, Prepared { spec, request }, body).await
}

/// Approves an attempt as it was shown.
pub async fn approve(
    State(app): State<App>,
    caller: Caller,
    Path((id, attempt)): Path<(IncidentId, AttemptId)>,
    Json(body): Json<Approve>,
) -> Result<Json<Events>, ApiError> {
    let approver = approver(&app, &caller, id).await?;
    // Other rules may say that it does more than was seen.
    if app.store.rules_of(attempt).await?.is_some_and(|rules| rules != app.reader.rules()) {
        return Err(Refusal::Changed.into());
    }
    appended(act(&app, &caller, id, Command::Approve { attempt, digest: body.digest, approver }).await?)
}

/// Refuses an attempt.
pub async fn refuse(
    State(app): State<App>,
    caller: Caller,
    Path((id, attempt)): Path<(IncidentId, AttemptId)>,
    Json(body): Json<Refuse>,
) -> Result<Json<Events>, ApiError> {
    let approver = approver(&app, &caller, id).await?;
    appended(act(&app, &caller, id, Command::Refuse { attempt, reason: body.reason, approver }).await?)
}

/// Stops an attempt, or withdraws it while it waits.
pub async fn cancel(
    State(app): State<App>,
    caller: Caller,
    Path((id, attempt)): Path<(IncidentId, AttemptId)>,
) -> Result<Json<Events>, ApiError> {
    appended(act(&app, &caller, id, Command::Cancel { attempt }).await?)
}

/// Returns what an attempt printed or returned.
pub async fn output(
    State(app): State<App>,
    Path((id, attempt)): Path<(IncidentId, AttemptId)>,
    Query(page): Query<After>,
    headers: HeaderMap,
) -> Result<Json<Vec<OutputChunk>>, ApiError> {
    let state = app.store.state(id).await?.ok_or(ApiError::NotFound("incident"))?;
    if !state.attempts.contains_key(&attempt) {
        return Err(ApiError::NotFound("attempt"));
    }
    let mut output = app.store.attempt_output(attempt, page.after, PAGE).await?;
    say_erased(&state, &mut output, locale_of(&headers));
    Ok(Json(output))
}

/// Asks to run what was prepared as it was shown.
pub(super) async fn start(
    app: &App,
    caller: &Caller,
    room: Room,
    prepared: Prepared,
    body: StartAttempt,
) -> Result<impl IntoResponse + use<>, ApiError> {
    let Prepared { spec, mut request } = prepared;
    let attempt = spec.attempt;
    request.reason = body.reason;
    let start = Start {
        spec,
        request,
        seen: body.digest,
        typed_target: body.typed_target,
        confirmed: body.confirmed,
        may_waive: caller.session.scope.is_none() && caller.user.may(Permission::BreakGlass),
    };
    let command = Command::StartAttempt(Box::new(start));
    decide(app, caller, room.state.id, room.runbook, command).await?;
    Ok((StatusCode::ACCEPTED, Json(AttemptStarted { attempt })))
}

async fn prepare(
    app: &App,
    room: &Room,
    step: &StepId,
    attempt: AttemptId,
    asked: &AskedWay,
) -> Result<Prepared, ApiError> {
    let node = room.runbook.graph.node(step).ok_or(Refusal::UnknownStep)?;
    room.plan().prepare(app, node, attempt, asked.way, asked.hold).await
}

async fn approver(app: &App, caller: &Caller, id: IncidentId) -> Result<Approver, ApiError> {
    let state = app.store.state(id).await?.ok_or(ApiError::NotFound("incident"))?;
    let may_approve = caller.user.role.may(Permission::Approve);
    let Some(runbook) = &state.runbook else {
        return Ok(Approver { may_approve, is_editor: false, untold: None });
    };
    let editors = app.store.editors(&runbook.revision).await?;
    Ok(Approver { may_approve, is_editor: editors.names(caller.user.id), untold: editors.untold })
}
