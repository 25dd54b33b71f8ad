//! `farol lint`: diagnostics as text, JSON or SARIF.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chrono::NaiveDate;
use clap::{Args, ValueEnum};
use farol_api::clock::Clock;
use farol_api::runbook::{Diagnostic, DiagnosticSeverity};
use farol_api::text::Locale;
use farol_risk::service::Classifier;
use farol_runbook::diagnose;
use serde::Serialize;

use super::{input, sarif};
use crate::clock::SystemClock;
use crate::reading;

/// Arguments of `farol lint`.
#[derive(Debug, Args)]
pub struct Lint {
    /// Runbooks, or folders of them; - reads standard input
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

/// What was found in all files.
#[derive(Default)]
struct Tally {
    errors: usize,
    warnings: usize,
    unread: bool,
    results: Vec<serde_json::Value>,
}

impl Lint {
    /// Runs it. Exits 1 where there are errors, 2 where a file could not be read.
    pub fn run(&self) -> ExitCode {
        let files = input::below(&self.paths);
        let mut tally = Tally { unread: !files.problems.is_empty(), ..Tally::default() };
        files.problems.iter().for_each(|sentence| eprintln!("farol: {sentence}"));
        let classifier = std::env::current_exe().and_then(|exe| Classifier::spawn(exe, vec!["risk-worker".to_owned()]));
        let classifier = match classifier {
            Ok(classifier) => classifier,
            Err(error) => {
                eprintln!("farol: cannot start the classifier: {error}");
                return ExitCode::from(2);
            }
        };
        match self.print(&files.paths, &classifier, &mut tally) {
            // A reader that went away (`| head`) is no error of ours.
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                eprintln!("farol: cannot write: {error}");
                return ExitCode::from(2);
            }
            _ => {}
        }
        match (tally.unread, tally.errors) {
            (true, _) => ExitCode::from(2),
            (false, 0) => ExitCode::SUCCESS,
            (false, _) => ExitCode::FAILURE,
        }
    }

    fn print(&self, files: &[PathBuf], classifier: &Classifier, tally: &mut Tally) -> io::Result<()> {
        let mut out = io::stdout().lock();
        let today = SystemClock.now().date_naive();
        for path in files {
            match input::read_one(path) {
                Ok(text) => {
                    let found = diagnostics(path, &text, classifier, today);
                    self.file(path, &text, &found, tally, &mut out)?;
                }
                Err(sentence) => {
                    eprintln!("farol: {sentence}");
                    tally.unread = true;
                }
            }
        }
        let Tally { errors, warnings, .. } = tally;
        match self.format {
            Format::Text => writeln!(out, "{} files, {errors} errors, {warnings} warnings", files.len())?,
            Format::Sarif => writeln!(out, "{:#}", sarif::document(std::mem::take(&mut tally.results), self.lang))?,
            Format::Json => {}
        }
        out.flush()
    }

    fn file(
        &self,
        path: &Path,
        text: &str,
        found: &[Diagnostic],
        tally: &mut Tally,
        out: &mut impl Write,
    ) -> io::Result<()> {
        let places = sarif::Places::new(text);
        for diagnostic in found {
            tally.errors += usize::from(diagnostic.severity == DiagnosticSeverity::Error);
            tally.warnings += usize::from(diagnostic.severity == DiagnosticSeverity::Warning);
            match self.format {
                Format::Sarif => tally.results.push(sarif::result(path, &places, diagnostic, self.lang)),
                Format::Json => {
                    let line = Line { path: path.display().to_string(), diagnostic };
                    writeln!(out, "{}", serde_json::to_string(&line)?)?;
                }
                Format::Text => {
                    let word = match diagnostic.severity {
                        DiagnosticSeverity::Error => "error",
                        DiagnosticSeverity::Warning => "warning",
                        DiagnosticSeverity::Info => "info",
                    };
                    let (line, code, message) = (diagnostic.line, &diagnostic.code, diagnostic.message.get(self.lang));
                    // One line each, whatever the runbook's words hold.
                    let message = message.replace(char::is_control, " ");
                    writeln!(out, "{}:{line}: {word}[{code}]: {message}", path.display())?;
                }
            }
        }
        Ok(())
    }
}

/// All that can be said of a file: of its text, of what its commands do, of the day, and of the files around it.
fn diagnostics(path: &Path, text: &str, classifier: &Classifier, today: NaiveDate) -> Vec<Diagnostic> {
    let runbook = reading::classified(text, None, |commands| classifier.classify_many(commands));
    let mut runbook = reading::on(runbook, today);
    if path != Path::new("-") {
        let folder = path.parent().unwrap_or(Path::new(""));
        let exists = |link: &str| folder.join(unescaped(link)).is_file();
        runbook.diagnostics.extend(diagnose::missing_runbooks(text, &runbook, exists, &neighbours(folder)));
        diagnose::sort(&mut runbook.diagnostics);
    }
    runbook.diagnostics
}

/// The Markdown files beside a runbook, by their names.
fn neighbours(folder: &Path) -> Vec<String> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    names.filter(|name| name.ends_with(".md") || name.ends_with(".markdown")).collect()
}

/// A link's path as a file's: `%20` is a blank there.
fn unescaped(link: &str) -> String {
    let mut bytes = Vec::with_capacity(link.len());
    let mut rest = link.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let code = tail.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match code.and_then(|hex| u8::from_str_radix(hex, 16).ok()).filter(|_| *first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| link.to_owned())
}

pub(super) fn locale(text: &str) -> Result<Locale, String> {
    Locale::from_tag(text).ok_or_else(|| "en or pt-BR".to_owned())
}
