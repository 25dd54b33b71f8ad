//! Connections of either kind, and the macro that expands a query for both.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use sqlx::pool::{PoolConnection, PoolOptions};
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteLockingMode, SqlitePool, SqliteSynchronous,
};
use sqlx::{AssertSqlSafe, Connection, Executor, Postgres, Sqlite, Transaction};

use crate::direct::{Direct, DirectTx, Gate, Readers, ShortReader, Turn};
use crate::live::{Board, Live, Wake};
use crate::place::{keep_from_others, sqlite_file};
use crate::{Durability, StoreError, StoreOptions, dialect};

/// Expands one body for each kind of connection; `$c` is the connection of the kind at hand.
macro_rules! on_db {
    ($db:expr, |$c:ident| $body:expr) => {
        match $db {
            $crate::pool::Db::Sqlite(connection) => {
                let $c: &mut sqlx::SqliteConnection = connection;
                $body
            }
            $crate::pool::Db::Direct(connection) => {
                let $c: &mut $crate::direct::Direct = connection;
                $body
            }
            $crate::pool::Db::Postgres(connection) => {
                let $c: &mut sqlx::PgConnection = connection;
                $body
            }
        }
    };
}
pub(crate) use on_db;

#[derive(Debug)]
pub(crate) enum Pool {
    Sqlite(SqlitePools),
    Postgres(PgPool),
}

/// One connection writes at a time, some read: SQLite lets only one write, and waiting in our own queue is fair.
#[derive(Debug)]
pub(crate) struct SqlitePools {
    /// Whoever writes has the turn for it first.
    pub(crate) gate: Gate,
    /// For what is written here and there: a transaction that waits between its statements.
    pub(crate) writer: SqlitePool,
    pub(crate) readers: SqlitePool,
    pub(crate) short: Readers,
}

/// What a pool is opened for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Purpose {
    Serving,
    /// Changing tables and waiting for another who does takes the time that it takes.
    Migrating,
    /// Nobody else may have the store open, as long as this has.
    Alone,
}

/// How long a server may hold what it has locked on Postgres and do nothing, in milliseconds: one that hangs keeps the
/// others from an incident no longer than that.
const IDLE_IN_TRANSACTION: u32 = 30_000;

impl Purpose {
    fn bounds(self, options: &StoreOptions) -> String {
        match self {
            Self::Migrating | Self::Alone => String::new(),
            Self::Serving => format!(
                "set idle_in_transaction_session_timeout = {IDLE_IN_TRANSACTION}; set lock_timeout = {}",
                options.patience.as_millis().max(1)
            ),
        }
    }
}

impl Pool {
    pub(crate) async fn open(url: &str, options: &StoreOptions, purpose: Purpose) -> Result<Self, StoreError> {
        let Some(file) = sqlite_file(url) else {
            let connect: PgConnectOptions = url.parse()?;
            let bounds = purpose.bounds(options);
            let pool = PoolOptions::<Postgres>::new()
                .max_connections(options.connections.max(2))
                .acquire_timeout(options.patience)
                .after_connect(move |connection, _| {
                    let bounds = bounds.clone();
                    Box::pin(async move { connection.execute(sqlx::raw_sql(AssertSqlSafe(bounds))).await.map(drop) })
                })
                .connect_with(connect.application_name("farol"))
                .await
                .map_err(StoreError::unreached)?;
            return Ok(Self::Postgres(pool));
        };
        if let Err(error) = keep_from_others(file) {
            // Where it cannot be made or opened either, that is said next.
            tracing::warn!(%error, file = %file.display(), "whether others on the machine read the store is not known");
        }
        let connect = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(match options.durability {
                Durability::Full => SqliteSynchronous::Full,
                Durability::Normal => SqliteSynchronous::Normal,
                Durability::Off => SqliteSynchronous::Off,
            })
            .foreign_keys(true)
            .busy_timeout(options.patience)
            .locking_mode(match purpose {
                Purpose::Alone => SqliteLockingMode::Exclusive,
                Purpose::Serving | Purpose::Migrating => SqliteLockingMode::Normal,
            });
        // The writer stays open: closing the last connection would checkpoint and remove the log each time. A file does not
        // go away as a server does: no connection is asked whether it is there before it is used.
        let writer = PoolOptions::<Sqlite>::new()
            .max_connections(1)
            .min_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .acquire_timeout(options.patience)
            .test_before_acquire(false)
            .after_release(|connection, _| Box::pin(is_outside_transactions(connection)))
            // What is deleted is written over, in pages that are split and freed too.
            .connect_with(connect.clone().pragma("secure_delete", "on"))
            .await?;
        let readers = PoolOptions::<Sqlite>::new()
            .max_connections(options.connections.max(1))
            .acquire_timeout(options.patience)
            .test_before_acquire(false)
            .after_release(|connection, _| Box::pin(is_outside_transactions(connection)))
            .connect_lazy_with(connect.pragma("query_only", "on"));
        let gate = Gate::new(file, options.durability, options.patience);
        let short = Readers::new(file, options.patience);
        Ok(Self::Sqlite(SqlitePools { gate, writer, readers, short }))
    }

    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite(pools) => {
                pools.readers.close().await;
                pools.short.close().await;
                pools.gate.close().await;
                pools.writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }

