//! One node: its size, and the lines of text in it.

use farol_api::graph::NodeKind;
use farol_api::terms::{Term, shape};

use super::Layout;
use super::picture::Rect;
use crate::text::{Font, clean, shorten, wrap};
use crate::words;

/// Titles.
const TITLE: Font = Font { size: 14, bold: true };
/// Everything else.
const SMALL: Font = Font { size: 13, bold: false };
/// Inside a node, left and right.
const SIDE: i32 = 12;
/// Inside a node, above and below.
const TOP: i32 = 8;
/// Room for the sign before what a node is.
const SIGN: i32 = 20;
/// From the spine to what stands beside it.
const BESIDE: i32 = 42;
/// Half of a decision's diamond.
const DIAMOND: i32 = 18;
/// Wider nodes are hard to take in.
const WIDEST: i32 = 440;

/// How a node stands to the flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// On it.
    Step,
    /// On it, as a diamond with its words beside.
    Decision,
    /// Beside it.
    Aside,
}

/// What a line of a node's text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Number and title.
    Title,
    /// The author's condition.
    Guard,
    /// What it is and can do; the sign stands before its first line.
    Nature,
    /// Where else it leads.
    Leads,
    /// Where it stands in an incident.
    Status,
}

/// The lines of one part.
#[derive(Clone, Debug)]
pub struct Body {
    /// What they are.
    pub part: Part,
    /// Where the first begins: left edge and base line.
    pub at: (i32, i32),
    /// The lines.
    pub lines: Vec<String>,
}

/// A node in its place.
#[derive(Clone, Debug)]
pub struct Card {
    /// Its index in the graph.
    pub node: usize,
    /// How it stands to the flow.
    pub role: Role,
    /// Its place.
    pub rect: Rect,
    /// Its text.
    pub body: Vec<Body>,
}

impl Card {
    /// Where the flow reaches it.
    pub const fn entry(&self) -> i32 {
        match self.role {
            Role::Step | Role::Decision => self.rect.y,
            Role::Aside => self.rect.middle(),
        }
    }

    /// Where the flow leaves it.
    pub const fn exit(&self) -> i32 {
        match self.role {
            Role::Step => self.rect.bottom(),
            Role::Decision => self.rect.y + 2 * DIAMOND,
            Role::Aside => self.rect.middle(),
        }
    }

    /// The left edge of its text.
    pub fn text_x(&self) -> i32 {
        self.body.first().map_or(self.rect.x, |body| body.at.0)
    }
}

/// The distance of two base lines.
pub const fn leading(part: Part) -> i32 {
    match part {
        Part::Title => 19,
        Part::Guard | Part::Nature | Part::Leads | Part::Status => 18,
    }
}

fn role(kind: NodeKind) -> Role {
    match kind {
        NodeKind::Decision => Role::Decision,
        NodeKind::Reference | NodeKind::Prohibition | NodeKind::Escalation => Role::Aside,
        _ => Role::Step,
    }
}

impl Layout<'_> {
    /// Makes a node whose sequence begins at `x` and is `width` wide.
    pub fn card(&self, node: usize, x: i32, y: i32, width: i32) -> Card {
        let role = role(self.facts.plan.nodes[node].kind);
        let left = if role == Role::Aside { x + BESIDE } else { x };
        let w = (x + width - left).min(WIDEST);
        let text = match role {
            Role::Decision => left + 2 * DIAMOND + SIDE - 2,
            Role::Step | Role::Aside => left + SIDE,
        };
        let room = (left + w - SIDE / 2 - text).max(40);
        let mut body = Vec::new();
        let mut base = y + TOP;
        for (part, lines) in self.parts(node, room) {
            if lines.is_empty() {
                continue;
            }
            let inset = if part == Part::Nature && role != Role::Decision { SIGN } else { 0 };
            let count = i32::try_from(lines.len()).unwrap_or(0);
            body.push(Body { part, at: (text + inset, base + leading(part) - 5), lines });
            base += leading(part) * count;
        }
        let least = if role == Role::Decision { 2 * DIAMOND } else { 0 };
        let h = (base + TOP - y).max(least);
        Card { node, role, rect: Rect { x: left, y, w, h }, body }
    }

    fn parts(&self, node: usize, room: i32) -> [(Part, Vec<String>); 5] {
        let facts = self.facts;
        let title = wrap(&facts.numbered(node), TITLE, room, 3);
        let own = &facts.plan.nodes[node];
        let guard = facts.guard(own.guard.as_deref()).filter(|guard| *guard != facts.title(node));
        let guard = guard.map_or_else(Vec::new, |guard| wrap(&guard, SMALL, room, 2));
        let nature = wrap(&facts.nature(node), SMALL, room - SIGN, 2);
        let mut leads: Vec<String> = facts.leads(node).map(|(word, to)| format!("{word} {}", facts.name(to))).collect();
        if own.kind == NodeKind::Goto && leads.is_empty() {
            leads.extend(own.goto.as_deref().map(|to| format!("{} {}", words::goes_to(facts.locale), clean(to))));
        }
        let leads = wrap(&shorten(&leads.join(" · "), 400), SMALL, room, 3);
        [
            (Part::Title, title),
            (Part::Guard, guard),
            (Part::Nature, nature),
            (Part::Leads, leads),
            (Part::Status, self.status(node, room)),
        ]
    }

    fn status(&self, node: usize, room: i32) -> Vec<String> {
        let Some(highlight) = self.highlight else { return Vec::new() };
        let id = &self.facts.plan.nodes[node].id;
        let mut words = Vec::new();
        if let Some(status) = highlight.statuses.get(id) {
            words.push(format!("{} {}", shape(*status), status.term(self.facts.locale)));
        }
        if highlight.current.as_ref() == Some(id) {
            words.push(words::here(self.facts.locale).to_owned());
        }
        wrap(&words.join(" · "), Font { bold: true, ..SMALL }, room, 2)
    }
}
