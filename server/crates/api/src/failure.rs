//! Why an attempt did not succeed.

use serde::{Deserialize, Serialize};

/// Why an attempt did not succeed. People read a sentence in their language; the database's own words go to the
/// attempt's output after redaction, never into an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FailureCode {
    /// The target did not answer.
    Unreachable,
    /// The target refused the credential.
    CredentialRefused,
    /// The target has no credential of the role that the class takes.
    NoCredential,
    /// The read-only credential may write.
    CredentialTooStrong,
    /// The database is Farol's own store, or one that another Farol has open.
    OwnStore,
    /// The connection was lost while it ran.
    ConnectionLost,
    /// The target refused the statement.
    StatementRefused,
    /// The script ended with an exit code other than 0.
    ExitCode,
    /// The script was ended by a signal.
    Signal,
    /// The runner could not be started.
    RunnerFailed,
    /// What was approved had changed or expired, or who asked or approved may not any more.
    ApprovalVoid,
    /// A person refused or withdrew it.
    Withdrawn,
    /// The server stopped while it ran.
    ServerLost,
    /// The output could not be stored.
    OutputNotStored,
    /// It changed more or fewer rows than was approved; all was rolled back.
    RowsOutside,
    /// Nobody decided in time; all was rolled back.
    HoldExpired,
    /// It cannot be held before it is committed; nothing was changed.
    CannotHold,
}
