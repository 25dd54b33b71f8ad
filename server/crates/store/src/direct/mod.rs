//! SQLite on the thread of whoever asks.
//!
//! sqlx has a thread for each connection to SQLite and hands it every statement; for what takes microseconds, waking that
//! thread and being woken by it is nearly all there is. The one writer has a thread of its own anyway, so its connection is
//! called on that. To everybody else it is one more database of sqlx: the same statements, the same values, the same rows.

mod driver;
mod readers;
#[cfg(test)]
mod tests;
mod values;

use std::borrow::Cow;
use std::error::Error as StdError;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, Statement};
use sqlx::error::{DatabaseError, ErrorKind};
use tokio::sync::{Mutex, OwnedMappedMutexGuard, OwnedMutexGuard};
use tokio::time::timeout;

pub(crate) use driver::{Column, Done, Row};
pub(crate) use readers::{Readers, ShortReader};
pub(crate) use values::Value;

use crate::Durability;

/// How many statements stay compiled; each length of a statement for several rows is one.
const COMPILED: usize = 128;

/// A connection that is called, and answers, on one thread.
#[derive(Debug)]
pub(crate) struct Direct(Connection);

/// Who writes to a SQLite file in this process, one after the other, in the order in which they came.
#[derive(Debug)]
pub(crate) struct Gate {
    file: PathBuf,
    durability: Durability,
    patience: Duration,
    slot: Arc<Mutex<Slot>>,
}

/// What goes from one to the next.
#[derive(Debug, Default)]
pub(crate) struct Slot {
    direct: Option<Direct>,
    closed: bool,
}

/// Nobody else writes as long as it is held.
pub(crate) type Turn = OwnedMutexGuard<Slot>;

/// A transaction. Dropped, it is rolled back.
#[derive(Debug)]
pub(crate) struct DirectTx(OwnedMappedMutexGuard<Slot, Direct>);

impl Gate {
    pub(crate) fn new(file: &Path, durability: Durability, patience: Duration) -> Self {
        Self { file: file.into(), durability, patience, slot: Arc::default() }
    }

    /// Waits for the turn to write.
    pub(crate) async fn turn(&self) -> Result<Turn, sqlx::Error> {
        // Nobody who waits is overtaken: what is free is theirs before it can be had here.
        let turn = match Arc::clone(&self.slot).try_lock_owned() {
            Ok(turn) => turn,
            Err(_) => {
                let waited = timeout(self.patience, Arc::clone(&self.slot).lock_owned()).await;
                waited.map_err(|_| sqlx::Error::PoolTimedOut)?
            }
        };
        if turn.closed { Err(sqlx::Error::PoolClosed) } else { Ok(turn) }
    }

    /// Takes the turn where it is free.
    pub(crate) fn free_turn(&self) -> Option<Turn> {
        Arc::clone(&self.slot).try_lock_owned().ok().filter(|turn| !turn.closed)
    }

    /// Begins a transaction that writes. The thread that asks is the one that waits, also for the disk.
    pub(crate) async fn begin(&self) -> Result<DirectTx, sqlx::Error> {
        self.begin_in(self.turn().await?, self.patience)
    }

    /// The same for who has the turn, and waits so long where another program has the file.
    pub(crate) fn begin_in(&self, mut turn: Turn, patience: Duration) -> Result<DirectTx, sqlx::Error> {
        // One that is in a transaction all the same could not be rolled back: another takes its place.
        if turn.direct.take_if(|direct| !direct.0.is_autocommit()).is_some() || turn.direct.is_none() {
            turn.direct = Some(self.open()?);
        }
        let Ok(direct) = OwnedMutexGuard::try_map(turn, |slot| slot.direct.as_mut()) else {
            return Err(sqlx::Error::WorkerCrashed);
        };
        direct.0.busy_timeout(patience).map_err(failed)?;
        // The lock is taken at once: a transaction that read first could not be upgraded after another wrote.
        direct.run("begin immediate")?;
        Ok(DirectTx(direct))
    }

    fn open(&self) -> Result<Direct, sqlx::Error> {
        let synchronous = match self.durability {
            Durability::Full => "full",
            Durability::Normal => "normal",
            Durability::Off => "off",
        };
        // The file keeps by itself that it has a log. What is deleted is written over, in pages that are split and freed too.
        let settings =
            format!("pragma synchronous = {synchronous}; pragma foreign_keys = on; pragma secure_delete = on");
        Direct::open(&self.file, self.patience, &settings)
    }

    /// Closes the connection after what is under way; nobody gets a turn any more.
    pub(crate) async fn close(&self) {
        *self.slot.lock().await = Slot { direct: None, closed: true };
    }
}

impl DirectTx {
    pub(crate) fn connection(&mut self) -> &mut Direct {
        &mut self.0
    }

