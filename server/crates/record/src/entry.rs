//! One event as it is hashed.

use chrono::{DateTime, SecondsFormat, Utc};
use farol_api::id::IncidentId;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::{Hash, canonical};

/// How many random bytes keep a payload from being guessed from its digest.
pub const SALT_LEN: usize = 32;

/// Random bytes, one set for each entry, erased with its payload.
pub type Salt = [u8; SALT_LEN];

/// What an event's leaf says in the clear. All else is behind the digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leaf {
    /// The account that did it, or `system`. Names stand in the payload.
    pub actor: String,
    /// SHA-256 of the salt and the canonical payload.
    pub digest: Hash,
    /// The incident.
    pub incident: i64,
    /// What kind of event it is, for example `noted`.
    pub kind: String,
    /// Whether it was hashed only some time after it was written: what stood there before is not proved.
    pub late: bool,
    /// When it happened, to the microsecond.
    pub occurred_at: String,
    /// When it was written down, to the microsecond.
    pub recorded_at: String,
    /// Its place in the incident, from 1.
    pub seq: i64,
}

/// The part of an entry that can be erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The salt.
    pub salt: Salt,
    /// Actor and kind of the event, as JSON.
    pub payload: Value,
}

/// An event as the store keeps it.
#[derive(Clone, Debug)]
pub struct Written {
    /// The incident.
    pub incident: IncidentId,
    /// Its place.
    pub seq: i64,
    /// When it happened.
    pub occurred_at: DateTime<Utc>,
    /// When it was written down.
    pub recorded_at: DateTime<Utc>,
    /// The actor, as the JSON that is stored.
    pub actor: Value,
    /// The kind with its fields, as the JSON that is stored.
    pub kind: Value,
    /// Whether it is hashed later than it was written.
    pub late: bool,
}

/// An entry of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What is hashed.
    pub leaf: Leaf,
    /// The rest, unless it was erased.
    pub opened: Option<Opened>,
}

impl Entry {
    /// Makes the entry of an event, with a fresh salt or the one it was hashed with.
    pub fn of(written: Written, salt: Salt) -> Self {
        let payload = json!({ "actor": written.actor, "kind": written.kind });
        let leaf = leaf(&written, digest(&salt, &payload));
        Self { leaf, opened: Some(Opened { salt, payload }) }
    }

    /// Makes the entry of an event whose payload was erased: its digest is what was kept.
    pub fn erased(written: &Written, digest: Hash) -> Self {
        Self { leaf: leaf(written, digest), opened: None }
    }

    /// Returns the hash of its leaf.
    pub fn hash(&self) -> Hash {
        self.leaf.hash()
    }
}

impl Leaf {
    /// Returns the hash of its canonical JSON, as a leaf of the tree.
    pub fn hash(&self) -> Hash {
        Hash::of_leaf(canonical::of(self).as_bytes())
    }
}

impl Opened {
    /// Returns what the leaf must commit to.
    pub fn digest(&self) -> Hash {
        digest(&self.salt, &self.payload)
    }
}

fn leaf(written: &Written, digest: Hash) -> Leaf {
    Leaf {
        actor: actor_word(&written.actor),
        digest,
        incident: written.incident.0,
        kind: kind_word(&written.kind),
        late: written.late,
        occurred_at: stamp(written.occurred_at),
        recorded_at: stamp(written.recorded_at),
        seq: written.seq,
    }
}

fn digest(salt: &Salt, payload: &Value) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update(salt);
    hasher.update(canonical::write(payload).as_bytes());
    Hash::from_bytes(hasher.finalize().into())
}

fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// Who did it, without their name.
pub(crate) fn actor_word(actor: &Value) -> String {
    let id = ["/person/id", "/token/person/id"].iter().find_map(|place| actor.pointer(place));
    id.and_then(Value::as_str).or_else(|| actor.as_str()).unwrap_or("unreadable").to_owned()
}

/// The kind without its fields.
pub(crate) fn kind_word(kind: &Value) -> String {
    let only = kind.as_object().filter(|object| object.len() == 1).and_then(|object| object.keys().next());
    only.map(String::as_str).or_else(|| kind.as_str()).unwrap_or("unreadable").to_owned()
}
