//! Variables that one step sets and others use.

use farol_api::graph::{Capture, CommandLanguage, StepGraph};
use rustc_hash::FxHashMap;

use crate::params;

/// Collects captured values, in the order of the steps that set them; `assigns` are the variables that nodes set.
pub fn all(graph: &StepGraph, assigns: &[(usize, Vec<String>)]) -> Vec<Capture> {
    let Some((first, _)) = assigns.first() else { return Vec::new() };
    let mut assigns = assigns.iter().peekable();
    let mut out: Vec<Capture> = Vec::new();
    let mut last: FxHashMap<&str, usize> = FxHashMap::default();
    for (index, node) in graph.nodes.iter().enumerate().skip(*first) {
        let Some(command) = node.command.as_ref().filter(|c| c.language == CommandLanguage::Shell) else { continue };
        let set = assigns.next_if(|(node, _)| *node == index).map_or(&[][..], |(_, names)| names);
        for name in params::variables(&command.text).filter(|n| !set.iter().any(|own| own == n)) {
            let Some(index) = last.get(name) else { continue };
            let used = &mut out[*index].used_by;
            if used.last() != Some(&node.id) {
                used.push(node.id.clone());
            }
        }
        for name in set {
            last.insert(name, out.len());
            out.push(Capture { name: name.clone(), step: node.id.clone(), used_by: Vec::new() });
        }
    }
    out.retain(|capture| !capture.used_by.is_empty());
    out
}
