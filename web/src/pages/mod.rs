//! One file a page. Pages are the server's; what of them lives in the browser is in `room` and `editor`.

pub mod account;
pub mod after;
pub mod approvals;
pub mod attempt;
pub mod break_glass;
pub mod declare;
pub mod dry_run;
pub mod editor;
pub mod error;
pub mod home;
pub mod imports;
pub mod incidents;
pub mod invitation;
pub mod library;
pub mod login;
pub mod people;
pub mod postmortem;
pub mod revisions;
pub mod room;
pub mod runbook;
pub mod setup;
pub mod targets;
