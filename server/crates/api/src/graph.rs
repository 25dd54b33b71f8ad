//! The step graph of a runbook.

use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use serde::{Deserialize, Serialize, Serializer};

use crate::id::StepId;
use crate::risk::RiskVerdict;
use crate::text::Span;

/// Nodes and edges, reachable from one start.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StepGraph {
    /// The first node; absent in a runbook without steps.
    pub start: Option<StepId>,
    /// All nodes, in the order of the text.
    pub nodes: Vec<Node>,
    /// All edges, in the order of the text.
    pub edges: Vec<Edge>,
}

impl StepGraph {
    /// Finds a node.
    pub fn node(&self, id: &StepId) -> Option<&Node> {
        self.nodes.iter().find(|node| &node.id == id)
    }
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum NodeKind {
    /// Runs an SQL statement.
    Sql,
    /// Runs a shell command.
    Shell,
    /// An HTTP request, shown and ticked by a person.
    Http,
    /// Done by a person.
    Manual,
    /// An item of a task list.
    Check,
    /// An expected observation.
    Verify,
    /// Chooses between branches.
    Decision,
    /// Code that is shown, never run.
    Reference,
    /// What must not be done.
    Prohibition,
    /// Whom to call after some minutes.
    Escalation,
    /// Continues elsewhere.
    Goto,
}

impl NodeKind {
    /// Tells whether a machine can run it.
    pub const fn is_executable(self) -> bool {
        matches!(self, Self::Sql | Self::Shell)
    }

    /// Tells whether somebody has to deal with it before an incident is through.
    pub const fn is_step(self) -> bool {
        !matches!(self, Self::Reference | Self::Prohibition | Self::Escalation | Self::Goto)
    }
}

/// Where in an incident a step belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Seeing that something is wrong.
    Detect,
    /// The first minutes.
    Triage,
    /// Finding out what it is.
    Diagnose,
    /// Mending it.
    Resolve,
    /// Seeing that it is mended.
    Verify,
    /// Undoing.
    Rollback,
    /// Calling others.
    Escalate,
    /// So that it does not come again.
    Prevent,
    /// Looking back.
    Review,
}

/// Titles of headings, outermost first; the nodes of a section share them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "Vec<String>")]
pub struct Headings(Arc<[String]>);

impl Deref for Headings {
    type Target = [String];

    fn deref(&self) -> &[String] {
        &self.0
    }
}

impl From<Vec<String>> for Headings {
    fn from(titles: Vec<String>) -> Self {
        Self(titles.into())
    }
}

impl Serialize for Headings {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0[..].serialize(serializer)
    }
}

/// One node: a step, a decision, or something a reader must see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Node {
    /// Stays when other parts of the file change.
    pub id: StepId,
    /// What it is.
    pub kind: NodeKind,
    /// The author's words for it, as plain text.
    pub title: String,
    /// Titles of the headings it stands under, outermost first.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub section: Headings,
    /// Where in an incident it belongs.
    pub phase: Option<Phase>,
    /// The author's condition for doing it, in their words.
    pub guard: Option<String>,
    /// The author's text around it, as Markdown source; empty where there is none.
    pub text: String,
    /// What is run (`sql`, `shell`) or shown (`http`, `reference`). One node, one command, one gate.
    pub command: Option<Box<Command>>,
    /// What should be seen afterwards, in the author's words.
    pub expected: Option<String>,
    /// The branch it belongs to; absent outside branches.
    pub arm: Option<ArmRef>,
    /// The branches of a decision; empty for all else.
    pub arms: Vec<Arm>,
    /// Where a go-to leads, in the author's words; the edge has the node.
    pub goto: Option<String>,
    /// Minutes after which an escalation is due.
    pub after_minutes: Option<u32>,
    /// The author's attributes.
    #[cfg_attr(feature = "openapi", schema(value_type = Attributes))]
    pub attributes: OwnAttributes,
    /// The risk of the command, where it was classified.
    pub risk: Option<Box<RiskVerdict>>,
    /// Where it stands in the source.
    pub span: Span,
    /// The line it starts on, from 1.
    pub line: usize,
}

/// The branch of a decision that a node belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ArmRef {
    /// The decision node.
    pub decision: StepId,
    /// The index of the arm in it.
    pub arm: usize,
}

/// One branch of a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Arm {
    /// The author's name for it.
    pub label: String,
    /// The author's condition for choosing it.
    pub guard: Option<String>,
    /// Its first node; absent in an empty branch.
    pub first: Option<StepId>,
}

/// What joins two nodes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Edge {
    /// The node it leaves.
    pub from: StepId,
    /// The node it reaches.
    pub to: StepId,
    /// What it means.
    pub kind: EdgeKind,
}

