//! Runs a script through a runner process of its own.

mod confine;
pub mod env;
mod keep;
mod parent;
mod raw;
mod runner;
mod tree;
mod wire;

pub use confine::{Confinement, hide_self};
pub(crate) use keep::VALUE_MAX;
pub(crate) use parent::run;
pub use runner::shell_runner_main;
