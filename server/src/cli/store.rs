//! The store of the settings, for commands that need nothing else of a server.

use std::sync::Arc;

use anyhow::bail;
use farol_store::{Store, StoreOptions};

use crate::clock::SystemClock;
use crate::config::Config;
use crate::keys;

/// Refuses settings that name no store that is there: a command must not make one by mistake.
pub fn must_be_there(config: &Config) -> anyhow::Result<()> {
    let embedded = config.data.join("farol.db");
    if config.store.is_none() && !embedded.is_file() {
        bail!(
            "there is no store at {}: name the settings of the server with --config or FAROL_DATA, or start it once",
            embedded.display()
        );
    }
    Ok(())
}

/// Opens the store that is there, does something with it, and closes it.
pub fn with_store<T>(config: &Config, work: impl AsyncFnOnce(&Store) -> anyhow::Result<T>) -> anyhow::Result<T> {
    must_be_there(config)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let store = keys::open(config, StoreOptions::new(Arc::new(SystemClock))).await?;
        let done = work(&store).await;
        store.close().await;
        done
    })
}
