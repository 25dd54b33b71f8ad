//! A store of its own for each test.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use farol_store::{Durability, Store, StoreError, StoreOptions, Vault};
use tempfile::TempDir;
use tokio::sync::OnceCell;

use crate::{PostgresServer, TestClock};

/// The key of every test store's vault.
pub const VAULT_KEY: [u8; 32] = [7; 32];

/// Has a Postgres store refuse each intent to send an attempt when it is to be committed, once nobody holds the lock that
/// the connection which says so has from here on. Undone by `drop trigger refuse on events`.
pub const REFUSE_INTENTS: &str = "
    create function refuse() returns trigger language plpgsql as $$ begin
        perform pg_advisory_xact_lock(1);
        raise exception 'nothing is committed today';
    end $$;
    create constraint trigger refuse after insert on events deferrable initially deferred
        for each row when (new.kind like '%attempt_dispatched%') execute function refuse();
    select pg_advisory_lock(1)";

/// One test's store, with its clock. Dropped, its files go.
#[derive(Debug)]
pub struct TestDb {
    store: Store,
    clock: Arc<TestClock>,
    url: String,
    folder: Option<TempDir>,
}

impl TestDb {
    /// Opens a fresh SQLite store in a temporary folder.
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = folder.path().join("farol.db").display().to_string();
        Self::open(url, Some(folder)).await
    }

    /// Opens a fresh Postgres store in a database of its own.
    pub async fn postgres() -> Self {
        // Migrated once, copied for each test.
        static TEMPLATE: OnceCell<()> = OnceCell::const_new();
        let server = PostgresServer::shared();
        let migrate = || async {
            let url = server.create_database("store_template").await;
            let options = options(Arc::default());
            Store::migrate(&url, &options).await.expect("migrations");
        };
        TEMPLATE.get_or_init(migrate).await;
        let url = server.copy_database("store_template", &next_name()).await;
        Self::open(url, None).await
    }

    /// Makes a database without a single table on the shared server, and returns its URL.
    pub async fn empty_postgres() -> String {
        PostgresServer::shared().create_database(&next_name()).await
    }

    async fn open(url: String, folder: Option<TempDir>) -> Self {
        let clock = Arc::new(TestClock::default());
        let store = Store::open(&url, Vault::new(VAULT_KEY), options(clock.clone())).await;
        Self { store: store.expect("a fresh store opens"), clock, url, folder }
    }

    /// Returns the store.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Returns the clock of the store.
    pub fn clock(&self) -> &TestClock {
        &self.clock
    }

    /// Returns the same clock to share.
    pub fn shared_clock(&self) -> Arc<TestClock> {
        self.clock.clone()
    }

    /// Returns what [`Store::open`] was given.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Opens the same store once more, as another server would, with the same clock.
    pub async fn another(&self) -> Store {
        let reopened = self.reopen(VAULT_KEY).await;
        reopened.expect("the store opens once more")
    }

    /// Tries to open the same store with a key.
    pub async fn reopen(&self, key: [u8; 32]) -> Result<Store, StoreError> {
        Store::open(&self.url, Vault::new(key), options(self.clock.clone())).await
    }

    /// Returns the folder of a SQLite store.
    pub fn folder(&self) -> Option<&std::path::Path> {
        self.folder.as_ref().map(TempDir::path)
    }
}

fn next_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(1);
    format!("store_{}", COUNT.fetch_add(1, Ordering::Relaxed))
}

/// Returns options for tests: the disk is not waited for, few connections.
fn options(clock: Arc<TestClock>) -> StoreOptions {
    let mut options = StoreOptions::new(clock);
    options.durability = Durability::Off;
    options.connections = 6;
    options.patience = Duration::from_secs(30);
    options
}
