#![doc = include_str!("../README.md")]

pub mod csv;
pub mod hold;
pub mod job;
mod left;
pub mod output;
pub mod redact;
mod run;
pub mod shell;
mod spool;
pub mod sql;
pub mod text;
mod watch;
pub mod worker;
pub mod workspace;

pub use run::{PARAMETER_PREFIX, run, run_held};
pub use spool::result_file;
pub use worker::{Engine, EngineConfig, EngineHandle};
