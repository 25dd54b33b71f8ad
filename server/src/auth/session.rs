//! The session cookie.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, header};
use secrecy::{ExposeSecret, SecretString};

use crate::locale::cookie;

/// The cookie's name. The `__Host-` prefix makes browsers refuse it without Secure, or for another host or path.
pub const COOKIE: &str = "__Host-farol";

/// How long a session lasts.
pub const LIFETIME: Duration = Duration::from_secs(7 * 24 * 3600);

/// Finds the session's secret in a request.
pub fn secret_of(headers: &HeaderMap) -> Option<SecretString> {
    cookie(headers, COOKIE).filter(|value| !value.is_empty()).map(SecretString::from)
}

/// Finds the token in a request, if a program sends one.
pub fn token_of(headers: &HeaderMap) -> Option<SecretString> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| SecretString::from(token.trim()))
}

/// Writes the cookie that begins a session.
pub fn set(secret: &SecretString) -> anyhow::Result<HeaderValue> {
    let secret = secret.expose_secret();
    let age = LIFETIME.as_secs();
    let mut value =
        HeaderValue::from_str(&format!("{COOKIE}={secret}; Path=/; Max-Age={age}; HttpOnly; Secure; SameSite=Lax"))?;
    value.set_sensitive(true);
    Ok(value)
}

/// Writes the cookie that ends it.
pub fn clear() -> HeaderValue {
    HeaderValue::from_static("__Host-farol=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax")
}
