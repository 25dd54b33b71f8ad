//! `farol lint`: diagnostics as text, JSON or SARIF.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ffi::OsString;
use std::io::{self, Write};
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::rc::Rc;

use chrono::NaiveDate;
use clap::{Args, ValueEnum};
use farol_api::clock::Clock;
use farol_api::runbook::{Diagnostic, DiagnosticSeverity};
use farol_api::text::Locale;
use farol_risk::service::Classifier;
use farol_runbook::diagnose;
use percent_encoding::percent_decode_str;
use serde::Serialize;

use super::say::{self, complain, locale};
use super::{input, sarif};
use crate::clock::SystemClock;
use crate::library::file::is_markdown;
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
    #[arg(long, value_name = "TAG", default_value = "en", value_parser = locale)]
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
        say::complain_of(&files.problems, self.lang);
        say::complain_of(&files.notes, self.lang);
        let classifier = std::env::current_exe().and_then(|exe| Classifier::spawn(exe, vec!["risk-worker".to_owned()]));
        let classifier = match classifier {
            Ok(classifier) => classifier,
            Err(error) => {
                complain(&format_args!("cannot start the classifier: {error}"));
                return ExitCode::from(2);
            }
        };
        match self.print(&files.paths, &classifier, &mut tally) {
            // A reader that went away (`| head`) is no error of ours.
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                complain(&format_args!("cannot write: {error}"));
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
        let mut linked = Linked::default();
        for path in files {
            match input::read(path) {
                Ok(text) => {
                    let found = diagnostics(path, &text, classifier, today, &mut linked);
                    self.file(path, &text, &found, tally, &mut out)?;
                }
                Err(sentence) => {
                    complain(&sentence.get(self.lang));
                    tally.unread = true;
                }
            }
        }
        match self.format {
            Format::Text => writeln!(out, "{}", summary(files.len(), tally, self.lang))?,
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

fn summary(files: usize, tally: &Tally, lang: Locale) -> String {
    let Tally { errors, warnings, .. } = *tally;
    let (errors, warnings) = match lang {
        Locale::En => (say::count(errors, "error", "errors"), say::count(warnings, "warning", "warnings")),
        Locale::PtBr => (say::count(errors, "erro", "erros"), say::count(warnings, "aviso", "avisos")),
    };
    format!("{}, {errors}, {warnings}", say::files(files, lang))
}

/// All that can be said of a file: of its text, of what its commands do, of the day, and of the files around it.
fn diagnostics(
    path: &Path,
    text: &str,
    classifier: &Classifier,
    today: NaiveDate,
    linked: &mut Linked,
) -> Vec<Diagnostic> {
    let runbook = reading::classified(text, None, |commands| classifier.classify_many(commands));
    let mut runbook = reading::on(runbook, today);
    if path != Path::new("-") {
        let folder = path.parent().unwrap_or(Path::new(""));
        let neighbours = linked.neighbours(folder);
        let linked = RefCell::new(linked);
        let exists = |link: &str| folder.join(unescaped(link)).is_file();
        let lacking = |link: &str, anchor: &str| linked.borrow_mut().lacking(folder.join(unescaped(link)), anchor);
        runbook.diagnostics.extend(diagnose::missing_runbooks(text, &runbook, exists, lacking, &neighbours));
        diagnose::sort(&mut runbook.diagnostics);
    }
    runbook.diagnostics
}

/// What links can lead to: each folder and each file that was linked to is read once.
#[derive(Default)]
struct Linked {
    anchors: HashMap<PathBuf, Option<Vec<String>>>,
    folders: HashMap<PathBuf, Rc<[String]>>,
}

impl Linked {
    /// Returns the anchors of a file where this one is not among them. Of a file that cannot be read nothing is said:
    /// it is said where it is linted.
    fn lacking(&mut self, path: PathBuf, anchor: &str) -> Option<Vec<String>> {
        let anchors =
            self.anchors.entry(path).or_insert_with_key(|path| input::read(path).ok().map(|text| anchors(&text)));
        let anchors = anchors.as_ref()?;
        let anchor = farol_runbook::link_anchor(anchor);
        (!anchors.contains(&anchor)).then(|| anchors.clone())
    }

    /// Returns the Markdown files beside a runbook, by their names.
    fn neighbours(&mut self, folder: &Path) -> Rc<[String]> {
        let read = |folder: &PathBuf| neighbours(folder).into();
        Rc::clone(self.folders.entry(folder.to_path_buf()).or_insert_with_key(read))
    }
}

/// What a link can lead to in a text: headings, and what HTML in it gives a name.
fn anchors(text: &str) -> Vec<String> {
    let runbook = farol_runbook::parse(text, None);
    let mut anchors: Vec<String> = runbook.sections.into_iter().map(|section| section.anchor).collect();
    anchors.extend(farol_runbook::html_anchors(text));
    anchors
}

/// The Markdown files beside a runbook, by their names.
fn neighbours(folder: &Path) -> Vec<String> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    names.filter(|name| is_markdown(name)).collect()
}

/// A link's path as a file's: `%20` is a blank there, and any byte may stand in a name.
fn unescaped(link: &str) -> PathBuf {
    PathBuf::from(OsString::from_vec(percent_decode_str(link).collect()))
}
