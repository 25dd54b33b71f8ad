//! The API as its clients meet it: a whole server over a real store, real HTTP, real processes.

mod account;
mod approvals;
mod author;
mod bad_input;
mod break_glass;
mod cluster;
mod common;
mod contract;
mod crash;
mod forms;
mod full_disk;
mod graph;
mod guards;
mod hostile;
mod incident;
mod library;
mod live;
mod patterns;
mod process;
mod record;
mod results;
mod run;
mod security;
mod source;
mod tokens;
mod torture;
