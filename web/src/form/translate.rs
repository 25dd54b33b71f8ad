//! From the fields of a plain form to the JSON body of the API: one function, used by the server for posts without
//! scripts and by the browser for posts with them.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::url::encode;

/// A form as it was sent, told apart into what the API gets and what is meant for the way there and back.
#[derive(Clone, Debug, PartialEq)]
pub struct Submission {
    /// The HTTP method of the API call, `POST` unless `_method` says otherwise.
    pub method: String,
    /// The idempotency key (`_key`).
    pub key: Option<String>,
    /// The page to come back to (`_return`); always a local path.
    pub return_to: String,
    /// The page to go on to after success (`_next`), with `{field}` for fields of the answer; a local path.
    pub next: Option<String>,
    /// Whether the page of `_return` is shown again with the answer in the echo (`_show`).
    pub show: bool,
    /// The API's request body.
    pub body: Value,
    /// What may be shown again beside a problem: all fields but those that `_secret` names.
    pub values: BTreeMap<String, String>,
}

/// What a field's text stands for, as the hidden field `_kinds` says: `NAME:KIND` separated by blanks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    Flag,
    Time,
    Lines,
    Pairs,
}

/// Reads the fields of a form, in their order.
///
/// An empty field is absent. A name with dots (`shell.path`, `credentials.0.role`) makes nested objects and lists.
/// Kinds: `number`; `flag` (true where it is sent, unless as `false`); `time` (`2026-11-22T03:14` in UTC becomes RFC 3339);
/// `lines` (a list, one item a line); `pairs` (an object, `NAME=value` a line). All else is text. An object in a
/// list is left out where it has but one field (a credential's role without its URL).
pub fn translate<'f>(fields: impl IntoIterator<Item = (&'f str, &'f str)>) -> Submission {
    let fields: Vec<_> = fields.into_iter().collect();
    let control = |name: &str| fields.iter().find(|(n, v)| *n == name && !v.is_empty()).map(|(_, v)| (*v).to_owned());
    let kinds = control("_kinds").unwrap_or_default();
    let mut body = Value::Object(Map::new());
    for (name, text) in fields.iter().filter(|(name, text)| !name.starts_with('_') && !text.is_empty()) {
        if let Some(value) = value_of(kind_of(&kinds, name), text) {
            let path: Vec<&str> = name.split('.').collect();
            put(&mut body, &path, value);
        }
    }
    drop_lone_roles(&mut body);
    let secret = control("_secret").unwrap_or_default();
    let shown = fields.iter().filter(|(name, _)| !secret.split(' ').any(|secret| secret == *name));
    Submission {
        method: control("_method").unwrap_or_else(|| "POST".to_owned()),
        key: control("_key"),
        return_to: control("_return").filter(|path| is_local(path)).unwrap_or_else(|| "/".to_owned()),
        next: control("_next").filter(|path| is_local(path)),
        show: control("_show").is_some(),
        values: shown.map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect(),
        body,
    }
}

impl Submission {
    /// Returns the API path of an action: a segment `:field` stands for a field of the form, for example the name of
    /// a target that is being registered.
    pub fn path(&self, action: &str) -> String {
        let fill = |segment: &str| {
            let text = segment.strip_prefix(':').and_then(|name| self.values.get(name));
            text.map_or_else(|| segment.to_owned(), |text| encode(text).replace('/', "%2F"))
        };
        action.split('/').map(fill).collect::<Vec<_>>().join("/")
    }

    /// Returns where the visitor goes after success: `_next` filled from the answer, else `_return`.
    pub fn destination(&self, answer: &Value) -> String {
        let Some(next) = &self.next else { return self.return_to.clone() };
        let mut path = next.clone();
        for (field, value) in answer.as_object().into_iter().flatten() {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            path = path.replace(&format!("{{{field}}}"), &text);
        }
        if is_local(&path) { path } else { self.return_to.clone() }
    }
}

/// Tells whether a path stays on this site: `/…`, but neither `//host` nor `/\host`.
pub fn is_local(path: &str) -> bool {
    path.starts_with('/') && !path.starts_with("//") && !path.contains('\\') && !path.contains(['\r', '\n'])
}

fn kind_of(kinds: &str, name: &str) -> Kind {
    let found = kinds.split(' ').filter_map(|item| item.split_once(':')).find(|(n, _)| *n == name);
    match found.map(|(_, kind)| kind) {
        Some("number") => Kind::Number,
        Some("flag") => Kind::Flag,
        Some("time") => Kind::Time,
        Some("lines") => Kind::Lines,
        Some("pairs") => Kind::Pairs,
        _ => Kind::Text,
    }
}

