//! JSON with one spelling: keys sorted, no white space.

use serde::Serialize;
use serde_json::Value;

/// Writes JSON as RFC 8785 does: keys sorted by their UTF-16 units, no white space, as few escapes as possible.
///
/// The record holds whole numbers only; those beyond 2^53, which RFC 8785 would round, are written in full.
pub fn write(value: &Value) -> String {
    let mut out = String::new();
    append(value, &mut out);
    out
}

/// Writes a value of any type so. What cannot be JSON becomes `null`; no type of the record is such.
pub fn of<T: Serialize>(value: &T) -> String {
    write(&serde_json::to_value(value).unwrap_or_default())
}

/// Writes an object of members whose keys are plain and in their order.
pub(crate) fn object<'v>(members: impl IntoIterator<Item = (&'static str, &'v Value)>) -> String {
    let mut out = String::with_capacity(512);
    for (key, value) in members {
        out.push(if out.is_empty() { '{' } else { ',' });
        string(key, &mut out);
        out.push(':');
        append(value, &mut out);
    }
    out.push('}');
    out
}

/// Appends a text after what stands before it.
pub(crate) fn member(before: &str, text: &str, out: &mut String) {
    out.push_str(before);
    string(text, out);
}

fn append(value: &Value, out: &mut String) {
    match value {
        Value::Object(object) => {
            let mut sorted: Vec<_> = object.iter().collect();
            sorted.sort_unstable_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            out.push('{');
            for (index, (key, value)) in sorted.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                string(key, out);
                out.push(':');
                append(value, out);
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                append(item, out);
            }
            out.push(']');
        }
        Value::String(text) => string(text, out),
        scalar => out.push_str(&scalar.to_string()),
    }
}

fn string(text: &str, out: &mut String) {
    use std::fmt::Write;
    out.push('"');
    let mut plain = 0;
    for (at, byte) in text.bytes().enumerate() {
        // Every other byte stands for itself, or is a part of a letter that does.
        if !matches!(byte, b'"' | b'\\' | ..b' ') {
            continue;
        }
        out.push_str(&text[plain..at]);
        plain = at + 1;
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            0x8 => out.push_str("\\b"),
            b'\t' => out.push_str("\\t"),
            b'\n' => out.push_str("\\n"),
            0xc => out.push_str("\\f"),
            b'\r' => out.push_str("\\r"),
            _ => {
                let _ = write!(out, "\\u{byte:04x}");
            }
        }
    }
    out.push_str(&text[plain..]);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn keys_are_sorted_at_every_depth_and_nothing_is_escaped_without_need() {
        let value = json!({ "b": [1, { "z": null, "a": true }], "a": "é \"x\"\n\u{1}/\u{7f}", "": -3 });
        assert_eq!(write(&value), "{\"\":-3,\"a\":\"é \\\"x\\\"\\n\\u0001/\u{7f}\",\"b\":[1,{\"a\":true,\"z\":null}]}");
    }

    /// RFC 8785, 3.2.3: the order is that of UTF-16, where a letter beyond the first plane comes before U+E000.
    #[test]
    fn keys_are_sorted_as_utf_16() {
        assert_eq!(write(&json!({ "\u{fb33}": 1, "\u{1f600}": 2 })), "{\"\u{1f600}\":2,\"\u{fb33}\":1}");
    }
}
