//! Postgres: reads in a read-only transaction whose snapshot is taken first, all else as one autocommitted statement.
//!
//! The server itself proves that the text is one statement, by preparing it; then the text goes by the simple
//! protocol, because that gives the server's own exact words for every type. Values go into `EXECUTE` as quoted
//! literals of unknown type, which the server reads as the type that it found for the parameter.

use std::borrow::Cow;
use std::str::FromStr;
use std::time::Duration;

use farol_api::event::{FailureCode, Outcome};
use farol_api::output::Column;
use farol_api::risk::RiskClass;
use farol_api::target::CredentialRole;
use sqlx::postgres::{PgArguments, PgColumn, PgConnectOptions, PgQueryResult, PgRow, Postgres};
use sqlx::{
    Column as _, ConnectOptions, Connection, Either, Executor, PgConnection, Row, SqlSafeStr, Statement as _, TypeInfo,
    ValueRef,
};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::ending::{StopProof, after_error, after_stop, changed_rows, explained, first_word};
use super::failure::{Meaning, connect_failure, meaning, words};
use super::pump::{Counts, Pump, Pumped, Rows, Stopped, drain};
use super::quote::postgres_literal;
use super::{CONNECT_TIMEOUT, STOP_PATIENCE, Statement, Warm, audited, witness};
use crate::ended::Ended;
use crate::output::Printer;
use crate::secret::SecretUrl;

/// The longest wait for a lock.
const LOCK_TIMEOUT: Duration = Duration::from_secs(30);

/// Tells whether the current role, or one that it may become, can do more than read.
const TOO_STRONG: &str = "\
with roles as (
  select r.* from pg_catalog.pg_roles r where pg_catalog.pg_has_role(current_user, r.oid, 'MEMBER'))
select pg_catalog.pg_backend_pid(),
  exists (
    select from roles r where r.rolsuper or r.rolcreatedb or r.rolcreaterole or r.rolreplication or r.rolbypassrls
      or r.rolname in ('pg_write_all_data', 'pg_execute_server_program', 'pg_write_server_files',
                       'pg_read_server_files', 'pg_signal_backend', 'pg_checkpoint', 'pg_create_subscription'))
  or exists (
    select from roles r, pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'v', 'f')
      and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
      and (pg_catalog.has_any_column_privilege(r.oid, c.oid, 'INSERT, UPDATE')
        or pg_catalog.has_table_privilege(r.oid, c.oid, 'DELETE, TRUNCATE')))";

/// An open connection and what is needed to stop what runs on it.
pub(super) struct Session {
    pub(super) conn: PgConnection,
    options: PgConnectOptions,
    pid: i32,
    /// Whether its role can do more than read.
    strong: bool,
}

/// Why no session could be had.
pub(super) enum NoSession {
    TooStrong,
    Error(sqlx::Error),
    Silent,
}

/// Runs one statement, on a connection that was opened ahead of time where there is one.
pub(super) async fn run(
    statement: &Statement<'_>,
    ready: Option<Session>,
    warm: &Warm,
    printer: &mut Printer,
    cancel: &CancellationToken,
) -> Ended {
    let started = Instant::now();
    let opened = tokio::select! {
        () = cancel.cancelled() => return Ended::of(Outcome::Cancelled),
        opened = open(statement, ready) => opened,
    };
    let mut session = match opened {
        Ok(session) => session,
        Err(why) => return refuse(why, printer).await,
    };
    let ended = run_in(&mut session, statement, started, printer, cancel).await;
    // Never used again.
    match ended.outcome {
        Outcome::Succeeded => warm.retire(super::Session::Postgres(session)),
        _ => session.close().await,
    }
    ended
}

/// Opens a connection with the credential, or says why not; nothing runs on it but our own questions.
pub(super) async fn check(url: &SecretUrl, read_only: bool) -> Result<(), (FailureCode, String)> {
    ask(url, "farol-check", read_only).await?.close().await;
    Ok(())
}

