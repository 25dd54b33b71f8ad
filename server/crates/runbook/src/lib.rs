#![doc = include_str!("../README.md")]

pub mod bind;
mod counts;
mod html;

use farol_api::runbook::Runbook;

pub use bind::{BindError, Bound, BoundValue, bind};
pub use counts::Counts;
pub use html::to_html;

/// Reads a Markdown runbook; what is wrong with it stands in `diagnostics`.
///
/// Never fails. Steps that are in `previous` too keep the ids they have there.
pub fn parse(text: &str, previous: Option<&Runbook>) -> Runbook {
    inspect(text, previous).0
}

/// Reads a Markdown runbook and counts what it holds.
pub fn inspect(_text: &str, _previous: Option<&Runbook>) -> (Runbook, Counts) {
    (Runbook::default(), Counts::default())
}
