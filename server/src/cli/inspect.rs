//! `farol inspect`: what the reader makes of runbooks.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use farol_api::runbook::Runbook;
use farol_runbook::Counts;
use serde::Serialize;

use super::input;

/// Arguments of `farol inspect`.
#[derive(Debug, Args)]
pub struct Inspect {
    /// Runbooks
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// One JSON object a line, or an outline for people
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Text,
    Json,
}

#[derive(Serialize)]
struct Line<'a> {
    path: String,
    counts: &'a Counts,
    #[serde(flatten)]
    runbook: &'a Runbook,
}

impl Inspect {
    /// Runs it. Exits 2 where a file could not be read; the others are shown all the same.
    pub fn run(&self) -> ExitCode {
        let mut code = ExitCode::SUCCESS;
        let mut out = std::io::stdout().lock();
        for path in &self.files {
            let shown = input::read(path).and_then(|text| {
                let (runbook, counts) = farol_runbook::inspect(&text, None);
                let line = match self.format {
                    Format::Text => farol_runbook::outline_text(&runbook),
                    Format::Json => {
                        let line = Line { path: path.display().to_string(), counts: &counts, runbook: &runbook };
                        serde_json::to_string(&line).map_err(|error| error.to_string())?
                    }
                };
                Ok(line)
            });
            match shown {
                // A reader that went away (`| head`) is no error of ours.
                Ok(line) => {
                    if writeln!(out, "{line}").is_err() {
                        return ExitCode::SUCCESS;
                    }
                }
                Err(sentence) => {
                    eprintln!("farol: {sentence}");
                    code = ExitCode::from(2);
                }
            }
        }
        code
    }
}
