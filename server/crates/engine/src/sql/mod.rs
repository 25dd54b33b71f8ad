//! Runs one SQL statement an attempt, each on a connection of its own that is closed afterwards.

mod check;
mod ending;
mod failure;
mod functions;
mod held;
mod mysql;
mod own;
mod postgres;
mod pump;
mod quote;
mod sqlite;
mod sqlite_raw;
mod warm;
mod witness;

use std::time::Duration;

use farol_api::event::FailureCode;
use farol_api::risk::RiskClass;
use farol_api::target::{CredentialRole, DatabaseKind};
use farol_incident::spec::{AttemptSpec, Bind};
use sqlx::AssertSqlSafe;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

pub use check::{CheckFailure, CredentialCheck, check_credential};
pub use functions::target_functions;
pub use own::is_own;
pub use warm::Warm;
pub use witness::Witness;

pub(crate) use witness::ask_all;

use self::warm::{Purpose, Session};
use crate::ended::Ended;
use crate::hold::Desk;
use crate::intent::Intent;
use crate::output::Printer;
use crate::secret::SecretUrl;

/// How long a connection may take to open and to be made ready.
pub(crate) const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a target gets to prove that a statement has stopped.
pub(crate) const STOP_PATIENCE: Duration = Duration::from_secs(5);
/// How much longer than the target's own timeout the engine waits before it stops a statement itself.
pub(crate) const TIMEOUT_SLACK: Duration = Duration::from_secs(2);

/// One statement, as the runner of a database sees it.
#[derive(Clone)]
pub(crate) struct Statement<'a> {
    pub attempt: String,
    pub url: &'a SecretUrl,
    pub text: &'a str,
    pub binds: &'a [Bind],
    pub class: RiskClass,
    pub role: CredentialRole,
    /// Whether the target must be left as it was.
    pub reads: bool,
    /// Whether the credential must be unable to write.
    pub read_only: bool,
    pub timeout: Duration,
    /// Where it is written down by what the target can be asked.
    pub witness: Option<&'a Witness>,
    /// Whether nothing of it is there unless we say so: it stands in a transaction of ours.
    pub uncommitted: bool,
}

impl Statement<'_> {
    /// When the engine stops it, if the target has not.
    pub fn give_up(&self) -> Instant {
        Instant::now() + self.timeout + TIMEOUT_SLACK
    }

    /// Whether a lost connection means that nothing of it is there.
    pub const fn leaves_nothing(&self) -> bool {
        self.reads || self.uncommitted
    }

    /// What a lost connection means: nothing for a read, doubt for all else.
    pub fn lost(&self) -> Ended {
        if self.leaves_nothing() {
            Ended::failed(FailureCode::ConnectionLost)
        } else {
            Ended::unknown(FailureCode::ConnectionLost)
        }
    }
}

/// The database that a statement goes to, and the one credential that it may use there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Door<'a> {
    kind: DatabaseKind,
    url: &'a SecretUrl,
    witness: Option<&'a Witness>,
}

impl<'a> Door<'a> {
    /// Returns it for what a target has; nothing where it lacks the database or the credential.
    pub fn of(kind: Option<DatabaseKind>, url: Option<&'a SecretUrl>, witness: Option<&'a Witness>) -> Option<Self> {
        Some(Self { kind: kind?, url: url?, witness })
    }
}

/// Tells whether a statement may be made ready before its intent is committed: the database holds it to reading, and
/// preparing executes nothing of it.
pub(crate) fn can_be_made_ready(spec: &AttemptSpec, door: Door<'_>) -> bool {
    spec.only_reads() && door.kind == DatabaseKind::Postgres && !has_zero_byte(spec)
}

fn has_zero_byte(spec: &AttemptSpec) -> bool {
    let values = spec.binds.iter().chain(spec.literals.iter().map(|literal| &literal.bind));
    spec.text.contains('\0') || values.into_iter().any(|bind| bind.value.contains('\0'))
}

/// Runs a statement to its end. Its intent is committed, unless it can be made ready before.
pub(crate) async fn run(
    spec: &AttemptSpec,
    Door { kind, url, witness }: Door<'_>,
    warm: &Warm,
    printer: &mut Printer,
    cancel: &CancellationToken,
    desk: &Desk,
    intent: &Intent,
) -> Ended {
    if has_zero_byte(spec) {
        printer.message("The statement or a parameter holds a zero byte.").await;
        return Ended::failed(FailureCode::StatementRefused);
    }
    let Some(text) = spec.sent() else {
        printer.message("The places of secrets do not fit the statement.").await;
        return Ended::failed(FailureCode::StatementRefused);
    };
    let reads = spec.only_reads();
    let statement = Statement {
        attempt: spec.attempt.to_string(),
        url,
        text: &text,
        binds: &spec.binds,
        class: spec.class,
        role: spec.role,
        reads,
        read_only: reads,
        timeout: Duration::from_secs(spec.timeout_seconds.max(1).into()),
        witness,
        uncommitted: false,
    };
    let purpose =
        Purpose { target: spec.target.clone(), version: spec.target_version, role: spec.role, kind, url: url.clone() };
    let (postgres, mysql) = match warm.take(purpose) {
        Some(Session::Postgres(session)) => (Some(session), None),
        Some(Session::Mysql(session)) => (None, Some(session)),
        None => (None, None),
    };
    if let Some(terms) = spec.asked.hold.as_ref().filter(|_| !reads) {
        let ready = held::Ready { kind, postgres, mysql };
        return held::run(ready, &statement, terms, &spec.asked.parts, printer, cancel, desk).await;
    }
    match kind {
        DatabaseKind::Postgres => postgres::run(&statement, postgres, warm, printer, cancel, intent).await,
        DatabaseKind::Mysql => mysql::run(&statement, mysql, printer, cancel).await,
        DatabaseKind::Sqlite => sqlite::run(&statement, printer, cancel).await,
    }
}

/// The one place where text that is not part of this program becomes SQL.
///
/// What comes here is either the statement of an approved attempt, whose digest was checked, or was put together in
/// this module from numbers and from values that [`quote`] has quoted.
fn audited(sql: String) -> AssertSqlSafe<String> {
    AssertSqlSafe(sql)
}