/// Opens a connection for questions of our own, in a transaction that reads.
pub(super) async fn ask(url: &SecretUrl, name: &str, read_only: bool) -> Result<Session, (FailureCode, String)> {
    let statement = Statement {
        attempt: name.to_owned(),
        url,
        text: "",
        binds: &[],
        class: RiskClass::Read,
        role: CredentialRole::ReadOnly,
        reads: true,
        read_only,
        timeout: CONNECT_TIMEOUT,
        witness: None,
        uncommitted: false,
    };
    open(&statement, None).await.map_err(|why| explain(&why))
}

impl Session {
    pub(super) const fn options(&self) -> &PgConnectOptions {
        &self.options
    }

    /// Stops what was sent and is not answered yet.
    pub(super) async fn interrupt(&self) {
        let _ = Stopper { options: self.options.clone(), pid: self.pid }.cancel().await;
    }

    /// Says goodbye; a server that does not hear it sees the socket close.
    pub async fn close(self) {
        let _ = timeout(Duration::from_secs(1), self.conn.close()).await;
    }
}

pub(super) async fn open(statement: &Statement<'_>, ready: Option<Session>) -> Result<Session, NoSession> {
    if let Some(ready) = ready {
        match timeout(CONNECT_TIMEOUT, begin(ready, statement)).await {
            Ok(Err(NoSession::Error(_) | NoSession::Silent)) | Err(_) => {
                // It was lost while it waited. Nothing was sent yet: a new one may try.
            }
            Ok(begun) => return begun,
        }
    }
    let fresh = async { begin(connect(statement.url, &statement.attempt).await?, statement).await };
    timeout(CONNECT_TIMEOUT, fresh).await.unwrap_or(Err(NoSession::Silent))
}

/// Reads the URL of a credential.
pub(super) fn options(url: &SecretUrl) -> Result<PgConnectOptions, sqlx::Error> {
    Ok(PgConnectOptions::from_str(url.expose())?.disable_statement_logging())
}

/// Connects, and asks what the role may do.
pub(super) async fn connect(url: &SecretUrl, name: &str) -> Result<Session, NoSession> {
    let options = options(url).map_err(NoSession::Error)?.application_name(name);
    let mut conn = PgConnection::connect_with(&options).await.map_err(NoSession::Error)?;
    let row = conn.fetch_one(sqlx::raw_sql(TOO_STRONG)).await.map_err(NoSession::Error)?;
    let cells = PgRows.cells(&row);
    let pid = cells.first().cloned().flatten().and_then(|pid| pid.parse().ok()).unwrap_or(0);
    let strong = cells.get(1).cloned().flatten().as_deref() != Some("f");
    Ok(Session { conn, options, pid, strong })
}

/// Makes a connection that of one statement.
async fn begin(mut session: Session, statement: &Statement<'_>) -> Result<Session, NoSession> {
    if statement.read_only && session.strong {
        return Err(NoSession::TooStrong);
    }
    let (begin, local) = if statement.reads { ("begin read only; ", true) } else { ("", false) };
    let (limit, lock) = (statement.timeout.as_millis(), LOCK_TIMEOUT.min(statement.timeout).as_millis());
    let name = postgres_literal(&statement.attempt);
    let set = |setting: &str, value: &str| format!("pg_catalog.set_config('{setting}', {value}, {local})");
    // One question sets all: a statement for each would take the server several times as long. It takes the snapshot of a
    // read-only transaction, too: from there on it cannot be made to write.
    let settings = [
        set("statement_timeout", &format!("'{limit}'")),
        set("lock_timeout", &format!("'{lock}'")),
        set("idle_in_transaction_session_timeout", &format!("'{limit}'")),
        set("standard_conforming_strings", "'on'"),
        set("application_name", &name),
    ];
    let settings = format!("{begin}select {}", settings.join(", "));
    session.conn.execute(sqlx::raw_sql(audited(settings))).await.map_err(NoSession::Error)?;
    Ok(session)
}

pub(super) fn explain(why: &NoSession) -> (FailureCode, String) {
    match why {
        NoSession::TooStrong => (FailureCode::CredentialTooStrong, String::new()),
        NoSession::Silent => (FailureCode::Unreachable, "The server did not answer in time.".to_owned()),
        NoSession::Error(error) => (connect_failure(error), words(error)),
    }
}

