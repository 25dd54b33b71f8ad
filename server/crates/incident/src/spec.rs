//! Exactly what will run, and its digest.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use farol_api::digest::Digest;
use farol_api::graph::CommandLanguage;
use farol_api::id::{AttemptId, IncidentId, StepId, TargetId};
use farol_api::risk::RiskClass;
use farol_api::target::CredentialRole;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::Asked;
use crate::parameter::is_variable_of;

/// All that decides what an attempt does. It is fixed when the attempt is requested; approvals bind its digest.
///
/// It may hold secret values: it is stored sealed and never sent to a browser.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttemptSpec {
    /// The attempt; not part of the digest, so that a preview has the digest of the attempt it becomes.
    pub attempt: AttemptId,
    /// The incident.
    pub incident: IncidentId,
    /// The step.
    pub step: StepId,
    /// Counts the attempts of this step, from 1.
    pub number: u32,
    /// The language of the text.
    pub language: CommandLanguage,
    /// The exact statement or script.
    pub text: String,
    /// Values for the markers of a statement, in order.
    pub binds: Vec<Bind>,
    /// Variables for a script.
    pub env: BTreeMap<String, String>,
    /// Secrets that the text has a place for, in the order of these places.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub literals: Vec<Literal>,
    /// Names of parameters whose values are secret.
    pub secrets: Vec<String>,
    /// Which of its values each secret has that is passed, by parameter. The digest holds this instead of the value: everybody sees
    /// the digest, and a short value could be found by trying.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub versions: BTreeMap<String, String>,
    /// Where it runs.
    pub target: TargetId,
    /// The version of the target's configuration.
    pub target_version: i64,
    /// The credential it runs with.
    pub role: CredentialRole,
    /// Its risk class.
    pub class: RiskClass,
    /// The classifier that said so.
    pub classifier_version: String,
    /// The longest it may run, in seconds.
    pub timeout_seconds: u32,
    /// After this it can neither be approved nor run; not part of the digest either.
    pub expires_at: DateTime<Utc>,
    /// What its author asked for beside the text.
    #[serde(default, skip_serializing_if = "Asked::is_nothing")]
    pub asked: Asked,
}

/// A value for a marker of a statement.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bind {
    /// The parameter.
    pub parameter: String,
    /// Its value.
    pub value: String,
}

/// A secret that stands in the statement's text where the database takes no parameter (`PASSWORD '<new>'`). It is put there when the
/// statement is sent: the text that is shown, classified, approved and recorded has the placeholder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Literal {
    /// Where in the text the placeholder begins, in bytes.
    pub at: usize,
    /// How many bytes it has.
    pub length: usize,
    /// What is put there.
    pub bind: Bind,
}

impl std::fmt::Debug for AttemptSpec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AttemptSpec").field("attempt", &self.attempt).field("step", &self.step).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Bind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bind").field("parameter", &self.parameter).finish_non_exhaustive()
    }
}

impl AttemptSpec {
    /// Tells whether it must leave its target as it was.
    pub fn only_reads(&self) -> bool {
        self.class.only_reads() || self.role == CredentialRole::ReadOnly
    }

    /// Tells whether what it passes under this name is secret.
    pub fn is_secret(&self, name: &str) -> bool {
        self.secrets.iter().chain(self.versions.keys()).any(|secret| is_variable_of(secret, name))
    }

