//! Steps that people do, branches and parameters.

use axum::extract::State;
use farol_api::id::{IncidentId, StepId};
use farol_api::request::{ChooseBranch, Events, FinishStep, ReopenStep, SetParameter, StepReason};
use farol_incident::{Command, Refusal};

use super::incidents::appended;
use super::room::{act, decide, runbook_of};
use crate::app::App;
use crate::auth::caller::Caller;
use crate::http::body::{Json, Path};
use crate::problem::ApiError;

/// Fills a parameter for the whole incident. Whether it is secret is the runbook's to say.
pub async fn parameter(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<IncidentId>,
    Json(body): Json<SetParameter>,
) -> Result<Json<Events>, ApiError> {
    let state = app.store.state(id).await?.ok_or(ApiError::NotFound("incident"))?;
    let runbook = runbook_of(&app, &state).await?;
    let known = runbook.parameters.iter().find(|parameter| parameter.name == body.name);
    let known = known.ok_or(Refusal::UnknownParameter)?;
    crate::pattern::check(known, &body.value)?;
    let secret = known.secret;
    let command = Command::SetParameter { name: body.name, value: body.value, secret };
    appended(decide(&app, &caller, id, runbook, command).await?)
}

/// Chooses a branch.
pub async fn choose(
    State(app): State<App>,
    caller: Caller,
    Path((id, step)): Path<(IncidentId, StepId)>,
    Json(body): Json<ChooseBranch>,
) -> Result<Json<Events>, ApiError> {
    let command = Command::ChooseBranch { step, arm: body.arm, reason: body.reason };
    appended(act(&app, &caller, id, command).await?)
}

/// Marks a step as done.
pub async fn done(
    State(app): State<App>,
    caller: Caller,
    Path((id, step)): Path<(IncidentId, StepId)>,
    Json(body): Json<FinishStep>,
) -> Result<Json<Events>, ApiError> {
    appended(act(&app, &caller, id, Command::FinishStep { step, observed: body.observed }).await?)
}

/// Marks a step as failed.
pub async fn failed(
    State(app): State<App>,
    caller: Caller,
    Path((id, step)): Path<(IncidentId, StepId)>,
    Json(body): Json<StepReason>,
) -> Result<Json<Events>, ApiError> {
    appended(act(&app, &caller, id, Command::FailStep { step, reason: body.reason }).await?)
}

/// Leaves a step out.
pub async fn skipped(
    State(app): State<App>,
    caller: Caller,
    Path((id, step)): Path<(IncidentId, StepId)>,
    Json(body): Json<StepReason>,
) -> Result<Json<Events>, ApiError> {
    appended(act(&app, &caller, id, Command::SkipStep { step, reason: body.reason }).await?)
}

/// Takes a finished step up again.
pub async fn reopened(
    State(app): State<App>,
    caller: Caller,
    Path((id, step)): Path<(IncidentId, StepId)>,
    Json(body): Json<ReopenStep>,
) -> Result<Json<Events>, ApiError> {
    appended(act(&app, &caller, id, Command::ReopenStep { step, reason: body.reason }).await?)
}