async fn refuse(why: NoSession, printer: &mut Printer) -> Ended {
    let (code, message) = explain(&why);
    printer.message(&message).await;
    Ended::failed(code)
}

/// How the statement is sent.
enum Way {
    Text(String),
    Native(PgArguments),
}

async fn run_in(
    session: &mut Session,
    statement: &Statement<'_>,
    started: Instant,
    printer: &mut Printer,
    cancel: &CancellationToken,
) -> Ended {
    let evidence = match witness::number(&mut session.conn, statement).await {
        Ok(evidence) => evidence,
        Err(ended) => return ended,
    };
    let statement = &Statement { uncommitted: evidence.is_some(), ..statement.clone() };
    match (send(session, statement, started, printer, cancel).await, evidence) {
        (Ok(counts), Some(evidence)) => commit(session, statement, counts, &evidence, printer).await,
        (Ok(counts), None) => finish(&mut session.conn, statement, counts, printer).await,
        (Err(ended), _) => ended,
    }
}

/// Sends the statement and reads what it returns; says how it ended where it did not come to its own end.
pub(super) async fn send(
    session: &mut Session,
    statement: &Statement<'_>,
    started: Instant,
    printer: &mut Printer,
    cancel: &CancellationToken,
) -> Result<Counts, Ended> {
    let stopper = Stopper { options: session.options.clone(), pid: session.pid };
    let give_up = statement.give_up();
    let prepared = tokio::select! {
        prepared = prepare(&mut session.conn, statement) => prepared,
        () = cancel.cancelled() => {
            // It waits for a lock, and has done nothing yet.
            let _ = stopper.cancel().await;
            return Err(Ended::of(Outcome::Cancelled));
        }
        () = tokio::time::sleep_until(give_up) => {
            let _ = stopper.cancel().await;
            return Err(Ended::of(Outcome::TimedOut));
        }
    };
    let (columns, way) = match prepared {
        Ok(prepared) => prepared,
        Err(PrepareError::Words(message)) => {
            printer.message(&message).await;
            return Err(Ended::failed(FailureCode::StatementRefused));
        }
        // Nothing was executed: even a lost connection leaves no doubt.
        Err(PrepareError::Error(error)) => {
            printer.message(&words(&error)).await;
            return Err(match meaning(&error) {
                Meaning::Interrupted if started.elapsed() >= statement.timeout => Ended::of(Outcome::TimedOut),
                Meaning::Lost => Ended::failed(FailureCode::ConnectionLost),
                _ => Ended::failed(FailureCode::StatementRefused),
            });
        }
    };
    let mut stream = match way {
        Way::Text(text) => sqlx::raw_sql(audited(text)).fetch_many(&mut session.conn),
        Way::Native(arguments) => {
            let query = sqlx::query_with::<Postgres, _>(audited(statement.text.to_owned()), arguments);
            (&mut session.conn).fetch_many(query)
        }
    };
    let mut pump = Pump::new(printer, cancel, give_up, statement.reads, columns);
    let pumped = pump.run(&PgRows, &mut stream).await;
    let (counts, broken) = (pump.counts, pump.printer.broken());
    Err(match pumped {
        Pumped::Done => return Ok(counts),
        Pumped::Error(error) => {
            printer.message(&words(&error)).await;
            after_error(&error, statement, started)
        }
        Pumped::Enough => {
            let _ = stopper.stop(&mut stream).await;
            if broken { Ended::failed(FailureCode::OutputNotStored) } else { Ended::succeeded(Some(counts.seen)) }
        }
        Pumped::NotSent => Ended::of(Outcome::Cancelled),
        Pumped::Cancelled => after_stop(stopper.stop(&mut stream).await, Outcome::Cancelled, statement, printer).await,
        Pumped::Deadline => after_stop(stopper.stop(&mut stream).await, Outcome::TimedOut, statement, printer).await,
    })
}

