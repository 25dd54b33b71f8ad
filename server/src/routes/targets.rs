//! Targets. Credentials go in and never come out.

use axum::extract::State;
use axum::http::StatusCode;
use farol_api::event::FailureCode;
use farol_api::id::TargetId;
use farol_api::request::{CredentialCheck, SaveTarget, TargetCheck};
use farol_api::target::{LeastApprovals, Target};
use farol_api::text::Localized;
use farol_engine::secret::SecretUrl;
use farol_engine::sql::{CheckFailure, check_credential, is_own};
use secrecy::ExposeSecret;

use super::field;
use crate::app::App;
use crate::http::body::{Json, Path};
use crate::problem::ApiError;

/// Returns all targets.
pub async fn list(State(app): State<App>) -> Result<Json<Vec<Target>>, ApiError> {
    Ok(Json(app.store.targets().await?))
}

/// Returns one target.
pub async fn show(State(app): State<App>, Path(id): Path<TargetId>) -> Result<Json<Target>, ApiError> {
    app.store.target(&id).await?.map(Json).ok_or(ApiError::NotFound("target"))
}

/// Registers or changes a target.
pub async fn save(
    State(app): State<App>,
    Path(id): Path<TargetId>,
    Json(mut body): Json<SaveTarget>,
) -> Result<Json<Target>, ApiError> {
    body.credentials.retain(|credential| !credential.url.trim().is_empty());
    check(&body)?;
    Ok(Json(app.store.save_target(&id, &body).await?))
}

/// Removes a target that no open incident uses.
pub async fn delete(State(app): State<App>, Path(id): Path<TargetId>) -> Result<StatusCode, ApiError> {
    let deleted = app.store.delete_target(&id).await?;
    if deleted { Ok(StatusCode::NO_CONTENT) } else { Err(ApiError::NotFound("target")) }
}

/// Tests each credential of a target, and names the layer that failed; says too how far its scripts are confined.
pub async fn test(State(app): State<App>, Path(id): Path<TargetId>) -> Result<Json<TargetCheck>, ApiError> {
    let target = app.store.target(&id).await?.ok_or(ApiError::NotFound("target"))?;
    let mut checks = Vec::new();
    let machine = target.shell.is_some().then(|| app.machine.clone());
    for role in target.credentials {
        let Some(kind) = target.database else { break };
        let Some(url) = app.store.credential(&id, role).await? else { continue };
        let url = SecretUrl::new(url.expose_secret());
        let failure = match is_own(Some(kind), Some(&url), &app.runners) {
            true => Some(CheckFailure { code: FailureCode::OwnStore, message: String::new() }),
            false => check_credential(kind, role, &url).await.err(),
        };
        if let Some(failure) = &failure {
            tracing::info!(id = %id, role = role.as_str(), reason = failure.message, "a credential failed its test");
        }
        checks.push(CredentialCheck { role, ok: failure.is_none(), failure: failure.map(|failure| failure.code) });
    }
    Ok(Json(TargetCheck { checks, machine }))
}

fn check(body: &SaveTarget) -> Result<(), ApiError> {
    if !body.description.is_empty() {
        field("description", &body.description, 500)?;
    }
    if body.database.is_none() && body.shell.is_none() {
        let message = Localized::new(
            "A target needs a database, a shell, or both.",
            "Um alvo precisa de um banco de dados, de um shell, ou dos dois.",
        );
        return Err(ApiError::Invalid("database", message));
    }
    let LeastApprovals { read, write, other } = body.approvals;
    for (name, people) in [("approvals.read", read), ("approvals.write", write), ("approvals.other", other)] {
        if people > LeastApprovals::MOST {
            return Err(ApiError::Invalid(name, Localized::new("At most 5 people.", "No máximo 5 pessoas.")));
        }
    }
    let too_long = body.timeout_seconds.is_some_and(|seconds| !(1..=24 * 3600).contains(&seconds));
    if too_long {
        let message = Localized::new("Between 1 second and 24 hours.", "Entre 1 segundo e 24 horas.");
        return Err(ApiError::Invalid("timeout_seconds", message));
    }
    Ok(())
}
