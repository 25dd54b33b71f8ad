//! Brings the files of a source into the library.
//!
//! What is known is asked once; files are read in bunches where blocking is allowed, the next bunch while the one before
//! is written, each bunch in one transaction.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

use farol_api::digest::Digest;
use farol_api::editors::Untold;
use farol_api::id::{RevisionId, RunbookId};
use farol_api::library::{FileOutcome, ImportReport, ImportedFile, SkipReason};
use farol_api::runbook::Runbook;
use farol_api::text::Localized;
use farol_api::user::Person;
use farol_store::{Catalogue, FileSaved, KnownFile, Loose, NewFile, Store, Tie, Writers};
use futures::{StreamExt, stream};
use sha2::{Digest as _, Sha256};

use super::file::{Batch, Found, Skipped};
use super::writers::Question;
use super::{facts, git, names, report, writers};
use crate::problem::ApiError;
use crate::reading::Reader;

/// Files of one transaction: enough that its end on the disk costs little, few enough that others wait for little.
const BUNCH: usize = 64;
/// Files from which on an import changes what the database should know of the library's size.
const MANY: usize = 100;
/// Bunches that are read at once.
const AHEAD: usize = 2;
/// Earlier texts of a runbook that a file's history is held against.
const EARLIER: u32 = 20;

/// What imports need.
#[derive(Clone)]
pub struct Importer {
    /// Where runbooks are kept.
    pub store: Store,
    /// What reads them.
    pub reader: Reader,
    /// Who imports; nobody where a folder changed, or where the command line does not say.
    pub author: Option<Person>,
    /// Whether a file's text goes before what somebody edited in the library meanwhile.
    pub over_edits: bool,
}

/// A file whose text is to be saved.
struct Task {
    path: String,
    text: String,
    revision: RevisionId,
    /// The runbook that it is, with its newest revision; nothing for a new one.
    known: Option<(RunbookId, RevisionId)>,
    previous: Previous,
    /// Where the file is.
    place: Option<PathBuf>,
    /// The texts that the runbook had before.
    earlier: Vec<Vec<u8>>,
    writers: Writers,
}

/// A text that is in the library, while it is not known who wrote it.
struct Open {
    runbook: RunbookId,
    revision: RevisionId,
    text: String,
    place: PathBuf,
    earlier: Vec<Vec<u8>>,
    /// What is said of it so far.
    untold: Option<Untold>,
}

/// The revision before.
enum Previous {
    /// There is none.
    None,
    /// What was read from it.
    Reading(Box<Runbook>),
    /// Its text, where no reading of it is kept.
    Text(String),
}

/// A task with what was read.
struct Read {
    task: Task,
    reading: Runbook,
    facts: farol_store::RunbookFacts,
}

impl Importer {
    /// Imports the files of a source and says what became of each.
    ///
    /// An error means that nothing was imported. What fails later ends the import, and the report says so.
    pub async fn run(&self, batch: Batch) -> Result<ImportReport, ApiError> {
        let catalogue = self.store.catalogue(&batch.source).await?;
        let mut report = report::begin(&batch.source);
        let mut taken = catalogue.ids.clone();
        let plan = Plan::new(catalogue, batch, self.over_edits, &mut report);
        let Plan { source, tasks, ties, open } = plan;
        let many = tasks.len() >= MANY;
        self.store.tie_files(&source, &ties).await?;
        self.settle(open).await?;
        let tasks = self.ask_for_writers(tasks).await?;
        if let Err(error) = self.save(&source, tasks, &mut taken, &mut report).await {
            tracing::error!(error = %error, "an import was cut short");
            report.stopped = Some(Localized::new(
                "The import ended early because the store failed. What is listed as new or changed is in the library, the rest is not; import again when the store is well.",
                "A importação terminou antes do fim porque o armazenamento falhou. O que consta como novo ou alterado está na biblioteca, o resto não; importe de novo quando o armazenamento estiver bem.",
            ));
        }
        if many && let Err(error) = self.store.library_grew().await {
            tracing::warn!(%error, "searches may be slow until the database has counted the library by itself");
        }
        report::sort(&mut report);
        Ok(report)
    }

