//! All routes, in one place.

mod attempts;
mod library;
mod record;
mod table;

pub use self::table::endpoints;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderName, Method};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tower_http::compression::CompressionLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::trace::TraceLayer;

use crate::app::App;
use crate::http::endpoint::Guard;
use crate::http::guard::enforce;
use crate::http::idempotency::replay;
use crate::http::security::{add_headers, check_host, check_origin};
use crate::pages::{self, Pages};
use crate::problem::{ApiError, localise};

/// The largest body of a request from anybody, in bytes: nobody fills the memory who is not logged in.
pub(crate) const PUBLIC_BYTES: usize = 64 * 1024;

/// The API alone, with its guards: the inner router that pages and forms call in-process.
pub fn api(app: App) -> Router {
    let mut router = Router::new();
    for endpoint in endpoints() {
        let (path, guard) = (endpoint.path, endpoint.guard);
        let limit = match guard {
            Guard::Public => PUBLIC_BYTES,
            Guard::LoggedIn | Guard::May(_) => app.config.body_bytes(endpoint.uploads),
        };
        let repeated = if endpoint.changes {
            endpoint.route.layer(from_fn_with_state((app.clone(), limit), replay))
        } else {
            endpoint.route
        };
        router = router.route(
            path,
            repeated.layer(DefaultBodyLimit::max(limit)).layer(from_fn_with_state((app.clone(), guard), enforce)),
        );
    }
    router
        .fallback(|| async { ApiError::NotFound("address") })
        .method_not_allowed_fallback(|| async { ApiError::MethodNotAllowed })
        .layer(from_fn(localise))
        .with_state(app)
}

/// Everything that the server answers.
pub fn all(app: App) -> Router {
    let request_id = HeaderName::from_static("x-request-id");
    let pages = Pages { app: app.clone(), api: api(app.clone()) };
    Router::new()
        .route("/form/{*path}", post(pages::form::post))
        .route("/locale/{tag}", get(pages::switch_locale))
        .fallback(page_or_api)
        .with_state(pages)
        .merge(app.site.router())
        .layer(from_fn(check_origin))
        .layer(from_fn_with_state(app.clone(), add_headers))
        .layer(from_fn_with_state(app, check_host))
        .layer(from_fn(localise))
        .layer(CompressionLayer::new())
        .layer(PropagateRequestIdLayer::new(request_id.clone()))
        .layer(TraceLayer::new_for_http().make_span_with(span))
        .layer(SetRequestIdLayer::new(request_id, MakeRequestUuid))
}

async fn page_or_api(State(pages): State<Pages>, request: Request) -> Response {
    use tower::ServiceExt;
    let path = request.uri().path();
    if path.starts_with("/api/") || path == "/healthz" || path == "/readyz" {
        return pages.api.clone().oneshot(request).await.into_response();
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return ApiError::MethodNotAllowed.into_response();
    }
    pages::show(State(pages), request).await
}

/// The span of a request. The secret of an invitation stands in its path and stays out of the log.
fn span(request: &Request) -> tracing::Span {
    let path = request.uri().path();
    let path = if path.contains("/invitations/") { "/invitations/…" } else { path };
    let id = request.headers().get("x-request-id").and_then(|v| v.to_str().ok()).unwrap_or_default();
    tracing::info_span!("request", method = %request.method(), path, id)
}
