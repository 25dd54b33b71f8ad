//! The lines of an exported incident: each one object of canonical JSON, in the order of the functions here.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use farol_api::id::{AttemptId, IncidentId};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{Entry, Hash, Opened, Salt, canonical};

/// The version of the format.
pub const FORMAT: u64 = 1;

/// The media type of a bundle.
pub const MEDIA_TYPE: &str = "application/x-ndjson";

/// How many lines of each kind a bundle has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// Signed checkpoints.
    pub checkpoints: u64,
    /// Entries.
    pub entries: u64,
    /// Chunks of output.
    pub outputs: u64,
}

/// Begins a bundle.
pub fn header(incident: IncidentId, origin: &str) -> String {
    line(&json!({ "farol_record": FORMAT, "incident": incident.0, "origin": origin }))
}

/// Writes a checkpoint: the signed note as it is. Smaller sizes come first.
pub fn checkpoint(note: &str) -> String {
    line(&json!({ "checkpoint": note }))
}

/// Writes an entry, with the hash that the store keeps of its leaf.
pub fn entry(entry: &Entry, stored: Hash) -> String {
    let salt = entry.opened.as_ref().map(|opened| STANDARD.encode(opened.salt));
    let payload = entry.opened.as_ref().map(|opened| &opened.payload);
    line(&json!({ "entry": { "hash": stored, "leaf": entry.leaf, "payload": payload, "salt": salt } }))
}

/// Writes a chunk of output: its content is the text that was hashed, so it stays a text.
pub fn output(attempt: AttemptId, content: &str) -> String {
    line(&json!({ "output": { "attempt": attempt, "content": content } }))
}

/// Ends a bundle; without this line it was cut.
pub fn end(counts: Counts) -> String {
    line(&json!({ "end": counts }))
}

fn line(value: &Value) -> String {
    let mut line = canonical::write(value);
    line.push('\n');
    line
}

/// One line, read.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Line {
    Checkpoint(String),
    Entry(EntryLine),
    Output(OutputLine),
    End(Counts),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Header {
    pub(crate) farol_record: u64,
    pub(crate) incident: i64,
    pub(crate) origin: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EntryLine {
    pub(crate) hash: Hash,
    pub(crate) leaf: crate::Leaf,
    pub(crate) payload: Option<Value>,
    pub(crate) salt: Option<String>,
}

impl EntryLine {
    /// The erasable part: nothing where it was erased, an error where only half of it is there.
    pub(crate) fn opened(&mut self) -> Result<Option<Opened>, ()> {
        match (self.payload.take(), &self.salt) {
            (None, None) => Ok(None),
            (Some(payload), Some(salt)) => {
                let salt: Salt = STANDARD.decode(salt).ok().and_then(|salt| salt.try_into().ok()).ok_or(())?;
                Ok(Some(Opened { salt, payload }))
            }
            _ => Err(()),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OutputLine {
    attempt: String,
    pub(crate) content: String,
}

impl OutputLine {
    /// The attempt; nothing where its id is not spelt in lower case with hyphens.
    pub(crate) fn attempt(&self) -> Option<AttemptId> {
        self.attempt.parse().ok().filter(|id: &AttemptId| id.to_string() == self.attempt)
    }
}
