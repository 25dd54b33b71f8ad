//! The incident room: the folded state, the plan of steps and what was seen so far.

use serde::{Deserialize, Serialize};

use crate::approval::Way;
use crate::event::Event;
use crate::graph::{Node, NodeKind, StepGraph};
use crate::id::StepId;
use crate::incident::{IncidentState, StepStatus};
use crate::output::OutputChunk;
use crate::policy::Requirement;
use crate::runbook::{Parameter, RunbookSummary};
use crate::target::Target;
use crate::text::Localized;
use chrono::{DateTime, Utc};

/// Everything the room shows. The browser folds live events into it with [`RoomView::apply`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RoomView {
    /// The state, folded from `timeline`.
    pub state: IncidentState,
    /// All events, oldest first.
    pub timeline: Vec<Event>,
    /// The graph of the revision it was declared with; empty without a runbook.
    pub graph: StepGraph,
    /// What has to be filled in.
    pub parameters: Vec<Parameter>,
    /// Each runnable step's target and what it takes there.
    pub gates: Vec<Gate>,
    /// What is to be said of steps: what their authors ask for, and how that stands.
    pub notes: Vec<StepNote>,
    /// Output of the latest attempt of each step, oldest first.
    pub output: Vec<OutputChunk>,
    /// The highest output number of the incident; live output continues after it.
    pub last_output_seq: i64,
    /// The server's time when this was read.
    pub now: DateTime<Utc>,
}

/// What a step takes before it runs, on the target it would run on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Gate {
    /// The step.
    pub step: StepId,
    /// How it would run. A step of which there are two ways has a gate for each, the usual one first.
    #[serde(default)]
    pub way: Way,
    /// Its target; absent where there is none of that name or it lacks the database or shell.
    pub target: Option<Target>,
    /// What its class takes there; absent where it is refused or there is no target.
    pub requirement: Option<Requirement>,
    /// Parameters of it that are not filled yet.
    pub missing: Vec<String>,
    /// Why it cannot run now, if so.
    pub blocked: Option<BlockedReason>,
    /// Whether the database can be asked what it would do.
    #[serde(default)]
    pub dry_run: bool,
}

/// One thing that is to be said of a step before somebody acts on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StepNote {
    /// The step.
    pub step: StepId,
    /// What it is about; the browser shows the sentence alone.
    #[cfg(not(target_arch = "wasm32"))]
    pub topic: NoteTopic,
    /// Whether it is as its author wants it; absent where that cannot be told, or is no question.
    pub met: Option<bool>,
    /// The sentence.
    pub text: Localized,
}

/// What a note is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum NoteTopic {
    /// Steps that must be done first.
    Needs,
    /// The author's condition.
    Condition,
    /// That its command asks for a terminal.
    Terminal,
    /// What earlier steps have not left yet.
    Awaited,
    /// Values that look like examples and are not asked for.
    Samples,
    /// Secrets that are put into the statement, which the database may keep.
    Secrets,
    /// Where values come from that earlier steps left.
    Origins,
    /// What it left for later steps.
    Left,
    /// What should come out.
    Expected,
    /// That what it changed is held, or can be undone.
    Hold,
    /// Where nobody knows how it ended: what the runbook has to find that out, and what that said.
    Checks,
    /// How often it may be tried again.
    Retries,
    /// Where it goes on after a failure.
    OnFailure,
    /// That there are two ways to run it, and what they differ in.
    Way,
    /// That nobody can be named as who wrote it.
    Editors,
}

/// Why a step cannot run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum BlockedReason {
    /// The incident has no target and the step names none.
    NoTarget,
    /// The target named does not exist.
    UnknownTarget,
    /// The target has no database (or none of the needed kind).
    NoDatabase,
    /// The target has no shell.
    NoShell,
    /// The target has no credential of the needed role.
    NoCredential,
    /// A parameter is not filled.
    MissingParameter,
    /// A placeholder stands where no value can be put safely.
    CannotBind,
    /// A secret would stand in the text of a statement, which is shown and recorded.
    SecretInText,
    /// A program could read the value as code; another one can be filled in, as with all that begin with `Value`.
    ValueNotPlain,
    /// A program would take the value for an option.
    ValueLooksLikeOption,
    /// The value cannot be a name in SQL.
    ValueNotAName,
    /// The value becomes a part of a name in SQL, and cannot.
    ValueNotInName,
    /// A whole number has to stand there.
    ValueNotANumber,
    /// The value would end the quotes in which it stands in SQL.
    ValueNotLiteral,
    /// The value is a secret and a piece of a longer text, in which it could say more than its place.
    ValueNotPiece,
    /// The class is never run.
    RefusedClass,
    /// A step that it needs is not done.
    NeedsUnmet,
}