    /// Finds out who wrote the texts that are to be saved.
    async fn ask_for_writers(&self, mut tasks: Vec<Task>) -> Result<Vec<Task>, ApiError> {
        let unnamed = if self.author.is_some() { Writers::Importer } else { Writers::Untold(Untold::NoHistory) };
        for task in &mut tasks {
            task.writers = unnamed.clone();
            if let (Some(_), Some((runbook, _))) = (&task.place, &task.known) {
                task.earlier = self.store.earlier_texts(runbook, &task.revision, EARLIER).await?;
            }
        }
        let asked = tokio::task::spawn_blocking(move || {
            let asks = |task: &Task| task.place.is_some();
            let questions = tasks.iter().filter(|task| asks(task)).filter_map(|task| {
                let place = task.place.as_deref()?;
                Some(Question { place, text: &task.text, earlier: &task.earlier })
            });
            let answers = writers::of(&questions.collect::<Vec<_>>());
            for (task, writers) in tasks.iter_mut().filter(|task| asks(task)).zip(answers) {
                task.writers = writers;
                task.earlier = Vec::new();
            }
            tasks
        });
        Ok(asked.await.map_err(anyhow::Error::from)?)
    }

    /// Asks again who wrote texts that are in the library: a file may be seen before it is committed.
    async fn settle(&self, mut open: Vec<Open>) -> Result<(), ApiError> {
        for text in &mut open {
            text.earlier = self.store.earlier_texts(&text.runbook, &text.revision, EARLIER).await?;
        }
        let asked = tokio::task::spawn_blocking(move || {
            let questions: Vec<_> = open
                .iter()
                .map(|text| Question { place: &text.place, text: &text.text, earlier: &text.earlier })
                .collect();
            let answers = writers::of(&questions);
            let news = open.into_iter().zip(answers).filter_map(|(text, writers)| {
                let is_news = text.untold.is_none_or(|untold| writers != Writers::Untold(untold));
                is_news.then_some((text.revision, writers))
            });
            news.collect::<Vec<_>>()
        });
        Ok(self.store.tell_writers(&asked.await.map_err(anyhow::Error::from)?).await?)
    }

    async fn save(
        &self,
        source: &str,
        tasks: Vec<Task>,
        taken: &mut HashSet<RunbookId>,
        report: &mut ImportReport,
    ) -> Result<(), ApiError> {
        let mut bunches = Vec::new();
        let mut tasks = tasks.into_iter().peekable();
        while tasks.peek().is_some() {
            bunches.push(tasks.by_ref().take(BUNCH).collect::<Vec<_>>());
        }
        let mut read = stream::iter(bunches).map(|bunch| self.read(bunch)).buffered(AHEAD);
        let note = format!("import: {source}");
        let version = self.reader.version();
        while let Some(bunch) = read.next().await {
            let files: Arc<[NewFile]> = bunch?.into_iter().map(|read| new_file(read, &version, taken)).collect();
            let saved = self.store.import_files(source, self.author.as_ref(), &note, &files).await?;
            for (file, saved) in files.iter().zip(saved) {
                match saved {
                    FileSaved::Saved => report::taken(report, imported(file)),
                    FileSaved::Conflict => {
                        report::skipped(report, file.path.clone(), Skipped::because(SkipReason::Conflict));
                    }
                }
            }
        }
        Ok(())
    }

    /// Reads a bunch; steps that are in the revision before keep their ids.
    async fn read(&self, mut bunch: Vec<Task>) -> Result<Vec<Read>, ApiError> {
        for task in &mut bunch {
            if let Some((runbook, _)) = &task.known
                && let Some(before) = self.store.newest_revision(runbook).await?
            {
                // A branch that is checked out again brings bytes back: incidents know their steps as they were read then.
                let known = match self.store.last_reading(&task.revision).await? {
                    None => self.store.last_reading(&before.summary.id).await?,
                    known => known,
                };
                task.previous = match known {
                    Some(reading) => Previous::Reading(Box::new(reading)),
                    None => Previous::Text(String::from_utf8_lossy(&before.source).into_owned()),
                };
            }
        }
        let reader = self.reader.clone();
        let read = tokio::task::spawn_blocking(move || read(&reader, bunch));
        Ok(read.await.map_err(anyhow::Error::from)?)
    }
}

