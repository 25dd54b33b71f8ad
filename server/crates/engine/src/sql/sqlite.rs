//! SQLite: reads on a file opened read-only behind an authorizer, all else as one autocommitted statement.

use std::borrow::Cow;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use farol_api::event::{FailureCode, Outcome};
use farol_api::output::Column;
use farol_api::target::CredentialRole;
use sqlx::sqlite::{SqliteArguments, SqliteConnectOptions, SqliteQueryResult, SqliteRow};
use sqlx::{
    Arguments, ConnectOptions, Connection, Decode, Executor, Row, Sqlite, SqliteConnection, TypeInfo, ValueRef,
};
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;

use super::ending::{StopProof, after_error, after_stop, changed_rows, first_word};
use super::failure::words;
use super::pump::{Counts, Pump, Pumped, Rows, Stopped, drain};
use super::sqlite_raw::{self, BadText, Permit, Shape};
use super::{CONNECT_TIMEOUT, Statement, audited};
use crate::ended::Ended;
use crate::hex::hex;
use crate::output::Printer;
use crate::secret::SecretUrl;

/// How often a running statement asks whether it is to stop, in steps of SQLite's machine.
const STEPS_BETWEEN_LOOKS: i32 = 2_000;

/// Runs one statement.
pub(super) async fn run(statement: &Statement<'_>, printer: &mut Printer, cancel: &CancellationToken) -> Ended {
    let started = Instant::now();
    let mut conn = match open(statement.url, statement.reads, statement.timeout).await {
        Ok(conn) => conn,
        Err((code, message)) => {
            printer.message(&message).await;
            return Ended::failed(code);
        }
    };
    let ended = match send(&mut conn, statement, started, printer, cancel).await {
        Ok(counts) if statement.reads => Ended::succeeded(counts.had_columns.then_some(counts.seen)),
        Ok(counts) => Ended::succeeded(changed_rows(statement, counts)),
        Err(ended) => ended,
    };
    let _ = timeout(Duration::from_secs(1), conn.close()).await;
    ended
}

/// Sends the statement and reads what it returns; says how it ended where it did not come to its own end.
pub(super) async fn send(
    conn: &mut SqliteConnection,
    statement: &Statement<'_>,
    started: Instant,
    printer: &mut Printer,
    cancel: &CancellationToken,
) -> Result<Counts, Ended> {
    let stop = Arc::new(AtomicBool::new(false));
    let shape = match prepare(conn, statement, &stop, started).await {
        Ok(shape) => shape,
        Err(message) => {
            printer.message(&message).await;
            return Err(Ended::failed(FailureCode::StatementRefused));
        }
    };
    execute(conn, statement, shape, &stop, started, printer, cancel).await
}

/// Opens the file with a credential, or says why not.
pub(super) async fn check(url: &SecretUrl, read_only: bool) -> Result<(), (FailureCode, String)> {
    let mut conn = open(url, read_only, CONNECT_TIMEOUT).await?;
    let read = conn.fetch_one(sqlx::raw_sql("select count(*) from sqlite_schema")).await;
    read.map(|_| ()).map_err(|error| (FailureCode::Unreachable, words(&error)))
}

pub(super) async fn open(
    url: &SecretUrl,
    reads: bool,
    limit: Duration,
) -> Result<SqliteConnection, (FailureCode, String)> {
    let options = SqliteConnectOptions::from_str(url.expose())
        .map_err(|error| (FailureCode::CredentialRefused, words(&error)))?
        .create_if_missing(false)
        .read_only(reads)
        // sqlx would switch it on, and with it change what the author's SQL does.
        .foreign_keys(false)
        .busy_timeout(limit.min(Duration::from_secs(5)))
        .disable_statement_logging();
    let options = if reads { options.pragma("query_only", "on") } else { options };
    match timeout(CONNECT_TIMEOUT, SqliteConnection::connect_with(&options)).await {
        Ok(Ok(conn)) => Ok(conn),
        Ok(Err(error)) => Err((FailureCode::Unreachable, words(&error))),
        Err(_) => Err((FailureCode::Unreachable, "The file could not be opened in time.".to_owned())),
    }
}

/// Hardens the connection and compiles the text, which proves that it is one statement.
async fn prepare(
    conn: &mut SqliteConnection,
    statement: &Statement<'_>,
    stop: &Arc<AtomicBool>,
    started: Instant,
) -> Result<Shape, String> {
    let mut handle = conn.lock_handle().await.map_err(|error| words(&error))?;
    let permit = match statement.role {
        _ if statement.reads => Permit::Read,
        CredentialRole::Admin => Permit::Administer,
        CredentialRole::ReadOnly | CredentialRole::ReadWrite => Permit::Write,
    };
    sqlite_raw::harden(&mut handle, permit);
    let shape = sqlite_raw::shape(&mut handle, statement.text).map_err(|bad| match bad {
        BadText::Empty => "There is no statement.".to_owned(),
        BadText::Several => "There is more than one statement.".to_owned(),
        BadText::Error(words) => words,
    })?;
    // SQLite counts the question for a setting among what writes; the authorizer has told it from a change.
    let asks = first_word(statement.text).eq_ignore_ascii_case("pragma");
    if statement.reads && !shape.read_only && !asks {
        return Err("The statement does not only read.".to_owned());
    }
    let (wants, has) = (shape.parameters, statement.binds.len());
    if wants != has {
        return Err(format!("The statement takes {wants} parameter(s), and {has} were given."));
    }
    let (stop, until) = (Arc::clone(stop), started + statement.timeout);
    handle.set_progress_handler(STEPS_BETWEEN_LOOKS, move || !stop.load(Ordering::Relaxed) && Instant::now() < until);
    Ok(shape)
}

