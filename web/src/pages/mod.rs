//! One file a page.

pub mod error;
pub mod login;
pub mod room;
