//! What waits for somebody's approval.

use axum::extract::State;
use farol_api::approval::{ApprovalBar, PendingApproval};
use farol_api::editors::Editors;
use farol_api::user::Permission;
use farol_store::PendingAttempt;

use crate::app::App;
use crate::auth::caller::Caller;
use crate::http::body::Json;
use crate::problem::ApiError;

/// Returns everything that waits: what the caller may approve first, then the worst, then the oldest.
pub async fn list(State(app): State<App>, caller: Caller) -> Result<Json<Vec<PendingApproval>>, ApiError> {
    let mut approvals = pending(&app, &caller).await?;
    approvals.sort_by_key(|approval| (approval.barred.is_some(), approval.severity, approval.requested_at));
    Ok(Json(approvals))
}

/// Counts what the caller may approve.
pub async fn count_for(app: &App, caller: &Caller) -> Result<usize, ApiError> {
    if !caller.user.role.may(Permission::Approve) {
        return Ok(0);
    }
    Ok(pending(app, caller).await?.iter().filter(|approval| approval.barred.is_none()).count())
}

async fn pending(app: &App, caller: &Caller) -> Result<Vec<PendingApproval>, ApiError> {
    let mut approvals = Vec::new();
    for attempt in app.store.pending_approvals().await? {
        let mut approval = attempt.approval.clone();
        let editors = match &attempt.revision {
            Some(revision) => app.store.editors(revision).await?,
            None => Editors::default(),
        };
        approval.barred = bar(caller, &attempt, &editors);
        approval.editors_untold = editors.untold;
        approvals.push(approval);
    }
    Ok(approvals)
}

fn bar(caller: &Caller, attempt: &PendingAttempt, editors: &Editors) -> Option<ApprovalBar> {
    let me = caller.user.id;
    if !caller.user.role.may(Permission::Approve) {
        return Some(ApprovalBar::Role);
    }
    if attempt.approval.requested_by.id == me {
        return Some(ApprovalBar::Requester);
    }
    if attempt.approval.approved_by.iter().any(|person| person.id == me) {
        return Some(ApprovalBar::Already);
    }
    editors.names(me).then_some(ApprovalBar::Editor)
}