    /// Returns its text as it is sent: with the secrets that have a place in it. Nothing where they do not fit.
    pub fn sent(&self) -> Option<Cow<'_, str>> {
        if self.literals.is_empty() {
            return Some(Cow::Borrowed(&self.text));
        }
        let (mut sent, mut at) = (String::with_capacity(self.text.len() + 64), 0);
        for literal in &self.literals {
            sent.push_str(self.text.get(at..literal.at)?);
            sent.push_str(&literal.bind.value);
            at = literal.at.checked_add(literal.length)?;
        }
        sent.push_str(self.text.get(at..)?);
        Some(Cow::Owned(sent))
    }

    /// Returns the SHA-256 of its canonical JSON: keys sorted, no white space, without `attempt` and `expires_at`, and with null for
    /// each value of which `versions` says which it is.
    ///
    /// The attempt's id and expiry are left out because both are given only when the attempt is requested, while
    /// the requester must have seen the digest before; the record holds both beside the digest, and the claim
    /// checks the expiry on its own.
    pub fn digest(&self) -> Digest {
        let mut fields = serde_json::to_value(self).unwrap_or_default();
        if let Some(object) = fields.as_object_mut() {
            object.remove("attempt");
            object.remove("expires_at");
        }
        self.leave_out_secrets(&mut fields);
        let mut canonical = String::new();
        write_canonical(&fields, &mut canonical);
        Digest::from_bytes(Sha256::digest(canonical.as_bytes()).into())
    }
}

impl AttemptSpec {
    fn leave_out_secrets(&self, fields: &mut serde_json::Value) {
        let stands_for = |name: &str| self.versions.keys().any(|secret| is_variable_of(secret, name));
        let binds = self.binds.iter().enumerate().filter(|(_, bind)| stands_for(&bind.parameter));
        let literals = self.literals.iter().enumerate().filter(|(_, literal)| stands_for(&literal.bind.parameter));
        let places = binds
            .map(|(at, _)| format!("/binds/{at}/value"))
            .chain(literals.map(|(at, _)| format!("/literals/{at}/bind/value")));
        for place in places {
            fields.pointer_mut(&place).map(serde_json::Value::take);
        }
        let env = fields.get_mut("env").and_then(serde_json::Value::as_object_mut);
        for (_, value) in env.into_iter().flatten().filter(|(name, _)| stands_for(name)) {
            value.take();
        }
    }
}

