//! Drafts to nodes and edges: every choice forks and joins again, and one start reaches everything.

use farol_api::graph::{Arm, ArmRef, Branch, Edge, EdgeKind, Headings, Node, NodeKind, StepGraph};
use farol_api::id::StepId;
use farol_api::runbook::Runbook;
use farol_api::text::Span;
use rustc_hash::FxHashMap;

use crate::chunks::Chunks;
use crate::doc::Doc;
use crate::ids;
use crate::outline::Outline;
use crate::steps::{Draft, Steps};

/// The graph, and which node each draft became.
pub struct Built {
    pub graph: StepGraph,
    pub of_draft: Vec<usize>,
    /// Edges that an attribute asked for and that would close a cycle: attribute's value, place.
    pub cycles: Vec<(String, Span)>,
    /// Attributes that name a step which does not exist: attribute's value, place.
    pub missing: Vec<(String, Span)>,
    /// Ids that two fences claim: id, place.
    pub duplicates: Vec<(String, Span)>,
    /// The nodes that may point elsewhere, ascending.
    pub pointing: Vec<usize>,
    /// The variables that commands set: node, names; ascending.
    pub assigns: Vec<(usize, Vec<String>)>,
}

impl Built {
    /// Returns the id of the node that a draft became.
    pub fn id(&self, draft: usize) -> StepId {
        self.graph.nodes[self.of_draft[draft]].id.clone()
    }
}

/// Builds the graph; steps that are in `previous` keep the ids they have there.
pub fn build(doc: &Doc<'_>, outline: &Outline<'_>, steps: &mut Steps, previous: Option<&Runbook>) -> Built {
    let drafts = std::mem::take(&mut steps.drafts);
    let mut builder = Builder {
        doc,
        outline,
        nodes: Vec::new(),
        edges: Chunks::default(),
        firsts: FxHashMap::default(),
        arm_of: Vec::new(),
        wanted: Vec::new(),
        pointing: Vec::new(),
        assigns: Vec::new(),
        paths: vec![None; outline.sections.len()],
        later: ids::placeholder(),
        frames: Vec::new(),
        pending: Vec::new(),
    };
    let mut of_draft = Vec::with_capacity(drafts.len());
    builder.nodes.reserve_exact(drafts.len() + outline.decisions.len());
    for draft in drafts {
        builder.enter(&steps.arms[draft.arms]);
        of_draft.push(builder.node(draft));
    }
    builder.leave_to(0);
    builder.finish(of_draft, previous)
}

struct Frame {
    decision: usize,
    node: usize,
    arm: usize,
    /// Ends of the arms that are through.
    exits: Vec<(usize, EdgeKind)>,
}

struct Builder<'a> {
    doc: &'a Doc<'a>,
    outline: &'a Outline<'a>,
    nodes: Vec<Node>,
    /// Edges between nodes by index; ids come last.
    edges: Chunks<(usize, usize, EdgeKind)>,
    /// The first node of an arm: decision, arm, node.
    firsts: FxHashMap<(usize, usize), usize>,
    /// For each node in a choice: itself, the decision and the arm it lies in.
    arm_of: Vec<(usize, usize, usize)>,
    /// The ids that authors gave: node, id.
    wanted: Vec<(usize, String)>,
    /// The nodes that may point elsewhere.
    pointing: Vec<usize>,
    /// The variables that commands set: node, names.
    assigns: Vec<(usize, Vec<String>)>,
    /// The headings over each section, as soon as a node stands there; all without one share nothing.
    paths: Vec<Option<Headings>>,
    /// Stands for the ids that come last.
    later: StepId,
    frames: Vec<Frame>,
    /// What the next node is joined to.
    pending: Vec<(usize, EdgeKind)>,
}

