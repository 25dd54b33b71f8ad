//! `make bench`: what Farol's work costs, beside its floors in the same run.
//!
//! Machines differ and are noisy, so a figure alone says little. Whatever is compared is run in turns, and a ratio is
//! taken within each turn. `FAROL_BENCH_QUICK=1` takes two turns only, to see that it works; a name among the arguments
//! runs that part alone.

mod bare;
mod events;
mod library;
mod pages;
mod process;
mod reading;
mod results;
mod rows;
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
    let effort = Effort {
        quick: std::env::var_os("FAROL_BENCH_QUICK").is_some(),
        scratch: PathBuf::from(env!("CARGO_TARGET_TMPDIR")),
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("bench: no runtime: {error}");
            return ExitCode::FAILURE;
        }
    };
    let mut table = Table::default();
    let mut ended = ExitCode::SUCCESS;
    for part in PARTS.into_iter().filter(|part| wanted.is_empty() || wanted.iter().any(|name| name == part)) {
        eprintln!("bench: {part}");
        // What the other parts measured is worth its time all the same.
        if let Err(error) = runtime.block_on(measure(part, &effort, &mut table)) {
            eprintln!("bench: {part} failed: {error:#}");
            ended = ExitCode::FAILURE;
        }
    }
    println!("\n{table}");
    ended
}

/// What there is to measure, in its order.
const PARTS: [&str; 8] = ["reading", "library", "steps", "results", "events", "pages", "start", "size"];

async fn measure(part: &str, effort: &Effort, table: &mut Table) -> anyhow::Result<()> {
    match part {
        "reading" => reading::measure(effort, table),
        "library" => library::measure(effort, table).await,
        "steps" => steps::measure(effort, table).await,
        "results" => results::measure(effort, table).await,
        "events" => events::measure(effort, table).await,
        "pages" => pages::measure(effort, table).await,
        "start" => start::measure(effort, table).await,
        _ => size::measure(table).context("`make web` builds what is weighed"),
    }
}

/// Returns a path below the checkout.
fn checkout(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}
