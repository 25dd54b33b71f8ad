//! Exactly what will run, and its digest.

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
    /// Names of parameters whose values are secret.
    pub secrets: Vec<String>,
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

    /// Returns the SHA-256 of its canonical JSON: keys sorted, no white space, without `attempt` and `expires_at`.
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
        let mut canonical = String::new();
        write_canonical(&fields, &mut canonical);
        Digest::from_bytes(Sha256::digest(canonical.as_bytes()).into())
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
            secrets: Vec::new(),
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
