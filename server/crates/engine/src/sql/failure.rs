//! What an error of a database means for an attempt.

use farol_api::event::FailureCode;
use sqlx::error::DatabaseError;
use sqlx::mysql::MySqlDatabaseError;
use sqlx::postgres::PgDatabaseError;

/// What an error says about the statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// The target ended it on demand or at its time limit.
    Interrupted,
    /// The connection is gone; what the statement did is not known.
    Lost,
    /// The target refused it.
    Refused,
}

/// Reads an error that came while a statement ran.
pub(super) fn meaning(error: &sqlx::Error) -> Meaning {
    match error {
        sqlx::Error::Database(error) => database_meaning(&**error),
        sqlx::Error::Protocol(text) if text.contains("Copy") => Meaning::Refused,
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed => {
            Meaning::Lost
        }
        _ => Meaning::Refused,
    }
}

fn database_meaning(error: &(dyn DatabaseError + 'static)) -> Meaning {
    if let Some(error) = error.try_downcast_ref::<MySqlDatabaseError>() {
        return match error.number() {
            // ER_QUERY_INTERRUPTED, ER_STATEMENT_TIMEOUT (MariaDB), ER_QUERY_TIMEOUT (MySQL)
            1317 | 1969 | 3024 => Meaning::Interrupted,
            // ER_SERVER_SHUTDOWN, ER_CONNECTION_KILLED, ER_ABORTING_CONNECTION and what it says of itself
            1053 | 1927 | 1152 | 1184 | 4031 => Meaning::Lost,
            _ => Meaning::Refused,
        };
    }
    let code = error.code().unwrap_or_default();
    if error.try_downcast_ref::<PgDatabaseError>().is_some() {
        return match &*code {
            "57014" => Meaning::Interrupted,
            "57P01" | "57P02" | "57P03" | "57P04" | "57P05" => Meaning::Lost,
            code if code.starts_with("08") => Meaning::Lost,
            _ => Meaning::Refused,
        };
    }
    // SQLITE_INTERRUPT
    if code == "9" { Meaning::Interrupted } else { Meaning::Refused }
}

/// Says why a connection could not be made ready.
pub(super) fn connect_failure(error: &sqlx::Error) -> FailureCode {
    let sqlx::Error::Database(error) = error else {
        return match error {
            sqlx::Error::Configuration(_) => FailureCode::CredentialRefused,
            _ => FailureCode::Unreachable,
        };
    };
    if let Some(error) = error.try_downcast_ref::<MySqlDatabaseError>() {
        // ER_DBACCESS_DENIED, ER_ACCESS_DENIED, ER_ACCESS_DENIED_NO_PASSWORD, and the like
        let refused = matches!(error.number(), 1044 | 1045 | 1698 | 1820 | 1862 | 3118 | 4151);
        return if refused { FailureCode::CredentialRefused } else { FailureCode::Unreachable };
    }
    match error.code() {
        Some(code) if code.starts_with("28") || code == "42501" => FailureCode::CredentialRefused,
        _ => FailureCode::Unreachable,
    }
}

/// Returns the database's own words about an error, or ours where it has none. Not redacted yet.
pub(super) fn words(error: &sqlx::Error) -> String {
    let sqlx::Error::Database(error) = error else {
        return match error {
            sqlx::Error::Protocol(text) if text.contains("Copy") => {
                "COPY from STDIN or to STDOUT needs a client with a file, which a step is not.".to_owned()
            }
            _ => error.to_string(),
        };
    };
    let mut words = match error.code() {
        Some(code) => format!("{} ({code})", error.message()),
        None => error.message().to_owned(),
    };
    if let Some(error) = error.try_downcast_ref::<PgDatabaseError>() {
        for (label, text) in [("DETAIL", error.detail()), ("HINT", error.hint()), ("WHERE", error.r#where())] {
            if let Some(text) = text {
                words.push_str(&format!("\n{label}: {text}"));
            }
        }
    }
    words
}
