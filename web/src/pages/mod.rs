//! One file a page.

pub mod error;
pub mod login;
