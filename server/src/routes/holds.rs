//! One attempt: what is held of it, who decides, and what would undo it.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::IntoResponse;
use farol_api::approval::AttemptRequest;
use farol_api::hold::AttemptView;
use farol_api::id::{AttemptId, IncidentId};
use farol_api::incident::{Attempt, AttemptStatus};
use farol_api::request::{DecideHold, Events, StartAttempt};
use farol_api::user::Permission;
use farol_incident::{Command, may_decide};
use uuid::Uuid;

use super::attempts::start;
use super::erasures::may_erase;
use super::incidents::appended;
use super::room::{Room, act, say_erased};
use crate::app::App;
use crate::auth::caller::Caller;
use crate::gate::undo_offer;
use crate::http::body::{Json, Path};
use crate::locale::locale_of;
use crate::problem::ApiError;

/// The most chunks of output that the page shows.
const SHOWN: u32 = 2_000;

/// Shows one attempt.
pub async fn show(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    Path((id, attempt)): Path<(IncidentId, AttemptId)>,
) -> Result<Json<AttemptView>, ApiError> {
    let state = app.store.state(id).await?.ok_or(ApiError::NotFound("incident"))?;
    let found = state.attempts.get(&attempt).ok_or(ApiError::NotFound("attempt"))?;
    let waits = found.hold.as_ref().is_some_and(|hold| hold.decided.is_none());
    let open = found.status != AttemptStatus::Finished && waits;
    let may = caller.user.role.may(Permission::Respond) && may_decide(&state, found, &caller.person());
    let mut output = app.store.attempt_output(attempt, 0, SHOWN).await?;
    say_erased(&state, &mut output, locale_of(&headers));
    Ok(Json(AttemptView {
        incident_title: state.title.clone(),
        attempt: found.clone(),
        may_decide: open && may,
        undo: undo_offer(&state, found),
        output,
        erased: state.erasure_of(attempt).cloned(),
        may_erase: may_erase(&caller) && found.has_output() && state.erasure_of(attempt).is_none(),
        now: app.clock.now(),
    }))
}

/// Commits what is held, or rolls it back.
pub async fn decide(
    State(app): State<App>,
    caller: Caller,
    Path((id, attempt)): Path<(IncidentId, AttemptId)>,
    Json(body): Json<DecideHold>,
) -> Result<Json<Events>, ApiError> {
    appended(act(&app, &caller, id, Command::DecideHold { attempt, commit: body.commit }).await?)
}

/// Shows exactly what would undo an attempt. Nothing is recorded.
pub async fn preview_undo(
    State(app): State<App>,
    Path((id, attempt)): Path<(IncidentId, AttemptId)>,
) -> Result<Json<AttemptRequest>, ApiError> {
    let room = Room::load(&app, id).await?;
    let undone = undone(&room, attempt)?;
    Ok(Json(room.plan().prepare_undo(&app, undone, AttemptId(Uuid::nil())).await?.request))
}

/// Asks to undo an attempt as it was shown.
pub async fn undo(
    State(app): State<App>,
    caller: Caller,
    Path((id, attempt)): Path<(IncidentId, AttemptId)>,
    Json(body): Json<StartAttempt>,
) -> Result<impl IntoResponse, ApiError> {
    let room = Room::load(&app, id).await?;
    let undone = undone(&room, attempt)?;
    let prepared = room.plan().prepare_undo(&app, undone, AttemptId(app.clock.new_uuid())).await?;
    start(&app, &caller, room, prepared, body).await
}

fn undone(room: &Room, attempt: AttemptId) -> Result<&Attempt, ApiError> {
    room.state.attempts.get(&attempt).ok_or(ApiError::NotFound("attempt"))
}
