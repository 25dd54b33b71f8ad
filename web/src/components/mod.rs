//! The pieces that pages are made of.

pub mod badge;
#[cfg(feature = "ssr")]
pub mod chrome;
pub mod command;
pub mod erase;
#[cfg(feature = "ssr")]
pub mod erasing;
#[cfg(feature = "ssr")]
pub mod glass;
#[cfg(feature = "ssr")]
pub mod notices;
pub mod output;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
pub mod parameters;
pub mod problem;
pub mod prose;
#[cfg(feature = "ssr")]
pub mod runbooks;
#[cfg(feature = "ssr")]
pub mod steps;
pub mod timeline;
