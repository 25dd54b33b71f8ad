//! The store itself: opening it, and what all its parts share.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use farol_api::clock::{Clock, Timestamp, truncate};

use crate::attempts::Offers;
use crate::incidents::Kept;
use crate::live::Live;
use crate::pool::{Pool, Purpose, Reader, Session, Tx, on_db};
use crate::writer::Writer;
use crate::{StoreError, Vault, migrate};

/// All that Farol keeps. Clones share the same connections.
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) inner: Arc<Inner>,
}

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) pool: Pool,
    pub(crate) vault: Vault,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) live: Live,
    pub(crate) kept: Kept,
    pub(crate) writer: Writer,
    pub(crate) offers: Offers,
    /// Names the rules that classify on this server; empty where nobody said.
    pub(crate) rules: OnceLock<String>,
}

/// How a store is opened.
#[derive(Clone, Debug)]
pub struct StoreOptions {
    /// Gives the time and fresh ids.
    pub clock: Arc<dyn Clock>,
    /// How hard SQLite makes sure that a commit is on the disk. Postgres has its own settings.
    pub durability: Durability,
    /// The most connections: of Postgres, or of SQLite's readers.
    pub connections: u32,
    /// How long to wait for others before [`StoreError::Busy`].
    pub patience: Duration,
}

/// What the word that tells the right key is kept as, and what it is.
pub(crate) const SEALED_WORD: &str = "sealed_word";

/// How hard SQLite makes sure that a commit is on the disk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durability {
    /// A commit survives a power cut.
    #[default]
    Full,
    /// A power cut may take the last commits. For tests.
    Normal,
    /// A power cut may ruin the file. For tests.
    Off,
}

impl StoreOptions {
    /// Returns what a server takes: full durability, 8 connections, 5 seconds.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, durability: Durability::Full, connections: 8, patience: Duration::from_secs(5) }
    }
}

impl Store {
    /// Opens a store at a SQLite path (`sqlite://` may precede it) or a `postgres://` URL.
    ///
    /// A SQLite file is made and migrated where needed. A Postgres store that lacks a migration is refused with
    /// [`StoreError::NotMigrated`]; a store sealed with another key with [`StoreError::WrongKey`].
    pub async fn open(url: &str, vault: Vault, options: StoreOptions) -> Result<Self, StoreError> {
        let pool = Pool::open(url, &options, Purpose::Serving).await?;
        match &pool {
            Pool::Sqlite(sqlite) => migrate::sqlite(&sqlite.writer).await?,
            Pool::Postgres(postgres) => migrate::check_postgres(postgres).await?,
        }
        let live = Live::start(&pool).await?;
        let clock = options.clock;
        let writer = Writer::new(matches!(pool, Pool::Sqlite(_)), options.connections);
        let (kept, offers, rules) = (Kept::default(), Offers::default(), OnceLock::new());
        let store = Self { inner: Arc::new(Inner { pool, vault, clock, live, kept, writer, offers, rules }) };
        store.check_key().await?;
        Ok(store)
    }

    /// Says which rules classify here, once. What was classified by others is not sent from here: these may ask for more.
    pub fn classify_by(&self, rules: &str) {
        let _ = self.inner.rules.set(rules.to_owned());
    }

    /// Applies the migrations that a store lacks.
    pub async fn migrate(url: &str, options: &StoreOptions) -> Result<(), StoreError> {
        let pool = Pool::open(url, options, Purpose::Migrating).await?;
        match &pool {
            Pool::Sqlite(sqlite) => migrate::sqlite(&sqlite.writer).await?,
            Pool::Postgres(postgres) => migrate::postgres(postgres).await?,
        }
        pool.close().await;
        Ok(())
    }

    /// Tells whether the store answers: a read and, on SQLite, the writer's turn.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.begin().await?.rollback().await
    }

    /// Closes all connections, after what is under way.
    pub async fn close(&self) {
        self.inner.live.stop();
        self.inner.pool.close().await;
    }

    /// Returns the clock that the store takes time and ids from.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.inner.clock
    }

    pub(crate) fn now(&self) -> Timestamp {
        truncate(self.inner.clock.now())
    }

    pub(crate) fn vault(&self) -> &Vault {
        &self.inner.vault
    }

    /// Begins a transaction that writes; on SQLite it waits its turn.
    pub(crate) async fn begin(&self) -> Result<Tx, StoreError> {
        Tx::begin(&self.inner.pool).await
    }

    /// The same for who is never dropped half-way, and has a thread on which SQLite may be waited for.
    pub(crate) async fn begin_here(&self) -> Result<Tx, StoreError> {
        Tx::begin_here(&self.inner.pool).await
    }

    /// Takes a connection for reads that need not agree with each other.
    pub(crate) async fn reader(&self) -> Result<Reader, StoreError> {
        self.inner.pool.reader().await
    }

    /// Begins a transaction that reads one consistent state.
    pub(crate) async fn snapshot(&self) -> Result<Tx, StoreError> {
        Tx::snapshot(&self.inner.pool).await
    }

    /// Commits, then wakes whoever waits for what the transaction changed.
    pub(crate) async fn commit(&self, tx: Tx) -> Result<(), StoreError> {
        tx.commit(&self.inner.live).await
    }

    /// The same for who is never dropped half-way.
    pub(crate) async fn commit_here(&self, tx: Tx) -> Result<(), StoreError> {
        tx.commit_here(&self.inner.live).await
    }

    /// Refuses a store that was sealed with another key; the first to open a store leaves a sealed word in it.
    async fn check_key(&self) -> Result<(), StoreError> {
        const LEAVE: &str = "insert into store_facts (key, value) values ($1, $2) \
                             on conflict (key) do nothing";
        let mut tx = self.begin().await?;
        let sealed = seal_word(self.vault())?;
        on_db!(tx.db(), |c| {
            let query = sqlx::query(LEAVE).bind(SEALED_WORD).bind(sealed);
            query.execute(c).await.map(drop)
        })?;
        let opened = open_word(&mut tx, self.vault()).await;
        self.commit(tx).await?;
        opened
    }
}

/// Returns the word that tells the right key, sealed, as it is stored.
pub(crate) fn seal_word(vault: &Vault) -> Result<String, StoreError> {
    crate::codec::to_json(&vault.seal(SEALED_WORD, SEALED_WORD.as_bytes()))
}

/// Refuses a store whose word does not open with this key.
pub(crate) async fn open_word(tx: &mut Tx, vault: &Vault) -> Result<(), StoreError> {
    const READ: &str = "select value from store_facts where key = $1";
    let kept: Option<String> = on_db!(tx.db(), |c| sqlx::query_scalar(READ).bind(SEALED_WORD).fetch_optional(c).await)?;
    let kept = kept.ok_or(StoreError::Inconsistent("a store that was never opened"))?;
    let kept: Vec<u8> = crate::codec::from_json("the sealed word", &kept)?;
    vault.open(SEALED_WORD, &kept).map(drop).map_err(|_| StoreError::WrongKey)
}
