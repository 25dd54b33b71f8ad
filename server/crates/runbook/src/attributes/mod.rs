//! What an author may say about a fence: `{target=primary timeout=30s}`, or the same as JSON.

mod table;

use std::collections::BTreeMap;
use std::ops::Range;

use farol_api::graph::{Attributes, OwnAttributes};

use crate::words::trim;

pub use table::{KeyDoc, PARAMETER_TYPES, ValueKind, catalogue, front_matter, is_date, parameter, seconds, short};

/// A fence's info string.
#[derive(Clone, Debug, Default)]
pub struct Fence {
    /// Its first word, in lower case.
    pub label: String,
    /// Its attributes.
    pub attributes: Attributes,
    /// What is wrong with them.
    pub problems: Vec<Problem>,
}

/// An attribute that means nothing, or whose value does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The key as written.
    pub key: String,
    /// The value as written; absent where the key is what is wrong.
    pub value: Option<String>,
    /// Where the key, or the key with its value, stands in the info string.
    pub place: Range<usize>,
    /// The key that was probably meant, and whether that is sure.
    pub meant: Option<(&'static str, bool)>,
}

/// A key with the places of itself and of its value, in the info string.
struct Entry {
    key: String,
    value: String,
    key_place: Range<usize>,
    end: usize,
}

impl Fence {
    /// Reads an info string.
    pub fn read(info: &str) -> Self {
        if info.is_empty() {
            return Self::default();
        }
        let label = trim(info);
        let end = label.bytes().position(|byte| matches!(byte, b' ' | b'{' | b',' | b'\t')).unwrap_or(label.len());
        let mut label = label[..end].trim_start_matches('.').to_ascii_lowercase();
        if memchr::memchr(b'{', info.as_bytes()).is_none() {
            return Self { label, ..Self::default() };
        }
        if let Some(label) = directive(info) {
            return Self { label, ..Self::default() };
        }
        let mut entries = Vec::new();
        if let (Some(open), Some(close)) = (info.find('{'), info.rfind('}'))
            && open < close
        {
            let inside = &info[open..=close];
            match serde_json::from_str::<BTreeMap<String, serde_json::Value>>(inside) {
                Ok(map) => entries.extend(map.into_iter().map(|(key, value)| json(inside, open, key, &value))),
                Err(_) => pandoc(&info[..close], open + 1, &mut entries, &mut label),
            }
        }
        let problems = entries.iter().filter_map(|entry| problem(entry, &entries)).collect();
        let raw: BTreeMap<String, String> = entries.into_iter().map(|e| (e.key, e.value)).collect();
        let timeout_seconds = raw.get("timeout").and_then(|t| seconds(t));
        Self { label, attributes: Attributes { target: raw.get("target").cloned(), timeout_seconds, raw }, problems }
    }

    /// Returns an attribute as written.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.attributes.raw.get(key).map(String::as_str)
    }

    /// Returns the attributes as a step has them.
    pub fn own(&self) -> OwnAttributes {
        if self.attributes.raw.is_empty() { OwnAttributes::default() } else { self.attributes.clone().into() }
    }

    /// Tells whether the block is only shown.
    pub fn is_shown(&self) -> bool {
        self.get("run") == Some("never") || self.attributes.raw.contains_key("output")
    }
}

/// The label of a MyST directive: `{code-block} bash` is code, `{danger}` and `{note}` hold words.
fn directive(info: &str) -> Option<String> {
    let (name, rest) = info.trim().strip_prefix('{')?.split_once('}')?;
    if matches!(name, "code-block" | "code" | "sourcecode" | "prompt" | "highlight") {
        return Some(rest.trim().split(' ').next().unwrap_or("").to_ascii_lowercase());
    }
    let words = [
        "note",
        "warning",
        "danger",
        "caution",
        "important",
        "tip",
        "hint",
        "attention",
        "error",
        "seealso",
        "admonition",
        "dropdown",
        "tab-set",
        "tab-item",
        "figure",
        "image",
        "toctree",
        "include",
        "literalinclude",
        "list-table",
        "csv-table",
        "eval-rst",
        "contents",
        "grid",
        "card",
        "details",
    ];
    words.contains(&name).then(|| "markdown".to_owned())
}

