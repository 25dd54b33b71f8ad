//! The graph as people read it: a sequence of nodes with branches side by side, in lanes, and the edges that jump.
//!
//! It is made from the order of the nodes and the branch each belongs to, so that every node has exactly one place
//! whatever the edges say. The edges then tell where the flow really goes on; those that do not go on to what comes
//! next are jumps.

use std::collections::{BTreeMap, HashMap};

use farol_api::graph::{EdgeKind, Node, Phase, StepGraph};
use farol_api::id::StepId;

/// The deepest nesting of branches that is shown; what lies deeper is shown at that depth.
pub const DEEPEST: usize = 8;

/// A node in its sequence.
#[derive(Debug)]
pub struct Block {
    /// Its index in the graph.
    pub node: usize,
    /// Its branches, where it is a decision.
    pub branches: Vec<Branch>,
    /// Whether the flow goes on from its end to what comes next.
    pub leaves: bool,
}

/// One branch of a decision.
#[derive(Debug)]
pub struct Branch {
    /// Its index in the decision.
    pub arm: usize,
    /// What lies in it.
    pub blocks: Vec<Block>,
    /// Whether an edge leads into it.
    pub entered: bool,
    /// Whether the flow goes on from its end to what follows the decision.
    pub leaves: bool,
}

/// An edge that leads to something else than what comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Jump {
    /// Index of the node it leaves.
    pub from: usize,
    /// Index of the node it reaches.
    pub to: usize,
    /// What it means.
    pub kind: JumpKind,
}

/// What a jump means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum JumpKind {
    /// Comes next, though it does not stand next.
    Then,
    /// Continues there.
    Goto,
    /// Must be done first.
    Needs,
    /// Comes next if it fails.
    Failure,
}

/// Consecutive blocks of one phase.
pub struct Lane<'p> {
    /// The phase's heading, or the author's; absent where the lane around it says it already.
    pub heading: Option<Heading<'p>>,
    /// The phase that what lies inside is in.
    pub phase: Option<Phase>,
    /// The blocks.
    pub blocks: &'p [Block],
}

/// What stands over a lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heading<'p> {
    /// A phase.
    Phase(Phase),
    /// The author's own heading, where no phase is known.
    Section(&'p str),
    /// Neither.
    None,
}

/// The whole plan.
#[derive(Debug)]
pub struct Plan<'g> {
    /// The nodes.
    pub nodes: &'g [Node],
    /// The outermost sequence.
    pub blocks: Vec<Block>,
    /// The edges that lead elsewhere, in the order of the graph, each once.
    pub jumps: Vec<Jump>,
    /// The number of each step, from 1 in the order of the text; what is no step has none.
    pub numbers: Vec<Option<usize>>,
    /// The node to begin with.
    pub start: Option<usize>,
    places: BTreeMap<&'g StepId, usize>,
}

impl<'g> Plan<'g> {
    /// Makes the plan of a graph, with branches at most `deepest` deep.
    pub fn new(graph: &'g StepGraph, deepest: usize) -> Self {
        let nodes = graph.nodes.as_slice();
        let mut places = BTreeMap::new();
        for (index, node) in nodes.iter().enumerate() {
            places.entry(&node.id).or_insert(index);
        }
        let mut builder = Builder::new(graph, &places, deepest);
        let top = std::mem::take(&mut builder.top);
        let (blocks, _) = builder.sequence(&top, None);
        let jumps = builder.jumps();
        let mut count = 0;
        let numbers = nodes.iter().map(|node| {
            count += usize::from(node.kind.is_step());
            node.kind.is_step().then_some(count)
        });
        let numbers = numbers.collect();
        let start = graph.start.as_ref().and_then(|id| places.get(id).copied());
        Self { nodes, blocks, jumps, numbers, start, places }
    }

    /// Finds a node's index.
    pub fn place(&self, id: &StepId) -> Option<usize> {
        self.places.get(id).copied()
    }

    /// The lanes of a sequence; `around` is the phase of the lane it lies in, nothing for the outermost.
    pub fn lanes<'p>(&'p self, blocks: &'p [Block], around: Option<Option<Phase>>) -> Vec<Lane<'p>> {
        let heading = |block: &Block| {
            let node = &self.nodes[block.node];
            match (around, node.phase) {
                (None, Some(phase)) => Some(Heading::Phase(phase)),
                (None, None) => Some(section(node).map_or(Heading::None, Heading::Section)),
                (Some(outer), Some(phase)) if outer != Some(phase) => Some(Heading::Phase(phase)),
                (Some(_), _) => None,
            }
        };
        let groups = blocks.chunk_by(|a, b| heading(a) == heading(b));
        let lane = |group: &'p [Block]| Lane {
            heading: heading(&group[0]),
            phase: self.nodes[group[0].node].phase.or(around.flatten()),
            blocks: group,
        };
        groups.map(lane).collect()
    }
}

/// The author's heading that a node stands under: the one below the document's title, where there is one.
fn section(node: &Node) -> Option<&str> {
    match &*node.section {
        [_, section, ..] | [section] => Some(section),
        [] => None,
    }
}

