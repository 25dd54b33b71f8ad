//! Breaking the glass, and looking at it afterwards.

use axum::extract::State;
use farol_api::id::IncidentId;
use farol_api::incident::{BreakGlassOf, BreakGlassView, IncidentState};
use farol_api::request::{Events, ReviewBreakGlass, StartBreakGlass};
use farol_api::user::Permission;
use farol_incident::Command;

use super::incidents::appended;
use super::room::act;
use crate::app::App;
use crate::auth::caller::Caller;
use crate::http::body::{Json, Path};
use crate::problem::ApiError;

/// Returns every time that the glass was broken in an incident, the newest first.
pub async fn list(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<IncidentId>,
) -> Result<Json<BreakGlassOf>, ApiError> {
    let state = app.store.state(id).await?.ok_or(ApiError::NotFound("incident"))?;
    let mut all = views(&app, &caller, &state);
    all.reverse();
    Ok(Json(BreakGlassOf { incident_open: state.status.is_open(), all }))
}

/// Returns what nobody has reviewed yet, in all incidents.
pub async fn unreviewed(State(app): State<App>, caller: Caller) -> Result<Json<Vec<BreakGlassView>>, ApiError> {
    let mut found = Vec::new();
    for id in app.store.unreviewed_break_glass().await? {
        let Some(state) = app.store.state(id).await? else { continue };
        found.extend(views(&app, &caller, &state).into_iter().filter(|view| view.glass.review.is_none()));
    }
    Ok(Json(found))
}

/// Breaks the glass for one's own steps.
pub async fn create(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<IncidentId>,
    Json(body): Json<StartBreakGlass>,
) -> Result<Json<Events>, ApiError> {
    let command = Command::OpenBreakGlass { reason: body.reason, minutes: body.minutes };
    appended(act(&app, &caller, id, command).await?)
}

/// Closes it before its time: whoever may respond may, for it only takes away.
pub async fn end(
    State(app): State<App>,
    caller: Caller,
    Path((id, number)): Path<(IncidentId, u32)>,
) -> Result<Json<Events>, ApiError> {
    appended(act(&app, &caller, id, Command::CloseBreakGlass { number }).await?)
}

/// Says what was found of what ran meanwhile.
pub async fn review(
    State(app): State<App>,
    caller: Caller,
    Path((id, number)): Path<(IncidentId, u32)>,
    Json(body): Json<ReviewBreakGlass>,
) -> Result<Json<Events>, ApiError> {
    appended(act(&app, &caller, id, Command::ReviewBreakGlass { number, text: body.text }).await?)
}

fn views(app: &App, caller: &Caller, state: &IncidentState) -> Vec<BreakGlassView> {
    let now = app.clock.now();
    let approves = caller.user.may(Permission::Approve);
    let view = |glass: &farol_api::incident::BreakGlass| {
        let ran = state.attempts.values().filter(|attempt| glass.covered(attempt));
        let mut ran: Vec<_> = ran.map(|attempt| (attempt.dispatched_at, &attempt.request)).collect();
        ran.sort_by_key(|(at, _)| *at);
        let open = glass.is_open(now);
        BreakGlassView {
            incident_id: state.id,
            incident_title: state.title.clone(),
            severity: state.severity,
            open,
            ran: ran.iter().map(|(_, asked)| (asked.title.clone(), asked.digest.short().to_owned())).collect(),
            may_review: approves && !open && glass.review.is_none() && glass.by.id != caller.user.id,
            glass: glass.clone(),
        }
    };
    state.break_glass.iter().map(view).collect()
}