impl BlockedReason {
    /// Tells whether another value of a parameter would do.
    pub const fn refuses_value(self) -> bool {
        matches!(
            self,
            Self::ValueNotPlain
                | Self::ValueLooksLikeOption
                | Self::ValueNotAName
                | Self::ValueNotInName
                | Self::ValueNotANumber
                | Self::ValueNotLiteral
                | Self::ValueNotPiece
        )
    }
}

impl RoomView {
    /// Folds one live event in; the same function the server used for the first render.
    pub fn apply(&mut self, event: &Event) {
        if event.seq <= self.state.last_seq {
            return;
        }
        self.state.apply(event);
        self.timeline.push(event.clone());
    }

    /// Adds live output; a chunk that is there already changes nothing.
    pub fn apply_output(&mut self, chunk: &OutputChunk) {
        if chunk.seq <= self.last_output_seq {
            return;
        }
        self.last_output_seq = chunk.seq;
        self.output.push(chunk.clone());
    }

    /// Returns a step's status.
    pub fn status(&self, step: &StepId) -> StepStatus {
        self.state.steps.get(step).map(|s| s.status).unwrap_or_default()
    }

    /// Returns the nodes on the way taken, in order.
    pub fn path(&self) -> impl Iterator<Item = &Node> {
        self.graph.nodes.iter().filter(|node| self.state.is_on_path(&self.graph, node))
    }

    /// Returns the step to look at now: what runs or waits first, else the first that is not settled.
    pub fn focus(&self) -> Option<&Node> {
        let active = self.path().find(|node| self.status(&node.id).is_active());
        active.or_else(|| {
            let first = self.path().find(|node| self.is_due(node))?;
            Some(self.after_failure(first).unwrap_or(first))
        })
    }

    fn is_due(&self, node: &Node) -> bool {
        node.kind.is_step() && !self.status(&node.id).is_settled()
    }

    /// Returns where a failed step's author leads: that step, or the first due one after it. Back to the failed one
    /// where there is none, for it is not settled.
    fn after_failure<'r>(&'r self, failed: &'r Node) -> Option<&'r Node> {
        let mut at = failed;
        // Steps that lead to each other end where no new one is found.
        for _ in 0..self.graph.nodes.len() {
            let Some(next) = self.state.after_failure(at) else { break };
            let found = self.path().skip_while(|node| node.id != next).find(|node| self.is_due(node));
            match found {
                Some(node) if node.id != at.id && node.id != failed.id => at = node,
                _ => break,
            }
        }
        (at.id != failed.id).then_some(at)
    }

    /// Counts the steps on the way taken: settled, and all.
    pub fn progress(&self) -> (usize, usize) {
        let steps = || self.path().filter(|node| node.kind.is_step());
        (steps().filter(|node| self.status(&node.id).is_settled()).count(), steps().count())
    }

    /// Finds a step's gate: of the way that is asked for, else of the usual one.
    pub fn gate(&self, step: &StepId, way: Option<Way>) -> Option<&Gate> {
        let mut gates = self.gates.iter().filter(|gate| &gate.step == step);
        let usual = gates.clone().next();
        gates.find(|gate| Some(gate.way) == way).or(usual)
    }

    /// Finds the gates of all ways in which a step can run.
    pub fn gates_of<'r>(&'r self, step: &'r StepId) -> impl Iterator<Item = &'r Gate> {
        self.gates.iter().filter(move |gate| &gate.step == step)
    }

    /// Returns the prohibitions that a step's reader must see: of its own section, and of the whole document.
    pub fn prohibitions_for<'r>(&'r self, step: &'r Node) -> impl Iterator<Item = &'r Node> {
        let nodes = self.graph.nodes.iter().filter(|node| node.kind == NodeKind::Prohibition);
        nodes.filter(|node| step.section.starts_with(&node.section))
    }
}

/// A frame of an incident's live stream. Its SSE id is `EVENT.OUTPUT`, the last numbers of both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Frame {
    /// Something happened.
    Event(Box<Event>),
    /// Something was printed or returned.
    Output(Box<OutputChunk>),
}

/// What the home page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HomeView {
    /// Open incidents: the reader's own first, then the worst.
    pub open: Vec<crate::incident::IncidentSummary>,
    /// The last ones that are over.
    pub recent: Vec<crate::incident::IncidentSummary>,
    /// How many runbooks there are.
    pub runbooks: usize,
    /// How many targets there are.
    pub targets: usize,
    /// Runbooks to begin with, newest first, at most five.
    pub suggested: Vec<RunbookSummary>,
    /// The server's time when this was read.
    pub now: DateTime<Utc>,
}