struct Builder<'g> {
    graph: &'g StepGraph,
    /// Edges by the indices of their ends; those that name no node are left out.
    edges: HashMap<(usize, usize), Vec<usize>>,
    ends: Vec<Option<(usize, usize)>>,
    /// Which edges lead to what comes next.
    used: Vec<bool>,
    /// The nodes of each branch: decision, arm.
    inside: HashMap<(usize, usize), Vec<usize>>,
    top: Vec<usize>,
}

impl<'g> Builder<'g> {
    fn new(graph: &'g StepGraph, places: &BTreeMap<&StepId, usize>, deepest: usize) -> Self {
        let mut edges: HashMap<_, Vec<usize>> = HashMap::new();
        let mut ends = Vec::with_capacity(graph.edges.len());
        for (index, edge) in graph.edges.iter().enumerate() {
            let pair = places.get(&edge.from).copied().zip(places.get(&edge.to).copied());
            if let Some(pair) = pair {
                edges.entry(pair).or_default().push(index);
            }
            ends.push(pair);
        }
        let used = vec![false; graph.edges.len()];
        let mut builder = Self { graph, edges, ends, used, inside: HashMap::new(), top: Vec::new() };
        builder.place_nodes(places, deepest);
        builder
    }

    /// Puts each node into its branch. One whose decision does not stand before it is in none.
    fn place_nodes(&mut self, places: &BTreeMap<&StepId, usize>, deepest: usize) {
        let mut branch: Vec<Option<(usize, usize)>> = Vec::with_capacity(self.graph.nodes.len());
        let mut depth: Vec<usize> = Vec::with_capacity(self.graph.nodes.len());
        for (index, node) in self.graph.nodes.iter().enumerate() {
            let asked = node.arm.as_ref().and_then(|arm| Some((places.get(&arm.decision).copied()?, arm.arm)));
            let mut at = asked.filter(|(d, arm)| *d < index && *arm < self.graph.nodes[*d].arms.len());
            while let Some((decision, _)) = at.filter(|(decision, _)| depth[*decision] >= deepest) {
                at = branch[decision];
            }
            match at {
                Some(at) => self.inside.entry(at).or_default().push(index),
                None => self.top.push(index),
            }
            depth.push(at.map_or(0, |(decision, _)| depth[decision] + 1));
            branch.push(at);
        }
    }

    /// The blocks of a sequence, and whether the flow leaves its end; `after` is the node that follows it.
    fn sequence(&mut self, members: &[usize], after: Option<usize>) -> (Vec<Block>, bool) {
        let mut blocks = Vec::with_capacity(members.len());
        for (place, node) in members.iter().enumerate() {
            let next = members.get(place + 1).copied().or(after);
            blocks.push(self.block(*node, next));
        }
        let leaves = blocks.last().is_some_and(|block| block.leaves);
        (blocks, leaves)
    }

    fn block(&mut self, node: usize, next: Option<usize>) -> Block {
        let mut branches = Vec::new();
        for arm in 0..self.graph.nodes[node].arms.len() {
            let members = self.inside.remove(&(node, arm)).unwrap_or_default();
            let label = Some(self.graph.nodes[node].arms[arm].label.as_str());
            let entered = self.take(node, members.first().copied().or(next), label);
            let (blocks, leaves) =
                if members.is_empty() { (Vec::new(), entered) } else { self.sequence(&members, next) };
            branches.push(Branch { arm, blocks, entered, leaves });
        }
        let on = self.take(node, next, None);
        let leaves = on || branches.iter().any(|branch| branch.leaves);
        Block { node, branches, leaves }
    }

    /// Uses the edge that leads to what comes next, where there is one; a branch is known by its label.
    fn take(&mut self, from: usize, to: Option<usize>, label: Option<&str>) -> bool {
        let Some(to) = to else { return false };
        let Some(edges) = self.edges.get(&(from, to)) else { return false };
        let found = edges.iter().copied().find(|edge| {
            !self.used[*edge]
                && match (&self.graph.edges[*edge].kind, label) {
                    (EdgeKind::Then, None) => true,
                    (EdgeKind::Branch(own), Some(label)) => own.label == *label,
                    _ => false,
                }
        });
        if let Some(edge) = found {
            self.used[edge] = true;
        }
        found.is_some()
    }

    fn jumps(&self) -> Vec<Jump> {
        let mut seen = std::collections::HashSet::new();
        let mut jumps = Vec::new();
        for (index, edge) in self.graph.edges.iter().enumerate().filter(|(index, _)| !self.used[*index]) {
            let Some((from, to)) = self.ends[index] else { continue };
            let kind = match edge.kind {
                EdgeKind::Then | EdgeKind::Branch(_) => JumpKind::Then,
                EdgeKind::Goto => JumpKind::Goto,
                EdgeKind::Needs => JumpKind::Needs,
                EdgeKind::OnFailure => JumpKind::Failure,
            };
            // The same edge twice, once used: nothing new to show.
            let repeats = kind == JumpKind::Then && self.edges[&(from, to)].iter().any(|other| self.used[*other]);
            if !repeats && seen.insert((from, to, kind as u8)) {
                jumps.push(Jump { from, to, kind });
            }
        }
        jumps
    }
}
