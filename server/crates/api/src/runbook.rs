//! What the reader makes of a Markdown runbook, and runbooks as resources.

use serde::{Deserialize, Serialize};

use crate::editors::Editors;
use crate::front_matter::FrontMatter;
use crate::graph::{Capture, LiftedSql, ShellContext, StepGraph, StepLink};
use crate::id::{RevisionId, RunbookId, StepId};
use crate::risk::RiskClass;
use crate::text::{Localized, Span};
use crate::user::Person;
use chrono::{DateTime, Utc};

/// A runbook as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Runbook {
    /// The first heading, or the front matter's title; empty where there is neither.
    pub title: String,
    /// The language of the text as a BCP 47 tag (`en`, `pt`, `es`), where it could be told.
    pub language: Option<String>,
    /// Metadata lines and front matter, in order.
    pub metadata: Vec<Metadata>,
    /// Headings, in order.
    pub sections: Vec<Section>,
    /// The steps.
    pub graph: StepGraph,
    /// Every code block, executable or not.
    pub blocks: Vec<Block>,
    /// What has to be filled in, each once.
    pub parameters: Vec<Parameter>,
    /// Task lists and labelled checklists.
    pub checklists: Vec<Checklist>,
    /// Tables.
    pub tables: Vec<Table>,
    /// Links and "see section 6".
    pub references: Vec<Reference>,
    /// What the reader has to say about the text.
    pub diagnostics: Vec<Diagnostic>,
    /// SQL inside shell steps.
    #[serde(default)]
    pub lifted: Vec<LiftedSql>,
    /// Shells, hosts and clients that steps open for later ones.
    #[serde(default)]
    pub contexts: Vec<ShellContext>,
    /// Variables that one step sets and others use.
    #[serde(default)]
    pub captures: Vec<Capture>,
    /// Which steps verify or undo which.
    #[serde(default)]
    pub links: Vec<StepLink>,
    /// Sample values in commands that have to be replaced, though nothing marks them.
    #[serde(default)]
    pub samples: Vec<Sample>,
    /// Alerts that the text names.
    #[serde(default)]
    pub alerts: Vec<AlertMention>,
    /// YAML front matter, where there is some that could be read.
    #[serde(default)]
    pub front_matter: Option<FrontMatter>,
}

/// One metadata item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Metadata {
    /// What it is, where it is understood.
    pub kind: MetadataKind,
    /// The author's label, for example `Severidade`.
    pub label: String,
    /// The author's value.
    pub value: String,
    /// The value in seconds, for durations (RTO, RPO, estimated time).
    pub seconds: Option<u64>,
    /// Where it stands.
    pub span: Span,
    /// Its line, from 1.
    pub line: usize,
}

/// What a metadata item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MetadataKind {
    /// Severity.
    Severity,
    /// Recovery time objective.
    Rto,
    /// Recovery point objective.
    Rpo,
    /// How long it should take.
    EstimatedTime,
    /// Who owns it.
    Owner,
    /// Whom or where to reach.
    Contact,
    /// When it was last changed or looked at.
    Updated,
    /// Anything else.
    Other,
}

/// A heading with what stands under it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Section {
    /// Plain text of the heading.
    pub title: String,
    /// 1 to 6.
    pub level: u8,
    /// A slug unique in the document, as browsers link it.
    pub anchor: String,
    /// From the heading to the next of its level or higher.
    pub span: Span,
    /// Its line, from 1.
    pub line: usize,
}

/// A fenced or indented code block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Block {
    /// The first word of the fence's label, lower-case; empty without one.
    pub label: String,
    /// What it holds.
    pub kind: BlockKind,
    /// The nodes made of its commands.
    pub steps: Vec<StepId>,
    /// The block with its fences.
    pub span: Span,
    /// The line of the opening fence, from 1.
    pub line: usize,
}

/// What a code block holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum BlockKind {
    /// Shell commands.
    Shell,
    /// SQL statements.
    Sql,
    /// Something else typed at a console.
    Console,
    /// Anything never run: configuration, logs, output, source, diagrams, templates.
    Reference,
}

impl BlockKind {
    /// Tells whether the operator is meant to type something of it.
    pub const fn is_exec(self) -> bool {
        !matches!(self, Self::Reference)
    }
}

/// Something to fill in before a step runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Parameter {
    /// Its name: the token without its brackets, unique in the runbook.
    pub name: String,
    /// The token as first written.
    pub token: String,
    /// The steps that use it.
    pub steps: Vec<StepId>,
    /// A value the text gives.
    pub default: Option<String>,
    /// Whether its value must not be shown.
    pub secret: bool,
    /// What kind of value it takes, as far as its name and its place tell.
    #[cfg(not(target_arch = "wasm32"))]
    #[serde(default)]
    pub kind: ParameterKind,
    /// A value that the text shows.
    #[serde(default)]
    pub example: Option<String>,
    /// A regular expression that the whole value must match.
    #[cfg(not(target_arch = "wasm32"))]
    #[serde(default)]
    pub pattern: Option<String>,
    /// The author's sentence for who has to fill it in.
    #[cfg(not(target_arch = "wasm32"))]
    #[serde(default)]
    pub description: Option<String>,
}

/// What kind of value a parameter takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ParameterKind {
    /// Anything.
    #[default]
    Text,
    /// A host name or an address.
    Host,
    /// A port.
    Port,
    /// A process id.
    Pid,
    /// A date, a time or both.
    Timestamp,
    /// A path of a file or a folder.
    Path,
    /// The name of a thing: a pod, a table, a database.
    Name,
    /// A whole number.
    Number,
    /// A password, token or key.
    Secret,
    /// A connection string.
    Connection,
    /// A URL.
    Url,
}

