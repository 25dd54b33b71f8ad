//! Ids of steps: slugs of their titles, kept across edits.

use std::collections::VecDeque;

use farol_api::graph::{Node, NodeKind};
use farol_api::id::StepId;
use farol_api::runbook::Runbook;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::words::{push_slug, slug};

/// Gives each node its id: the author's, the one it had in `previous`, or a fresh slug of its title.
///
/// `duplicate` is told of every author's id that was taken already.
pub fn assign(
    nodes: &[Node],
    wanted: &[(usize, String)],
    previous: Option<&Runbook>,
    mut duplicate: impl FnMut(&str, &Node),
) -> Vec<StepId> {
    let mut given: Vec<Option<StepId>> = vec![None; nodes.len()];
    let mut taken = FxHashSet::default();
    for (i, wanted) in wanted {
        let i = *i;
        match slug(wanted).parse::<StepId>() {
            Ok(id) if taken.insert(id.clone()) => given[i] = Some(id),
            Ok(_) => duplicate(wanted, &nodes[i]),
            Err(_) => {}
        }
    }
    let known = previous.map_or(&[][..], |r| &r.graph.nodes);
    // All exact matches come before the first vague one, or an edited step takes its neighbour's id.
    for sameness in SAMENESS.into_iter().filter(|_| !known.is_empty()) {
        align(nodes, known, sameness, &mut given, &mut taken);
    }
    if !known.is_empty() {
        align_edited(nodes, known, &mut given, &mut taken);
    }
    // What is gone keeps its id for itself: nobody may take it for another step's.
    let gone = known.iter().map(|n| n.id.clone());
    let taken = taken.into_iter().chain(gone).map(|id| (id, Wanted { taken: true, times: 0 }));
    let mut fresh = Fresh { slugs: taken.collect(), wanted: String::with_capacity(128) };
    fresh.slugs.reserve(nodes.len());
    given.into_iter().zip(nodes).map(|(id, node)| id.unwrap_or_else(|| fresh.id(node))).collect()
}

fn align(
    nodes: &[Node],
    known: &[Node],
    key: fn(&Node) -> String,
    given: &mut [Option<StepId>],
    taken: &mut FxHashSet<StepId>,
) {
    let mut by_key: FxHashMap<String, VecDeque<&StepId>> = FxHashMap::default();
    for node in known.iter().filter(|n| !taken.contains(&n.id)) {
        by_key.entry(key(node)).or_default().push_back(&node.id);
    }
    for (id, node) in given.iter_mut().zip(nodes).filter(|(id, _)| id.is_none()) {
        if let Some(old) = by_key.get_mut(&key(node)).and_then(VecDeque::pop_front) {
            taken.insert(old.clone());
            *id = Some(old.clone());
        }
    }
}

/// Gives steps whose command was edited the ids of those with their titles. Where one more or less of a title is left than
/// there was, which of them was edited cannot be told: under the id of a step nobody may meet another one's command.
fn align_edited(nodes: &[Node], known: &[Node], given: &mut [Option<StepId>], taken: &mut FxHashSet<StepId>) {
    let key = |node: &Node| format!("{}\u{1e}{}\u{1e}{}", sort(node), node.title, node.section.join("\u{1f}"));
    let mut by_key: FxHashMap<String, (Vec<&StepId>, Vec<usize>)> = FxHashMap::default();
    for node in known.iter().filter(|n| !taken.contains(&n.id)) {
        by_key.entry(key(node)).or_default().0.push(&node.id);
    }
    for (at, node) in nodes.iter().enumerate().filter(|(at, _)| given[*at].is_none()) {
        if let Some((_, edited)) = by_key.get_mut(&key(node)) {
            edited.push(at);
        }
    }
    for (old, edited) in by_key.into_values().filter(|(old, edited)| old.len() == edited.len()) {
        for (id, at) in old.into_iter().zip(edited) {
            taken.insert(id.clone());
            given[at] = Some(id.clone());
        }
    }
}

/// What makes two steps of two revisions the same, most exact first.
const SAMENESS: [fn(&Node) -> String; 3] = [
    |node| format!("{}\u{1e}{}\u{1e}{}", body(node), node.title, node.section.join("\u{1f}")),
    |node| format!("{}\u{1e}{}", body(node), node.section.join("\u{1f}")),
    body,
];

fn body(node: &Node) -> String {
    let body = node.command.as_ref().map_or(node.title.as_str(), |c| c.text.as_str());
    format!("{}\u{1e}{body}", sort(node))
}

/// What never changes into another: a choice, a step with a command, one without.
///
/// Finer kinds do: a manual step becomes a go-to once its target is known, and whether an item orders
/// something hangs on the language of the whole text.
fn sort(node: &Node) -> u8 {
    match node.kind {
        NodeKind::Decision => 0,
        _ => 1 + u8::from(node.command.is_none()),
    }
}

/// Slugs that are taken, or were wanted.
struct Fresh {
    slugs: FxHashMap<StepId, Wanted>,
    /// The one at hand.
    wanted: String,
}

#[derive(Clone, Copy, Default)]
struct Wanted {
    taken: bool,
    /// How often a title had this slug, so that the next number is found at once.
    times: u32,
}

impl Fresh {
    fn id(&mut self, node: &Node) -> StepId {
        let lead = if node.kind == NodeKind::Decision { "choose-" } else { "" };
        self.wanted.clear();
        self.wanted.push_str(lead);
        push_slug(&node.title, &mut self.wanted);
        let base = if self.wanted.len() == lead.len() { "step" } else { self.wanted.as_str() };
        let Some(wanted) = self.slugs.get_mut(base) else {
            let id = id_of(base);
            self.slugs.insert(id.clone(), Wanted { taken: true, times: 1 });
            return id;
        };
        let mut times = wanted.times;
        let id = loop {
            times += 1;
            let id = if times == 1 { id_of(base) } else { id_of(&format!("{base}-{times}")) };
            if self.slugs.get(&id).is_none_or(|wanted| !wanted.taken) {
                break id;
            }
        };
        self.slugs.entry(id.clone()).or_default().taken = true;
        if let Some(wanted) = self.slugs.get_mut(base) {
            wanted.times = times;
        }
        id
    }
}

fn id_of(slug: &str) -> StepId {
    // Cannot fail: a slug is short enough for an id with a number behind it.
    slug.parse().expect("a slug")
}

/// Stands where an id comes later.
pub fn placeholder() -> StepId {
    id_of("step")
}