fn value_of(kind: Kind, text: &str) -> Option<Value> {
    Some(match kind {
        Kind::Text => Value::from(text.replace("\r\n", "\n")),
        // A text that is no number goes on as it is, so that the API says what is wrong with it.
        Kind::Number => text.trim().parse::<i64>().map_or_else(|_| Value::from(text), Value::from),
        Kind::Flag => Value::Bool(text != "false"),
        Kind::Time => Value::from(time(text.trim())),
        Kind::Lines => text.lines().map(str::trim).filter(|line| !line.is_empty()).collect(),
        Kind::Pairs => {
            let pairs = text.lines().filter_map(|line| line.split_once('='));
            Value::Object(pairs.map(|(name, value)| (name.trim().to_owned(), Value::from(value.trim()))).collect())
        }
    })
}

fn time(text: &str) -> String {
    match text.len() {
        16 => format!("{text}:00Z"),
        19 => format!("{text}Z"),
        _ => text.to_owned(),
    }
}

fn put(at: &mut Value, path: &[&str], value: Value) {
    let Some((first, rest)) = path.split_first() else {
        *at = value;
        return;
    };
    match first.parse::<usize>() {
        // Nobody needs a list of more: a hostile index must not fill the memory.
        Ok(index) if index < 64 => {
            if !at.is_array() {
                *at = Value::Array(Vec::new());
            }
            let Value::Array(items) = at else { return };
            if items.len() <= index {
                items.resize(index + 1, Value::Null);
            }
            put(&mut items[index], rest, value);
        }
        _ => {
            if !at.is_object() {
                *at = Value::Object(Map::new());
            }
            let Value::Object(fields) = at else { return };
            put(fields.entry((*first).to_owned()).or_insert(Value::Null), rest, value);
        }
    }
}

fn drop_lone_roles(body: &mut Value) {
    for value in body.as_object_mut().into_iter().flat_map(|fields| fields.values_mut()) {
        if let Value::Array(items) = value {
            items.retain(|item| !item.is_null() && item.as_object().is_none_or(|fields| fields.len() > 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use farol_api::request::{Declare, RecordMilestone, SaveTarget};

    #[test]
    fn a_plain_form_becomes_the_request_of_the_api() {
        let sent = translate([
            ("_kinds", "drill:flag"),
            ("_return", "/incidents/new"),
            ("_next", "/incidents/{id}"),
            ("title", "It is down"),
            ("severity", "sev1"),
            ("runbook", ""),
            ("drill", "on"),
        ]);
        let request: Declare = serde_json::from_value(sent.body.clone()).unwrap();
        assert_eq!((request.runbook, request.drill), (None, true));
        assert_eq!(sent.destination(&serde_json::json!({ "id": 12 })), "/incidents/12");
    }

    #[test]
    fn nested_fields_make_objects_and_lists() {
        let sent = translate([
            ("_kinds", "shell.path:lines shell.env:pairs timeout_seconds:number"),
            ("environment", "staging"),
            ("credentials.0.role", "ro"),
            ("credentials.0.url", "sqlite:///a.db"),
            ("credentials.1.role", "rw"),
            ("credentials.1.url", ""),
            ("shell.path", "/usr/bin\r\n/bin\r\n"),
            ("shell.env", "A=b=c"),
            ("timeout_seconds", "90"),
        ]);
        let request: SaveTarget = serde_json::from_value(sent.body).unwrap();
        assert_eq!(request.credentials.len(), 1);
        let shell = request.shell.unwrap();
        assert_eq!(shell.path, ["/usr/bin", "/bin"]);
        assert_eq!(shell.env["A"], "b=c");
        assert_eq!(request.timeout_seconds, Some(90));
    }

    #[test]
    fn a_time_is_read_as_utc() {
        let sent = translate([("_kinds", "at:time"), ("milestone", "detected"), ("at", "2026-11-22T03:14")]);
        let request: RecordMilestone = serde_json::from_value(sent.body).unwrap();
        assert_eq!(request.at.unwrap().to_rfc3339(), "2026-11-22T03:14:00+00:00");
    }

    #[test]
    fn a_field_can_name_the_resource_and_nothing_else() {
        let named = |id: &str| translate([("id", id)]).path("/api/targets/:id");
        assert_eq!(named("shop-prod"), "/api/targets/shop-prod");
        assert_eq!(named("../people"), "/api/targets/..%2Fpeople");
    }

    #[test]
    fn a_secret_is_sent_but_never_shown_again() {
        let sent = translate([("_secret", "password"), ("email", "a@b.c"), ("password", "hunter22hunter")]);
        assert_eq!(sent.body["password"], "hunter22hunter");
        assert_eq!(sent.values.get("email").map(String::as_str), Some("a@b.c"));
        assert_eq!(sent.values.get("password"), None);
    }

    #[test]
    fn nobody_is_sent_to_another_site() {
        for hostile in ["https://evil.example", "//evil.example", "/\\evil.example", "evil", "/a\r\nSet-Cookie: x"] {
            let sent = translate([("_return", hostile), ("_next", hostile)]);
            assert_eq!((sent.return_to.as_str(), &sent.next), ("/", &None), "{hostile}");
        }
    }

    #[test]
    fn a_hostile_index_is_no_list() {
        let sent = translate([("a.4000000000.b", "x")]);
        assert!(sent.body["a"].is_object());
    }
}
