#![doc = include_str!("../README.md")]

mod anchors;
pub mod attributes;
pub mod bind;
pub mod carry;
mod cases;
mod chunks;
mod code;
mod counts;
mod dense;
pub mod diagnose;
mod direct;
mod doc;
mod facts;
mod fix;
mod folding;
mod front;
mod graph;
mod html;
mod ids;
mod lexicon;
mod line_ends;
mod lines;
mod meta;
mod numbered;
mod outline;
mod outline_text;
mod over;
mod params;
mod reading;
mod references;
mod sends;
mod steps;
mod survey;
mod thresholds;
mod titles;
mod ways;
mod words;

use farol_api::runbook::Runbook;

pub use anchors::{in_html as html_anchors, of_link as link_anchor};
pub use bind::{BindError, Bound, BoundLiteral, BoundValue, Form, asks_for_terminal, bind};
pub use counts::Counts;
pub use direct::{direct, lifted};
pub use fix::{apply_fixes, mend};
pub use html::{to_html, to_html_with};
pub use line_ends::keep_line_ends;
pub use outline_text::outline_text;
pub use params::name_of as parameter_name;
pub use words::slug;

/// What is asked of the Markdown parser.
pub const MARKDOWN: pulldown_cmark::Options = pulldown_cmark::Options::ENABLE_TABLES
    .union(pulldown_cmark::Options::ENABLE_TASKLISTS)
    .union(pulldown_cmark::Options::ENABLE_STRIKETHROUGH);

/// The largest document that is read, in bytes.
pub const MAX_BYTES: usize = 16 * 1024 * 1024;

/// Reads a Markdown runbook; what is wrong with it stands in `diagnostics`.
///
/// Never fails. Steps that are in `previous` too keep the ids they have there. A text of more than
/// [`MAX_BYTES`] yields a runbook with nothing but the diagnostic `too-large`.
pub fn parse(text: &str, previous: Option<&Runbook>) -> Runbook {
    reading::read(text, previous, false).0
}

/// Counts the blocks of a document (paragraphs, headings, code, tables): the Markdown pass alone, for measuring it.
pub fn count_blocks(text: &str) -> usize {
    doc::build(text, &bumpalo::Bump::new()).leaves.len()
}

/// Reads a Markdown runbook and counts what it holds.
pub fn inspect(text: &str, previous: Option<&Runbook>) -> (Runbook, Counts) {
    reading::read(text, previous, true)
}