    /// Ends the transaction: what it wrote is on the disk, or nothing of it.
    pub(crate) fn commit(self) -> Result<(), sqlx::Error> {
        self.0.run("commit")
    }

    pub(crate) fn rollback(self) -> Result<(), sqlx::Error> {
        self.0.run("rollback")
    }
}

impl Drop for DirectTx {
    fn drop(&mut self) {
        // A full disk has SQLite itself undo everything: then there is nothing to roll back.
        if !self.0.0.is_autocommit() {
            let _ = self.0.run("rollback");
        }
    }
}

impl Direct {
    fn open(file: &Path, patience: Duration, settings: &str) -> Result<Self, sqlx::Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(file, flags).map_err(failed)?;
        connection.set_prepared_statement_cache_capacity(COMPILED);
        connection.busy_timeout(patience).map_err(failed)?;
        connection.execute_batch(settings).map_err(failed)?;
        Ok(Self(connection))
    }

    /// Runs a statement without values.
    fn run(&self, sql: &'static str) -> Result<(), sqlx::Error> {
        self.0.prepare_cached(sql).and_then(|mut statement| statement.raw_execute()).map_err(failed).map(drop)
    }

    /// Runs a statement, and hands each of its rows over until that is told to stop.
    fn query(
        &self,
        sql: &str,
        arguments: Option<Vec<Value>>,
        mut take: impl FnMut(Row) -> bool,
    ) -> Result<Done, sqlx::Error> {
        let Some(arguments) = arguments else {
            self.0.execute_batch(sql).map_err(failed)?;
            return Ok(Done::of(self.0.changes()));
        };
        let mut statement = self.0.prepare_cached(sql).map_err(failed)?;
        bind(&mut statement, arguments)?;
        let columns = columns(&statement);
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next().map_err(failed)? {
            let cell = |column| row.get_ref(column).map(Value::of);
            let cells = (0..columns.len()).map(cell).collect::<Result<_, _>>().map_err(failed)?;
            if !take(Row::new(cells, Arc::clone(&columns))) {
                break;
            }
        }
        drop(rows);
        Ok(Done::of(self.0.changes()))
    }
}

/// Gives a statement its values: `$3` is the third one wherever it stands, and `?` the next.
fn bind(statement: &mut Statement<'_>, arguments: Vec<Value>) -> Result<(), sqlx::Error> {
    let mut next = 0;
    for place in 1..=statement.parameter_count() {
        let number = match statement.parameter_name(place) {
            Some(name) => name.get(1..).and_then(|number| number.parse().ok()),
            None => {
                next += 1;
                Some(next)
            }
        };
        let value = number.and_then(|number: usize| arguments.get(number.checked_sub(1)?));
        let value = value.ok_or_else(|| sqlx::Error::InvalidArgument(format!("no value for place {place}")))?;
        statement.raw_bind_parameter(place, value).map_err(failed)?;
    }
    Ok(())
}

fn columns(statement: &Statement<'_>) -> Arc<[Column]> {
    let names = statement.column_names().into_iter().enumerate();
    names.map(|(place, name)| Column::new(place, name)).collect()
}

/// What SQLite said.
#[derive(Debug, thiserror::Error)]
#[error("{message} (code {code})")]
struct Said {
    code: i32,
    message: String,
}

fn failed(error: rusqlite::Error) -> sqlx::Error {
    let told = error.to_string();
    match error {
        rusqlite::Error::SqliteFailure(said, message) => {
            sqlx::Error::database(Said { code: said.extended_code, message: message.unwrap_or(told) })
        }
        _ => sqlx::Error::InvalidArgument(told),
    }
}

impl DatabaseError for Said {
    fn message(&self) -> &str {
        &self.message
    }

    fn code(&self) -> Option<Cow<'_, str>> {
        Some(self.code.to_string().into())
    }

    fn as_error(&self) -> &(dyn StdError + Send + Sync + 'static) {
        self
    }

    fn as_error_mut(&mut self) -> &mut (dyn StdError + Send + Sync + 'static) {
        self
    }

    fn into_error(self: Box<Self>) -> Box<dyn StdError + Send + Sync + 'static> {
        self
    }

    fn kind(&self) -> ErrorKind {
        use rusqlite::ffi;
        match self.code {
            ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY => ErrorKind::UniqueViolation,
            ffi::SQLITE_CONSTRAINT_FOREIGNKEY => ErrorKind::ForeignKeyViolation,
            ffi::SQLITE_CONSTRAINT_NOTNULL => ErrorKind::NotNullViolation,
            ffi::SQLITE_CONSTRAINT_CHECK => ErrorKind::CheckViolation,
            _ => ErrorKind::Other,
        }
    }
}