async fn execute(
    conn: &mut SqliteConnection,
    statement: &Statement<'_>,
    shape: Shape,
    stop: &AtomicBool,
    started: Instant,
    printer: &mut Printer,
    cancel: &CancellationToken,
) -> Result<Counts, Ended> {
    let Some(arguments) = arguments(statement) else {
        return Err(Ended::failed(FailureCode::StatementRefused));
    };
    let columns = shape.columns.into_iter().map(|(name, declared)| column(name, declared)).collect();
    let query = sqlx::query_with::<Sqlite, _>(audited(statement.text.to_owned()), arguments).persistent(false);
    let mut stream = conn.fetch_many(query);
    let mut pump = Pump::new(printer, cancel, statement.give_up(), statement.reads, columns);
    let pumped = pump.run(&SqliteRows, &mut stream).await;
    let (counts, broken) = (pump.counts, pump.printer.broken());
    let wish = match pumped {
        Pumped::Done => return Ok(counts),
        Pumped::Error(error) => {
            printer.message(&words(&error)).await;
            return Err(after_error(&error, statement, started));
        }
        Pumped::Enough => {
            stop.store(true, Ordering::Relaxed);
            let ended = Ended::succeeded(Some(counts.seen));
            return Err(if broken { Ended::failed(FailureCode::OutputNotStored) } else { ended });
        }
        Pumped::NotSent => return Err(Ended::of(Outcome::Cancelled)),
        Pumped::Cancelled => Outcome::Cancelled,
        Pumped::Deadline => Outcome::TimedOut,
    };
    stop.store(true, Ordering::Relaxed);
    let proof = match drain(&mut stream).await {
        Stopped::Done => StopProof::Done,
        Stopped::Error(error) => StopProof::Error(error),
        Stopped::Silent => StopProof::None,
    };
    Err(after_stop(proof, wish, statement, printer).await)
}

/// Binds the values of a statement.
fn arguments(statement: &Statement<'_>) -> Option<SqliteArguments> {
    let mut arguments = SqliteArguments::default();
    for bind in statement.binds {
        let added = match canonical_integer(&bind.value) {
            Some(number) => arguments.add(number),
            None => arguments.add(bind.value.clone()),
        };
        added.ok()?;
    }
    Some(arguments)
}

/// Returns the rows of a question of our own with the author's values; nothing where the file refuses it.
pub(super) async fn rows(conn: &mut SqliteConnection, statement: &Statement<'_>) -> Option<Vec<Vec<Option<String>>>> {
    let text = audited(statement.text.to_owned());
    let query = sqlx::query_with::<Sqlite, _>(text, arguments(statement)?).persistent(false);
    let rows = conn.fetch_all(query).await.ok()?;
    Some(rows.iter().map(|row| SqliteRows.cells(row)).collect())
}

/// Returns the number that a text is, where writing the number gives the same text.
fn canonical_integer(text: &str) -> Option<i64> {
    text.parse::<i64>().ok().filter(|number| number.to_string() == text)
}

fn column(name: String, declared: Option<String>) -> Column {
    let type_name = declared.unwrap_or_default();
    let upper = type_name.to_ascii_uppercase();
    // SQLite's own rules of affinity, and the words that give a numeric one.
    let numeric = ["INT", "REAL", "FLOA", "DOUB", "NUMERIC", "DECIMAL"].iter().any(|word| upper.contains(word));
    Column { name, type_name, numeric }
}

pub(super) struct SqliteRows;

impl Rows for SqliteRows {
    type Row = SqliteRow;
    type Done = SqliteQueryResult;

    fn columns(&self, row: &SqliteRow) -> Vec<Column> {
        use sqlx::Column as _;
        row.columns().iter().map(|known| column(known.name().to_owned(), None)).collect()
    }

    fn each<'r>(&self, row: &'r SqliteRow) -> impl Iterator<Item = Option<Cow<'r, str>>> {
        (0..row.len()).map(|index| cell(row, index))
    }

    fn affected(&self, done: &SqliteQueryResult) -> u64 {
        done.rows_affected()
    }
}

/// Writes a cell: numbers so that reading them gives the same number, bytes as `x'…'`.
fn cell(row: &SqliteRow, index: usize) -> Option<Cow<'_, str>> {
    let value = row.try_get_raw(index).ok().filter(|value| !value.is_null())?;
    let kind = value.type_info().name().to_owned();
    match kind.as_str() {
        "REAL" => <f64 as Decode<'_, Sqlite>>::decode(value).ok().map(|number| format!("{number:?}").into()),
        "BLOB" => <&[u8] as Decode<'_, Sqlite>>::decode(value).ok().map(|bytes| format!("x'{}'", hex(bytes)).into()),
        "INTEGER" => <i64 as Decode<'_, Sqlite>>::decode(value).ok().map(|number| number.to_string().into()),
        _ => {
            let bytes = <&[u8] as Decode<'_, Sqlite>>::decode(value).ok()?;
            Some(String::from_utf8_lossy(bytes))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_number_is_bound_as_one() {
        assert_eq!(canonical_integer("-12"), Some(-12));
        for text in ["+1", "01", " 1", "1.0", "1e3", "9223372036854775808", ""] {
            assert_eq!(canonical_integer(text), None, "{text}");
        }
    }
}
