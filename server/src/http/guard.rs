//! Lets a request through to its handler, or not.

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::endpoint::Guard;
use crate::app::App;
use crate::auth::caller::Caller;
use crate::auth::session;
use crate::problem::ApiError;

/// Checks the session and the role, and leaves the [`Caller`] for the handler.
pub async fn enforce(State((app, guard)): State<(App, Guard)>, mut request: Request, next: Next) -> Response {
    match admit(&app, guard, request.headers()).await {
        Ok(Some(caller)) => {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Ok(None) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

async fn admit(app: &App, guard: Guard, headers: &HeaderMap) -> Result<Option<Caller>, ApiError> {
    if guard == Guard::Public {
        return Ok(None);
    }
    let caller = identify(app, headers).await?.ok_or(ApiError::Unauthenticated)?;
    if let Guard::May(permission) = guard
        && !caller.user.role.may(permission)
    {
        return Err(ApiError::Forbidden(permission));
    }
    Ok(Some(caller))
}

/// Finds who is behind a request's session.
pub async fn identify(app: &App, headers: &HeaderMap) -> Result<Option<Caller>, ApiError> {
    let Some(secret) = session::secret_of(headers) else { return Ok(None) };
    let Some((mut session, user)) = app.store.session_by_secret(&secret).await? else { return Ok(None) };
    app.store.touch_session(&session).await?;
    session.current = true;
    Ok(Some(Caller { user, session }))
}
