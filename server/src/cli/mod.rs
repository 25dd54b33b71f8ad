//! The command line.

mod erase;
mod fix;
mod graph;
mod import;
mod input;
mod inspect;
mod keys;
mod lint;
mod migrate;
mod password;
mod risk;
mod run;
mod sarif;
mod say;
mod store;
mod token;
mod verify;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::Config;

/// Runbooks that run.
#[derive(Debug, Parser)]
#[command(name = "farol", version, about = "Reads runbooks, runs what was approved, and writes down what happened.")]
struct Cli {
    /// Settings file; farol.toml where absent.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the server
    Serve {
        /// Register the demo target, a shop that anybody may break
        #[arg(long)]
        demo: bool,
    },
    /// Show what the reader makes of runbooks
    Inspect(inspect::Inspect),
    /// Draw the step graph of a runbook
    Graph(graph::Graph),
    /// Say what could be better in runbooks; exits 1 where something must be mended
    Lint(lint::Lint),
    /// Apply the fixes that are sure, and change no other byte; exits 1 with --check where there is one to apply
    Fix(fix::Fix),
    /// Bring folders, archives, files or standard input into the library
    Import(import::Import),
    /// Walk a runbook from a terminal or a pipeline, with the same approvals and record
    Run(run::Run),
    /// Make a token for a program that acts for somebody, `farol run` for one
    Token(token::Token),
    /// Make a link by which somebody who cannot log in chooses a new password; works once, for a day
    Password(password::Password),
    /// Tell the risk class of a statement or script from standard input
    Risk(risk::Risk),
    /// Tell what the exported record of an incident proves; works without a server
    Verify(verify::Verify),
    /// Print the public keys that records are verified with
    Keys(keys::Keys),
    /// Print the signed checkpoints of incidents, to be kept where this server cannot reach them
    Checkpoint(keys::Checkpoints),
    /// Erase from an incident the stored output of an attempt or the text of an entry; its record stays provable
    Erase(erase::Erase),
    /// Bring a Postgres store to this version
    Migrate,
}

/// Runs the command line. Exit codes: 0 done, 1 something was found or failed, 2 wrong usage or unreadable input.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let settings = || -> anyhow::Result<Config> {
        let config = Config::load(cli.config.as_deref())?;
        config.check()?;
        Ok(config)
    };
    let done = match cli.command {
        Command::Serve { demo } => settings().and_then(|config| crate::serve::run(config, demo)),
        Command::Migrate => settings().and_then(|config| migrate::run(&config)),
        Command::Inspect(inspect) => return inspect.run(),
        Command::Graph(graph) => return graph.run(),
        Command::Lint(lint) => return lint.run(),
        Command::Fix(fix) => return fix.run(),
        Command::Import(import) => return import.run(settings),
        Command::Run(run) => return run.run(settings),
        Command::Token(token) => settings().and_then(|config| token.run(&config)),
        Command::Password(password) => settings().and_then(|config| password.run(&config)),
        Command::Risk(risk) => return risk.run(),
        Command::Verify(verify) => return verify.run(),
        Command::Keys(keys) => settings().and_then(|config| keys.run(&config)),
        Command::Erase(erase) => settings().and_then(|config| erase.run(&config)),
        Command::Checkpoint(checkpoints) => match settings().and_then(|config| checkpoints.run(&config)) {
            Ok(code) => return code,
            Err(error) => Err(error),
        },
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say::complain(&format_args!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}