impl Builder<'_> {
    /// Leaves and enters choices until the frames are those of the draft's arms.
    fn enter(&mut self, path: &[usize]) {
        let mut keep = 0;
        while let (Some(frame), Some(arm)) = (self.frames.get(keep), path.get(keep)) {
            let info = &self.outline.arms[*arm];
            if frame.decision != info.decision || info.index < frame.arm {
                break;
            }
            let moves = info.index > frame.arm;
            if moves {
                self.leave_to(keep + 1);
                self.next_arm(info.index);
            }
            keep += 1;
            if moves {
                break;
            }
        }
        self.leave_to(keep);
        for arm in &path[keep..] {
            self.fork(*arm);
        }
    }

    /// Ends all frames beyond the first `depth`: their arms' ends meet.
    fn leave_to(&mut self, depth: usize) {
        while self.frames.len() > depth {
            let Some(mut frame) = self.frames.pop() else { return };
            let arms = self.outline.decisions[frame.decision].arms.len();
            for index in frame.arm + 1..arms {
                frame.exits.push((frame.node, self.branch(frame.decision, index)));
            }
            frame.exits.append(&mut self.pending);
            self.pending = frame.exits;
        }
    }

    fn branch(&self, decision: usize, index: usize) -> EdgeKind {
        let arm = &self.outline.arms[self.outline.decisions[decision].arms[index]];
        EdgeKind::Branch(Branch { label: arm.label.clone(), guard: arm.guard.clone() }.into())
    }

    fn next_arm(&mut self, index: usize) {
        let Some(mut frame) = self.frames.pop() else { return };
        frame.exits.append(&mut self.pending);
        for skipped in frame.arm + 1..index {
            frame.exits.push((frame.node, self.branch(frame.decision, skipped)));
        }
        frame.arm = index;
        self.pending = vec![(frame.node, self.branch(frame.decision, index))];
        self.frames.push(frame);
    }

    fn fork(&mut self, arm: usize) {
        let info = &self.outline.arms[arm];
        let decision = &self.outline.decisions[info.decision];
        let first = &self.outline.arms[decision.arms[0]];
        let last = decision.arms.last().map_or(first.span.end, |a| self.outline.arms[*a].span.end);
        let title = match decision.section {
            Some(section) => self.outline.sections[section].title.to_owned(),
            None => self.outline.sections.first().map(|s| s.title.to_owned()).unwrap_or_default(),
        };
        let span = Span::new(first.span.start, last.max(first.span.start));
        let arms = decision.arms.iter().map(|a| &self.outline.arms[*a]);
        let arms = arms.map(|a| Arm { label: a.label.clone(), guard: a.guard.clone(), first: None }).collect();
        let section = self.path(decision.section);
        let node = self.blank(NodeKind::Decision, title, section, span);
        let node = Node { arms, phase: self.phase(decision.section), ..node };
        self.pointing.push(self.nodes.len());
        let index = self.place(node, None);
        let mut exits = Vec::new();
        for skipped in 0..info.index {
            exits.push((index, self.branch(info.decision, skipped)));
        }
        self.pending = vec![(index, self.branch(info.decision, info.index))];
        self.frames.push(Frame { decision: info.decision, node: index, arm: info.index, exits });
    }

    fn path(&mut self, section: Option<usize>) -> Headings {
        let Some(section) = section else { return Headings::default() };
        self.paths[section].get_or_insert_with(|| self.outline.path(Some(section)).into()).clone()
    }

    fn phase(&self, section: Option<usize>) -> Option<farol_api::graph::Phase> {
        section.and_then(|s| self.outline.sections[s].phase)
    }

    fn blank(&self, kind: NodeKind, title: String, section: Headings, span: Span) -> Node {
        Node {
            id: self.later.clone(),
            kind,
            title,
            section,
            phase: None,
            guard: None,
            text: String::new(),
            command: None,
            expected: None,
            arm: None,
            arms: Vec::new(),
            goto: None,
            after_minutes: None,
            attributes: farol_api::graph::OwnAttributes::default(),
            risk: None,
            line: self.doc.line(span.start),
            span,
        }
    }

    fn node(&mut self, draft: Draft) -> usize {
        let rare = draft.rare.map(|rare| *rare).unwrap_or_default();
        let section = self.path(draft.section);
        let node = self.blank(draft.kind, draft.title, section, Span::from(draft.span));
        let node = Node {
            phase: self.phase(draft.section),
            guard: draft.guard.map(|(guard, _)| guard),
            text: draft.text,
            command: draft.command,
            expected: rare.expected,
            goto: rare.goto,
            after_minutes: rare.after_minutes,
            attributes: draft.attributes,
            ..node
        };
        if draft.points {
            self.pointing.push(self.nodes.len());
        }
        if !rare.assigns.is_empty() {
            self.assigns.push((self.nodes.len(), rare.assigns));
        }
        self.place(node, rare.wanted_id)
    }

    /// Joins a node to what came before, and makes it what comes before.
    fn place(&mut self, node: Node, wanted: Option<String>) -> usize {
        let index = self.nodes.len();
        let arm = self.frames.last().map(|f| (f.node, f.arm));
        if let Some((decision, arm)) = arm {
            self.firsts.entry((decision, arm)).or_insert(index);
        }
        self.edges.extend(self.pending.drain(..).map(|(from, kind)| (from, index, kind)));
        self.nodes.push(node);
        self.arm_of.extend(arm.map(|(decision, arm)| (index, decision, arm)));
        self.wanted.extend(wanted.map(|wanted| (index, wanted)));
        self.pending.push((index, EdgeKind::Then));
        index
    }

    fn finish(mut self, of_draft: Vec<usize>, previous: Option<&Runbook>) -> Built {
        let mut duplicates = Vec::new();
        let ids = ids::assign(&self.nodes, &self.wanted, previous, |wanted, node| {
            duplicates.push((wanted.to_owned(), node.span));
        });
        for (node, decision, arm) in self.arm_of {
            self.nodes[node].arm = Some(ArmRef { decision: ids[decision].clone(), arm });
        }
        for ((decision, arm), node) in self.firsts {
            self.nodes[decision].arms[arm].first = Some(ids[node].clone());
        }
        let edge =
            |(from, to, kind): (usize, usize, EdgeKind)| Edge { from: ids[from].clone(), to: ids[to].clone(), kind };
        let mut edges = Vec::with_capacity(self.edges.len());
        edges.extend(self.edges.into_iter().map(edge));
        let start = ids.first().cloned();
        for (node, id) in self.nodes.iter_mut().zip(ids) {
            node.id = id;
        }
        let graph = StepGraph { start, nodes: self.nodes, edges };
        let mut built = Built {
            graph,
            of_draft,
            cycles: Vec::new(),
            missing: Vec::new(),
            duplicates,
            pointing: self.pointing,
            assigns: self.assigns,
        };
        attribute_edges(&mut built);
        built
    }
}

