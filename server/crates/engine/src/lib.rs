#![doc = include_str!("../README.md")]

pub mod csv;
mod ended;
mod hex;
pub mod hold;
mod intent;
pub mod job;
mod left;
pub mod output;
pub mod redact;
mod run;
pub mod secret;
pub mod shell;
mod spool;
pub mod sql;
pub mod text;
mod watch;
pub mod worker;
pub mod workspace;

pub use intent::Intent;
pub use run::{run, run_held};
pub use spool::result_file;
pub use worker::{Engine, EngineConfig, EngineHandle};