fn read(reader: &Reader, tasks: Vec<Task>) -> Vec<Read> {
    let before: Vec<Option<Cow<'_, Runbook>>> = tasks
        .iter()
        .map(|task| match &task.previous {
            Previous::None => None,
            Previous::Reading(reading) => Some(Cow::Borrowed(reading.as_ref())),
            // Which steps it has is all that counts here, not their risk.
            Previous::Text(text) => Some(Cow::Owned(farol_runbook::parse(text, None))),
        })
        .collect();
    let sources: Vec<_> =
        tasks.iter().zip(&before).map(|(task, before)| (task.text.as_str(), before.as_deref())).collect();
    let readings = reader.read_all_here(&sources);
    drop(before);
    let read = |(task, reading): (Task, Runbook)| {
        let facts = facts(&reading, &task.text);
        Read { task, reading, facts }
    };
    tasks.into_iter().zip(readings).map(read).collect()
}

fn new_file(read: Read, version: &str, taken: &mut HashSet<RunbookId>) -> NewFile {
    let Read { task, reading, facts } = read;
    let (runbook, base) = match task.known {
        Some((runbook, newest)) => (runbook, Some(newest)),
        None => (names::take(&task.path, &facts.title, taken), None),
    };
    NewFile {
        path: task.path,
        runbook,
        // The ids of a later revision's steps depend on the one before, so that reading it alone would not do.
        reading: base.is_some().then(|| (reading, version.to_owned())),
        base,
        revision: task.revision,
        source: task.text.into_bytes(),
        facts,
        writers: task.writers,
    }
}

fn imported(file: &NewFile) -> ImportedFile {
    ImportedFile {
        path: file.path.clone(),
        outcome: if file.base.is_some() { FileOutcome::Changed } else { FileOutcome::New },
        runbook: Some(file.runbook.clone()),
        steps: file.facts.steps,
        problems: file.facts.problems,
        reason: None,
        note: report::note(file.facts.steps),
    }
}

/// What is to be done with the files of a batch.
struct Plan {
    source: String,
    tasks: Vec<Task>,
    ties: Vec<Tie>,
    open: Vec<Open>,
}

/// A file's text as it was found.
struct Text {
    path: String,
    text: String,
    revision: RevisionId,
    place: Option<PathBuf>,
}

impl Text {
    fn task(self, known: Option<(RunbookId, RevisionId)>) -> Task {
        let Self { path, text, revision, place } = self;
        let (previous, earlier, writers) = (Previous::None, Vec::new(), Writers::Importer);
        Task { path, text, revision, known, previous, place, earlier, writers }
    }

    /// Where it may be asked who wrote it, it is.
    fn open(self, runbook: &RunbookId, untold: Option<Untold>) -> Option<Open> {
        let Self { text, revision, place, .. } = self;
        let place = place.filter(|place| git::root_of(place).is_some())?;
        Some(Open { runbook: runbook.clone(), revision, text, place, earlier: Vec::new(), untold })
    }
}

impl Plan {
    fn new(catalogue: Catalogue, batch: Batch, over_edits: bool, report: &mut ImportReport) -> Self {
        let mut known: HashMap<&str, &KnownFile> =
            catalogue.files.iter().map(|file| (file.path.as_str(), file)).collect();
        let here: HashSet<&str> = batch.files.iter().map(|found| found.path.as_str()).collect();
        // Files that are there no more, by the text that they had: the same text elsewhere is the same file renamed.
        let missing = catalogue.files.iter().filter(|file| batch.complete && !here.contains(file.path.as_str()));
        let gone: Vec<String> = missing.clone().map(|file| file.path.clone()).collect();
        // Several may have had one text, as stubs and templates have.
        let mut by_text: HashMap<&RevisionId, Vec<&KnownFile>> = HashMap::new();
        missing.for_each(|file| by_text.entry(&file.imported).or_default().push(file));
        let mut loose: HashMap<&RevisionId, &Loose> =
            catalogue.loose.iter().map(|loose| (&loose.newest, loose)).collect();
        drop(here);
        let mut plan = Self { source: batch.source, tasks: Vec::new(), ties: Vec::new(), open: Vec::new() };
        for Found { path, content, place } in batch.files {
            let text = match content {
                Ok(text) => text,
                Err(why) => {
                    report::skipped(report, path, why);
                    continue;
                }
            };
            let revision = Digest::from_bytes(Sha256::digest(text.as_bytes()).into());
            let found = Text { path, text, revision, place };
            if let Some(file) = known.remove(found.path.as_str()) {
                plan.again(file, found, over_edits, report);
            } else if let Some(file) = by_text.get_mut(&found.revision).and_then(|files| likeliest(files, &found.path))
            {
                plan.renamed(file, found, report);
            } else if let Some(loose) = loose.remove(&found.revision) {
                plan.adopted(loose, found, report);
            } else {
                plan.tasks.push(found.task(None));
            }
        }
        let renamed: HashSet<&String> = plan.ties.iter().filter_map(|tie| tie.from.as_ref()).collect();
        report.gone = gone.into_iter().filter(|path| !renamed.contains(path)).collect();
        report.gone.sort();
        plan
    }

