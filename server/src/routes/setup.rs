//! The first owner.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use farol_api::request::{SetUp, SetUpState};
use farol_api::user::User;
use farol_store::NewUser;
use secrecy::SecretString;

use super::{email, field};
use crate::app::App;
use crate::auth::{password, session};
use crate::http::body::Json;
use crate::problem::ApiError;

/// Tells whether the first owner is still to be made.
pub async fn show(State(app): State<App>) -> Result<Json<SetUpState>, ApiError> {
    Ok(Json(SetUpState { needed: !app.store.is_set_up().await? }))
}

/// Makes the first owner with the one-time token, and logs them in.
pub async fn create(
    State(app): State<App>,
    headers: axum::http::HeaderMap,
    Json(body): Json<SetUp>,
) -> Result<impl IntoResponse, ApiError> {
    let (throttled, begun) = (["setup".to_owned()], app.clock.now());
    if !app.throttle.begin(&throttled, begun) {
        return Err(ApiError::TooManyLogins);
    }
    let made = make(&app, body).await;
    // What was refused for what was typed beside the token tells nothing of that.
    if matches!(made, Ok(_) | Err(ApiError::Invalid(..))) {
        app.throttle.take_back(&throttled, begun);
    }
    let user = made?;
    let cookie = super::session::begin(&app, &user, &headers).await?;
    Ok((StatusCode::CREATED, [(header::SET_COOKIE, session::set(&cookie)?)], Json(user)))
}

async fn make(app: &App, body: SetUp) -> Result<User, ApiError> {
    let secret = SecretString::from(body.password);
    password::check_strength(&secret)?;
    let owner = NewUser {
        email: email(&body.email)?,
        name: field("name", &body.name, 100)?,
        password: password::hash(secret).await?,
    };
    let token = SecretString::from(body.token.trim().to_owned());
    Ok(app.store.set_up(&token, owner).await?)
}
