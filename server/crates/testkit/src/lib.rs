#![doc = include_str!("../README.md")]

pub mod builders;
mod clock;
mod db;
mod servers;

pub use clock::TestClock;
pub use db::{TestDb, VAULT_KEY};
pub use servers::{MariaDbServer, PostgresServer, SqliteFile, TargetDatabase};
