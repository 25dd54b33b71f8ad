//! What a runner is given, and what it says when it is done.

use std::path::PathBuf;

use farol_api::confine::Confinement;
use farol_api::event::{AttemptResult, FailureCode, Outcome};
use farol_api::risk::RiskClass;
use farol_api::target::{CredentialRole, DatabaseKind, ShellSettings};
use farol_incident::SecretValue;

use crate::left::AllLeft;
use crate::output::{Limits, Printed};
use crate::shell::Runners;
use crate::sql::{Warm, Witness};

/// A text that is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretText(pub String);

impl std::fmt::Debug for SecretText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretText(…)")
    }
}

/// The URL of a credential, for example `postgres://user:password@host/db`. Never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretUrl(String);

impl SecretUrl {
    /// Wraps a URL.
    pub fn new(url: impl Into<String>) -> Self {
        Self(url.into())
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// Returns what must never show in output: the URL and its password, as written and decoded.
    pub(crate) fn secrets(&self) -> Vec<String> {
        let mut secrets = vec![self.0.clone()];
        let password = url_password(&self.0);
        if let Some(password) = password {
            secrets.push(decode_percent(password));
            secrets.push(password.to_owned());
        }
        secrets
    }
}

impl std::fmt::Debug for SecretUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretUrl(…)")
    }
}

fn url_password(url: &str) -> Option<&str> {
    let rest = url.split_once("://")?.1;
    let authority = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
    let (user, _) = authority.rsplit_once('@')?;
    let (_, password) = user.split_once(':')?;
    (!password.is_empty()).then_some(password)
}

fn decode_percent(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).filter(|_| *first == b'%').and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A target as a runner needs it: with the one credential that the attempt may use.
#[derive(Clone, Debug, Default)]
pub struct ResolvedTarget {
    /// The kind of its database.
    pub database: Option<DatabaseKind>,
    /// The credential of the role that the class takes; absent where the target has none.
    pub url: Option<SecretUrl>,
    /// Its shell.
    pub shell: Option<ShellSettings>,
    /// More values that must not show in its output: the incident's secret parameters.
    pub secrets: Vec<SecretText>,
    /// Where it is written down by what its database can be asked about the attempt.
    pub witness: Option<Witness>,
}

/// What every run of one server has in common.
#[derive(Clone, Debug)]
pub struct RunConfig {
    /// What is kept of the output.
    pub limits: Limits,
    /// Where scripts get their runners from.
    pub runners: Runners,
    /// The folder that holds one workspace an incident.
    pub workspaces: PathBuf,
    /// The folder that holds the results which are longer than their output keeps.
    pub results: PathBuf,
    /// Connections opened ahead of time.
    pub warm: Warm,
}

/// How a run ended, and what it left that nobody is to see.
#[derive(Debug)]
pub struct Ran {
    /// What goes into the record.
    pub result: AttemptResult,
    /// Secrets for later steps, on their way to the vault.
    pub sealed: Vec<SecretValue>,
}

/// How a run ended, before the output is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ended {
    pub outcome: Outcome,
    pub exit_code: Option<i32>,
    pub rows: Option<u64>,
    pub failure: Option<FailureCode>,
    /// How far a script was confined.
    pub confined: Option<Confinement>,
}

impl Ended {
    pub const fn succeeded(rows: Option<u64>) -> Self {
        Self { outcome: Outcome::Succeeded, exit_code: None, rows, failure: None, confined: None }
    }

    pub const fn failed(failure: FailureCode) -> Self {
        Self { outcome: Outcome::Failed, exit_code: None, rows: None, failure: Some(failure), confined: None }
    }

    pub const fn of(outcome: Outcome) -> Self {
        Self { outcome, exit_code: None, rows: None, failure: None, confined: None }
    }

    pub const fn unknown(failure: FailureCode) -> Self {
        Self { outcome: Outcome::OutcomeUnknown, exit_code: None, rows: None, failure: Some(failure), confined: None }
    }

    pub fn into_ran(self, printed: Printed, duration_ms: u64) -> Ran {
        // What did not end well leaves nothing for later steps.
        let well = self.outcome == Outcome::Succeeded;
        let left = if well { printed.left } else { AllLeft { folder: printed.left.folder, ..AllLeft::default() } };
        let lost_output = printed.broken.then_some(FailureCode::OutputNotStored);
        let result = AttemptResult {
            outcome: self.outcome,
            exit_code: self.exit_code,
            rows: self.rows,
            duration_ms,
            output_digest: printed.digest,
            truncated: printed.truncated || printed.broken,
            full: printed.full,
            failure: self.failure.or(lost_output),
            expected_seen: printed.expected_seen.filter(|_| well),
            captured: left.captured,
            // That the folder is gone holds however it ended.
            directory: left.folder.filter(|folder| well || folder == "."),
            confined: self.confined,
        };
        Ran { result, sealed: left.sealed }
    }
}

/// Tells whether an attempt must leave its target as it was.
pub(crate) const fn only_reads(class: RiskClass, role: CredentialRole) -> bool {
    matches!(class, RiskClass::Read | RiskClass::SideEffect) || matches!(role, CredentialRole::ReadOnly)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_of_a_url_is_a_secret_as_written_and_decoded() {
        let secrets = SecretUrl::new("postgres://u:p%40ss@h:1/db?x=y:z@w").secrets();
        assert!(secrets.contains(&"p%40ss".to_owned()) && secrets.contains(&"p@ss".to_owned()), "{secrets:?}");
        assert_eq!(SecretUrl::new("sqlite:///a:b@c").secrets().len(), 1);
        assert_eq!(SecretUrl::new("postgres://u@h/db").secrets().len(), 1);
    }
}
