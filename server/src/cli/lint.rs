//! `farol lint`: diagnostics as text, JSON or SARIF.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use farol_api::runbook::{Diagnostic, DiagnosticSeverity};
use farol_api::text::Locale;
use serde::Serialize;

use super::{input, sarif};

/// Arguments of `farol lint`.
#[derive(Debug, Args)]
pub struct Lint {
    /// Runbooks, or folders of them
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Text for people, one JSON object a line, or one SARIF 2.1.0 document
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// The language of the messages: en or pt-BR
    #[arg(long, default_value = "en", value_parser = locale)]
    lang: Locale,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Text,
    Json,
    Sarif,
}

#[derive(Serialize)]
struct Line<'a> {
    path: String,
    #[serde(flatten)]
    diagnostic: &'a Diagnostic,
}

impl Lint {
    /// Runs it. Exits 1 where there are errors, 2 where a file could not be read.
    pub fn run(&self) -> ExitCode {
        let files = match input::below(&self.paths) {
            Ok(files) => files,
            Err(sentence) => {
                eprintln!("farol: {sentence}");
                return ExitCode::from(2);
            }
        };
        let (mut errors, mut warnings, mut unread) = (0, 0, false);
        let mut found = Vec::new();
        for path in &files {
            match input::read(path) {
                Ok(text) => {
                    for diagnostic in farol_runbook::parse(&text, None).diagnostics {
                        errors += usize::from(diagnostic.severity == DiagnosticSeverity::Error);
                        warnings += usize::from(diagnostic.severity == DiagnosticSeverity::Warning);
                        match self.format {
                            Format::Sarif => found.push(sarif::result(path, &text, &diagnostic, self.lang)),
                            _ => self.print(path.display().to_string(), &diagnostic),
                        }
                    }
                }
                Err(sentence) => {
                    eprintln!("farol: {sentence}");
                    unread = true;
                }
            }
        }
        match self.format {
            Format::Text => println!("{} files, {errors} errors, {warnings} warnings", files.len()),
            Format::Sarif => println!("{:#}", sarif::document(found, self.lang)),
            Format::Json => {}
        }
        match (unread, errors) {
            (true, _) => ExitCode::from(2),
            (false, 0) => ExitCode::SUCCESS,
            (false, _) => ExitCode::FAILURE,
        }
    }

    fn print(&self, path: String, diagnostic: &Diagnostic) {
        match self.format {
            Format::Text => {
                let word = match diagnostic.severity {
                    DiagnosticSeverity::Error => "error",
                    DiagnosticSeverity::Warning => "warning",
                    DiagnosticSeverity::Info => "info",
                };
                let message = diagnostic.message.get(self.lang);
                println!("{path}:{}: {word}[{}]: {message}", diagnostic.line, diagnostic.code);
            }
            Format::Json | Format::Sarif => match serde_json::to_string(&Line { path, diagnostic }) {
                Ok(line) => println!("{line}"),
                Err(error) => eprintln!("farol: {error}"),
            },
        }
    }
}

/// Reads the tag of a language that Farol speaks.
pub(super) fn locale(text: &str) -> Result<Locale, String> {
    Locale::from_tag(text).ok_or_else(|| "en or pt-BR".to_owned())
}
