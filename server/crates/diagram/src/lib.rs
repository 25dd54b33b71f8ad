#![doc = include_str!("../README.md")]

mod dot;
mod facts;
mod layout;
mod mermaid;
mod options;
mod outline;
mod plan;
mod svg;
mod text;
mod words;

pub use dot::dot;
pub use mermaid::mermaid;
pub use options::{Highlight, Options, WIDTH_NARROW, WIDTH_WIDE};
pub use outline::{Lead, LineKind, OutlineLine, outline};
pub use svg::svg;
