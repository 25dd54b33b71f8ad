//! Erasing what an incident holds, by who may.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use farol_api::id::IncidentId;
use farol_api::request::{Erase, Events};
use farol_api::text::Localized;
use farol_api::user::Permission;
use farol_incident::{Erasable, Refusal};

use crate::app::App;
use crate::auth::caller::Caller;
use crate::erasure;
use crate::http::body::{Json, Path};
use crate::problem::ApiError;

/// Erases the output of an attempt or the text of an entry. Recorded first; 202 where it could not be removed at once, which
/// the server goes on trying.
pub async fn create(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<IncidentId>,
    Json(body): Json<Erase>,
) -> Result<impl IntoResponse, ApiError> {
    let what = match (body.attempt, body.seq) {
        (Some(attempt), None) => Erasable::Output(attempt),
        (None, Some(seq)) => Erasable::Entry(seq),
        _ => return Err(ApiError::Invalid("attempt", one_of_both())),
    };
    if body.typed.trim() != format!("INC-{id}") {
        return Err(Refusal::IncidentNotTyped.into());
    }
    let events = erasure::record(&app.store, id, caller.actor(), what, body.reason).await?;
    let status = match erasure::complete(&app.store, &app.config.results(), &events).await {
        Ok(()) => StatusCode::OK,
        Err(error) => {
            tracing::error!(%error, incident = %id, "what is recorded as erased could not be removed yet");
            StatusCode::ACCEPTED
        }
    };
    Ok((status, Json(Events { events, more: false })))
}

/// Tells whether somebody may erase, by this session.
pub(super) fn may_erase(caller: &Caller) -> bool {
    let by_scope = caller.session.scope.is_none_or(|scope| scope.may(Permission::Erase));
    by_scope && caller.user.may(Permission::Erase)
}

fn one_of_both() -> Localized {
    Localized::new(
        "Name an attempt or an entry, one of the two.",
        "Indique uma tentativa ou uma entrada, uma das duas.",
    )
}
