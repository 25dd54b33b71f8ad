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
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            c if c < ' ' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
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