/// What an edge means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum EdgeKind {
    /// Comes next.
    Then,
    /// Comes next if this branch is chosen.
    Branch(Box<Branch>),
    /// Continues there; the only edge that may close a cycle.
    Goto,
    /// Must be done first.
    Needs,
    /// Comes next if it fails.
    OnFailure,
}

/// The branch that an edge leads into.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Branch {
    /// The branch's name.
    pub label: String,
    /// The author's condition.
    pub guard: Option<String>,
}

/// The language of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CommandLanguage {
    /// An SQL statement.
    Sql,
    /// A shell command.
    Shell,
    /// An HTTP request line.
    Http,
    /// Anything else that is shown: configuration, source, logs.
    Other,
}

/// One logical command: a statement, a pipeline, a loop, a heredoc.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Command {
    /// Its language.
    pub language: CommandLanguage,
    /// Its text, without prompts and comments around it.
    pub text: String,
    /// Where the placeholders stand in `text`, in order.
    pub placeholders: Vec<PlaceholderUse>,
    /// Where it stands in the source.
    pub span: Span,
    /// The line it starts on, from 1.
    pub line: usize,
}

/// A placeholder inside a command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlaceholderUse {
    /// The name of the parameter that fills it.
    pub parameter: String,
    /// The token as it stands there, for example `<pid>`.
    pub token: String,
    /// Where it stands, in bytes of the command's text.
    pub span: Span,
}

/// What an author may say about a fence; empty for an unannotated one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Attributes {
    /// The target it runs on.
    pub target: Option<String>,
    /// The longest it may run, in seconds.
    pub timeout_seconds: Option<u32>,
    /// All attributes as written, known or not.
    pub raw: BTreeMap<String, String>,
}

/// The attributes of a node: few have any, and the others need no room for them.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(from = "Attributes")]
pub struct OwnAttributes(Option<Box<Attributes>>);

/// What a node without attributes has.
static NONE: Attributes = Attributes { target: None, timeout_seconds: None, raw: BTreeMap::new() };

impl Deref for OwnAttributes {
    type Target = Attributes;

    fn deref(&self) -> &Attributes {
        self.0.as_deref().unwrap_or(&NONE)
    }
}

impl DerefMut for OwnAttributes {
    fn deref_mut(&mut self) -> &mut Attributes {
        self.0.get_or_insert_default()
    }
}

impl From<Attributes> for OwnAttributes {
    fn from(attributes: Attributes) -> Self {
        Self((attributes != NONE).then(|| Box::new(attributes)))
    }
}

impl PartialEq for OwnAttributes {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for OwnAttributes {}

impl Serialize for OwnAttributes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (**self).serialize(serializer)
    }
}

/// SQL that a shell command hands to a database client, as in `psql -c "…"`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LiftedSql {
    /// The shell step.
    pub step: StepId,
    /// The client's program: `psql`, `mysql`, `sqlite3` and the like.
    pub client: String,
    /// The statements, in order.
    pub statements: Vec<LiftedStatement>,
    /// The database or the file that the client is told to use.
    pub database: Option<String>,
    /// The host that it is told to use.
    pub host: Option<String>,
    /// What the client is reached through, for example `kubectl exec postgresql-0`.
    pub through: Option<String>,
    /// Whether the step does nothing else: no pipe, no redirection, no second command.
    pub whole: bool,
}

/// One statement of a shell command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LiftedStatement {
    /// The statement as the database gets it.
    pub text: String,
    /// Where its placeholders stand in `text`.
    pub placeholders: Vec<PlaceholderUse>,
    /// The argument that it was taken from, in bytes of the command's text.
    pub span: Span,
}

/// A shell, host or client that a step opens and that later steps are typed into.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ShellContext {
    /// The step that opens it.
    pub opened_by: StepId,
    /// What it is.
    pub kind: ContextKind,
    /// The command that opens it.
    pub command: String,
    /// The steps inside it, in order.
    pub steps: Vec<StepId>,
}

/// What a step opens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ContextKind {
    /// A shell on another host.
    #[default]
    Remote,
    /// A shell in a container.
    Container,
    /// A database client.
    Database,
    /// A shell of another user.
    User,
    /// Any other console.
    Console,
}

/// A variable that a step sets and later steps use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Capture {
    /// The variable.
    pub name: String,
    /// The step that sets it.
    pub step: StepId,
    /// The steps that use it.
    pub used_by: Vec<StepId>,
}

/// What one step is for another, beside their order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StepLink {
    /// The step that looks or undoes.
    pub from: StepId,
    /// The step that it is about.
    pub to: StepId,
    /// What it does for it.
    pub kind: StepLinkKind,
}

/// What one step does for another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum StepLinkKind {
    /// It shows whether the other worked.
    #[default]
    Verifies,
    /// It takes the other back.
    Undoes,
}
