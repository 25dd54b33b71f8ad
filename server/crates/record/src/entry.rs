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

    /// Returns the hash of the leaf of an event; what [`Entry::of`] would have, and nothing else of it.
    pub fn hash_of(written: &Written, salt: &Salt) -> Hash {
        let payload = canonical::object([("actor", &written.actor), ("kind", &written.kind)]);
        leaf(written, digest_of(salt, &payload)).hash()
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
        Hash::of_leaf(self.canonical().as_bytes())
    }

    /// Writes what [`canonical::of`] writes of it, with the keys as they stand here in their order.
    fn canonical(&self) -> String {
        let Self { actor, digest, incident, kind, late, occurred_at, recorded_at, seq } = self;
        let mut out = String::with_capacity(256);
        let texts = [("{\"actor\":", actor), (",\"digest\":", &digest.to_string())];
        texts.into_iter().for_each(|(key, value)| canonical::member(key, value, &mut out));
        out.push_str(&format!(",\"incident\":{incident}"));
        canonical::member(",\"kind\":", kind, &mut out);
        out.push_str(&format!(",\"late\":{late}"));
        canonical::member(",\"occurred_at\":", occurred_at, &mut out);
        canonical::member(",\"recorded_at\":", recorded_at, &mut out);
        out.push_str(&format!(",\"seq\":{seq}}}"));
        out
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
    digest_of(salt, &canonical::write(payload))
}

fn digest_of(salt: &Salt, payload: &str) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update(salt);
    hasher.update(payload.as_bytes());
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_way_to_a_hash_comes_to_the_same() {
        let at = DateTime::from_timestamp_micros(1_795_888_942_000_001).unwrap();
        let actors = [json!("system"), json!({ "person": { "id": "a\"b\u{1}é", "name": "\u{1f600}" } })];
        let kinds = [json!("opened"), json!({ "noted": { "text": "two\nlines\\", "step": null, "b": [1, -2, 3.5] } })];
        for (actor, kind) in actors.iter().zip(&kinds) {
            for (seq, late) in [(1, false), (i64::MAX, true)] {
                let written = Written {
                    incident: IncidentId(7),
                    seq,
                    occurred_at: at,
                    recorded_at: at,
                    actor: actor.clone(),
                    kind: kind.clone(),
                    late,
                };
                let entry = Entry::of(written.clone(), [9; SALT_LEN]);
                assert_eq!(entry.leaf.canonical(), canonical::of(&entry.leaf));
                assert_eq!(Entry::hash_of(&written, &[9; SALT_LEN]), entry.hash());
            }
        }
    }
}
