//! The command line as a stranger meets it: the real binary, real files.

mod fix;
mod graph;
mod import;
mod lint;
mod risk;

use std::path::Path;
use std::process::{Command, Output};

/// Runs `farol` in a folder.
fn farol(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_farol")).args(arguments).current_dir(folder).output().unwrap()
}

/// What it printed for the one who reads on.
fn printed(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// What it complained of.
fn complained(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A runbook with a fence that nobody closed, on Windows line ends.
const BROKEN: &str =
    "# Fila parada\r\n\r\n1. Veja a fila\r\n\r\n```sql\r\nselect 1;\r\n\r\n## Depois\r\n\r\nFim à noite\r\n";
