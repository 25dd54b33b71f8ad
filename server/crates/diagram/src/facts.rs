//! What is said of a node, wherever it is shown: one source for picture, list, DOT and Mermaid.

use farol_api::graph::{Node, NodeKind, StepGraph};
use farol_api::risk::RiskClass;
use farol_api::terms::Term;
use farol_api::text::Locale;

use crate::plan::{Heading, Jump, JumpKind, Plan};
use crate::text::{clean, shorten};
use crate::words;

/// How much of a title stands where it is only referred to, in graphemes.
const REFERRED: usize = 40;

/// The shape that stands for what a node is or can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sign {
    /// Reads.
    Eye,
    /// Writes.
    Pencil,
    /// Destroys or administers.
    Octagon,
    /// Not understood.
    Question,
    /// A person does it.
    Hand,
    /// To be ticked or seen.
    Tick,
    /// Shown, not run.
    Page,
    /// Must not be done.
    Barred,
    /// Somebody is called.
    Bell,
    /// Leads elsewhere.
    Arrow,
    /// Chooses.
    Diamond,
}

/// What running a node can do, coarsely: for its class in style sheets.
pub const fn risk_look(node: &Node) -> Option<(&'static str, Sign)> {
    if !node.kind.is_executable() {
        return None;
    }
    let Some(risk) = &node.risk else { return Some(("none", Sign::Question)) };
    Some(match risk.class {
        RiskClass::Read => ("read", Sign::Eye),
        RiskClass::SideEffect => ("write", Sign::Eye),
        RiskClass::Write | RiskClass::Schema => ("write", Sign::Pencil),
        RiskClass::Destructive | RiskClass::Administration | RiskClass::Session => ("destroy", Sign::Octagon),
        RiskClass::Unknown => ("destroy", Sign::Question),
    })
}

/// The shape of a node.
pub fn sign(node: &Node) -> Sign {
    match node.kind {
        NodeKind::Sql | NodeKind::Shell => risk_look(node).map_or(Sign::Question, |(_, sign)| sign),
        NodeKind::Http | NodeKind::Manual => Sign::Hand,
        NodeKind::Check | NodeKind::Verify => Sign::Tick,
        NodeKind::Decision => Sign::Diamond,
        NodeKind::Reference => Sign::Page,
        NodeKind::Prohibition => Sign::Barred,
        NodeKind::Escalation => Sign::Bell,
        NodeKind::Goto => Sign::Arrow,
    }
}

/// A graph with its plan and a language: says what is said.
pub struct Facts<'g> {
    /// The plan.
    pub plan: Plan<'g>,
    /// The language.
    pub locale: Locale,
    /// The titles, cleaned once: they may be long, and are asked for often.
    titles: Vec<String>,
    /// Where the jumps of each node lead: from its point of view.
    leads: Vec<Vec<Jump>>,
}

impl<'g> Facts<'g> {
    /// Reads a graph.
    pub fn new(graph: &'g StepGraph, locale: Locale, deepest: usize) -> Self {
        let plan = Plan::new(graph, deepest);
        let mut leads = vec![Vec::new(); plan.nodes.len()];
        for jump in &plan.jumps {
            let speaker = if jump.kind == JumpKind::Needs { jump.to } else { jump.from };
            leads[speaker].push(*jump);
        }
        let title = |node: &Node| {
            let title = clean(&node.title);
            if title.is_empty() { node.kind.term(locale).to_owned() } else { title }
        };
        let titles = plan.nodes.iter().map(title).collect();
        Self { plan, locale, titles, leads }
    }

    /// A node's title as one line; its kind where it has none.
    pub fn title(&self, node: usize) -> &str {
        &self.titles[node]
    }

    /// A node's title with its number, where it has one.
    pub fn numbered(&self, node: usize) -> String {
        let title = self.title(node);
        self.plan.numbers[node].map_or_else(|| title.to_owned(), |number| format!("{number} · {title}"))
    }

    /// The author's condition, with the word before it.
    pub fn guard(&self, guard: Option<&str>) -> Option<String> {
        let guard = clean(guard?);
        if guard.is_empty() {
            return None;
        }
        let word = words::condition(self.locale);
        let own = guard.split(' ').next().unwrap_or_default().to_lowercase();
        // Authors' conditions mostly begin with the word itself.
        let begins = ["if", "se", "si", "caso", "when", "quando", "cuando", "only", "optional", "opcional", "após"];
        Some(if begins.contains(&own.trim_matches(',')) { guard } else { format!("{word}: {guard}") })
    }

    /// What a node is and can do, in a few words.
    pub fn nature(&self, index: usize) -> String {
        let node = &self.plan.nodes[index];
        let mut parts: Vec<String> = Vec::new();
        let risk = node.risk.as_ref().map_or(words::unclassified(self.locale), |r| r.class.term(self.locale));
        match node.kind {
            NodeKind::Sql | NodeKind::Shell => {
                parts.push(risk.to_owned());
                parts.push(node.kind.term(self.locale).to_owned());
            }
            NodeKind::Decision if !node.arms.is_empty() => {
                parts.push(format!("{} {}", words::choose_one(self.locale), node.arms.len()));
            }
            NodeKind::Escalation => {
                parts.push(node.kind.term(self.locale).to_owned());
                parts.extend(node.after_minutes.map(|min| format!("{} {min} min", words::after(self.locale))));
            }
            kind => parts.push(kind.term(self.locale).to_owned()),
        }
        parts.extend(node.attributes.target.as_deref().map(|target| shorten(&clean(target), REFERRED)));
        parts.join(" · ")
    }

    /// Where a node leads besides what comes next, in words and by index.
    pub fn leads(&self, node: usize) -> impl Iterator<Item = (&'static str, usize)> + '_ {
        self.leads[node].iter().map(|jump| match jump.kind {
            JumpKind::Then => (words::then_to(self.locale), jump.to),
            JumpKind::Goto => (words::goes_to(self.locale), jump.to),
            JumpKind::Failure => (words::if_it_fails(self.locale), jump.to),
            JumpKind::Needs => (words::needs(self.locale), jump.from),
        })
    }

    /// How a node is called where another refers to it: its number, else the beginning of its title.
    pub fn name(&self, node: usize) -> String {
        self.plan.numbers[node]
            .map_or_else(|| format!("“{}”", shorten(self.title(node), REFERRED)), |number| number.to_string())
    }

    /// A lane's heading.
    pub fn heading(&self, heading: Heading<'_>) -> String {
        match heading {
            Heading::Phase(phase) => phase.term(self.locale).to_owned(),
            Heading::Section(section) => clean(section),
            Heading::None => words::steps(self.locale).to_owned(),
        }
    }

    /// The name of a branch; its number where the author gave none.
    pub fn branch(&self, decision: usize, arm: usize) -> String {
        let label = clean(&self.plan.nodes[decision].arms[arm].label);
        if label.is_empty() { (arm + 1).to_string() } else { label }
    }

    /// The condition of a branch.
    pub fn branch_guard(&self, decision: usize, arm: usize) -> Option<String> {
        self.guard(self.plan.nodes[decision].arms[arm].guard.as_deref())
            .filter(|guard| !guard.ends_with(&self.branch(decision, arm)))
    }
}
