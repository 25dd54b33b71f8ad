//! The reader's language: their cookie, else what the browser asks for.

use axum::http::{HeaderMap, header};
use farol_api::text::Locale;

/// The cookie that holds the chosen language.
pub const COOKIE: &str = "farol_locale";

/// Tells the language of a request.
pub fn locale_of(headers: &HeaderMap) -> Locale {
    let chosen = cookie(headers, COOKIE).and_then(Locale::from_tag);
    chosen.unwrap_or_else(|| {
        let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        accepted.map_or(Locale::En, Locale::negotiate)
    })
}

/// Finds a cookie.
pub fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.into_iter().find(|(key, _)| *key == name).map(|(_, value)| value)
}

/// Writes the cookie that remembers a language for a year.
pub fn set(locale: Locale) -> axum::http::HeaderValue {
    let text = match locale {
        Locale::En => "farol_locale=en; Path=/; Max-Age=31536000; SameSite=Lax",
        Locale::PtBr => "farol_locale=pt-BR; Path=/; Max-Age=31536000; SameSite=Lax",
    };
    axum::http::HeaderValue::from_static(text)
}
