//! What a step would do, asked before it runs.

use std::time::Duration;

use axum::extract::State;
use farol_api::approval::Way;
use farol_api::dry_run::{DryRun, DryRunView};
use farol_api::id::{AttemptId, IncidentId, StepId};
use farol_api::incident::{Attempt, AttemptStatus, IncidentState};
use farol_incident::Refusal;
use tokio::time::timeout;
use uuid::Uuid;

use super::room::Room;
use crate::app::App;
use crate::http::body::{Json, Path};
use crate::problem::ApiError;

/// How long an answer waits for a dry run that is under way, so that a page need not be loaded again.
const PATIENCE: Duration = Duration::from_secs(3);
/// The most chunks of output that are shown of each.
const SHOWN: u32 = 100;

/// Shows what can be asked about a step, and what was answered so far.
pub async fn show(
    State(app): State<App>,
    Path((id, step)): Path<(IncidentId, StepId)>,
) -> Result<Json<DryRunView>, ApiError> {
    // What takes longer is told to be under way.
    let _ = timeout(PATIENCE, ended(&app, id, &step)).await;
    let room = Room::load(&app, id).await?;
    let node = room.runbook.graph.node(&step).ok_or(Refusal::UnknownStep)?;
    let (mut questions, mut refused) = (Vec::new(), None);
    for way in Way::DRY {
        match room.plan().prepare(&app, node, AttemptId(Uuid::nil()), Some(way), None).await {
            Ok(prepared) => questions.push(prepared.request),
            Err(ApiError::NoDryRun) => {}
            Err(error) => refused = Some(error),
        }
    }
    if let Some(error) = refused.filter(|_| questions.is_empty()) {
        return Err(error);
    }
    let mut runs = Vec::new();
    for attempt in Way::DRY.into_iter().filter_map(|way| latest(&room.state, &step, way)) {
        let output = app.store.attempt_output(attempt.request.attempt, 0, SHOWN).await?;
        runs.push(DryRun { attempt: attempt.clone(), output });
    }
    let (title, under_way) = (node.title.clone(), is_under_way(&room.state, &step));
    let incident_open = room.state.status.is_open();
    Ok(Json(DryRunView { incident_title: room.state.title, title, incident_open, questions, runs, under_way }))
}

fn latest<'s>(state: &'s IncidentState, step: &'s StepId, way: Way) -> Option<&'s Attempt> {
    state.dry_runs(step).filter(|attempt| attempt.request.way == way).max_by_key(|attempt| attempt.request.number)
}

fn is_under_way(state: &IncidentState, step: &StepId) -> bool {
    state.dry_runs(step).any(|attempt| attempt.status != AttemptStatus::Finished)
}

/// Returns when no dry run of the step is under way, or nothing can be told of it.
async fn ended(app: &App, id: IncidentId, step: &StepId) {
    let mut wakeups = app.store.watch(id);
    loop {
        wakeups.mark_unchanged();
        let state = app.store.state(id).await.ok().flatten();
        if !state.is_some_and(|state| is_under_way(&state, step)) || wakeups.changed().await.is_err() {
            return;
        }
    }
}
