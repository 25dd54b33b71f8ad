#![doc = include_str!("../README.md")]

pub mod approval;
mod asked;
pub mod capture;
pub mod clock;
pub mod confine;
pub mod digest;
#[cfg(not(target_arch = "wasm32"))]
pub mod dry_run;
pub mod editors;
pub mod event;
mod failure;
pub mod front_matter;
pub mod graph;
pub mod hold;
pub mod id;
pub mod incident;
pub mod library;
pub mod metrics;
pub mod output;
pub mod paths;
pub mod policy;
pub mod problem;
pub mod request;
pub mod risk;
pub mod room;
pub mod runbook;
pub mod target;
pub mod terms;
pub mod text;
pub mod user;
