//! Postgres: reads in a read-only transaction whose snapshot is taken first, all else as one autocommitted statement.
//!
//! The server itself proves that the text is one statement, by preparing it; then the text goes by the simple
//! protocol, because that gives the server's own exact words for every type. Values go into `EXECUTE` as quoted
//! literals of unknown type, which the server reads as the type that it found for the parameter.

mod prepare;
mod stop;
mod undescribed;

use std::borrow::Cow;
use std::str::FromStr;
use std::sync::LazyLock;
use std::time::Duration;

use farol_api::event::{FailureCode, Outcome};
use farol_api::output::Column;
use farol_api::risk::RiskClass;
use farol_api::target::CredentialRole;
use farol_store::OPEN_LOCK;
use sqlx::postgres::{PgColumn, PgConnectOptions, PgQueryResult, PgRow, Postgres};
use sqlx::{AssertSqlSafe, Column as _, ConnectOptions, Connection, Executor, PgConnection, Row, TypeInfo, ValueRef};
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;

pub(super) use self::prepare::{forget, rows};

use self::prepare::{Prepared, Way, prepare};
use self::stop::Stopper;
use super::ending::{after_error, after_stop, changed_rows};
use super::failure::{Meaning, connect_failure, meaning, words};
use super::pump::{Counts, Pump, Pumped, Rows};
use super::quote::postgres_literal;
use super::{CONNECT_TIMEOUT, STOP_PATIENCE, Statement, Warm, audited, witness};
use crate::ended::Ended;
use crate::intent::Intent;
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

/// The same, and whether the database is a store that a Farol has open: it holds a lock there, which every role may see.
static QUESTIONS: LazyLock<String> = LazyLock::new(|| {
    let (high, low) = (OPEN_LOCK >> 32, OPEN_LOCK & 0xffff_ffff);
    format!(
        "{TOO_STRONG},
  exists (
    select from pg_catalog.pg_locks l
    where l.locktype = 'advisory' and l.classid = {high} and l.objid = {low} and l.objsubid = 1 and l.granted
      and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database()))"
    )
});

/// An open connection and what is needed to stop what runs on it.
pub(super) struct Session {
    pub(super) conn: PgConnection,
    options: PgConnectOptions,
    pid: i32,
    /// Whether its role can do more than read.
    strong: bool,
    /// Whether it is a store of Farol.
    own: bool,
}

/// Why no session could be had.
pub(super) enum NoSession {
    TooStrong,
    OwnStore,
    Error(sqlx::Error),
    Silent,
}

/// Runs one statement, on a connection that was opened ahead of time where there is one. Only what executes nothing of it
/// comes before its intent is committed.
pub(super) async fn run(
    statement: &Statement<'_>,
    ready: Option<Session>,
    warm: &Warm,
    printer: &mut Printer,
    cancel: &CancellationToken,
    intent: &Intent,
) -> Ended {
    let opened = tokio::select! {
        () = cancel.cancelled() => return Ended::of(Outcome::Cancelled),
        opened = open(statement, ready) => opened,
    };
    let mut session = match opened {
        Ok(session) => session,
        Err(why) => {
            intent.committed().await;
            return refuse(why, printer).await;
        }
    };
    let ended = run_in(&mut session, statement, printer, cancel, intent).await;
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

    fn stopper(&self) -> Stopper {
        Stopper { options: self.options.clone(), pid: self.pid }
    }

    /// Stops what was sent and is not answered yet.
    pub(super) async fn interrupt(&self) {
        let _ = self.stopper().cancel().await;
    }

    /// Says goodbye; a server that does not hear it sees the socket close.
    pub async fn close(self) {
        let _ = timeout(Duration::from_secs(1), self.conn.close()).await;
    }
}

pub(super) async fn open(statement: &Statement<'_>, ready: Option<Session>) -> Result<Session, NoSession> {
    if let Some(ready) = ready {
        match timeout(CONNECT_TIMEOUT, begin(ready, statement)).await {
            Ok(Err(NoSession::Error(_) | NoSession::Silent | NoSession::TooStrong)) | Err(_) => {
                // It was lost while it waited, or what its role may do was asked before that changed. Nothing was sent yet:
                // a new one may try.
            }
            Ok(begun) => return begun,
        }
    }
    let fresh = async { begin(connect(statement.url, &statement.attempt).await?, statement).await };
    timeout(CONNECT_TIMEOUT, fresh).await.unwrap_or(Err(NoSession::Silent))
}

