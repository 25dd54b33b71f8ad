//! Runs a script through a runner process of its own.

mod ahead;
mod basis;
mod confine;
pub mod env;
mod files;
mod groups;
mod hidden;
mod keep;
mod namespaces;
mod parent;
mod raw;
mod ready;
mod runner;
mod runners;
mod supervisor;
mod syscalls;
mod tree;
mod wire;

pub use confine::hide_self;
pub use groups::Bounds;
pub use hidden::Hidden;
pub(crate) use parent::run;
pub use runners::Runners;
pub use supervisor::shell_supervisor_main;
