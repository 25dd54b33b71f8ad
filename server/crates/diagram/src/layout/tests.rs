//! Geometry: nothing lies upon anything else, whatever the graph.

#[path = "../../tests/graphs/mod.rs"]
mod graphs;

use farol_api::graph::{EdgeKind, StepGraph};
use farol_api::text::Locale;
use proptest::prelude::*;

use super::picture::{Picture, Rect, WireKind};
use super::{Role, deepest, layout};
use crate::facts::Facts;

fn laid_out(graph: &StepGraph, width: u16) -> Picture {
    layout(&Facts::new(graph, Locale::En, deepest(width)), width, None)
}

fn overlap(a: Rect, b: Rect) -> bool {
    a.x < b.right() && b.x < a.right() && a.y < b.bottom() && b.y < a.bottom()
}

/// What may not be covered by anything: nodes (of decisions, the words beside the diamond) and names of branches.
fn solid(picture: &Picture) -> Vec<Rect> {
    let cards = picture.cards.iter().map(|card| match card.role {
        Role::Decision => Rect { x: card.rect.x + 37, w: card.rect.w - 37, ..card.rect },
        Role::Step | Role::Aside => card.rect,
    });
    cards.chain(picture.labels.iter().map(|label| label.rect)).collect()
}

fn faults(picture: &Picture, nodes: usize) -> Vec<String> {
    let mut faults = Vec::new();
    let mut shown: Vec<usize> = picture.cards.iter().map(|card| card.node).collect();
    shown.sort_unstable();
    if shown != (0..nodes).collect::<Vec<_>>() {
        faults.push(format!("shown: {shown:?}"));
    }
    let solid = solid(picture);
    for (index, a) in solid.iter().enumerate() {
        if a.x < 0 || a.y < 0 || a.right() > picture.width || a.bottom() > picture.height {
            faults.push(format!("{a:?} is outside of {}×{}", picture.width, picture.height));
        }
        for b in &solid[..index] {
            if overlap(*a, *b) {
                faults.push(format!("{a:?} lies upon {b:?}"));
            }
        }
    }
    for wire in picture.wires.iter().filter(|wire| wire.kind != WireKind::Tie) {
        for pair in wire.points.windows(2) {
            let (a, b) = (pair[0], pair[1]);
            if a.0 != b.0 && a.1 != b.1 {
                faults.push(format!("{a:?} to {b:?} is slanted"));
            }
            let line = Rect { x: a.0.min(b.0), y: a.1.min(b.1), w: (a.0 - b.0).abs(), h: (a.1 - b.1).abs() };
            if line.x < 0 || line.y < 0 || line.right() > picture.width || line.bottom() > picture.height {
                faults.push(format!("{line:?} runs outside of {}×{}", picture.width, picture.height));
            }
            let covered = solid.iter().find(|rect| {
                let inner = Rect { x: rect.x + 1, y: rect.y + 1, w: rect.w - 2, h: rect.h - 2 };
                inner.x <= line.right()
                    && line.x <= inner.right()
                    && inner.y <= line.bottom()
                    && line.y <= inner.bottom()
            });
            if let Some(rect) = covered {
                faults.push(format!("{:?} {line:?} crosses {rect:?}", wire.kind));
            }
        }
    }
    faults
}

fn sound(graph: &StepGraph) {
    for width in [320, 360, 640, 960] {
        assert_eq!(faults(&laid_out(graph, width), graph.nodes.len()), Vec::<String>::new(), "at {width}");
    }
}

#[test]
fn no_node_and_one_node() {
    sound(&StepGraph::default());
    sound(&graphs::chain(1));
}

#[test]
fn everything_at_once() {
    sound(&graphs::sample());
}

#[test]
fn three_hundred_nodes_and_forty_branches() {
    sound(&graphs::chain(300));
    sound(&graphs::fork(40, 7));
}

#[test]
fn branches_stand_side_by_side_where_there_is_room() {
    let picture = laid_out(&graphs::fork(3, 2), 960);
    let tops: Vec<i32> = picture.labels.iter().map(|label| label.rect.y).collect();
    assert!(tops.windows(2).all(|pair| pair[0] == pair[1]), "{tops:?}");
    let picture = laid_out(&graphs::fork(3, 2), 320);
    let tops: Vec<i32> = picture.labels.iter().map(|label| label.rect.y).collect();
    assert!(tops.windows(2).all(|pair| pair[0] < pair[1]), "{tops:?}");
}

#[test]
fn branches_meet_where_they_go_on_and_end_where_they_do_not() {
    let mut graph = graphs::fork(2, 1);
    let flows = |graph: &StepGraph| {
        let picture = laid_out(graph, 960);
        picture.wires.iter().filter(|wire| wire.kind == WireKind::Flow).count()
    };
    let before = flows(&graph);
    graph.edges.retain(|edge| edge.from.as_str() != "a1-0");
    assert_eq!(flows(&graph), before - 1);
}

#[test]
fn what_comes_next_is_flow_and_all_else_is_a_jump() {
    let jumps = |graph: &StepGraph| Facts::new(graph, Locale::En, 8).plan.jumps.len();
    let mut graph = graphs::sample();
    assert_eq!(jumps(&graph), 3, "go-to, needs, on failure");
    assert_eq!(jumps(&graphs::fork(13, 4)), 0);
    graph.edges.push(graphs::edge("lag", "seen", EdgeKind::Then));
    assert_eq!(jumps(&graph), 4, "an edge over what lies between");
    graph.edges.push(graphs::edge("lag", "log", EdgeKind::Then));
    assert_eq!(jumps(&graph), 4, "the same edge twice");
}

#[test]
fn an_edge_that_is_not_there_is_not_drawn() {
    let flows = |graph: &StepGraph| laid_out(graph, 960).wires.iter().filter(|w| w.kind == WireKind::Flow).count();
    let mut graph = graphs::chain(5);
    let before = flows(&graph);
    graph.edges.remove(2);
    assert_eq!(flows(&graph), before - 1);
}

#[test]
fn what_must_not_be_done_stands_beside_the_flow() {
    let graph = graphs::sample();
    let picture = laid_out(&graph, 960);
    let never = picture.cards.iter().find(|card| graph.nodes[card.node].id.as_str() == "never").expect("it is shown");
    assert_eq!(never.role, Role::Aside);
    let passes = |points: &[(i32, i32)]| points.last().is_some_and(|end| end.1 == never.rect.middle());
    assert!(picture.wires.iter().any(|wire| wire.kind == WireKind::Flow && passes(&wire.points)));
}

#[test]
fn branches_nested_deeper_than_there_is_room_stay_inside() {
    let mut graph = StepGraph::default();
    for depth in 0..60_usize {
        let mut node = graphs::node(&format!("d{depth}"), farol_api::graph::NodeKind::Decision, "Again?");
        node.arms = vec![graphs::arm("yes", None, None), graphs::arm("no", None, None)];
        node.arm = depth
            .checked_sub(1)
            .map(|before| farol_api::graph::ArmRef { decision: graphs::id(&format!("d{before}")), arm: 0 });
        if depth > 0 {
            let from = format!("d{}", depth - 1);
            graph.edges.push(graphs::edge(&from, &format!("d{depth}"), graphs::branch("yes")));
        }
        graph.nodes.push(node);
    }
    sound(&graph);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn any_graph_is_sound(graph in graphs::any_graph(), width in 300..1100_u16) {
        let picture = laid_out(&graph, width);
        prop_assert_eq!(faults(&picture, graph.nodes.len()), Vec::<String>::new());
        prop_assert_eq!(picture.width, i32::from(width.max(320)));
    }
}
