#![doc = include_str!("../README.md")]

pub mod job;
pub mod output;
pub mod redact;
mod run;
pub mod shell;
pub mod sql;
pub mod text;
mod watch;
pub mod worker;
pub mod workspace;

pub use run::{PARAMETER_PREFIX, run};
pub use worker::{Engine, EngineConfig, EngineHandle};
