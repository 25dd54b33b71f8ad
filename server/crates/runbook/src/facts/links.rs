//! Which steps verify or undo which.

use farol_api::graph::{Node, NodeKind, Phase, StepGraph, StepLink, StepLinkKind};

/// Links each step that verifies or undoes to the step before it that changed something.
pub fn all(graph: &StepGraph) -> Vec<StepLink> {
    let mut out = Vec::new();
    let mut changed: Option<&Node> = None;
    for node in &graph.nodes {
        let kind = match (node.kind, node.phase) {
            (NodeKind::Verify, _) => Some(StepLinkKind::Verifies),
            (NodeKind::Decision | NodeKind::Reference | NodeKind::Prohibition, _) => continue,
            (NodeKind::Escalation | NodeKind::Goto, _) => continue,
            (_, Some(Phase::Verify)) => Some(StepLinkKind::Verifies),
            (_, Some(Phase::Rollback)) => Some(StepLinkKind::Undoes),
            _ => None,
        };
        match (kind, changed) {
            (Some(kind), Some(to)) => out.push(StepLink { from: node.id.clone(), to: to.id.clone(), kind }),
            (Some(_), None) => {}
            (None, _) => {
                let acts = !matches!(node.phase, Some(Phase::Detect | Phase::Triage | Phase::Diagnose | Phase::Review));
                if acts && node.kind != NodeKind::Check {
                    changed = Some(node);
                }
            }
        }
    }
    out
}