/// Commits a change; where the answer does not come, the database is asked what became of it.
async fn commit(
    session: &mut Session,
    statement: &Statement<'_>,
    counts: Counts,
    evidence: &str,
    printer: &mut Printer,
) -> Ended {
    farol_store::failpoint("a change that is not committed");
    let rows = changed_rows(statement, counts);
    match timeout(statement.timeout + STOP_PATIENCE, session.conn.execute(sqlx::raw_sql("commit"))).await {
        Ok(Ok(_)) => Ended::succeeded(rows),
        // A constraint that was deferred: all of it was rolled back.
        Ok(Err(error)) if meaning(&error) != Meaning::Lost => {
            printer.message(&words(&error)).await;
            Ended::failed(FailureCode::StatementRefused)
        }
        Ok(Err(_)) | Err(_) => witness::ask_now(&session.options, evidence, rows, printer).await,
    }
}

/// Closes the transaction of a read where something of it may stay. All others are left open: nothing more is sent on their
/// connection, and its end undoes whatever they did. Nobody waits for that.
async fn finish(conn: &mut PgConnection, statement: &Statement<'_>, counts: Counts, printer: &mut Printer) -> Ended {
    if !statement.reads {
        return Ended::succeeded(changed_rows(statement, counts));
    }
    let read = Ended::succeeded(counts.had_columns.then_some(counts.seen));
    if statement.class != RiskClass::SideEffect {
        return read;
    }
    match timeout(STOP_PATIENCE, close_read(conn)).await {
        Ok(Ok(true)) => read,
        Ok(Ok(false)) => {
            printer.message("farol: the statement wrote to the database, and was undone.").await;
            Ended::failed(FailureCode::StatementRefused)
        }
        Ok(Err(error)) => {
            printer.message(&words(&error)).await;
            match meaning(&error) {
                Meaning::Refused => Ended::failed(FailureCode::StatementRefused),
                Meaning::Lost | Meaning::Interrupted => Ended::failed(FailureCode::ConnectionLost),
            }
        }
        Err(_) => Ended::failed(FailureCode::ConnectionLost),
    }
}

/// Ends the transaction of a read whose notifications others are to hear, and tells whether it had written nothing.
///
/// Before version 16 a read-only transaction lets large objects be made. So it is kept only if it was given no number: that
/// is given to whatever writes.
async fn close_read(conn: &mut PgConnection) -> Result<bool, sqlx::Error> {
    let row = conn.fetch_one(sqlx::raw_sql("select pg_catalog.txid_current_if_assigned() is not null")).await?;
    let wrote = PgRows.cells(&row).first().cloned().flatten().as_deref() != Some("f");
    conn.execute(sqlx::raw_sql(if wrote { "rollback" } else { "commit" })).await?;
    Ok(!wrote)
}

/// Stops what runs on a connection, over another one.
struct Stopper {
    options: PgConnectOptions,
    pid: i32,
}

impl Stopper {
    /// Cancels the statement and waits for its end; ends the session where it does not hear.
    async fn stop<S>(&self, stream: &mut S) -> StopProof
    where
        S: futures::Stream<Item = Result<Either<PgQueryResult, PgRow>, sqlx::Error>> + Unpin,
    {
        let other = self.cancel().await;
        match drain(stream).await {
            Stopped::Done => return StopProof::Done,
            Stopped::Error(error) => return StopProof::Error(error),
            Stopped::Silent => {}
        }
        let Ok(mut other) = other else { return StopProof::None };
        let gone = timeout(STOP_PATIENCE, self.terminate(&mut other)).await;
        if matches!(gone, Ok(Ok(()))) { StopProof::Gone } else { StopProof::None }
    }

    async fn cancel(&self) -> Result<PgConnection, sqlx::Error> {
        let connect = async {
            let mut other = PgConnection::connect_with(&self.options.clone().application_name("farol-stop")).await?;
            let cancel = sqlx::query("select pg_catalog.pg_cancel_backend($1)").bind(self.pid);
            other.execute(cancel).await?;
            Ok(other)
        };
        timeout(CONNECT_TIMEOUT, connect).await.unwrap_or(Err(sqlx::Error::PoolTimedOut))
    }

    async fn terminate(&self, other: &mut PgConnection) -> Result<(), sqlx::Error> {
        let end = sqlx::query("select pg_catalog.pg_terminate_backend($1)").bind(self.pid);
        other.execute(end).await?;
        loop {
            let look = sqlx::query("select from pg_catalog.pg_stat_activity where pid = $1").bind(self.pid);
            if other.fetch_optional(look).await?.is_none() {
                return Ok(());
            }
            sleep(Duration::from_millis(20)).await;
        }
    }
}

