//! The forms in which programs print a value.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use super::{LEAST_FORM, LEAST_WIDTH};
use crate::hex::hex;

/// Adds the forms of a value, each with whether it may be broken into lines.
pub(super) fn add_forms(value: &str, forms: &mut BTreeMap<Vec<u8>, bool>) {
    if value.is_empty() {
        return;
    }
    let mut add = |form: String, wraps: bool| {
        *forms.entry(form.into_bytes()).or_default() |= wraps;
    };
    add(value.to_owned(), false);
    let escaped = urls(value).into_iter().chain(jsons(value)).chain(quoted(value));
    escaped.filter(|form| form.len() >= LEAST_FORM).for_each(|form| add(form, false));
    // As databases write bytes.
    let digits = hex(value.as_bytes());
    let encoded = base64_forms(value.as_bytes()).into_iter().chain([digits.to_ascii_uppercase(), digits]);
    for form in encoded.filter(|form| form.len() >= LEAST_FORM) {
        let wraps = form.len() >= LEAST_WIDTH;
        add(form, wraps);
    }
}

/// As the usual libraries escape a value for a URL or a form; some write a blank as a plus sign.
fn urls(value: &str) -> Vec<String> {
    let mut forms = Vec::new();
    for kept in ["-_.~", "-_.~/:", "-_.~/", "-_.!~*'()", "-_.*"] {
        for upper in [true, false] {
            let escaped = percent(value, |byte| byte.is_ascii_alphanumeric() || kept.as_bytes().contains(&byte), upper);
            forms.push(escaped.replace("%20", "+"));
            forms.push(escaped);
        }
    }
    forms
}

/// As JSON is written: with as few escapes as may be, without letters beyond ASCII, safe within HTML.
fn jsons(value: &str) -> Vec<String> {
    let json = serde_json::Value::from(value).to_string();
    let json = json[1..json.len() - 1].to_owned();
    let within_html = unicode(&json, "<>&", false);
    let careful = unicode(&json.replace("\\\"", "\\u0022"), "<>&'+`", true);
    let plain = [ascii_json(&json), ascii_json(&within_html), json.replace('/', "\\/")];
    plain.into_iter().chain([json, within_html, careful]).collect()
}

/// As SQL and shells quote it.
fn quoted(value: &str) -> [String; 5] {
    let backslashed = |special: &str| {
        value.chars().fold(String::with_capacity(value.len() + 8), |mut text, c| {
            text.extend(special.contains(c).then_some('\\'));
            text.push(c);
            text
        })
    };
    [
        value.replace('\'', "''"),
        value.replace('\\', "\\\\").replace('\'', "\\'"),
        value.replace('\'', r"'\''"),
        backslashed("\\\"$`"),
        backslashed(" \t'\"\\|&;()<>!{}*[]?^$`,"),
    ]
}

/// Writes some characters as `\uXXXX`.
fn unicode(json: &str, which: &str, upper: bool) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        match (which.contains(c), upper) {
            (false, _) => text.push(c),
            (true, true) => write!(text, "\\u{:04X}", u32::from(c)).unwrap_or_default(),
            (true, false) => write!(text, "\\u{:04x}", u32::from(c)).unwrap_or_default(),
        }
    }
    text
}

fn percent(value: &str, keeps: impl Fn(u8) -> bool, upper: bool) -> String {
    let mut text = String::with_capacity(value.len());
    for byte in value.bytes() {
        match (keeps(byte), upper) {
            (true, _) => text.push(char::from(byte)),
            (false, true) => write!(text, "%{byte:02X}").unwrap_or_default(),
            (false, false) => write!(text, "%{byte:02x}").unwrap_or_default(),
        }
    }
    text
}

/// Writes all but ASCII as `\uXXXX`, as many JSON writers do.
fn ascii_json(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    let mut units = [0_u16; 2];
    for c in json.chars() {
        if c.is_ascii() {
            text.push(c);
        } else {
            c.encode_utf16(&mut units).iter().for_each(|unit| write!(text, "\\u{unit:04x}").unwrap_or_default());
        }
    }
    text
}

/// Returns the part of the base64 text that does not depend on what stands around the value, at each offset.
fn base64_forms(value: &[u8]) -> Vec<String> {
    let mut forms = Vec::new();
    for offset in 0..3 {
        let mut padded = vec![0_u8; offset];
        padded.extend_from_slice(value);
        let first = (offset * 8).div_ceil(6);
        let end = padded.len() * 8 / 6;
        for engine in [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD] {
            forms.push(engine.encode(&padded).get(first..end).unwrap_or_default().to_owned());
        }
    }
    forms
}
