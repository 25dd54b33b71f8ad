//! Calls in the browser: fetch.

use farol_api::problem::MEDIA_TYPE;
use gloo_net::http::{Method, RequestBuilder};

use super::{Answer, unreachable_api};

pub async fn call(method: &'static str, path: &str, key: Option<&str>, body: Option<String>) -> Answer<(u16, String)> {
    let verb = match method {
        "POST" => Method::POST,
        "PUT" => Method::PUT,
        "PATCH" => Method::PATCH,
        "DELETE" => Method::DELETE,
        _ => Method::GET,
    };
    let accept = format!("application/json, {MEDIA_TYPE}");
    let mut request = RequestBuilder::new(path).method(verb).header("accept", &accept);
    if let Some(key) = key.filter(|key| !key.is_empty()) {
        request = request.header("idempotency-key", key);
    }
    let request = match body {
        Some(body) => request.header("content-type", "application/json").body(body),
        None => request.build(),
    };
    let request = request.map_err(|_| unreachable_api())?;
    let response = request.send().await.map_err(|_| unreachable_api())?;
    let text = response.text().await.map_err(|_| unreachable_api())?;
    Ok((response.status(), text))
}
