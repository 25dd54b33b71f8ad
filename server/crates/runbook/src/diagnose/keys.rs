//! The documentation of the keys that an author may write, from their one table.

use std::fmt::Write;

use crate::attributes::{KeyDoc, catalogue, front_matter, parameter};

/// Where a document wants a table of keys, and the Markdown that belongs there.
pub fn tables() -> [(&'static str, String); 3] {
    [
        ("<!-- keys: fence -->", table(catalogue(), |key| format!("{{{}}}", key.example))),
        ("<!-- keys: front matter -->", format!("{}\n{}", table(front_matter(), first_line), yaml())),
        ("<!-- keys: parameter -->", table(parameter(), |key| key.example.to_owned())),
    ]
}

/// Writes front matter with an example of every key.
pub fn yaml() -> String {
    let lines: String = front_matter().iter().map(|key| format!("{}\n", key.example)).collect();
    format!("```yaml\n---\n{lines}---\n```\n")
}

fn table(keys: &[KeyDoc], example: impl Fn(&KeyDoc) -> String) -> String {
    let mut out = String::from("| Key | Meaning | Example |\n|---|---|---|\n");
    for key in keys {
        let example = example(key).replace('|', "\\|");
        let _ = writeln!(out, "| `{}` | {} | `{example}` |", key.name, key.en);
    }
    out
}

fn first_line(key: &KeyDoc) -> String {
    let mut lines = key.example.lines();
    let first = lines.next().unwrap_or("").to_owned();
    if lines.next().is_some() { format!("{first} …") } else { first }
}
