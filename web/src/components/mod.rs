//! The pieces that pages are made of.

pub mod page;
pub mod problem;
