//! `farol migrate`: brings a store to this version.

use std::sync::Arc;

use farol_store::{Store, StoreOptions};

use crate::clock::SystemClock;
use crate::config::Config;

/// Applies the migrations that the store lacks.
pub fn run(config: &Config) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let options = StoreOptions::new(Arc::new(SystemClock));
    runtime.block_on(Store::migrate(&config.store_url(), &options))?;
    super::say::print(concat!("The store is at the version of Farol ", env!("CARGO_PKG_VERSION"), ".\n").as_bytes())?;
    Ok(())
}
