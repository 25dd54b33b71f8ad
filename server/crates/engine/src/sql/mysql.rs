//! MariaDB and MySQL: reads in a read-only session, all else as one autocommitted statement.
//!
//! The server proves that the text is one statement by preparing it (a prepared text may hold only one); then it goes
//! by the text protocol, which gives the server's own words for every type. With values, text and values are sent in
//! hexadecimal, and the server itself prepares and executes: no SQL mode changes what they mean.

use std::borrow::Cow;
use std::str::FromStr;
use std::time::Duration;

use farol_api::event::{FailureCode, Outcome};
use farol_api::output::Column;
use farol_api::risk::{Dialect, RiskClass};
use farol_api::target::CredentialRole;
use sqlx::mysql::{MySql, MySqlColumn, MySqlConnectOptions, MySqlDatabaseError, MySqlQueryResult, MySqlRow};
use sqlx::{
    Column as _, ConnectOptions, Connection, Decode, Either, Executor, MySqlConnection, Row, SqlSafeStr,
    Statement as _, Type, TypeInfo, ValueRef,
};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::ending::{StopProof, after_error, after_stop, changed_rows};
use super::failure::{connect_failure, words};
use super::pump::{Counts, Pump, Pumped, Rows, Stopped, drain};
use super::quote::mysql_text;
use super::{CONNECT_TIMEOUT, STOP_PATIENCE, Statement, audited};
use crate::ended::Ended;
use crate::hex::hex;
use crate::output::Printer;
use crate::secret::SecretUrl;

/// The server's code for a statement that it cannot prepare.
const UNSUPPORTED_PS: u16 = 1295;
/// What a read-only credential may be granted.
const READ_PRIVILEGES: [&str; 12] = [
    "USAGE",
    "SELECT",
    "SHOW VIEW",
    "SHOW DATABASES",
    "SHOW_ROUTINE",
    "PROCESS",
    "REPLICATION CLIENT",
    "BINLOG MONITOR",
    "SLAVE MONITOR",
    "REPLICA MONITOR",
    "LOCK TABLES",
    "SHOW CREATE ROUTINE",
];

/// An open connection and what is needed to stop what runs on it.
pub(super) struct Session {
    pub(super) conn: MySqlConnection,
    options: MySqlConnectOptions,
    id: u64,
    mariadb: bool,
    /// Whether its account can do more than read.
    strong: bool,
}

/// Runs one statement, on a connection that was opened ahead of time where there is one.
pub(super) async fn run(
    statement: &Statement<'_>,
    ready: Option<Session>,
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
        Err((code, message)) => {
            printer.message(&message).await;
            return Ended::failed(code);
        }
    };
    let ended = run_in(&mut session, statement, started, printer, cancel).await;
    // Never used again.
    session.close().await;
    ended
}

