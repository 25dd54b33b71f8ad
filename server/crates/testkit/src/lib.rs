#![doc = include_str!("../README.md")]

pub mod builders;
mod clock;
mod db;
mod proxy;
mod servers;
mod skip;
pub mod told;

pub use clock::TestClock;
pub use db::{REFUSE_INTENTS, TestDb, VAULT_KEY};
pub use proxy::{Cut, Proxy};
pub use servers::{MariaDbServer, PostgresServer, SqliteFile, TargetDatabase};
pub use skip::skipped;
