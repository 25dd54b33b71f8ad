//! Graphs for tests: a small one with everything in it, large ones, and arbitrary ones.

use farol_api::graph::{Arm, ArmRef, Branch, Edge, EdgeKind, Node, NodeKind, OwnAttributes, Phase, StepGraph};
use farol_api::id::StepId;
use farol_api::risk::{RiskClass, RiskVerdict};
use farol_api::text::{Localized, Span};
use proptest::prelude::*;

pub const KINDS: [NodeKind; 11] = [
    NodeKind::Sql,
    NodeKind::Shell,
    NodeKind::Http,
    NodeKind::Manual,
    NodeKind::Check,
    NodeKind::Verify,
    NodeKind::Decision,
    NodeKind::Reference,
    NodeKind::Prohibition,
    NodeKind::Escalation,
    NodeKind::Goto,
];

const PHASES: [Option<Phase>; 4] = [None, Some(Phase::Diagnose), Some(Phase::Resolve), Some(Phase::Verify)];

pub fn id(text: &str) -> StepId {
    text.parse().expect("a slug")
}

pub fn node(name: &str, kind: NodeKind, title: &str) -> Node {
    Node {
        id: id(name),
        kind,
        title: title.to_owned(),
        section: Vec::new().into(),
        phase: None,
        guard: None,
        text: String::new(),
        command: None,
        expected: None,
        arm: None,
        arms: Vec::new(),
        goto: None,
        after_minutes: None,
        attributes: OwnAttributes::default(),
        risk: None,
        span: Span::new(0, 0),
        line: 1,
    }
}

pub fn risk(class: RiskClass) -> Option<Box<RiskVerdict>> {
    Some(Box::new(RiskVerdict { class, why: Localized::new("because", "porque"), span: None }))
}

pub fn edge(from: &str, to: &str, kind: EdgeKind) -> Edge {
    Edge { from: id(from), to: id(to), kind }
}

pub fn arm(label: &str, guard: Option<&str>, first: Option<&str>) -> Arm {
    Arm { label: label.to_owned(), guard: guard.map(str::to_owned), first: first.map(id) }
}

pub fn branch(label: &str) -> EdgeKind {
    EdgeKind::Branch(Box::new(Branch { label: label.to_owned(), guard: None }))
}

/// Nodes one after the other.
pub fn chain(length: usize) -> StepGraph {
    let name = |index: usize| format!("s{index}");
    let nodes: Vec<Node> = (0..length).map(|i| node(&name(i), NodeKind::Manual, &format!("Step number {i}"))).collect();
    let edges = (1..length).map(|i| edge(&name(i - 1), &name(i), EdgeKind::Then)).collect();
    StepGraph { start: nodes.first().map(|node| node.id.clone()), nodes, edges }
}

/// A decision with `arms` branches of `length` nodes each, joined by a last node.
pub fn fork(arms: usize, length: usize) -> StepGraph {
    let mut decision = node("choose", NodeKind::Decision, "What is seen?");
    decision.arms = (0..arms).map(|a| arm(&format!("Scenario {a}"), None, Some(&format!("a{a}-0")))).collect();
    let mut graph = StepGraph { start: Some(id("choose")), nodes: vec![decision], edges: Vec::new() };
    for a in 0..arms {
        for place in 0..length {
            let mut inner = node(&format!("a{a}-{place}"), NodeKind::Sql, "Look at the longest queries");
            inner.arm = Some(ArmRef { decision: id("choose"), arm: a });
            inner.risk = risk(RiskClass::Read);
            graph.nodes.push(inner);
            graph.edges.push(match place.checked_sub(1) {
                None => edge("choose", &format!("a{a}-0"), branch(&format!("Scenario {a}"))),
                Some(before) => edge(&format!("a{a}-{before}"), &format!("a{a}-{place}"), EdgeKind::Then),
            });
        }
    }
    graph.nodes.push(node("join", NodeKind::Verify, "All is well again"));
    for a in 0..arms {
        graph.edges.push(edge(&format!("a{a}-{}", length - 1), "join", EdgeKind::Then));
    }
    graph
}

