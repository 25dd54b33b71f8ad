//! Logging in and out, one's own sessions and settings.

use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use farol_api::id::{SessionId, UserId};
use farol_api::request::{ChangeMe, LogIn, MakeToken, Me, TokenMade};
use farol_api::text::Localized;
use farol_api::user::{Session, TokenScope, User};
use farol_store::{NewSession, Store};
use secrecy::{ExposeSecret, SecretString};

use super::LONGEST_EMAIL;
use crate::app::App;
use crate::auth::caller::Caller;
use crate::auth::secret::random_secret;
use crate::auth::{password, session};
use crate::http::body::{Json, Path};
use crate::locale;
use crate::problem::ApiError;

/// After how many days a token ends where nothing is said.
pub const TOKEN_DAYS: u32 = 90;

/// Logs in.
pub async fn create(
    State(app): State<App>,
    address: Option<axum::Extension<ConnectInfo<std::net::SocketAddr>>>,
    headers: HeaderMap,
    Json(body): Json<LogIn>,
) -> Result<impl IntoResponse, ApiError> {
    // No address is longer; what is typed here is kept for a while, whoever typed it.
    let account: String = body.email.trim().to_lowercase().chars().take(LONGEST_EMAIL).collect();
    let account = format!("account:{account}");
    // Behind a proxy every request has the proxy's address: only the account is counted then.
    let address = address.filter(|_| !app.config.behind_proxy).map(|info| format!("address:{}", info.0.0.ip()));
    let keys: Vec<String> = [account.clone()].into_iter().chain(address).collect();
    let begun = app.clock.now();
    if !app.throttle.begin(&keys, begun) {
        return Err(ApiError::TooManyLogins);
    }
    let tried = who_is(&app, body).await;
    if !matches!(tried, Ok(None)) {
        app.throttle.take_back(&keys, begun);
    }
    let user = tried?.ok_or(ApiError::LoginFailed)?;
    app.throttle.succeeded(&account);
    // Whoever was logged in here before is logged out: the cookie is a new one at every login.
    if let Some((old, owner)) = match session::secret_of(&headers) {
        Some(secret) => app.store.session_by_secret(&secret).await?,
        None => None,
    } {
        app.store.revoke_session(owner.id, old.id).await?;
    }
    let secret = begin(&app, &user, &headers).await?;
    let mut response = (StatusCode::CREATED, Json(user.clone())).into_response();
    response.headers_mut().append(header::SET_COOKIE, session::set(&secret)?);
    if let Some(chosen) = user.locale {
        response.headers_mut().append(header::SET_COOKIE, locale::set(chosen));
    }
    Ok(response)
}

/// Finds whose e-mail and password these are; nothing where they are nobody's.
async fn who_is(app: &App, body: LogIn) -> Result<Option<User>, ApiError> {
    let found = app.store.user_by_email(body.email.trim()).await?;
    let found = found.filter(|(user, _)| user.disabled_at.is_none());
    let hash = found.as_ref().map(|(_, hash)| hash.clone());
    let fits = password::verify(SecretString::from(body.password), hash).await?;
    Ok(found.filter(|_| fits).map(|(user, _)| user))
}

/// Begins a session and returns its secret.
pub async fn begin(app: &App, user: &User, headers: &HeaderMap) -> Result<SecretString, ApiError> {
    let secret = random_secret()?;
    let user_agent = headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or("");
    let user_agent: String = user_agent.chars().take(300).collect();
    let new = NewSession {
        user: user.id,
        secret: &secret,
        user_agent: &user_agent,
        scope: None,
        lifetime: session::LIFETIME,
    };
    app.store.create_session(new).await?;
    Ok(secret)
}

/// Logs out.
pub async fn delete(State(app): State<App>, caller: Caller) -> Result<impl IntoResponse, ApiError> {
    app.store.revoke_session(caller.user.id, caller.session.id).await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, session::clear())]))
}

/// Returns who is asking.
pub async fn me(State(app): State<App>, caller: Caller) -> Result<Json<Me>, ApiError> {
    let approvals = super::approvals::count_for(&app, &caller).await?;
    let break_glass = app.store.open_break_glass().await?;
    Ok(Json(Me { user: caller.user, session: caller.session, approvals, break_glass }))
}

/// Changes one's own settings.
pub async fn change_me(
    State(app): State<App>,
    caller: Caller,
    Json(body): Json<ChangeMe>,
) -> Result<impl IntoResponse, ApiError> {
    app.store.set_locale(caller.user.id, body.locale).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    if let Some(chosen) = body.locale {
        response.headers_mut().append(header::SET_COOKIE, locale::set(chosen));
    }
    Ok(response)
}

/// Returns one's own sessions.
pub async fn list(State(app): State<App>, caller: Caller) -> Result<Json<Vec<Session>>, ApiError> {
    let mut sessions = app.store.sessions(caller.user.id).await?;
    for session in &mut sessions {
        session.current = session.id == caller.session.id;
    }
    Ok(Json(sessions))
}

/// Makes a token for a program of one's own.
pub async fn create_token(
    State(app): State<App>,
    caller: Caller,
    Json(body): Json<MakeToken>,
) -> Result<(StatusCode, Json<TokenMade>), ApiError> {
    let name = super::field("name", &body.name, 100)?;
    let days = body.days.unwrap_or(TOKEN_DAYS);
    if !(1..=365).contains(&days) {
        let words = Localized::new("From 1 to 365 days.", "De 1 a 365 dias.");
        return Err(ApiError::Invalid("days", words));
    }
    let (secret, token) = make_token(&app.store, caller.user.id, &name, body.scope, days).await?;
    Ok((StatusCode::CREATED, Json(TokenMade { secret: secret.expose_secret().to_owned(), token })))
}

/// Makes a token; its secret is returned here and nowhere else.
pub async fn make_token(
    store: &Store,
    user: UserId,
    name: &str,
    scope: TokenScope,
    days: u32,
) -> Result<(SecretString, Session), ApiError> {
    // The beginning tells people, and programs that look for secrets in repositories, what it is.
    let secret = SecretString::from(format!("farol_{}", random_secret()?.expose_secret()));
    let lifetime = std::time::Duration::from_secs(u64::from(days) * 24 * 3600);
    let new = NewSession { user, secret: &secret, user_agent: name, scope: Some(scope), lifetime };
    let token = store.create_session(new).await?;
    Ok((secret, token))
}

/// Ends one of one's own sessions.
pub async fn revoke(State(app): State<App>, caller: Caller, Path(id): Path<SessionId>) -> Result<StatusCode, ApiError> {
    let ended = app.store.revoke_session(caller.user.id, id).await?;
    if ended { Ok(StatusCode::NO_CONTENT) } else { Err(ApiError::NotFound("session")) }
}
