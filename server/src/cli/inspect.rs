//! `farol inspect`: what the reader makes of runbooks.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use farol_api::runbook::Runbook;
use farol_runbook::Counts;
use serde::Serialize;

use super::input;
use super::say::{self, Format, complain};

/// Arguments of `farol inspect`.
#[derive(Debug, Args)]
pub struct Inspect {
    /// Runbooks; - reads standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// One JSON object a line, or an outline for people
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
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
        for path in &self.files {
            let shown = input::read(path).map_err(|why| why.en).and_then(|text| {
                let (runbook, counts) = farol_runbook::inspect(&text, None);
                let line = match self.format {
                    Format::Text => farol_runbook::outline_text(&runbook),
                    Format::Json => {
                        let line = Line { path: path.display().to_string(), counts: &counts, runbook: &runbook };
                        serde_json::to_string(&line).map_err(|error| error.to_string())?
                    }
                };
                say::print(format!("{line}\n").as_bytes()).map_err(|error| format!("cannot write: {error}"))
            });
            match shown {
                Ok(()) => {}
                Err(sentence) => {
                    complain(&sentence);
                    code = ExitCode::from(2);
                }
            }
        }
        code
    }
}
