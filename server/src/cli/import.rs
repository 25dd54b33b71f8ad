//! `farol import`: brings folders, archives, files and standard input into the library.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use clap::Args;
use farol_api::library::{FileOutcome, ImportReport, ImportedFile};
use farol_api::text::{Locale, Localized};
use farol_api::user::Person;
use farol_risk::service::Classifier;
use farol_store::{Store, StoreOptions};

use super::say::{Format, complain, count, locale};
use crate::clock::SystemClock;
use crate::config::Config;
use crate::keys;
use crate::library::archive::{self, Kind};
use crate::library::file::{self, Batch, Found, Refused};
use crate::library::import::Importer;
use crate::library::{folder, names, report};
use crate::reading::Reader;

/// Arguments of `farol import`.
#[derive(Debug, Args)]
#[command(
    after_help = "Exits 0 where all Markdown is in the library, 1 where some was left out or the store failed, 2 on wrong use or where a path could not be read."
)]
pub struct Import {
    /// Folders, archives (.zip, .tar, .tar.gz, .tgz) or Markdown files; - reads one runbook from standard input
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The name that the files belong to; that of the folder or archive where absent
    #[arg(long, value_name = "NAME", value_parser = source)]
    source: Option<String>,
    /// What the text of standard input is called
    #[arg(long, value_name = "FILE", default_value = "pasted.md")]
    name: String,
    /// Take the file where both it and its runbook were changed since the last import
    #[arg(long)]
    over_edits: bool,
    /// Who imports: the e-mail of an account here. That person may not approve steps of what is new or changed
    #[arg(long = "as", value_name = "EMAIL")]
    by: Option<String>,
    /// Text for people, or one JSON object a source
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// The language of the messages: en or pt-BR
    #[arg(long, value_name = "TAG", default_value = "en", value_parser = locale)]
    lang: Locale,
}

impl Import {
    /// Runs it: everything is read before anything is imported.
    pub fn run(&self, settings: impl Fn() -> anyhow::Result<Config>) -> ExitCode {
        let config = match settings() {
            Ok(config) => config,
            Err(error) => {
                complain(&format_args!("{error:#}"));
                return ExitCode::from(2);
            }
        };
        let mut batches: Vec<Batch> = Vec::new();
        for path in &self.paths {
            match self.read(path, config.runbook_bytes) {
                Ok(batch) => add(&mut batches, batch),
                Err(Refused(why)) => {
                    complain(&format_args!("{}: {}", path.display(), why.get(self.lang)));
                    return ExitCode::from(2);
                }
            }
        }
        match self.import(&config, batches) {
            Ok(true) => ExitCode::SUCCESS,
            Ok(false) => ExitCode::FAILURE,
            Err(error) => {
                complain(&format_args!("{error:#}"));
                ExitCode::FAILURE
            }
        }
    }

    fn read(&self, path: &Path, largest: usize) -> Result<Batch, Refused> {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut batch = if path == Path::new("-") {
            let mut bytes = Vec::new();
            let limit = u64::try_from(largest).unwrap_or(u64::MAX).saturating_add(1);
            std::io::stdin().lock().take(limit).read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
            let path = file::clean_path(&self.name).map_err(|reason| Refused(file::Skipped::because(reason).note))?;
            one("pasted", path, file::text(bytes, largest))
        } else if path.is_dir() {
            folder::read(path, largest)?
        } else if let Some(kind) = Kind::of(&name) {
            let mut opened = std::fs::File::open(path).map_err(|error| unreadable(&error))?;
            archive::unpack(&name, kind, &mut opened, largest)?
        } else {
            let place = path.canonicalize().map_err(|error| unreadable(&error))?;
            let folder = place.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy().into_owned();
            let name = place.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let content = if file::is_markdown(&name) {
                folder::read_file(&place, largest)
            } else {
                Err(file::Skipped::because(farol_api::library::SkipReason::NotMarkdown))
            };
            let mut batch = one(&names::source(&folder), file::shown_path(&name), content);
            batch.files.iter_mut().for_each(|found| found.place = Some(place.clone()));
            batch
        };
        if let Some(source) = &self.source {
            batch.source.clone_from(source);
        }
        Ok(batch)
    }