enum PrepareError {
    Error(sqlx::Error),
    Words(String),
}

/// Has the server prove that the text is one statement, learns its columns, and decides how it is sent.
async fn prepare(conn: &mut PgConnection, statement: &Statement<'_>) -> Result<(Vec<Column>, Way), PrepareError> {
    let text = statement.text;
    let prepared = (&mut *conn).prepare(audited(text.to_owned()).into_sql_str()).await.map_err(PrepareError::Error)?;
    let columns = prepared.columns().iter().map(column).collect();
    let wanted = match prepared.parameters() {
        Some(Either::Left(types)) => types.iter().map(|kind| kind.name().to_ascii_lowercase()).collect(),
        _ => Vec::new(),
    };
    if wanted.len() != statement.binds.len() {
        let (wants, has) = (wanted.len(), statement.binds.len());
        return Err(PrepareError::Words(format!("The statement takes {wants} parameter(s), and {has} were given.")));
    }
    if statement.binds.is_empty() {
        return Ok((columns, Way::Text(text.to_owned())));
    }
    // EXPLAIN cannot be prepared by name, but what it explains can.
    let (explain, text) = match explained(text) {
        Some(query) => ("explain ", query),
        None if first_word(text).eq_ignore_ascii_case("explain") => {
            // Its result is text in either format.
            return Ok((columns, Way::Native(native(statement, &wanted)?)));
        }
        None => ("", text),
    };
    let by_name = sqlx::raw_sql(audited(format!("prepare farol_step as {text}")));
    conn.execute(by_name).await.map_err(PrepareError::Error)?;
    let values: Vec<_> = statement.binds.iter().map(|bind| postgres_literal(&bind.value)).collect();
    Ok((columns, Way::Text(format!("{explain}execute farol_step ({})", values.join(", ")))))
}

/// Returns the rows of a question of our own with the author's values; nothing where the server refuses it.
pub(super) async fn rows(conn: &mut PgConnection, statement: &Statement<'_>) -> Option<Vec<Vec<Option<String>>>> {
    let (_, way) = prepare(conn, statement).await.ok()?;
    let Way::Text(text) = way else { return None };
    let rows = conn.fetch_all(sqlx::raw_sql(audited(text))).await.ok()?;
    forget(conn, statement).await.ok()?;
    Some(rows.iter().map(|row| PgRows.cells(row)).collect())
}

/// Makes room for another statement with values on the same connection.
pub(super) async fn forget(conn: &mut PgConnection, statement: &Statement<'_>) -> Result<(), sqlx::Error> {
    if !statement.binds.is_empty() {
        conn.execute(sqlx::raw_sql("deallocate farol_step")).await?;
    }
    Ok(())
}

/// Binds values as the types that the server found, for the few types that an EXPLAIN is likely to need.
fn native(statement: &Statement<'_>, wanted: &[String]) -> Result<PgArguments, PrepareError> {
    let mut arguments = PgArguments::default();
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

fn column(column: &PgColumn) -> Column {
    let type_name = column.type_info().name().to_ascii_lowercase();
    let numeric =
        matches!(type_name.as_str(), "int2" | "int4" | "int8" | "oid" | "float4" | "float8" | "numeric" | "money");
    Column { name: column.name().to_owned(), type_name, numeric }
}

pub(super) struct PgRows;

impl Rows for PgRows {
    type Row = PgRow;
    type Done = PgQueryResult;

    fn columns(&self, row: &PgRow) -> Vec<Column> {
        row.columns().iter().map(column).collect()
    }

    fn each<'r>(&self, row: &'r PgRow) -> impl Iterator<Item = Option<Cow<'r, str>>> {
        let cell = |index| {
            let value = row.try_get_raw(index).ok().filter(|value| !value.is_null())?;
            Some(String::from_utf8_lossy(value.as_bytes().ok()?))
        };
        (0..row.len()).map(cell)
    }

    fn affected(&self, done: &PgQueryResult) -> u64 {
        done.rows_affected()
    }
}