/// Opens a connection with the credential, or says why not; nothing runs on it but our own questions.
pub(super) async fn check(url: &SecretUrl, read_only: bool) -> Result<(), (FailureCode, String)> {
    let statement = Statement {
        attempt: String::new(),
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
    open(&statement, None).await?.close().await;
    Ok(())
}

impl Session {
    /// Stops what was sent and is not answered yet.
    pub async fn interrupt(&self) {
        let _ = Stopper { options: self.options.clone(), id: self.id }.kill("query").await;
    }

    /// Says goodbye; a server that does not hear it sees the socket close.
    pub async fn close(self) {
        let _ = timeout(Duration::from_secs(1), self.conn.close()).await;
    }
}

pub(super) async fn open(statement: &Statement<'_>, ready: Option<Session>) -> Result<Session, (FailureCode, String)> {
    // What its account may do was asked when it was opened: a refusal may be out of date, and is asked for anew.
    let ready = ready.filter(|ready| !(statement.read_only && ready.strong));
    if let Some(ready) = ready
        // One that was lost while it waited: nothing was sent yet, and a new one may try.
        && let Ok(Ok(begun)) = timeout(CONNECT_TIMEOUT, begin(ready, statement)).await
    {
        return begun.ok_or((FailureCode::CredentialTooStrong, String::new()));
    }
    let fresh = async { begin(connect(statement.url).await?, statement).await };
    match timeout(CONNECT_TIMEOUT, fresh).await {
        Ok(Ok(Some(session))) => Ok(session),
        Ok(Ok(None)) => Err((FailureCode::CredentialTooStrong, String::new())),
        Ok(Err(error)) => Err((connect_failure(&error), words(&error))),
        Err(_) => Err((FailureCode::Unreachable, "The server did not answer in time.".to_owned())),
    }
}

/// Connects, and asks what the account may do.
pub(super) async fn connect(url: &SecretUrl) -> Result<Session, sqlx::Error> {
    // sqlx would change the SQL mode and the time zone, and with them what the author's SQL means.
    let options = MySqlConnectOptions::from_str(url.expose())?
        .pipes_as_concat(false)
        .no_engine_substitution(false)
        .timezone(None)
        .disable_statement_logging();
    let mut conn = MySqlConnection::connect_with(&options).await?;
    let row = conn.fetch_one(sqlx::raw_sql("select connection_id(), version()")).await?;
    let cells = MySqlRows.cells(&row);
    let id = cells.first().cloned().flatten().and_then(|id| id.parse().ok()).unwrap_or(0);
    let mariadb = cells.get(1).cloned().flatten().is_some_and(|version| version.contains("MariaDB"));
    let strong = too_strong(&mut conn).await?;
    Ok(Session { conn, options, id, mariadb, strong })
}

/// Makes a connection that of one statement; nothing where the credential is too strong for a read.
async fn begin(mut session: Session, statement: &Statement<'_>) -> Result<Option<Session>, sqlx::Error> {
    if statement.read_only && session.strong {
        return Ok(None);
    }
    let conn = &mut session.conn;
    let seconds = statement.timeout.as_secs().max(1);
    let limit = if session.mariadb {
        format!("max_statement_time = {seconds}")
    } else {
        format!("max_execution_time = {}", seconds * 1_000)
    };
    let lock = seconds.min(30);
    // sqlx asks for spaces between a function's name and its bracket to be ignored, which makes names of functions
    // reserved words; the session goes back to what the server has.
    let mode = "sql_mode = if(find_in_set('IGNORE_SPACE', @@global.sql_mode), @@session.sql_mode, \
                trim(both ',' from replace(concat(',', @@session.sql_mode, ','), ',IGNORE_SPACE,', ',')))";
    // Where the server or its `init_connect` has switched it off, a change would go with the connection.
    let settings = format!(
        "set session autocommit = 1, session {limit}, session lock_wait_timeout = {lock}, session innodb_lock_wait_timeout = {lock}, session {mode}"
    );
    conn.execute(sqlx::raw_sql(audited(settings))).await?;
    if statement.reads {
        // The session's setting stays when a statement commits implicitly; a transaction's alone would not.
        conn.execute(sqlx::raw_sql("set session transaction read only")).await?;
    }
    Ok(Some(session))
}

async fn too_strong(conn: &mut MySqlConnection) -> Result<bool, sqlx::Error> {
    let rows = conn.fetch_all(sqlx::raw_sql("show grants")).await?;
    let grants = rows.iter().filter_map(|row| MySqlRows.cells(row).into_iter().next().flatten());
    Ok(grants.into_iter().any(|grant| !only_reads(&grant)))
}

/// Tells whether a line of SHOW GRANTS gives nothing but reading. A granted role is listed with its own lines.
fn only_reads(grant: &str) -> bool {
    let upper = grant.to_ascii_uppercase();
    let Some(rest) = upper.strip_prefix("GRANT ") else { return upper.starts_with("SET DEFAULT ROLE ") };
    if rest.contains(" WITH GRANT OPTION") || rest.contains(" WITH ADMIN OPTION") {
        return false;
    }
    let Some((privileges, _)) = rest.split_once(" ON ") else { return true };
    outside_brackets(privileges).split(',').all(|privilege| READ_PRIVILEGES.contains(&privilege.trim()))
}

fn outside_brackets(text: &str) -> String {
    let mut depth = 0_usize;
    let keep = |c: char| {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => return Some(c),
            _ => {}
        }
        None
    };
    text.chars().filter_map(keep).collect()
}

