#![doc = include_str!("../README.md")]

mod command;
mod tidy;
mod web;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::web::Flavour;
use crate::workspace::Workspace;

/// Builds Farol's front end and keeps the house tidy.
#[derive(Parser)]
#[command(name = "xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Builds the front end into target/site.
    Web {
        /// Quickly, and neither optimised nor checked for size: for a look at a change, not for tests.
        #[arg(long)]
        dev: bool,
    },
    /// Checks the rules of the house: arrows between crates, file sizes, leftovers, twins.
    Tidy,
}

fn main() -> ExitCode {
    let workspace = Workspace::locate();
    let done = match Arguments::parse().task {
        Task::Web { dev: true } => web::build(&workspace, Flavour::Dev),
        Task::Web { dev: false } => web::build(&workspace, Flavour::Release),
        Task::Tidy => tidy::report(&workspace),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
