//! Lets a request through to its handler, or not.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::endpoint::Guard;
use crate::app::App;
use crate::auth::caller::Caller;
use crate::auth::session;
use crate::problem::ApiError;

/// Checks the session and the role, and leaves the [`Caller`] for the handler.
pub async fn enforce(State((app, guard)): State<(App, Guard)>, mut request: Request, next: Next) -> Response {
    match admit(&app, guard, request.method(), request.headers()).await {
        Ok(Some(caller)) => {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Ok(None) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

async fn admit(app: &App, guard: Guard, method: &Method, headers: &HeaderMap) -> Result<Option<Caller>, ApiError> {
    if guard == Guard::Public {
        return Ok(None);
    }
    let caller = identify(app, headers).await?.ok_or(ApiError::Unauthenticated)?;
    if let Guard::May(permission) = guard
        && !caller.user.may(permission)
    {
        return Err(ApiError::Forbidden(permission));
    }
    if let Some(scope) = caller.session.scope {
        let fits = match guard {
            Guard::Public => true,
            // What a person does to their own account is not for their programs.
            Guard::LoggedIn => method.is_safe(),
            Guard::May(permission) => scope.may(permission),
        };
        if !fits {
            return Err(ApiError::BeyondToken);
        }
    }
    Ok(Some(caller))
}

/// Finds who is behind a request's session or token. A token that is sent decides: whatever cookie comes beside it.
pub async fn identify(app: &App, headers: &HeaderMap) -> Result<Option<Caller>, ApiError> {
    let token = session::token_of(headers);
    let is_token = token.is_some();
    let Some(secret) = token.or_else(|| session::secret_of(headers)) else { return Ok(None) };
    let found = app.store.session_by_secret(&secret).await?;
    // A stolen token is of no use in a browser, nor a stolen cookie in a program.
    let found = found.filter(|(session, _)| session.scope.is_some() == is_token);
    let Some((mut session, user)) = found else { return Ok(None) };
    app.store.touch_session(&session).await?;
    session.current = true;
    Ok(Some(Caller { user, session }))
}
