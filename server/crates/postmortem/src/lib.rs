#![doc = include_str!("../README.md")]

mod body;
mod build;
mod escape;
mod format;
mod names;
mod render;
mod report;
mod sentence;
mod words;

pub use build::{Input, report};
pub use render::{html, markdown};
pub use report::{
    ActionRow, AttemptBlock, DeviationRow, Evidence, Fact, MetricRow, Report, ResponderRow, Section, StepRow,
    TimelineRow,
};
pub use sentence::event_sentence;
