//! People and their roles.

use axum::extract::State;
use farol_api::id::UserId;
use farol_api::request::{ChangeUser, People};
use farol_api::user::{Permission, Role, User};

use crate::app::App;
use crate::auth::caller::Caller;
use crate::http::body::{Json, Path};
use crate::problem::ApiError;

/// Returns everybody and the open invitations.
pub async fn list(State(app): State<App>) -> Result<Json<People>, ApiError> {
    Ok(Json(People { users: app.store.users().await?, invitations: app.store.invitations().await? }))
}

/// Changes somebody's role, or closes or opens their account.
pub async fn change(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<UserId>,
    Json(body): Json<ChangeUser>,
) -> Result<Json<User>, ApiError> {
    let user = app.store.user(id).await?.ok_or(ApiError::NotFound("user"))?;
    let touches_owner = user.role == Role::Owner || body.role == Some(Role::Owner);
    // Who lets others run without approval decides about more than roles.
    if (touches_owner || body.break_glass.is_some()) && !caller.user.role.may(Permission::ManageOwners) {
        return Err(ApiError::Forbidden(Permission::ManageOwners));
    }
    let changed = app.store.change_user(id, body.role, body.disabled, body.break_glass).await?;
    changed.map(Json).ok_or(ApiError::NotFound("user"))
}