/// Finds the key that was probably meant, and how many letters it is away; a difference of case alone counts as one.
pub fn nearest(written: &str, keys: &'static [KeyDoc]) -> Option<(&'static str, usize)> {
    const LONGEST: usize = 24;
    if written.len() > LONGEST {
        return None;
    }
    let folded = written.to_ascii_lowercase();
    let distance = |key: &KeyDoc| strsim::osa_distance(&folded, key.name).max(1);
    let (key, away) = keys.iter().map(|key| (key.name, distance(key))).min_by_key(|(_, away)| *away)?;
    // Two letters of a short word make any other word.
    let most = match key.len() {
        0..=3 => 1,
        _ => 2,
    };
    (away <= most && (folded.len() > 2 || away == 1)).then_some((key, away))
}

fn problem(entry: &Entry, all: &[Entry]) -> Option<Problem> {
    let accepted = || table::ACCEPTED.contains(&entry.key.to_ascii_lowercase().as_str());
    match catalogue().iter().find(|known| known.name == entry.key) {
        Some(known) if known.value.takes(&entry.value) => None,
        Some(_) => Some(Problem {
            key: entry.key.clone(),
            value: Some(entry.value.clone()),
            place: entry.key_place.start..entry.end,
            meant: None,
        }),
        None if accepted() => None,
        None => {
            let free = |key: &str| all.iter().all(|other| other.key != key);
            let meant = nearest(&entry.key, catalogue()).filter(|(key, _)| free(key));
            let sure = |key: &str, away: usize| away == 1 && (key.len() > 3 || key.eq_ignore_ascii_case(&entry.key));
            let meant = meant.map(|(key, away)| (key, sure(key, away)));
            Some(Problem { key: entry.key.clone(), value: None, place: entry.key_place.clone(), meant })
        }
    }
}

fn json(inside: &str, open: usize, key: String, value: &serde_json::Value) -> Entry {
    let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    // Escaped keys are not found, and get the whole object for a place.
    let start = inside.find(&format!("\"{key}\"")).map(|at| open + at + 1);
    let key_place = start.map_or(open..open + inside.len(), |start| start..start + key.len());
    Entry { key, value, end: key_place.end, key_place }
}

/// `.bash #id key=value key="two words" flag`, from `from` on.
fn pandoc(info: &str, from: usize, entries: &mut Vec<Entry>, label: &mut String) {
    let is_gap = |c: char| c.is_whitespace() || c == ',';
    let mut at = from;
    loop {
        at = info.len() - info[at..].trim_start_matches(is_gap).len();
        let rest = &info[at..];
        if rest.is_empty() {
            return;
        }
        let length = rest.find(|c: char| is_gap(c) || c == '=').unwrap_or(rest.len());
        let (key, key_place) = (&rest[..length], at..at + length);
        let mut value = "";
        at += length;
        if let Some(after) = rest[length..].strip_prefix('=') {
            let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
            let (written, length) = match quote {
                Some(q) => after[1..].split_once(q).map_or((&after[1..], after.len()), |(v, _)| (v, v.len() + 2)),
                None => {
                    let end = unquoted(key, after);
                    (&after[..end], end)
                }
            };
            value = written;
            at += 1 + length;
        } else if let Some(class) = key.strip_prefix('.') {
            if label.is_empty() {
                *label = class.to_ascii_lowercase();
            }
            continue;
        }
        let name = key.strip_prefix('#').filter(|_| value.is_empty());
        let (key, value) = name.map_or((key, value), |id| ("id", id));
        if !key.is_empty() {
            entries.push(Entry { key: key.to_owned(), value: value.to_owned(), key_place, end: at });
        }
    }
}

