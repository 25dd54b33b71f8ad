//! The pieces that pages are made of.

pub mod badge;
pub mod chrome;
pub mod command;
pub mod output;
pub mod page;
pub mod problem;
pub mod prose;
pub mod runbooks;
pub mod timeline;
