//! Pages: rendered by `farol-web`, fed by the API's own router in-process.

pub mod form;
mod visit;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use farol_api::text::Locale;
use farol_web::visit::FormEcho;
use serde::Deserialize;

use crate::app::App;
use crate::http::body::{Path, Query};
use crate::http::security::page_policy;
use crate::problem::ApiError;

/// What pages are made with.
#[derive(Clone)]
pub struct Pages {
    /// The server's state.
    pub app: App,
    /// The API's router, called in-process.
    pub api: Router,
}

/// Renders the page of a request.
pub async fn show(State(pages): State<Pages>, request: Request) -> Response {
    let url = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
    render(&pages, request.headers(), url, None).await.unwrap_or_else(IntoResponse::into_response)
}

/// Renders one page, with what became of the form that led to it.
async fn render(
    pages: &Pages,
    headers: &axum::http::HeaderMap,
    url: String,
    echo: Option<FormEcho>,
) -> Result<Response, ApiError> {
    let nonce = crate::auth::secret::random_nonce()?;
    let failed = echo.as_ref().and_then(|echo| echo.problem.as_ref()).map(|problem| problem.status);
    let page = farol_web::ssr::render(visit::visit(pages, headers, url, nonce.clone(), echo)).await;
    if let Some(location) = page.location {
        return Ok(Redirect::to(&location).into_response());
    }
    let status = StatusCode::from_u16(failed.unwrap_or(page.status)).unwrap_or(StatusCode::OK);
    let mut response = (status, Html(page.html)).into_response();
    let policy = HeaderValue::from_str(&page_policy(&nonce)).map_err(anyhow::Error::from)?;
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    Ok(response)
}

/// Where a language switch comes back to.
#[derive(Debug, Deserialize)]
pub struct SwitchBack {
    #[serde(rename = "return")]
    return_to: Option<String>,
}

/// Switches the language and comes back to the page. It changes nothing but the reader's own view.
pub async fn switch_locale(Path(tag): Path<String>, Query(back): Query<SwitchBack>) -> Result<Response, ApiError> {
    let locale = Locale::from_tag(&tag).ok_or(ApiError::NotFound("language"))?;
    let back = back.return_to.filter(|path| farol_web::form::translate::is_local(path));
    let mut response = Redirect::to(back.as_deref().unwrap_or("/")).into_response();
    response.headers_mut().append(header::SET_COOKIE, crate::locale::set(locale));
    Ok(response)
}
