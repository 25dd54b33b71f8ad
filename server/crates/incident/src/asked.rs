//! What the author asked for beside the text, as far as it decides how an attempt runs or what it takes.

use farol_api::confine::Confinement;
use farol_api::graph::Node;
use farol_api::hold::HoldTerms;
use farol_api::incident::IncidentState;
use serde::{Deserialize, Serialize};

/// A part of what runs; empty for a step whose author asked for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// How many other people must approve it, whatever its class takes.
    pub approvals: u8,
    /// Whether a reason is needed: it failed as often as its author lets it be tried.
    pub needs_reason: bool,
    /// What should come out.
    pub expected: Option<String>,
    /// Variables of the script that are kept for later steps.
    pub variables: Vec<String>,
    /// Names for what comes out: the columns of the first row, or the lines, in their order. One name has all lines.
    pub results: Vec<String>,
    /// The folder that the script begins in, where it is not the workspace itself.
    pub directory: Option<String>,
    /// Whether a statement goes to the database directly that the runbook hands to a client in a shell.
    pub direct: bool,
    /// How many other people the target wants to approve it, whatever its class takes.
    #[serde(skip_serializing_if = "is_zero")]
    pub target_approvals: u8,
    /// The least confinement that the target demands of a script, where that is more than every script has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confinement: Option<Confinement>,
    /// How what it changes is held before it is committed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hold: Option<HoldTerms>,
    /// The statements of a block, in their order, where there is more than one or the text begins and ends one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<AskedPart>,
}

/// One statement of a block.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedPart {
    /// The statement, its markers counted from 1.
    pub text: String,
    /// Which of the values its markers take, in their order, from 0.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<usize>,
}

const fn is_zero(number: &u8) -> bool {
    *number == 0
}

impl Asked {
    /// Reads what the author of a step asks for now.
    pub fn of(state: &IncidentState, node: &Node) -> Self {
        Self {
            approvals: node.attributes.least_approvals(),
            needs_reason: state.retries_left(node) == Some(0),
            expected: node.attributes.expected().map(str::to_owned),
            ..Self::default()
        }
    }

    /// Tells whether nothing was asked for. A specification from before there was anything to ask keeps its digest so.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}