/// Writes JSON with sorted keys, whatever order the map keeps.
fn write_canonical(value: &serde_json::Value, out: &mut String) {
    match value {
        serde_json::Value::Object(object) => {
            let sorted: BTreeMap<_, _> = object.iter().collect();
            out.push('{');
            for (index, (key, value)) in sorted.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                out.push_str(&serde_json::Value::from(key.as_str()).to_string());
                out.push(':');
                write_canonical(value, out);
            }
            out.push('}');
        }
        serde_json::Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_canonical(item, out);
            }
            out.push(']');
        }
        scalar => out.push_str(&scalar.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use farol_api::confine::Confinement;

    use super::*;

    fn spec() -> AttemptSpec {
        AttemptSpec {
            attempt: AttemptId(uuid::Uuid::nil()),
            incident: IncidentId(1),
            step: "check".parse().unwrap(),
            number: 1,
            language: CommandLanguage::Sql,
            text: "select 1".into(),
            binds: vec![Bind { parameter: "pid".into(), value: "7".into() }],
            env: BTreeMap::new(),
            literals: Vec::new(),
            secrets: Vec::new(),
            versions: BTreeMap::new(),
            target: "demo".parse().unwrap(),
            target_version: 1,
            role: CredentialRole::ReadOnly,
            class: RiskClass::Read,
            classifier_version: "1".into(),
            timeout_seconds: 60,
            expires_at: DateTime::from_timestamp_micros(0).unwrap(),
            asked: Asked::default(),
        }
    }

    /// A change of what runs that does not change the digest would let an approval cover what nobody saw.
    #[test]
    fn every_change_of_what_runs_changes_the_digest() {
        let original = spec().digest();
        let changes: [fn(&mut AttemptSpec); 23] = [
            |s| s.text.push(' '),
            |s| s.binds[0].value.push('1'),
            |s| s.env = BTreeMap::from([("A".into(), "b".into())]),
            |s| s.target = "prod".parse().unwrap(),
            |s| s.target_version += 1,
            |s| s.role = CredentialRole::Admin,
            |s| s.class = RiskClass::Write,
            |s| s.classifier_version.push('1'),
            |s| s.timeout_seconds += 1,
            |s| s.number += 1,
            |s| s.incident = IncidentId(2),
            |s| s.asked.approvals = 1,
            |s| s.asked.target_approvals = 1,
            |s| s.asked.needs_reason = true,
            |s| s.asked.expected = Some("0".into()),
            |s| s.asked.variables = vec!["COPY".into()],
            |s| s.asked.results = vec!["lag".into()],
            |s| s.asked.directory = Some("copies".into()),
            |s| s.asked.direct = true,
            |s| s.asked.confinement = Some(Confinement::Files),
            |s| s.asked.hold = Some(farol_api::hold::HoldTerms::default()),
            |s| {
                let rows = farol_api::hold::RowRange::read("1..3");
                s.asked.hold = Some(farol_api::hold::HoldTerms { rows, ..Default::default() });
            },
            |s| s.asked.parts = vec![crate::AskedPart::default()],
        ];
        for (index, change) in changes.iter().enumerate() {
            let mut changed = spec();
            change(&mut changed);
            assert_ne!(changed.digest(), original, "change {index}");
        }
    }

    fn with_secrets(value: &str, version: &str) -> AttemptSpec {
        let bind = |parameter: &str| Bind { parameter: parameter.into(), value: value.into() };
        AttemptSpec {
            text: "ALTER ROLE app PASSWORD '<new>'".into(),
            binds: vec![bind("db-pass")],
            env: BTreeMap::from([("FAROL_P_DB_PASS".into(), value.into()), ("DB_PASS".into(), value.into())]),
            literals: vec![Literal { at: 25, length: 5, bind: bind("new") }],
            secrets: vec!["db-pass".into(), "new".into()],
            versions: BTreeMap::from([("db-pass".into(), "entry 3".into()), ("new".into(), version.into())]),
            ..spec()
        }
    }

    /// Who has the exported record could try all short passwords until the digest fits.
    #[test]
    fn no_value_of_a_secret_is_in_the_digest_and_which_of_them_it_is_is() {
        let digest = with_secrets("1234", "entry 4").digest();
        assert_eq!(with_secrets("4321", "entry 4").digest(), digest);
        assert_ne!(with_secrets("1234", "entry 5").digest(), digest);
        let mut moved = with_secrets("1234", "entry 4");
        moved.literals[0].at -= 1;
        assert_ne!(moved.digest(), digest);
        let mut other = with_secrets("1234", "entry 4");
        other.env.insert("HOST".into(), "db-1".into());
        let known = other.digest();
        other.env.insert("HOST".into(), "db-2".into());
        assert_ne!(other.digest(), known, "what is no secret is part of it");
    }

    #[test]
    fn secrets_stand_in_the_text_that_is_sent_and_in_no_other() {
        let spec = with_secrets("tr0ub4dor", "entry 4");
        assert_eq!(spec.sent().unwrap(), "ALTER ROLE app PASSWORD 'tr0ub4dor'");
        assert!(!spec.text.contains("tr0ub4dor"));
        let beyond = AttemptSpec { text: "ALTER".into(), ..spec };
        assert_eq!(beyond.sent(), None);
    }

    /// What was approved before a new version came stays approved.
    #[test]
    fn a_specification_without_wishes_is_written_as_it_always_was() {
        let text = serde_json::to_string(&spec()).unwrap();
        assert!(!text.contains("asked"), "{text}");
        assert_eq!(serde_json::from_str::<AttemptSpec>(&text).unwrap(), spec());
    }

    #[test]
    fn a_preview_has_the_digest_of_the_attempt_it_becomes() {
        let mut attempt = spec();
        attempt.attempt = AttemptId(uuid::Uuid::from_u128(7));
        attempt.expires_at = DateTime::from_timestamp_micros(9).unwrap();
        assert_eq!(attempt.digest(), spec().digest());
    }
}