    /// Tells whether all Markdown is in the library.
    fn import(&self, config: &Config, batches: Vec<Batch>) -> anyhow::Result<bool> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(async {
            crate::serve::make_private(&config.data)
                .with_context(|| format!("cannot make {}", config.data.display()))?;
            let store = keys::open(config, StoreOptions::new(Arc::new(SystemClock))).await?;
            let author = match &self.by {
                Some(email) => Some(who(&store, email).await?),
                None => None,
            };
            let commands = crate::risk_table::load(config.risk_table.as_deref())?;
            let classifier =
                Classifier::spawn_with(std::env::current_exe()?, vec!["risk-worker".to_owned()], &commands)?;
            let importer = Importer {
                store: store.clone(),
                reader: Reader::new(classifier),
                author: author.clone(),
                over_edits: self.over_edits,
            };
            let mut whole = true;
            for batch in batches {
                let mut report = importer.run(batch).await?;
                whole &= !report::is_missing_some(&report);
                self.print(&report)?;
                report::cut(&mut report, report::LISTED);
                store.keep_report(author.as_ref(), &report).await?;
            }
            store.close().await;
            Ok(whole)
        })
    }

    fn print(&self, report: &ImportReport) -> std::io::Result<()> {
        let mut out = std::io::stdout().lock();
        let written = match self.format {
            Format::Json => {
                serde_json::to_string(report).map_err(std::io::Error::from).and_then(|line| writeln!(out, "{line}"))
            }
            Format::Text => self.write_text(report, &mut out),
        };
        // Whoever reads no further, `head` for one, has seen enough.
        written.or_else(|error| if error.kind() == std::io::ErrorKind::BrokenPipe { Ok(()) } else { Err(error) })
    }

    fn write_text(&self, report: &ImportReport, out: &mut impl Write) -> std::io::Result<()> {
        let say = |en: &'static str, pt: &'static str| Localized::new(en, pt).get(self.lang).to_owned();
        for file in &report.files {
            writeln!(out, "{}", self.line(file))?;
        }
        for path in &report.gone {
            writeln!(out, "{:<10} {path}", say("gone", "sumiu"))?;
        }
        if let Some(stopped) = &report.stopped {
            writeln!(out, "{}", stopped.get(self.lang))?;
        }
        let words = [
            (report.new, "new", ["novo", "novos"]),
            (report.changed, "changed", ["alterado", "alterados"]),
            (report.renamed, "renamed", ["renomeado", "renomeados"]),
            (report.unchanged, "unchanged", ["sem mudança", "sem mudança"]),
            (report.skipped, "skipped", ["ignorado", "ignorados"]),
        ];
        let words = words.map(|(number, en, [one, many])| match self.lang {
            Locale::En => format!("{number} {en}"),
            Locale::PtBr => count(number, one, many),
        });
        writeln!(out, "{}: {}", report.source, words.join(", "))
    }

    fn line(&self, file: &ImportedFile) -> String {
        let say = |en: &'static str, pt: &'static str| Localized::new(en, pt).get(self.lang).to_owned();
        let outcome = match file.outcome {
            FileOutcome::New => say("new", "novo"),
            FileOutcome::Changed => say("changed", "alterado"),
            FileOutcome::Renamed => say("renamed", "renomeado"),
            FileOutcome::Unchanged => say("unchanged", "sem mudança"),
            FileOutcome::Skipped => say("skipped", "ignorado"),
        };
        let mut line = format!("{outcome:<11} {}", file.path);
        if let Some(runbook) = &file.runbook {
            let (steps, problems) = match self.lang {
                Locale::En => (count(file.steps, "step", "steps"), count(file.problems, "diagnostic", "diagnostics")),
                Locale::PtBr => {
                    (count(file.steps, "passo", "passos"), count(file.problems, "diagnóstico", "diagnósticos"))
                }
            };
            line.push_str(&format!(" → {runbook} ({steps}, {problems})"));
        }
        if let Some(note) = &file.note {
            line.push_str(&format!(": {}", note.get(self.lang)));
        }
        line
    }
}

/// Finds the account that an import is done as.
async fn who(store: &Store, email: &str) -> anyhow::Result<Person> {
    let found = store.user_by_email(email.trim()).await?.filter(|(user, _)| user.disabled_at.is_none());
    let (user, _) = found.with_context(|| format!("nobody logs in as {email}; nothing was imported"))?;
    Ok(Person { id: user.id, name: user.name })
}

/// Files of one source are imported as one, so that none of them is taken for renamed or gone.
fn add(batches: &mut Vec<Batch>, batch: Batch) {
    match batches.iter_mut().find(|other| other.source == batch.source) {
        Some(other) => {
            other.complete = false;
            let paths: std::collections::HashSet<String> = other.files.iter().map(|found| found.path.clone()).collect();
            let (again, new): (Vec<_>, Vec<_>) = batch.files.into_iter().partition(|found| paths.contains(&found.path));
            other.files.extend(new);
            let duplicate = |found: Found| {
                let why = file::Skipped::because(farol_api::library::SkipReason::Duplicate);
                Found { path: found.path, content: Err(why), place: None }
            };
            other.files.extend(again.into_iter().map(duplicate));
        }
        None => batches.push(batch),
    }
}

fn one(source: &str, path: String, content: Result<String, file::Skipped>) -> Batch {
    Batch { source: source.to_owned(), files: vec![Found { path, content, place: None }], complete: false }
}

fn unreadable(error: &std::io::Error) -> Refused {
    Refused(file::Skipped::unreadable(error).note)
}

fn source(text: &str) -> Result<String, String> {
    let clean = names::source(text);
    if clean == text {
        Ok(clean)
    } else {
        Err("a name without slashes and control characters, of at most 100 characters".to_owned())
    }
}