/// A small runbook with every kind of node and edge.
#[expect(clippy::too_many_lines, reason = "one graph with a node of every kind")]
pub fn sample() -> StepGraph {
    let in_arm = |mut node: Node, arm: usize| {
        node.arm = Some(ArmRef { decision: id("choose"), arm });
        node
    };
    let phased = |mut node: Node, phase: Phase| {
        node.phase = Some(phase);
        node
    };
    let classed = |mut node: Node, class: RiskClass| {
        node.risk = risk(class);
        node
    };
    let lag = phased(classed(node("lag", NodeKind::Sql, "Read the lag"), RiskClass::Read), Phase::Diagnose);
    let log = phased(node("log", NodeKind::Reference, "What the log looks like"), Phase::Diagnose);
    let mut choose = phased(node("choose", NodeKind::Decision, "How far behind is it?"), Phase::Resolve);
    choose.arms = vec![
        arm("Less than a minute", Some("lag < 60 s"), None),
        arm("The replica stands still", None, Some("never")),
        arm("The log is gone", None, Some("rebuild")),
    ];
    let never = phased(node("never", NodeKind::Prohibition, "Never skip the event"), Phase::Resolve);
    let mut restart = classed(node("restart", NodeKind::Sql, "Start the receiving thread"), RiskClass::Write);
    restart.phase = Some(Phase::Resolve);
    restart.guard = Some("if the network is fine".to_owned());
    restart.attributes.target = Some("shop-replica".to_owned());
    let mut goto = phased(node("goto", NodeKind::Goto, "The log was thrown away"), Phase::Resolve);
    goto.goto = Some("The log is gone".to_owned());
    let rebuild = classed(node("rebuild", NodeKind::Shell, "Throw the copy away and restore"), RiskClass::Destructive);
    let rebuild = phased(rebuild, Phase::Rollback);
    let mut call = phased(node("call", NodeKind::Escalation, "Call the database team"), Phase::Verify);
    call.after_minutes = Some(15);
    let seen = phased(node("seen", NodeKind::Verify, "The lag is below a second"), Phase::Verify);
    StepGraph {
        start: Some(id("lag")),
        nodes: vec![
            lag,
            log,
            choose,
            in_arm(never, 1),
            in_arm(restart, 1),
            in_arm(goto, 1),
            in_arm(rebuild, 2),
            seen,
            call,
        ],
        edges: vec![
            edge("lag", "log", EdgeKind::Then),
            edge("log", "choose", EdgeKind::Then),
            edge("choose", "never", branch("The replica stands still")),
            edge("never", "restart", EdgeKind::Then),
            edge("restart", "goto", EdgeKind::Then),
            edge("choose", "rebuild", branch("The log is gone")),
            edge("choose", "seen", branch("Less than a minute")),
            edge("goto", "seen", EdgeKind::Then),
            edge("rebuild", "seen", EdgeKind::Then),
            edge("seen", "call", EdgeKind::Then),
            edge("goto", "rebuild", EdgeKind::Goto),
            edge("seen", "lag", EdgeKind::OnFailure),
            edge("lag", "restart", EdgeKind::Needs),
        ],
    }
}

/// Titles nobody should write, and somebody will.
pub fn title() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,60}",
        "[ -~]{0,40}",
        Just("</svg><script>alert(1)</script>".to_owned()),
        Just("\"quoted\" 'and' \\N \\\" #quot; %%{init}%% end]".to_owned()),
        Just("line\nbreak\r\n\u{202E}turned\u{2066} \u{0} \u{FFFE}".to_owned()),
        Just("👩‍👩‍👧‍👦 🇧🇷 é\u{301}\u{301}\u{301}".to_owned()),
        Just("x".repeat(10_000)),
        Just("1. `a` - **b** <b>c</b> & &amp; | { } [ ]".to_owned()),
    ]
}

/// Any graph: nodes in branches that may not exist, edges from anywhere to anywhere.
pub fn any_graph() -> impl Strategy<Value = StepGraph> {
    // Decisions are more frequent than anything else, and most branches are ones that there are.
    let one =
        (0..KINDS.len() + 5, title(), 0..PHASES.len(), prop::option::of((0..40_usize, 0..4_usize)), any::<bool>());
    let edges = prop::collection::vec((0..40_usize, 0..40_usize, 0..5_usize), 0..30);
    (prop::collection::vec(one, 0..30), edges, any::<bool>()).prop_map(|(nodes, edges, chained)| {
        let name = |index: usize| format!("s{index}");
        let mut graph = StepGraph { start: (!nodes.is_empty()).then(|| id("s0")), ..StepGraph::default() };
        for (index, (kind, title, phase, place, guarded)) in nodes.into_iter().enumerate() {
            let kind = KINDS.get(kind).copied().unwrap_or(NodeKind::Decision);
            let mut made = node(&name(index), kind, &title);
            made.phase = PHASES[phase];
            made.guard = guarded.then(|| title.clone());
            if made.kind == NodeKind::Decision {
                made.arms = (0..1 + index % 4).map(|a| arm(&format!("{title} {a}"), Some(&title), None)).collect();
            }
            let decisions: Vec<&Node> = graph.nodes.iter().filter(|node| !node.arms.is_empty()).collect();
            made.arm = place.map(|(at, arm)| match decisions.get(at % (decisions.len() + 1)) {
                Some(decision) => ArmRef { decision: decision.id.clone(), arm: arm % decision.arms.len() },
                None => ArmRef { decision: id(&name(at)), arm },
            });
            graph.nodes.push(made);
            if chained && index > 0 {
                graph.edges.push(edge(&name(index - 1), &name(index), EdgeKind::Then));
            }
        }
        for (from, to, kind) in edges {
            let kind = match kind {
                0 => EdgeKind::Then,
                1 => branch("0"),
                2 => EdgeKind::Goto,
                3 => EdgeKind::Needs,
                _ => EdgeKind::OnFailure,
            };
            graph.edges.push(edge(&name(from), &name(to), kind));
        }
        graph
    })
}
