//! Tries a credential, and says at which layer it fails.

use farol_api::event::FailureCode;
use farol_api::target::{CredentialRole, DatabaseKind};

use super::{mysql, postgres, sqlite};
use crate::redact::Secrets;
use crate::secret::SecretUrl;
use crate::text::plain;

/// What came of trying a credential.
pub type CredentialCheck = Result<(), CheckFailure>;

/// Why a credential cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct CheckFailure {
    /// The layer: not reachable, refused, or too strong to be the read-only one.
    pub code: FailureCode,
    /// The database's own words, redacted; for the log and for people who manage targets, never for an event.
    pub message: String,
}

/// Connects as an attempt of that role would, and runs nothing but the questions that an attempt asks first.
///
/// # Errors
/// Names the layer that failed: [`FailureCode::Unreachable`], [`FailureCode::CredentialRefused`] or
/// [`FailureCode::CredentialTooStrong`].
pub async fn check_credential(kind: DatabaseKind, role: CredentialRole, url: &SecretUrl) -> CredentialCheck {
    let read_only = role == CredentialRole::ReadOnly;
    let checked = match kind {
        DatabaseKind::Postgres => postgres::check(url, read_only).await,
        DatabaseKind::Mysql => mysql::check(url, read_only).await,
        DatabaseKind::Sqlite => sqlite::check(url, read_only).await,
    };
    checked.map_err(|why| failed(url, why))
}

/// Says why a credential cannot be used, without what is secret of it.
pub(super) fn failed(url: &SecretUrl, (code, message): (FailureCode, String)) -> CheckFailure {
    let secrets = url.secrets();
    let message = plain(&Secrets::new(secrets.iter().map(String::as_str)).redact(&message));
    CheckFailure { code, message }
}