/// Adds the edges of `needs=` and `on_failure=`; one that would close a cycle is left out.
fn attribute_edges(built: &mut Built) {
    let nodes = &built.graph.nodes;
    let asks =
        |node: &Node| node.attributes.raw.contains_key("needs") || node.attributes.raw.contains_key("on_failure");
    if !nodes.iter().any(asks) {
        return;
    }
    let place: FxHashMap<&str, usize> = nodes.iter().enumerate().map(|(i, n)| (n.id.as_str(), i)).collect();
    let mut edges = Vec::new();
    for (i, node) in nodes.iter().enumerate() {
        let raw = &node.attributes.raw;
        for need in raw.get("needs").into_iter().flat_map(|v| v.split([',', ' '])).filter(|v| !v.is_empty()) {
            match place.get(need) {
                Some(other) if *other < i => {
                    edges.push(Edge { from: nodes[*other].id.clone(), to: node.id.clone(), kind: EdgeKind::Needs });
                }
                Some(_) => built.cycles.push((need.to_owned(), node.span)),
                None => built.missing.push((need.to_owned(), node.span)),
            }
        }
        if let Some(wanted) = raw.get("on_failure") {
            match place.get(wanted.as_str()) {
                // To be tried again is what `retries` asks for.
                Some(other) if *other == i => {}
                Some(other) => {
                    let kind = if *other > i { EdgeKind::OnFailure } else { EdgeKind::Goto };
                    edges.push(Edge { from: node.id.clone(), to: nodes[*other].id.clone(), kind });
                }
                None => built.missing.push((wanted.clone(), node.span)),
            }
        }
    }
    built.graph.edges.extend(edges);
}
