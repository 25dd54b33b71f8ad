//! What the room begins with on either side: the server renders it, the browser reads the same text from the page.
//!
//! Reading brings code for every type that is read, so only what the room shows is read: the state is folded from the
//! timeline, as everywhere, and the edges of the graph and the reader's session are left where they are.

use chrono::{DateTime, Utc};
use farol_api::event::Event;
use farol_api::graph::{Node, StepGraph};
use farol_api::id::{StepId, UserId};
use farol_api::incident::IncidentState;
use farol_api::output::OutputChunk;
use farol_api::room::{Gate, RoomView, StepNote};
use farol_api::runbook::Parameter;
use farol_api::user::Role;
use serde::Deserialize;

use super::Preview;
use crate::visit::FormEcho;

/// The whole beginning.
#[derive(Debug, Deserialize)]
pub(crate) struct Begin {
    /// The room.
    pub room: RoomText,
    /// What surrounds it.
    pub with: Around,
}

/// What surrounds the room at its beginning.
#[derive(Debug, Deserialize)]
pub(crate) struct Around {
    /// What the step in view would run.
    pub preview: Option<Preview>,
    /// Who looks.
    pub me: Reader,
    /// The step that the address names.
    pub step: Option<String>,
    /// The way to run it that the address names.
    #[serde(default)]
    pub way: Option<String>,
    /// What became of the form that led here.
    pub echo: Option<FormEcho>,
}

/// Who looks, as far as the room asks.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(crate) struct Reader {
    /// The account.
    pub user: Account,
}

/// An account, as far as the room asks.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(crate) struct Account {
    /// Its id.
    pub id: UserId,
    /// Its role.
    pub role: Role,
}

/// A [`RoomView`] as JSON, as far as the room shows it.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "ssr", derive(serde::Serialize))]
pub(crate) struct RoomText {
    timeline: Vec<Event>,
    graph: GraphText,
    parameters: Vec<Parameter>,
    gates: Vec<Gate>,
    notes: Vec<StepNote>,
    output: Vec<OutputChunk>,
    last_output_seq: i64,
    now: DateTime<Utc>,
}

#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "ssr", derive(serde::Serialize))]
struct GraphText {
    start: Option<StepId>,
    nodes: Vec<Node>,
}

impl RoomText {
    /// Folds the state; nothing where the timeline does not begin with a declaration.
    pub fn fold(self) -> Option<RoomView> {
        Some(RoomView {
            state: IncidentState::fold(&self.timeline)?,
            timeline: self.timeline,
            graph: StepGraph { start: self.graph.start, nodes: self.graph.nodes, edges: Vec::new() },
            parameters: self.parameters,
            gates: self.gates,
            notes: self.notes,
            output: self.output,
            last_output_seq: self.last_output_seq,
            now: self.now,
        })
    }
}

#[cfg(feature = "ssr")]
impl From<RoomView> for RoomText {
    fn from(room: RoomView) -> Self {
        Self {
            timeline: room.timeline,
            graph: GraphText { start: room.graph.start, nodes: room.graph.nodes },
            parameters: room.parameters,
            gates: room.gates,
            notes: room.notes,
            output: room.output,
            last_output_seq: room.last_output_seq,
            now: room.now,
        }
    }
}
