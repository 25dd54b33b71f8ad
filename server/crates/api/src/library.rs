//! The library: what it finds, how that can be narrowed down, and what an import did.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::id::{IncidentId, RunbookId};
use crate::runbook::RunbookSummary;
use crate::text::Localized;
use crate::user::Person;

/// One page of what the library found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Library {
    /// How many runbooks were found in all.
    pub total: u64,
    /// Those of this page, the best first.
    pub runbooks: Vec<LibraryRow>,
    /// The page, from 1.
    pub page: u32,
    /// How many pages there are; 0 where nothing was found.
    pub pages: u32,
    /// What the runbooks found have in common, to narrow them down by.
    pub facets: Vec<Facet>,
}

/// A runbook in the library, with what tells whether it can be trusted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LibraryRow {
    /// The runbook.
    pub runbook: RunbookSummary,
    /// Who owns it, in the author's words.
    pub owner: Option<String>,
    /// The service that it is about.
    pub service: Option<String>,
    /// What it is for.
    pub scenario: Option<String>,
    /// When the author wants it looked at again, as `YYYY-MM-DD`.
    pub review_by: Option<String>,
    /// Whether that day, or a year since it was changed, has passed.
    pub stale: bool,
    /// The file that it was imported from: the source's name and the path in it.
    pub file: Option<String>,
    /// The last incident that it was walked in.
    pub last_run: Option<LastRun>,
    /// The last drill.
    pub last_drill: Option<LastRun>,
}

/// The last time that a runbook was walked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LastRun {
    /// The incident.
    pub incident: IncidentId,
    /// When it was declared.
    pub at: DateTime<Utc>,
}

/// One way to narrow the library down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Facet {
    /// Which.
    pub kind: FacetKind,
    /// Its values among what was found, the most frequent first; an empty one is of runbooks that state none.
    pub values: Vec<FacetValue>,
}

/// A value with the number of runbooks that have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FacetValue {
    /// The value, as it stands in the address.
    pub value: String,
    /// How many.
    pub count: u64,
}

/// What the library can be narrowed down by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FacetKind {
    /// The service that it is about.
    Service,
    /// What it is for.
    Scenario,
    /// The highest risk of its steps.
    Risk,
    /// The language of its text.
    Language,
    /// Who owns it.
    Owner,
    /// `fresh` or `stale`.
    Freshness,
}

impl FacetKind {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 6] =
        [Self::Service, Self::Scenario, Self::Risk, Self::Language, Self::Owner, Self::Freshness];

    /// Returns its name in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Scenario => "scenario",
            Self::Risk => "risk",
            Self::Language => "language",
            Self::Owner => "owner",
            Self::Freshness => "freshness",
        }
    }
}

/// What an import did, file by file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportReport {
    /// The name of the folder or archive that the files belong to.
    pub source: String,
    /// The files, those that need somebody first.
    pub files: Vec<ImportedFile>,
    /// Runbooks that are new.
    pub new: usize,
    /// Runbooks that have a new revision.
    pub changed: usize,
    /// Runbooks whose file was renamed.
    pub renamed: usize,
    /// Files that are as they were.
    pub unchanged: usize,
    /// Files that were not taken.
    pub skipped: usize,
    /// Files that are counted above and not listed.
    pub unlisted: usize,
    /// Files of the last import that are not there any more; their runbooks stay.
    pub gone: Vec<String>,
    /// Why the import ended before its end, where it did: what is listed as taken is in the library, the rest is not.
    pub stopped: Option<Localized>,
}

/// What became of one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportedFile {
    /// Its path in the source.
    pub path: String,
    /// What became of it.
    pub outcome: FileOutcome,
    /// The runbook that it is.
    pub runbook: Option<RunbookId>,
    /// Steps that a person or a machine does.
    pub steps: usize,
    /// Diagnostics that are errors or warnings.
    pub problems: usize,
    /// Why it was skipped.
    pub reason: Option<SkipReason>,
    /// What there is to say about it.
    pub note: Option<Localized>,
}

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FileOutcome {
    /// It was not taken.
    Skipped,
    /// A new runbook.
    New,
    /// A new revision of a runbook.
    Changed,
    /// The same text under another path.
    Renamed,
    /// As it was.
    Unchanged,
}

/// Why a file was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SkipReason {
    /// Its name does not end in `.md` or `.markdown`.
    NotMarkdown,
    /// It is larger than a runbook may be.
    TooLarge,
    /// It holds NUL bytes.
    NotText,
    /// Its bytes are no UTF-8.
    NotUtf8,
    /// There is nothing in it.
    Empty,
    /// Its path leads out of the source, or is no path.
    HostilePath,
    /// It is a link, and links are not followed.
    Link,
    /// It is no file: a device, a pipe.
    NotAFile,
    /// Another entry of that archive has its name.
    Duplicate,
    /// It could not be read or unpacked.
    Unreadable,
    /// Both the file and its runbook were changed.
    Conflict,
}

/// A report that was kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Import {
    /// Its number.
    pub id: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who imported; absent where a watched folder changed, or on the command line.
    pub by: Option<Person>,
    /// What it did.
    pub report: ImportReport,
}

/// What the import page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Imports {
    /// The last imports, newest first, without their files.
    pub imports: Vec<Import>,
    /// Folders that are watched.
    pub watches: Vec<Watch>,
    /// Folders below which one can be watched, as the server's settings name them.
    pub roots: Vec<String>,
    /// The largest upload, in bytes.
    pub upload_bytes: usize,
}

/// A folder of the server that is imported whenever it changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Watch {
    /// Its number.
    pub id: i64,
    /// The folder.
    pub path: String,
    /// The name of the source.
    pub source: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Who set it up.
    pub by: Option<Person>,
    /// When it was looked at last.
    pub looked_at: Option<DateTime<Utc>>,
    /// The report of the last time that something had changed.
    pub import: Option<i64>,
    /// Why it could not be read.
    pub failure: Option<String>,
}

/// A folder to watch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WatchFolder {
    /// The folder, as a path on the server.
    pub path: String,
}
