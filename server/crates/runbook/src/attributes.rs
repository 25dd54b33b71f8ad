//! What an author may say about a fence: `{target=primary timeout=30s}`, or the same as JSON.

use std::collections::BTreeMap;

use farol_api::graph::Attributes;

use crate::lexicon::{self, Lexicon};

/// A fence's info string.
#[derive(Clone, Debug, Default)]
pub struct Fence {
    /// Its first word, in lower case.
    pub label: String,
    /// Its attributes.
    pub attributes: Attributes,
}

/// Attributes with a meaning; Runme's and Pandoc's among them.
const KNOWN: [&str; 27] = [
    "id",
    "name",
    "target",
    "needs",
    "when",
    "timeout",
    "retries",
    "capture",
    "expect",
    "risk",
    "approval",
    "on_failure",
    "run",
    "output",
    "title",
    "phase",
    "interactive",
    "background",
    "cwd",
    "excludefromrunall",
    "promptenv",
    "category",
    "tag",
    "mimetype",
    "closeterminalonsuccess",
    "terminalrows",
    "class",
];

impl Fence {
    /// Reads an info string.
    pub fn read(info: &str) -> Self {
        let info = info.trim();
        let label = info.split([' ', '{', ',', '\t']).next().unwrap_or("").trim_start_matches('.').to_ascii_lowercase();
        let mut label = label;
        let mut raw = BTreeMap::new();
        if let (Some(open), Some(close)) = (info.find('{'), info.rfind('}'))
            && open < close
        {
            let inside = &info[open..=close];
            match serde_json::from_str::<BTreeMap<String, serde_json::Value>>(inside) {
                Ok(map) => raw.extend(map.into_iter().map(|(k, v)| (k, json_text(&v)))),
                Err(_) => pandoc(&info[open + 1..close], &mut raw, &mut label),
            }
        }
        let timeout_seconds = raw.get("timeout").and_then(|t| seconds(t));
        Self { label, attributes: Attributes { target: raw.get("target").cloned(), timeout_seconds, raw } }
    }

    /// Returns an attribute as written.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.attributes.raw.get(key).map(String::as_str)
    }

    /// Tells whether the block is only shown.
    pub fn is_shown(&self) -> bool {
        self.get("run") == Some("never") || self.attributes.raw.contains_key("output")
    }

    /// Returns the keys that mean nothing here.
    pub fn unknown(&self) -> impl Iterator<Item = &str> {
        let keys = self.attributes.raw.keys().map(String::as_str);
        keys.filter(|k| !KNOWN.contains(&k.to_ascii_lowercase().as_str()))
    }
}

fn json_text(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn seconds(text: &str) -> Option<u32> {
    let plain = text.parse::<u32>().ok();
    plain.or_else(|| lexicon::seconds(Lexicon::of(None), text).and_then(|s| u32::try_from(s).ok()))
}

/// `.bash #id key=value key="two words" flag`.
fn pandoc(text: &str, raw: &mut BTreeMap<String, String>, label: &mut String) {
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let end = rest.find(|c: char| c.is_whitespace() || c == '=' || c == ',').unwrap_or(rest.len());
        let key = &rest[..end];
        rest = &rest[end..];
        if let Some(after) = rest.strip_prefix('=') {
            let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
            let (value, next) = match quote {
                Some(q) => after[1..].split_once(q).unwrap_or((&after[1..], "")),
                None => after.split_at(after.find([' ', '\t', ',']).unwrap_or(after.len())),
            };
            raw.insert(key.to_owned(), value.to_owned());
            rest = next;
        } else if let Some(id) = key.strip_prefix('#') {
            raw.insert("id".to_owned(), id.to_owned());
        } else if let Some(class) = key.strip_prefix('.') {
            if label.is_empty() {
                *label = class.to_ascii_lowercase();
            }
        } else if !key.is_empty() {
            raw.insert(key.to_owned(), String::new());
        }
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_read_in_both_forms() {
        let fence = Fence::read("sql {target=primary timeout=30s needs=check-lag expect=\"a b\" wat=1}");
        assert_eq!(fence.label, "sql");
        assert_eq!(fence.attributes.target.as_deref(), Some("primary"));
        assert_eq!(fence.attributes.timeout_seconds, Some(30));
        assert_eq!(fence.get("expect"), Some("a b"));
        assert_eq!(fence.unknown().collect::<Vec<_>>(), ["wat"]);
        let json = Fence::read("sh {\"name\":\"x\",\"timeout\":5}");
        assert_eq!((json.get("name"), json.attributes.timeout_seconds), (Some("x"), Some(5)));
        assert_eq!(Fence::read("{.bash #a}").label, "bash");
        assert_eq!(Fence::read("Bash").label, "bash");
    }
}
