//! Having a server read a statement before it is sent: nothing of it is executed.

use farol_api::event::{FailureCode, Outcome};
use farol_api::output::Column;
use sqlx::postgres::{PgArguments, PgStatement};
use sqlx::{Either, Executor, PgConnection, SqlSafeStr, Statement as _, TypeInfo};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::super::ending::{explained, first_word};
use super::super::failure::{Meaning, meaning, words};
use super::super::pump::Rows;
use super::super::quote::postgres_literal;
use super::super::{Statement, audited};
use super::{PgRows, Session, column, undescribed};
use crate::ended::Ended;
use crate::output::Printer;

/// A statement that the server has read.
pub(super) struct Prepared {
    /// Nothing where the driver does not know a type among them.
    pub columns: Option<Vec<Column>>,
    pub way: Way,
}

/// How a statement is sent.
pub(super) enum Way {
    Text(String),
    Native(PgArguments),
}

/// Why a statement was not prepared, and how its attempt ends: nothing was executed.
pub(super) struct NotPrepared {
    ended: Ended,
    message: String,
}

impl NotPrepared {
    pub async fn say(self, printer: &mut Printer) -> Ended {
        printer.message(&self.message).await;
        self.ended
    }
}

enum PrepareError {
    Error(sqlx::Error),
    Words(String),
}

/// Prepares a statement, as long as it may take and nobody wants to stop it.
pub(super) async fn prepare(
    session: &mut Session,
    statement: &Statement<'_>,
    cancel: &CancellationToken,
) -> Result<Prepared, NotPrepared> {
    let (stopper, started) = (session.stopper(), Instant::now());
    let quiet = |ended| NotPrepared { ended, message: String::new() };
    let prepared = tokio::select! {
        prepared = read(&mut session.conn, statement) => prepared,
        () = cancel.cancelled() => {
            // It waits for a lock, and has done nothing yet.
            let _ = stopper.cancel().await;
            return Err(quiet(Ended::of(Outcome::Cancelled)));
        }
        () = sleep_until(statement.give_up()) => {
            let _ = stopper.cancel().await;
            return Err(quiet(Ended::of(Outcome::TimedOut)));
        }
    };
    prepared.map_err(|why| match why {
        PrepareError::Words(message) => NotPrepared { ended: Ended::failed(FailureCode::StatementRefused), message },
        // Nothing was executed: even a lost connection leaves no doubt.
        PrepareError::Error(error) => {
            let ended = match meaning(&error) {
                Meaning::Interrupted if started.elapsed() >= statement.timeout => Ended::of(Outcome::TimedOut),
                Meaning::Lost => Ended::failed(FailureCode::ConnectionLost),
                _ => Ended::failed(FailureCode::StatementRefused),
            };
            NotPrepared { ended, message: words(&error) }
        }
    })
}

/// Has the server prove that the text is one statement, learns its columns, and decides how it is sent.
async fn read(conn: &mut PgConnection, statement: &Statement<'_>) -> Result<Prepared, PrepareError> {
    let text = statement.text;
    let (columns, wanted) = match (&mut *conn).prepare(audited(text.to_owned()).into_sql_str()).await {
        Ok(prepared) => (Some(prepared.columns().iter().map(column).collect()), Some(wanted(&prepared))),
        Err(error) if undescribed::is_it(&error) => (None, None),
        Err(error) => return Err(PrepareError::Error(error)),
    };
    // Where nobody knows what it takes, the server counts what it is given.
    let (has, wants) = (statement.binds.len(), wanted.as_ref().map(Vec::len));
    if let Some(wants) = wants.filter(|wants| *wants != has) {
        return Err(PrepareError::Words(format!("The statement takes {wants} parameter(s), and {has} were given.")));
    }
    if statement.binds.is_empty() {
        return Ok(Prepared { columns, way: Way::Text(text.to_owned()) });
    }
    // EXPLAIN cannot be prepared by name, but what it explains can.
    let (explain, text) = match explained(text) {
        Some(query) => ("explain ", query),
        None if first_word(text).eq_ignore_ascii_case("explain") => {
            // Its result is text in either format.
            return Ok(Prepared { columns, way: Way::Native(native(statement, &wanted.unwrap_or_default())?) });
        }
        None => ("", text),
    };
    let by_name = sqlx::raw_sql(audited(format!("prepare farol_step as {text}")));
    conn.execute(by_name).await.map_err(PrepareError::Error)?;
    let values: Vec<_> = statement.binds.iter().map(|bind| postgres_literal(&bind.value)).collect();
    Ok(Prepared { columns, way: Way::Text(format!("{explain}execute farol_step ({})", values.join(", "))) })
}

/// Returns the names of the types that a statement's parameters have.
fn wanted(prepared: &PgStatement) -> Vec<String> {
    match prepared.parameters() {
        Some(Either::Left(types)) => types.iter().map(|kind| kind.name().to_ascii_lowercase()).collect(),
        _ => Vec::new(),
    }
}

/// Returns the rows of a question of our own with the author's values; nothing where the server refuses it.
pub(in crate::sql) async fn rows(
    conn: &mut PgConnection,
    statement: &Statement<'_>,
) -> Option<Vec<Vec<Option<String>>>> {
    let Way::Text(text) = read(conn, statement).await.ok()?.way else { return None };
    let rows = conn.fetch_all(sqlx::raw_sql(audited(text))).await.ok()?;
    forget(conn, statement).await.ok()?;
    Some(rows.iter().map(|row| PgRows.cells(row)).collect())
}

/// Makes room for another statement with values on the same connection.
pub(in crate::sql) async fn forget(conn: &mut PgConnection, statement: &Statement<'_>) -> Result<(), sqlx::Error> {
    if !statement.binds.is_empty() {
        conn.execute(sqlx::raw_sql("deallocate farol_step")).await?;
    }
    Ok(())
}

/// Binds values as the types that the server found, for the few types that an EXPLAIN is likely to need.
fn native(statement: &Statement<'_>, wanted: &[String]) -> Result<PgArguments, PrepareError> {
    let mut arguments = PgArguments::default();
    if wanted.len() != statement.binds.len() {
        return Err(PrepareError::Words("EXPLAIN takes no parameter of this type here.".to_owned()));
    }
    for (bind, kind) in statement.binds.iter().zip(wanted) {
        let value = bind.value.as_str();
        let bad = || PrepareError::Words(format!("The parameter {} is no {kind}.", bind.parameter));
        use sqlx::Arguments as _;
        let added = match kind.as_str() {
            "int2" => arguments.add(value.trim().parse::<i16>().map_err(|_| bad())?),
            "int4" => arguments.add(value.trim().parse::<i32>().map_err(|_| bad())?),
            "int8" => arguments.add(value.trim().parse::<i64>().map_err(|_| bad())?),
            "float8" => arguments.add(value.trim().parse::<f64>().map_err(|_| bad())?),
            "text" | "varchar" | "name" | "unknown" => arguments.add(value),
            _ => return Err(PrepareError::Words(format!("EXPLAIN takes no parameter of type {kind} here."))),
        };
        added.map_err(|_| bad())?;
    }
    Ok(arguments)
}
