//! Variables that one step sets and others use.

use std::collections::HashMap;

use farol_api::graph::{Capture, CommandLanguage, StepGraph};

use crate::params;

/// Collects captured values, in the order of the steps that set them.
pub fn all(graph: &StepGraph) -> Vec<Capture> {
    let mut out: Vec<Capture> = Vec::new();
    let mut last: HashMap<String, usize> = HashMap::new();
    for node in &graph.nodes {
        let Some(command) = node.command.as_ref().filter(|c| c.language == CommandLanguage::Shell) else { continue };
        let set = params::assigned(&command.text);
        for name in params::variables(&command.text).filter(|n| !set.contains(n)) {
            let Some(index) = last.get(name) else { continue };
            let used = &mut out[*index].used_by;
            if used.last() != Some(&node.id) {
                used.push(node.id.clone());
            }
        }
        for name in set {
            last.insert(name.to_owned(), out.len());
            out.push(Capture { name: name.to_owned(), step: node.id.clone(), used_by: Vec::new() });
        }
    }
    out.retain(|capture| !capture.used_by.is_empty());
    out
}