    /// A file that was imported before.
    fn again(&mut self, file: &KnownFile, found: Text, over_edits: bool, report: &mut ImportReport) {
        let edited = file.newest != file.imported;
        if found.revision == file.imported || found.revision == file.newest {
            let (path, revision) = (found.path.clone(), found.revision.clone());
            let came_in_here = edited && revision == file.newest;
            if came_in_here {
                self.ties.push(Tie { from: None, path: path.clone(), runbook: file.runbook.clone(), revision });
            }
            if file.open || came_in_here {
                self.open.extend(found.open(&file.runbook, file.untold.filter(|_| !came_in_here)));
            }
            let size = (file.steps, file.problems);
            report::taken(report, as_it_was(path, &file.runbook, size, FileOutcome::Unchanged, None));
        } else if edited && !over_edits {
            report::skipped(report, found.path, Skipped::because(SkipReason::Conflict));
        } else {
            self.tasks.push(found.task(Some((file.runbook.clone(), file.newest.clone()))));
        }
    }

    fn renamed(&mut self, file: &KnownFile, found: Text, report: &mut ImportReport) {
        let note = Localized::new(format!("It was {}.", file.path), format!("Era {}.", file.path));
        let size = (file.steps, file.problems);
        let (path, revision) = (found.path.clone(), found.revision.clone());
        report::taken(report, as_it_was(path.clone(), &file.runbook, size, FileOutcome::Renamed, Some(note)));
        self.ties.push(Tie { from: Some(file.path.clone()), path, runbook: file.runbook.clone(), revision });
        if file.open {
            self.open.extend(found.open(&file.runbook, file.untold));
        }
    }

    /// The text of a runbook that came from no file: from now on it is this file's.
    fn adopted(&mut self, loose: &Loose, found: Text, report: &mut ImportReport) {
        let note = Localized::new("The library held this text already.", "A biblioteca já continha este texto.");
        let size = (loose.steps, loose.problems);
        let (path, revision) = (found.path.clone(), found.revision.clone());
        report::taken(report, as_it_was(path.clone(), &loose.runbook, size, FileOutcome::Unchanged, Some(note)));
        self.ties.push(Tie { from: None, path, runbook: loose.runbook.clone(), revision });
        self.open.extend(found.open(&loose.runbook, None));
    }
}

/// Takes the file that was renamed to a path, of those that had its text: one of the same name, if there is one.
fn likeliest<'f>(files: &mut Vec<&'f KnownFile>, path: &str) -> Option<&'f KnownFile> {
    let name = path.rsplit('/').next();
    let at = files.iter().position(|file| file.path.rsplit('/').next() == name).unwrap_or(0);
    (at < files.len()).then(|| files.remove(at))
}

/// A file whose text is in the library, with the steps and diagnostics of its runbook.
fn as_it_was(
    path: String,
    runbook: &RunbookId,
    (steps, problems): (usize, usize),
    outcome: FileOutcome,
    note: Option<Localized>,
) -> ImportedFile {
    ImportedFile { path, outcome, runbook: Some(runbook.clone()), steps, problems, reason: None, note }
}
