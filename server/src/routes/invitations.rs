//! Invitations: made by who manages people, accepted by whoever has the link.

use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use farol_api::id::{InvitationId, UserId};
use farol_api::paths;
use farol_api::request::{AcceptInvitation, InvitationView, Invite, Invited};
use farol_api::user::{Permission, Person, Role, User};
use farol_store::Store;
use secrecy::{ExposeSecret, SecretString};

use super::{email, field};
use crate::app::App;
use crate::auth::caller::Caller;
use crate::auth::secret::random_secret;
use crate::auth::{password, session};
use crate::http::body::{Json, Path};
use crate::problem::ApiError;

/// How long an invitation stays open.
const LIFETIME: Duration = Duration::from_secs(7 * 24 * 3600);
/// How long a link for a new password does.
const RESET_LIFETIME: Duration = Duration::from_secs(24 * 3600);

/// Invites somebody; the link is in the answer and nowhere else.
pub async fn create(
    State(app): State<App>,
    caller: Caller,
    Json(body): Json<Invite>,
) -> Result<impl IntoResponse, ApiError> {
    if body.role == Role::Owner && !caller.user.role.may(Permission::ManageOwners) {
        return Err(ApiError::Forbidden(Permission::ManageOwners));
    }
    let email = email(&body.email)?;
    if app.store.user_by_email(&email).await?.is_some() {
        return Err(ApiError::EmailTaken);
    }
    let secret = random_secret()?;
    let invitation = app.store.create_invitation(&email, body.role, &caller.person(), &secret, LIFETIME).await?;
    let path = paths::invitation(secret.expose_secret());
    Ok((StatusCode::CREATED, Json(Invited { invitation, path })))
}

/// Shows an invitation to whoever has its link.
pub async fn show(State(app): State<App>, Path(secret): Path<String>) -> Result<Json<InvitationView>, ApiError> {
    let invitation = app.store.invitation_by_secret(&SecretString::from(secret)).await?;
    let invitation = invitation.ok_or(ApiError::InvitationGone)?;
    let (email, role, resets) = (invitation.email, invitation.role, invitation.resets);
    Ok(Json(InvitationView { email, role, invited_by: invitation.invited_by.name, resets }))
}

/// Accepts an invitation, once, and logs in.
pub async fn accept(
    State(app): State<App>,
    headers: HeaderMap,
    Path(secret): Path<String>,
    Json(body): Json<AcceptInvitation>,
) -> Result<impl IntoResponse, ApiError> {
    let secret = SecretString::from(secret);
    // To hash is work, which is done for nobody without an invitation.
    let invitation = app.store.invitation_by_secret(&secret).await?.ok_or(ApiError::InvitationGone)?;
    let chosen = SecretString::from(body.password);
    password::check_strength(&chosen)?;
    let name = if invitation.resets { String::new() } else { field("name", &body.name, 100)? };
    let hash = password::hash(chosen).await?;
    let user = app.store.accept_invitation(&secret, &name, hash).await?;
    let cookie = super::session::begin(&app, &user, &headers).await?;
    Ok((StatusCode::CREATED, [(header::SET_COOKIE, session::set(&cookie)?)], Json(user)))
}

/// Makes a link by which somebody chooses a new password; it is in the answer and nowhere else.
pub async fn password_link(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<UserId>,
) -> Result<impl IntoResponse, ApiError> {
    let user = app.store.user(id).await?.filter(|user| user.disabled_at.is_none()).ok_or(ApiError::NotFound("user"))?;
    if user.role == Role::Owner && !caller.user.role.may(Permission::ManageOwners) {
        return Err(ApiError::Forbidden(Permission::ManageOwners));
    }
    Ok((StatusCode::CREATED, Json(make_password_link(&app.store, &user, &caller.person()).await?)))
}

/// Makes a link by which somebody chooses a new password.
pub async fn make_password_link(store: &Store, user: &User, by: &Person) -> Result<Invited, ApiError> {
    let secret = random_secret()?;
    let invitation = store.create_password_link(user, by, &secret, RESET_LIFETIME).await?;
    let path = paths::invitation(secret.expose_secret());
    Ok(Invited { invitation, path })
}

/// Withdraws an open invitation.
pub async fn delete(State(app): State<App>, Path(id): Path<InvitationId>) -> Result<StatusCode, ApiError> {
    let withdrawn = app.store.withdraw_invitation(id).await?;
    if withdrawn { Ok(StatusCode::NO_CONTENT) } else { Err(ApiError::NotFound("invitation")) }
}