/// A sample value in a command: a bare `pid`, `user:pass`, a host of example.com.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Sample {
    /// The value as it stands there.
    pub token: String,
    /// What kind of value belongs there.
    pub kind: ParameterKind,
    /// The parameter that asks for it; absent where no value can be put, so that it runs as it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
    /// The steps that hold it.
    pub steps: Vec<StepId>,
    /// Where it stands first.
    pub span: Span,
    /// The line, from 1.
    pub line: usize,
}

/// An alert that the text names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AlertMention {
    /// Its name.
    pub name: String,
    /// Where it stands first.
    pub span: Span,
    /// The line, from 1.
    pub line: usize,
}

/// A task list or a list labelled as a checklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Checklist {
    /// The heading or label over it.
    pub title: String,
    /// Its items' nodes.
    pub steps: Vec<StepId>,
    /// Where it stands.
    pub span: Span,
    /// Its line, from 1.
    pub line: usize,
}

/// A table, as plain text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Table {
    /// The header's cells.
    pub header: Vec<String>,
    /// What it is about, as far as its heading and its columns tell.
    #[serde(default)]
    pub kind: TableKind,
    /// The rows' cells.
    pub rows: Vec<Vec<String>>,
    /// Where it stands.
    pub span: Span,
    /// Its line, from 1.
    pub line: usize,
}

/// What a table is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TableKind {
    /// Anything.
    #[default]
    Other,
    /// Incidents of the past: when, why, how long.
    IncidentHistory,
    /// People and how to reach them.
    Contacts,
    /// Conditions and what to do about them.
    Thresholds,
    /// Whom to call after how long.
    Escalation,
    /// Things to tick.
    Checklist,
}

/// A link, or words that point elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reference {
    /// The words.
    pub text: String,
    /// A URL, a path, `#anchor`, or a section's number or name.
    pub destination: String,
    /// The anchor of the section it means in this document, where it was found.
    pub section: Option<String>,
    /// Where it stands.
    pub span: Span,
    /// Its line, from 1.
    pub line: usize,
}

/// How much a diagnostic matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DiagnosticSeverity {
    /// Must be mended.
    Error,
    /// Should be mended.
    Warning,
    /// Good to know.
    Info,
}

/// Something the reader has to say about the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Diagnostic {
    /// A stable code, for example `unclosed-fence`.
    pub code: String,
    /// How much it matters.
    pub severity: DiagnosticSeverity,
    /// One sentence.
    pub message: Localized,
    /// Where.
    pub span: Span,
    /// The line, from 1.
    pub line: usize,
    /// An edit that mends it, where there is one.
    pub fix: Option<TextEdit>,
}

/// Replaces a span of the source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TextEdit {
    /// What is replaced.
    pub span: Span,
    /// With what.
    pub replacement: String,
    /// Whether it is what the author meant, beyond doubt: `farol fix` applies only such edits.
    #[serde(default)]
    pub sure: bool,
}

/// A runbook in the library's list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RunbookSummary {
    /// The runbook.
    pub id: RunbookId,
    /// Its title.
    pub title: String,
    /// Its language, where it could be told.
    pub language: Option<String>,
    /// The author's word for its severity.
    pub severity: Option<String>,
    /// The newest revision.
    pub revision: RevisionId,
    /// When that revision was saved.
    pub updated_at: DateTime<Utc>,
    /// Who saved it; absent where it came with the program or from files, and nobody was named.
    pub updated_by: Option<Person>,
    /// Steps a person or a machine does.
    pub steps: usize,
    /// Those a machine can run.
    pub executable_steps: usize,
    /// The highest risk among them.
    pub highest_risk: Option<RiskClass>,
    /// Diagnostics that are errors or warnings.
    pub problems: usize,
}

/// One revision in a runbook's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RevisionSummary {
    /// The SHA-256 of its bytes.
    pub id: RevisionId,
    /// Counts from 1 within the runbook.
    pub number: i64,
    /// When it was saved.
    pub created_at: DateTime<Utc>,
    /// Who saved it; absent where it came with the program.
    pub created_by: Option<Person>,
    /// Why it was saved.
    pub note: String,
}

/// One revision of a runbook with all that was read from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RunbookDetail {
    /// The runbook.
    pub id: RunbookId,
    /// The revision shown.
    pub revision: RevisionSummary,
    /// Whether it is the newest.
    pub newest: bool,
    /// Who wrote it.
    pub editors: Editors,
    /// The source, byte for byte.
    pub source: String,
    /// The source as sanitised HTML.
    pub html: String,
    /// What was read from it.
    pub runbook: Runbook,
}

/// What a preview of unsaved text shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Preview {
    /// The text as sanitised HTML.
    pub html: String,
    /// What was read from it.
    pub runbook: Runbook,
}

/// Unsaved text after the fixes that are sure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Mended {
    /// The text with the fixes applied; no other byte differs.
    pub source: String,
    /// How many were applied.
    pub applied: usize,
    /// What is read from the mended text.
    pub preview: Preview,
}

/// What authors may write beside the text, for an editor to complete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Vocabulary {
    /// Labels of fences.
    pub languages: Vec<String>,
    /// Attributes of fences.
    pub attributes: Vec<VocabularyKey>,
    /// Keys of front matter.
    pub front_matter: Vec<VocabularyKey>,
    /// Names of registered targets.
    pub targets: Vec<String>,
}

/// One key and what it takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VocabularyKey {
    /// The key.
    pub key: String,
    /// One sentence.
    pub about: Localized,
    /// What can stand as its value.
    pub takes: Takes,
    /// The values, where there is a fixed set.
    pub values: Vec<String>,
}

/// What can stand as a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Takes {
    /// Any text that the key understands.
    Text,
    /// A step's id.
    Step,
    /// A target's name.
    Target,
    /// One of a fixed set.
    OneOf,
}