/// Finds the end of a value without quotes. A comma ends it, but a list of names goes on until the next `key=`.
fn unquoted(key: &str, text: &str) -> usize {
    let is_end = |c: char| matches!(c, ' ' | '\t' | ',');
    let mut end = text.find(is_end).unwrap_or(text.len());
    while matches!(key, "needs" | "capture") && text[end..].starts_with(',') {
        let next = &text[end + 1..];
        let length = next.find(is_end).unwrap_or(next.len());
        if length == 0 || next[..length].contains('=') {
            break;
        }
        end += 1 + length;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(info: &str) -> Vec<&str> {
        let problems = Fence::read(info).problems;
        problems.into_iter().map(|p| &info[p.place]).collect()
    }

    #[test]
    fn attributes_are_read_in_both_forms() {
        let fence = Fence::read("sql {target=primary timeout=30s needs=check-lag expect=\"a b\" wat=1}");
        assert_eq!(fence.label, "sql");
        assert_eq!(fence.attributes.target.as_deref(), Some("primary"));
        assert_eq!(fence.attributes.timeout_seconds, Some(30));
        assert_eq!(fence.get("expect"), Some("a b"));
        let json = Fence::read("sh {\"name\":\"x\",\"timeout\":5}");
        assert_eq!((json.get("name"), json.attributes.timeout_seconds), (Some("x"), Some(5)));
        assert_eq!(Fence::read("{.bash #a}").label, "bash");
        assert_eq!(Fence::read("{.bash #a}").get("id"), Some("a"));
        assert_eq!(Fence::read("Bash").label, "bash");
    }

    #[test]
    fn what_is_not_understood_is_found_where_it_stands() {
        assert_eq!(problems("sh {timeout=30s wat=1, tiemout=\"a b\"}"), ["wat", "tiemout"]);
        assert_eq!(
            problems("sh {timeout=abc retries=-1 risk='foo bar' x}"),
            ["timeout=abc", "retries=-1", "risk='foo bar'", "x"]
        );
        assert_eq!(problems("sh {\"timeout\":\"abc\",\"wat\":1}"), ["timeout", "wat"]);
        assert_eq!(problems("sh {interactive=false excludeFromRunAll=true promptEnv=no cwd=/tmp}"), [""; 0]);
        assert_eq!(problems("sh {output timeout=90 approval=required run=never needs=a,b}"), [""; 0]);
        assert_eq!(Fence::read("sh {needs=a,b,timeout=5}").get("needs"), Some("a,b"));
        assert_eq!(problems("sh {ação=é timeout=\"não}"), ["ação", "timeout=\"não"]);
    }

    #[test]
    fn time_spans_are_read_short_and_long() {
        let read = ["90", "30s", "5m", "1h30m", "2d", "5 minutes", "30 minutos", "1 hora"].map(seconds);
        assert_eq!(read, [90, 30, 300, 5400, 172_800, 300, 1800, 3600].map(Some));
        assert_eq!(["", "abc", "m", "5x", "-1", "99999999999s", "5m3"].map(seconds), [None; 7]);
    }

    #[test]
    fn a_near_miss_is_told_from_another_word() {
        assert_eq!(nearest("tiemout", catalogue()), Some(("timeout", 1)));
        assert_eq!(nearest("Timeout", catalogue()), Some(("timeout", 1)));
        assert_eq!(nearest("on-failure", catalogue()), Some(("on_failure", 1)));
        assert_eq!(nearest("retry", catalogue()), None);
        assert_eq!(nearest("wat", catalogue()), None);
        assert_eq!(nearest("repo", front_matter()), Some(("rpo", 1)));
    }

    #[test]
    fn every_example_is_taken_by_its_key() {
        for key in catalogue() {
            assert_eq!(problems(&format!("sh {{{}}}", key.example)), [""; 0], "{}", key.name);
            assert!(key.example.starts_with(key.name) && key.en.ends_with('.') && key.pt.ends_with('.'));
        }
    }
}
