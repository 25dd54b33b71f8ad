//! What a runbook has to run, for tests of what it must not.

use farol_api::graph::NodeKind;
use farol_runbook::parse;

/// The commands that somebody could run or is asked to type.
pub fn typed(text: &str) -> Vec<String> {
    let shown = |kind: NodeKind| matches!(kind, NodeKind::Prohibition | NodeKind::Reference);
    let nodes = parse(text, None).graph.nodes.into_iter().filter(|node| !shown(node.kind));
    nodes.filter_map(|node| node.command.map(|command| command.text)).collect()
}
