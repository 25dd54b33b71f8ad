//! Runbooks and their immutable revisions, and the library that finds them.

mod editors;
mod import;
mod index;
mod read;
mod reports;
mod save;
mod search;
mod words;

pub use editors::Writers;
pub use import::{Catalogue, FileSaved, KnownFile, Loose, NewFile, Tie};
pub use search::LibraryQuery;
pub use words::Words;

use farol_api::id::{RevisionId, RunbookId};
use farol_api::risk::RiskClass;
use farol_api::runbook::{RevisionSummary, Runbook};
use farol_api::user::Person;

use crate::StoreError;

/// A revision to save.
#[derive(Clone, Debug)]
pub struct NewRevision<'a> {
    /// The runbook.
    pub runbook: RunbookId,
    /// The revision that was edited; absent for a new runbook.
    pub base: Option<RevisionId>,
    /// The source, byte for byte.
    pub source: &'a [u8],
    /// What lists show of it.
    pub facts: RunbookFacts,
    /// What was read from it.
    pub reading: &'a Runbook,
    /// The version of the reader that read it.
    pub reader: &'a str,
    /// Who saves it; absent where it comes with the program.
    pub author: Option<Person>,
    /// Why it changed.
    pub note: String,
}

/// What lists show of a runbook.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunbookFacts {
    /// Its title; empty where it has none, and is called by its id.
    pub title: String,
    /// Its language, where it could be told.
    pub language: Option<String>,
    /// The author's word for its severity.
    pub severity: Option<String>,
    /// Steps a person or a machine does.
    pub steps: usize,
    /// Those a machine can run.
    pub executable_steps: usize,
    /// The highest risk among them.
    pub highest_risk: Option<RiskClass>,
    /// Diagnostics that are errors or warnings.
    pub problems: usize,
    /// Who owns it.
    pub owner: Option<String>,
    /// The service that it is about.
    pub service: Option<String>,
    /// What it is for.
    pub scenario: Option<String>,
    /// When it is to be looked at again, as `YYYY-MM-DD`.
    pub review_by: Option<String>,
    /// The words that it is found by.
    pub words: Words,
}

/// A revision that was asked to be saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    /// The revision the runbook has now.
    pub revision: RevisionSummary,
    /// Whether it is new; the bytes of the newest revision make none.
    pub created: bool,
}

/// Why a revision was not saved.
#[derive(Debug, thiserror::Error)]
pub enum SaveRevisionError {
    /// A new runbook has the id of another.
    #[error("a runbook of that id exists")]
    Exists,
    /// There is no such runbook.
    #[error("no such runbook")]
    NotFound,
    /// Somebody saved another revision meanwhile.
    #[error("the runbook was changed meanwhile")]
    Conflict {
        /// The newest revision.
        newest: RevisionSummary,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A revision as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRevision {
    /// The runbook.
    pub runbook: RunbookId,
    /// Its place in the history.
    pub summary: RevisionSummary,
    /// Whether it is the newest.
    pub newest: bool,
    /// The source, byte for byte.
    pub source: Vec<u8>,
}

/// The order of a list of runbooks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RunbookOrder {
    /// By title.
    #[default]
    Title,
    /// The last saved first.
    Newest,
}
