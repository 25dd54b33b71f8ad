//! `make bench`: what Farol's work costs, beside its floors in the same run.
//!
//! Machines differ and are noisy, so a figure alone says little. Whatever is compared is run in turns, and a ratio is
//! taken within each turn. `FAROL_BENCH_QUICK=1` takes two turns only, to see that it works; a name among the arguments
//! runs that part alone.

mod bare;
mod events;
mod pages;
mod process;
mod reading;
mod scene;
mod size;
mod start;
mod steps;
mod table;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;

use crate::table::Table;

/// How many turns to take, and where.
#[derive(Clone, Debug)]
struct Effort {
    quick: bool,
    /// A folder on the disk, which a temporary one might not be: syncs are to cost what they cost.
    scratch: PathBuf,
}

impl Effort {
    /// Returns the number of turns: as many as asked for, or two.
    fn turns(&self, full: usize) -> usize {
        if self.quick { full.min(2) } else { full }
    }

    /// Makes a folder of its own, removed when dropped.
    fn folder(&self) -> std::io::Result<tempfile::TempDir> {
        tempfile::tempdir_in(&self.scratch)
    }
}

fn main() -> ExitCode {
    // Cargo says `--bench`; that is no name of a part.
    let wanted: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    match measure(&wanted) {
        Ok(table) => {
            println!("\n{table}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn measure(wanted: &[String]) -> anyhow::Result<Table> {
    let is_wanted = |part: &str| wanted.is_empty() || wanted.iter().any(|name| name == part);
    let effort = Effort {
        quick: std::env::var_os("FAROL_BENCH_QUICK").is_some(),
        scratch: PathBuf::from(env!("CARGO_TARGET_TMPDIR")),
    };
    let mut table = Table::default();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    if is_wanted("reading") {
        progress("reading");
        reading::measure(&effort, &mut table).context("reading")?;
    }
    if is_wanted("steps") {
        progress("steps");
        runtime.block_on(steps::measure(&effort, &mut table)).context("steps")?;
    }
    if is_wanted("events") {
        progress("events");
        runtime.block_on(events::measure(&effort, &mut table)).context("events")?;
    }
    if is_wanted("pages") {
        progress("pages");
        runtime.block_on(pages::measure(&effort, &mut table)).context("pages")?;
    }
    if is_wanted("start") {
        progress("start");
        runtime.block_on(start::measure(&effort, &mut table)).context("start")?;
    }
    if is_wanted("size") {
        size::measure(&mut table).context("size: `make web` builds what is weighed")?;
    }
    Ok(table)
}

fn progress(part: &str) {
    eprintln!("bench: {part}");
}

/// Returns a path below the checkout.
fn checkout(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}