    /// Takes a connection for one read of a few rows by their key: it is read on the thread that asks.
    pub(crate) async fn short_reader(&self) -> Result<Reader, StoreError> {
        match self {
            Self::Sqlite(pools) => match pools.short.take() {
                Some(reader) => Ok(Reader::Direct(reader)),
                None => self.reader().await,
            },
            Self::Postgres(_) => self.reader().await,
        }
    }

    /// Takes a connection for reads that need not agree with each other.
    pub(crate) async fn reader(&self) -> Result<Reader, StoreError> {
        Ok(match self {
            Self::Sqlite(pools) => Reader::Sqlite(pools.readers.acquire().await?),
            Self::Postgres(pool) => {
                let acquired = pool.acquire().await.map_err(StoreError::from);
                Reader::Postgres(acquired.map_err(|error| judge(pool, error))?)
            }
        })
    }
}

/// A borrowed connection of either kind.
pub(crate) enum Db<'c> {
    Sqlite(&'c mut SqliteConnection),
    Direct(&'c mut Direct),
    Postgres(&'c mut PgConnection),
}

/// What queries can be sent over.
pub(crate) trait Session: Send {
    fn db(&mut self) -> Db<'_>;
}

/// A connection for reads.
pub(crate) enum Reader {
    Sqlite(PoolConnection<Sqlite>),
    Direct(ShortReader),
    Postgres(PoolConnection<Postgres>),
}

impl Session for Reader {
    fn db(&mut self) -> Db<'_> {
        match self {
            Self::Sqlite(connection) => Db::Sqlite(connection),
            Self::Direct(connection) => Db::Direct(connection),
            Self::Postgres(connection) => Db::Postgres(connection),
        }
    }
}

/// A transaction, and whom to wake when it is committed. Dropped, it is rolled back.
pub(crate) struct Tx {
    kind: Kind,
    wakes: BTreeSet<Wake>,
}

enum Kind {
    /// With the turn to write, where it may.
    Sqlite(Transaction<'static, Sqlite>, Option<Turn>),
    Direct(DirectTx),
    Postgres(Transaction<'static, Postgres>),
}

impl Session for Tx {
    fn db(&mut self) -> Db<'_> {
        self.kind.db()
    }
}

impl Tx {
    pub(crate) async fn begin(pool: &Pool) -> Result<Self, StoreError> {
        let kind = match pool {
            // The lock is taken at once: a transaction that read first could not be upgraded after another wrote.
            Pool::Sqlite(pools) => {
                let (writer, turn) = (pools.writer.clone(), pools.gate.turn().await?);
                let begun = uncancelled(async move { writer.begin_with("begin immediate").await }).await;
                begun.map(|tx| Kind::Sqlite(tx, Some(turn)))
            }
            Pool::Postgres(pool) => {
                let own = pool.clone();
                uncancelled(async move { own.begin().await })
                    .await
                    .map_err(|error| judge(pool, error))
                    .map(Kind::Postgres)
            }
        };
        Ok(Self { kind: kind?, wakes: BTreeSet::new() })
    }

    /// The same for who is never dropped half-way, and has a thread on which SQLite may be waited for.
    pub(crate) async fn begin_here(pool: &Pool) -> Result<Self, StoreError> {
        let kind = match pool {
            Pool::Sqlite(pools) => Kind::Direct(pools.gate.begin().await?),
            Pool::Postgres(pool) => {
                let begun = pool.begin().await.map_err(StoreError::from);
                Kind::Postgres(begun.map_err(|error| judge(pool, error))?)
            }
        };
        Ok(Self { kind, wakes: BTreeSet::new() })
    }

    /// The same, at once or not at all: where nobody else writes.
    pub(crate) fn begin_at_once(gate: &Gate, turn: Turn) -> Option<Self> {
        let begun = gate.begin_in(turn, Duration::ZERO).ok()?;
        Some(Self { kind: Kind::Direct(begun), wakes: BTreeSet::new() })
    }

    pub(crate) async fn snapshot(pool: &Pool) -> Result<Self, StoreError> {
        const BEGIN: &str = "begin isolation level repeatable read, read only";
        let kind = match pool {
            Pool::Sqlite(pools) => {
                let readers = pools.readers.clone();
                uncancelled(async move { readers.begin().await }).await.map(|tx| Kind::Sqlite(tx, None))
            }
            Pool::Postgres(pool) => {
                let own = pool.clone();
                uncancelled(async move { own.begin_with(BEGIN).await })
                    .await
                    .map_err(|error| judge(pool, error))
                    .map(Kind::Postgres)
            }
        };
        Ok(Self { kind: kind?, wakes: BTreeSet::new() })
    }

    /// Remembers whom to wake after the commit.
    pub(crate) fn wake(&mut self, wake: Wake) {
        self.wakes.insert(wake);
    }

    /// Commits and wakes, even if the caller goes away meanwhile.
    pub(crate) async fn commit(mut self, live: &Live) -> Result<(), StoreError> {
        if !self.wakes.is_empty() {
            dialect::notify(self.kind.db(), &self.wakes).await?;
        }
        let board = live.board();
        uncancelled(self.end(board)).await
    }

    /// The same for who is never dropped half-way.
    pub(crate) async fn commit_here(mut self, live: &Live) -> Result<(), StoreError> {
        if !self.wakes.is_empty() {
            dialect::notify(self.kind.db(), &self.wakes).await?;
        }
        Ok(self.end(live.board()).await?)
    }

    /// Commits where nobody is there to be woken.
    pub(crate) async fn commit_alone(self) -> Result<(), StoreError> {
        Ok(self.kind.commit().await?)
    }

    async fn end(self, board: Arc<Board>) -> Result<(), sqlx::Error> {
        self.kind.commit().await?;
        self.wakes.iter().for_each(|wake| board.wake(*wake));
        Ok(())
    }

    pub(crate) async fn rollback(self) -> Result<(), StoreError> {
        match self.kind {
            Kind::Sqlite(tx, _turn) => tx.rollback().await?,
            Kind::Direct(tx) => tx.rollback()?,
            Kind::Postgres(tx) => tx.rollback().await?,
        }
        Ok(())
    }
}

impl Kind {
    async fn commit(self) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(tx, _turn) => tx.commit().await,
            Self::Direct(tx) => tx.commit(),
            Self::Postgres(tx) => tx.commit().await,
        }
    }

    fn db(&mut self) -> Db<'_> {
        match self {
            Self::Sqlite(tx, _) => Db::Sqlite(tx),
            Self::Direct(tx) => Db::Direct(tx.connection()),
            Self::Postgres(tx) => Db::Postgres(tx),
        }
    }
}

/// Tells whether a connection may go back to its pool.
///
/// SQLite itself rolls back what a full disk stopped. The rollback that follows then fails, and sqlx goes on counting a
/// transaction that is not there: with the one writer in that state nothing could be written until the next start.
async fn is_outside_transactions(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    // What was sent to the connection before, a rollback at the end of its user for one, is done after this.
    connection.ping().await?;
    Ok(!connection.is_in_transaction())
}

/// Tells a pool whose connections are all in use from one that gets none: the pool says of both that time ran out.
fn judge(pool: &PgPool, error: StoreError) -> StoreError {
    match error {
        StoreError::Busy(error) if pool.size() < pool.options().get_max_connections() => StoreError::unreached(error),
        other => other,
    }
}

/// Runs something to its end even if the caller is dropped: a `begin` cut off in flight has left pooled connections
/// inside a transaction that nobody owned.
pub(crate) async fn uncancelled<T: Send + 'static>(
    work: impl Future<Output = Result<T, sqlx::Error>> + Send + 'static,
) -> Result<T, StoreError> {
    let done = tokio::spawn(work).await;
    Ok(done.unwrap_or(Err(sqlx::Error::WorkerCrashed))?)
}
