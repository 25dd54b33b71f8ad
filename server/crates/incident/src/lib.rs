#![doc = include_str!("../README.md")]

mod asked;
pub mod command;
pub mod condition;
mod decide;
pub mod decision;
pub mod deviation;
pub mod parameter;
pub mod refusal;
pub mod spec;

pub use asked::{Asked, AskedPart};
pub use command::Command;
pub use decide::{Case, Erasable, decide, erase, expire, may_decide};
pub use decision::{Decision, Draft, SecretValue};
pub use deviation::deviations;
pub use refusal::Refusal;