async fn run_in(
    session: &mut Session,
    statement: &Statement<'_>,
    started: Instant,
    printer: &mut Printer,
    cancel: &CancellationToken,
) -> Ended {
    match send(session, statement, started, printer, cancel).await {
        Ok(counts) if statement.reads => Ended::succeeded(counts.had_columns.then_some(counts.seen)),
        Ok(counts) => Ended::succeeded(changed_rows(statement, counts)),
        Err(ended) => ended,
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
    let stopper = Stopper { options: session.options.clone(), id: session.id };
    let give_up = statement.give_up();
    let prepared = tokio::select! {
        prepared = prepare(&mut session.conn, statement) => prepared,
        () = cancel.cancelled() => {
            let _ = stopper.kill("query").await;
            return Err(Ended::of(Outcome::Cancelled));
        }
        () = tokio::time::sleep_until(give_up) => {
            let _ = stopper.kill("query").await;
            return Err(Ended::of(Outcome::TimedOut));
        }
    };
    let (columns, text) = match prepared {
        Ok(prepared) => prepared,
        Err(message) => {
            printer.message(&message).await;
            return Err(Ended::failed(FailureCode::StatementRefused));
        }
    };
    let mut stream = sqlx::raw_sql(audited(text)).fetch_many(&mut session.conn);
    let mut pump = Pump::new(printer, cancel, give_up, statement.reads, columns);
    let pumped = pump.run(&MySqlRows, &mut stream).await;
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

/// Has the server prove that the text is one statement, learns its columns, and returns what is sent.
async fn prepare(conn: &mut MySqlConnection, statement: &Statement<'_>) -> Result<(Vec<Column>, String), String> {
    let text = statement.text;
    if reads_otherwise(conn, statement).await.map_err(|error| words(&error))? {
        return Err("farol: this server is set to take a backslash for a letter like any other (NO_BACKSLASH_ESCAPES, \
                    ANSI_QUOTES), and what was approved was read as servers are unless told otherwise. Write the statement \
                    without one."
            .to_owned());
    }
    let (columns, wants) = match (&mut *conn).prepare(audited(text.to_owned()).into_sql_str()).await {
        Ok(prepared) => {
            let wants = match prepared.parameters() {
                Some(Either::Right(count)) => count,
                Some(Either::Left(types)) => types.len(),
                None => 0,
            };
            (prepared.columns().iter().map(column).collect(), wants)
        }
        // A few statements of administration cannot be prepared: then our own parser proves that it is one.
        Err(error) if is_unsupported(&error) && farol_risk::is_single_statement(Dialect::Mysql, text) => {
            (Vec::new(), 0)
        }
        Err(error) => return Err(words(&error)),
    };
    let has = statement.binds.len();
    if wants != has {
        return Err(format!("The statement takes {wants} parameter(s), and {has} were given."));
    }
    if has == 0 {
        return Ok((columns, text.to_owned()));
    }
    let counts = farol_risk::row_counts(text);
    let values = statement.binds.iter().enumerate().map(|(index, bind)| {
        let is_count = counts.contains(&index) && is_number(&bind.value);
        let value = if is_count { bind.value.clone() } else { mysql_text(&bind.value) };
        format!("@farol_{index} = {value}")
    });
    let values: Vec<_> = values.collect();
    let set = format!("set @farol_step = {}, {}", mysql_text(text), values.join(", "));
    for sql in [set, "prepare farol_step from @farol_step".to_owned()] {
        (&mut *conn).execute(sqlx::raw_sql(audited(sql))).await.map_err(|error| words(&error))?;
    }
    let names: Vec<_> = (0..has).map(|index| format!("@farol_{index}")).collect();
    Ok((columns, format!("execute farol_step using {}", names.join(", "))))
}

/// Tells whether the server ends texts elsewhere in a change than whoever classified it: behind a backslash, where its mode says so.
async fn reads_otherwise(conn: &mut MySqlConnection, statement: &Statement<'_>) -> Result<bool, sqlx::Error> {
    if statement.reads || !statement.text.contains('\\') {
        return Ok(false);
    }
    let row = conn.fetch_one(sqlx::raw_sql("select @@session.sql_mode")).await?;
    let mode = MySqlRows.cells(&row).into_iter().next().flatten().unwrap_or_default();
    let has = |name: &str| mode.split(',').any(|one| one == name);
    Ok(has("NO_BACKSLASH_ESCAPES") || has("ANSI_QUOTES") && statement.text.contains('"'))
}

/// Tells whether a value is digits alone, few enough for a number of rows.
fn is_number(value: &str) -> bool {
    (1..=18).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns the rows of a question of our own with the author's values; nothing where the server refuses it.
pub(super) async fn rows(conn: &mut MySqlConnection, statement: &Statement<'_>) -> Option<Vec<Vec<Option<String>>>> {
    let (_, text) = prepare(conn, statement).await.ok()?;
    let rows = conn.fetch_all(sqlx::raw_sql(audited(text))).await.ok()?;
    Some(rows.iter().map(|row| MySqlRows.cells(row)).collect())
}

fn is_unsupported(error: &sqlx::Error) -> bool {
    let database = error.as_database_error().and_then(|error| error.try_downcast_ref::<MySqlDatabaseError>());
    database.is_some_and(|error| error.number() == UNSUPPORTED_PS)
}

/// Stops what runs on a connection, over another one.
struct Stopper {
    options: MySqlConnectOptions,
    id: u64,
}

impl Stopper {
    async fn stop<S>(&self, stream: &mut S) -> StopProof
    where
        S: futures::Stream<Item = Result<Either<MySqlQueryResult, MySqlRow>, sqlx::Error>> + Unpin,
    {
        let _ = self.kill("query").await;
        match drain(stream).await {
            Stopped::Done => return StopProof::Done,
            Stopped::Error(error) => return StopProof::Error(error),
            Stopped::Silent => {}
        }
        let Ok(mut other) = self.kill("connection").await else { return StopProof::None };
        let gone = timeout(STOP_PATIENCE, self.wait_until_gone(&mut other)).await;
        if matches!(gone, Ok(Ok(()))) { StopProof::Gone } else { StopProof::None }
    }

    async fn kill(&self, what: &str) -> Result<MySqlConnection, sqlx::Error> {
        let connect = async {
            let mut other = MySqlConnection::connect_with(&self.options).await?;
            other.execute(sqlx::raw_sql(audited(format!("kill {what} {}", self.id)))).await?;
            Ok(other)
        };
        timeout(CONNECT_TIMEOUT, connect).await.unwrap_or(Err(sqlx::Error::PoolTimedOut))
    }

    async fn wait_until_gone(&self, other: &mut MySqlConnection) -> Result<(), sqlx::Error> {
        loop {
            let look = format!("select 1 from information_schema.processlist where id = {}", self.id);
            if (&mut *other).fetch_optional(sqlx::raw_sql(audited(look))).await?.is_none() {
                return Ok(());
            }
            sleep(Duration::from_millis(20)).await;
        }
    }
}

fn column(column: &MySqlColumn) -> Column {
    let type_name = column.type_info().name().to_ascii_lowercase();
    let first = type_name.split(' ').next().unwrap_or_default();
    let numeric = matches!(
        first,
        "tinyint" | "smallint" | "mediumint" | "int" | "bigint" | "decimal" | "float" | "double" | "boolean" | "year"
    );
    Column { name: column.name().to_owned(), type_name, numeric }
}

pub(super) struct MySqlRows;

impl Rows for MySqlRows {
    type Row = MySqlRow;
    type Done = MySqlQueryResult;

    fn columns(&self, row: &MySqlRow) -> Vec<Column> {
        row.columns().iter().map(column).collect()
    }

    fn each<'r>(&self, row: &'r MySqlRow) -> impl Iterator<Item = Option<Cow<'r, str>>> {
        (0..row.len()).map(|index| cell(row, index))
    }

    fn affected(&self, done: &MySqlQueryResult) -> u64 {
        done.rows_affected()
    }

    fn stored_key(&self, done: &MySqlQueryResult) -> u64 {
        done.last_insert_id()
    }
}

/// Writes a cell as the server sent it; bytes that are no text in hexadecimal, as `0x…`.
fn cell(row: &MySqlRow, index: usize) -> Option<Cow<'_, str>> {
    let value = row.try_get_raw(index).ok().filter(|value| !value.is_null())?;
    // The name of a type says BLOB of a text with a binary collation too; only the collation tells them apart.
    let known = value.type_info().into_owned();
    let blob = known.name().ends_with("BLOB") || known.name().ends_with("BINARY");
    let binary =
        if blob { !<str as Type<MySql>>::compatible(&known) } else { matches!(known.name(), "BIT" | "GEOMETRY") };
    let bytes = <&[u8] as Decode<'_, MySql>>::decode(value).ok()?;
    match std::str::from_utf8(bytes) {
        Ok(text) if !binary => Some(text.into()),
        _ => Some(format!("0x{}", hex(bytes)).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grant_beyond_reading_is_seen() {
        for grant in [
            "GRANT SELECT ON *.* TO `ro`@`%`",
            "GRANT SELECT (`insert`, a), SHOW VIEW ON `shop`.`t` TO `ro`@`%`",
            "GRANT PROCESS, USAGE ON *.* TO `ro`@`%` IDENTIFIED BY PASSWORD '*X'",
            "GRANT `reader` TO `ro`@`%`",
            "SET DEFAULT ROLE `reader` FOR `ro`@`%`",
        ] {
            assert!(only_reads(grant), "{grant}");
        }
        for grant in [
            "GRANT ALL PRIVILEGES ON *.* TO `root`@`localhost` WITH GRANT OPTION",
            "GRANT SELECT, INSERT ON `shop`.* TO `a`@`%`",
            "GRANT UPDATE (`price`) ON `shop`.`t` TO `a`@`%`",
            "GRANT EXECUTE ON PROCEDURE `shop`.`p` TO `a`@`%`",
            "GRANT FILE ON *.* TO `a`@`%`",
            "GRANT SELECT ON `shop`.* TO `a`@`%` WITH GRANT OPTION",
            "GRANT PROXY ON ''@'%' TO 'root'@'localhost'",
        ] {
            assert!(!only_reads(grant), "{grant}");
        }
    }
}