/// Reads the URL of a credential.
pub(super) fn options(url: &SecretUrl) -> Result<PgConnectOptions, sqlx::Error> {
    let options = PgConnectOptions::from_str(url.expose())?.disable_statement_logging();
    // sqlx would send the password that the server's own environment has, perhaps that of the store, to whatever host is named.
    let of_environment = !url.has_password() && std::env::var_os("PGPASSWORD").is_some();
    Ok(if of_environment { options.password("") } else { options })
}

/// Connects, and asks what the role may do.
pub(super) async fn connect(url: &SecretUrl, name: &str) -> Result<Session, NoSession> {
    let options = options(url).map_err(NoSession::Error)?.application_name(name);
    let mut conn = PgConnection::connect_with(&options).await.map_err(NoSession::Error)?;
    let row = conn.fetch_one(sqlx::raw_sql(AssertSqlSafe(QUESTIONS.as_str()))).await.map_err(NoSession::Error)?;
    let cells = PgRows.cells(&row);
    let pid = cells.first().cloned().flatten().and_then(|pid| pid.parse().ok()).unwrap_or(0);
    let told = |at: usize| cells.get(at).cloned().flatten().as_deref() != Some("f");
    let (strong, own) = (told(1), told(2));
    Ok(Session { conn, options, pid, strong, own })
}

/// Makes a connection that of one statement.
async fn begin(mut session: Session, statement: &Statement<'_>) -> Result<Session, NoSession> {
    if session.own {
        return Err(NoSession::OwnStore);
    }
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
        NoSession::OwnStore => (FailureCode::OwnStore, String::new()),
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

async fn run_in(
    session: &mut Session,
    statement: &Statement<'_>,
    printer: &mut Printer,
    cancel: &CancellationToken,
    intent: &Intent,
) -> Ended {
    let evidence = match witness::number(&mut session.conn, statement).await {
        Ok(evidence) => evidence,
        Err(ended) => return ended,
    };
    let statement = &Statement { uncommitted: evidence.is_some(), ..statement.clone() };
    let prepared = prepare(session, statement, cancel).await;
    let started = intent.committed().await;
    let sent = match prepared {
        Ok(prepared) => dispatch(session, statement, prepared, started, printer, cancel).await,
        Err(why) => Err(why.say(printer).await),
    };
    match (sent, evidence) {
        (Ok(counts), Some(evidence)) => commit(session, statement, counts, &evidence, printer).await,
        (Ok(counts), None) => finish(&mut session.conn, statement, counts, printer).await,
        (Err(ended), _) => ended,
    }
}

/// Prepares and sends a statement whose intent is committed; see [`dispatch`].
pub(super) async fn send(
    session: &mut Session,
    statement: &Statement<'_>,
    started: Instant,
    printer: &mut Printer,
    cancel: &CancellationToken,
) -> Result<Counts, Ended> {
    match prepare(session, statement, cancel).await {
        Ok(prepared) => dispatch(session, statement, prepared, started, printer, cancel).await,
        Err(why) => Err(why.say(printer).await),
    }
}

/// Sends a statement and reads what it returns; says how it ended where it did not come to its own end.
async fn dispatch(
    session: &mut Session,
    statement: &Statement<'_>,
    Prepared { columns, way }: Prepared,
    started: Instant,
    printer: &mut Printer,
    cancel: &CancellationToken,
) -> Result<Counts, Ended> {
    let stopper = session.stopper();
    let columns = match columns {
        Some(columns) => columns,
        None => undescribed::columns(&mut session.conn, statement).await,
    };
    let mut stream = match way {
        Way::Text(text) => sqlx::raw_sql(audited(text)).fetch_many(&mut session.conn),
        Way::Native(arguments) => {
            let query = sqlx::query_with::<Postgres, _>(audited(statement.text.to_owned()), arguments);
            (&mut session.conn).fetch_many(query)
        }
    };
    let mut pump = Pump::new(printer, cancel, statement.give_up(), statement.reads, columns);
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

fn column(column: &PgColumn) -> Column {
    let type_name = match column.type_info().name() {
        undescribed::NAMELESS => String::new(),
        name => name.to_ascii_lowercase(),
    };
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
