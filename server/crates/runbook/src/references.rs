//! Words and links that point elsewhere: "ver Cenário 4", "see section 6", `[x](#y)`.

use std::cell::OnceCell;
use std::ops::Range;

use farol_api::graph::{Edge, EdgeKind, Node, NodeKind, StepGraph};
use farol_api::id::StepId;
use farol_api::runbook::Reference;
use farol_api::text::Span;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::anchors;
use crate::doc::Doc;
use crate::graph::Built;
use crate::lexicon::{Category, Lexicon};
use crate::numbered::{Numbered, section_at};
use crate::outline::Outline;
use crate::sends;
use crate::titles::Titles;
use crate::words::{fold, past_marks, shorten};

/// Sections by the names that authors call them.
pub(crate) struct Places<'o> {
    by_anchor: FxHashMap<&'o str, usize>,
    by_number: FxHashMap<&'o str, Vec<usize>>,
    /// `cenario 4`, `option b`.
    by_scenario: FxHashMap<String, Vec<usize>>,
    /// `cenario`: what those are called.
    counted: FxHashSet<String>,
}

/// Collects references and adds go-to edges; returns also those that lead nowhere.
pub fn read(
    doc: &Doc<'_>,
    lexicon: &Lexicon,
    outline: &Outline<'_>,
    built: &mut Built,
) -> (Vec<Reference>, Vec<(String, Span)>) {
    let names = Places::new(lexicon, outline);
    let (mut references, mut broken) = links(doc, outline, &names);
    let graph = &mut built.graph;
    let first_in = first_nodes(outline, graph);
    let mut edges = Vec::new();
    // Few documents point to a section by its title.
    let mut titles: Option<Titles<'_>> = None;
    let mut to_steps = ToSteps::new(doc, lexicon, outline);
    for at in &built.pointing {
        match to_steps.read(graph, *at) {
            Some(Sent::To(reference, edge)) => {
                references.push(*reference);
                edges.extend(edge);
            }
            Some(Sent::Nowhere(words)) => broken.push((words, graph.nodes[*at].span)),
            None => {}
        }
        let node = &mut graph.nodes[*at];
        let Some(words) = Pointer::of(lexicon, node) else { continue };
        let (text, destination, section) = match words.key(lexicon) {
            Some((text, key)) => {
                let sections = names.find(&key);
                let section = outline.nearest(sections, words.place);
                let text = key.as_written(&words.text).map_or(text, str::to_owned);
                if sections.is_empty() && key.must_exist(&names) {
                    broken.push((text.clone(), node.span));
                    if only_leads(lexicon, node) {
                        node.kind = NodeKind::Goto;
                    }
                }
                (text, key.words, section)
            }
            None => {
                let found = titles.get_or_insert_with(|| Titles::new(outline)).find(lexicon, outline, &words);
                let Some(section) = found else { continue };
                let there = &outline.sections[section];
                (there.title.to_owned(), there.name.to_owned(), Some(section))
            }
        };
        let anchor = section.map(|s| outline.sections[s].anchor.to_owned());
        let target = section.and_then(|s| first_in.get(s).cloned().flatten());
        references.push(Reference {
            text: text.clone(),
            destination,
            section: anchor,
            span: node.span,
            line: node.line,
        });
        // Its step may have been found by its number just now.
        let known = |to: &StepId| edges.last().is_some_and(|edge: &Edge| edge.from == node.id && edge.to == *to);
        if let Some(to) = target.filter(|to| *to != node.id && !known(to)) {
            node.goto = Some(text);
            if only_leads(lexicon, node) {
                node.kind = NodeKind::Goto;
            }
            edges.push(Edge { from: node.id.clone(), to, kind: EdgeKind::Goto });
        }
    }
    graph.edges.extend(edges);
    references.sort_by_key(|r| r.span.start);
    (references, broken)
}

/// What came of reading a node that may lead to a numbered step.
enum Sent {
    /// There is such a step; the edge is absent where one is only to look there.
    To(Box<Reference>, Option<Edge>),
    /// No step of the document has the number; the words, as written.
    Nowhere(String),
}

/// Reads what leads to a step by its number; few documents have that.
struct ToSteps<'d> {
    doc: &'d Doc<'d>,
    lexicon: &'d Lexicon,
    outline: &'d Outline<'d>,
    numbered: Option<Numbered>,
}

impl<'d> ToSteps<'d> {
    const fn new(doc: &'d Doc<'d>, lexicon: &'d Lexicon, outline: &'d Outline<'d>) -> Self {
        Self { doc, lexicon, outline, numbered: None }
    }

    /// What a node says of a numbered step.
    fn read(&mut self, graph: &mut StepGraph, at: usize) -> Option<Sent> {
        let Self { doc, lexicon, outline, .. } = *self;
        let node = &graph.nodes[at];
        let mentions = |text: &str| lexicon.mentions(Category::Numbered, text);
        let quiet = matches!(node.kind, NodeKind::Prohibition | NodeKind::Reference | NodeKind::Decision);
        if quiet || !mentions(&node.title) && !mentions(&node.text) {
            return None;
        }
        let (title, text) = (fold(&node.title), fold(shorten(&node.text, 2000)));
        let (folded, sends) = [&title, &text].into_iter().find_map(|t| Some((t, sends::find(lexicon, t)?)))?;
        let numbered = self.numbered.get_or_insert_with(|| Numbered::new(doc, lexicon, outline));
        if numbered.lacks(sends.step) && !node.text.contains("](") {
            return Some(Sent::Nowhere(step_as_written(node, &folded[sends.words], sends.written).to_owned()));
        }
        let first = |span: &Range<usize>| {
            let from = graph.nodes.partition_point(|node| node.span.start < span.start);
            let inside = graph.nodes[from..].iter().take_while(|node| node.span.start < span.end);
            first_step(inside)
        };
        let span = numbered.find(doc, outline, sends.step, node.span.start, |span| first(span).is_some())?;
        let to = first(&span).filter(|to| to.id != node.id)?.id.clone();
        let words = step_as_written(node, &folded[sends.words.clone()], sends.written).to_owned();
        let leads = !sends.looks || node.guard.is_some() || sends.begins(lexicon, folded);
        let all = leads && folded == &title && sends.is_all_of(lexicon, folded);
        let reference = Reference {
            text: words.clone(),
            destination: sends.written.to_owned(),
            section: section_at(outline, span.start).map(|s| outline.sections[s].anchor.to_owned()),
            span: node.span,
            line: node.line,
        };
        let edge = leads.then(|| Edge { from: node.id.clone(), to, kind: EdgeKind::Goto });
        let node = &mut graph.nodes[at];
        if leads {
            node.goto = Some(words);
        }
        if all && node.kind == NodeKind::Manual && node.command.is_none() {
            node.kind = NodeKind::Goto;
        }
        Some(Sent::To(Box::new(reference), edge))
    }
}

/// What a section is called.
const SECTIONS: [&str; 3] = ["section", "secao", "seccion"];

/// As many times a number is looked for in a text.
const MOST_NUMBERS: usize = 32;

/// "passo 9" of "volte ao passo 9", as the node has it.
fn step_as_written<'n>(node: &'n Node, words: &'n str, number: &str) -> &'n str {
    let called = words.trim_end_matches(number).trim_end_matches(|c: char| !c.is_alphanumeric());
    let called = called.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
    let found = [&node.title, &node.text].into_iter().find_map(|text| as_written(text, &[called], number));
    found.unwrap_or(words)
}

/// "seção 97": a number with the word before it, which is one of these without case and accents, as a text has them.
fn as_written<'t>(text: &'t str, called: &[&str], number: &str) -> Option<&'t str> {
    let part = |c: char| c.is_alphanumeric() || c == '.';
    let alone = |at: &usize| {
        let (before, after) = (&text[..*at], &text[at + number.len()..]);
        !before.ends_with(part) && !after.trim_end_matches('.').starts_with(char::is_alphanumeric)
    };
    let lower = text.to_ascii_lowercase();
    let places = lower.match_indices(number).map(|(at, _)| at).filter(alone);
    places.take(MOST_NUMBERS).find_map(|at| {
        let before = text[..at].trim_end_matches(|c: char| !c.is_alphanumeric());
        let start = before.len() - before.rsplit(|c: char| !c.is_alphanumeric()).next().map_or(0, str::len);
        called.contains(&&*fold(&before[start..])).then(|| &text[start..at + number.len()])
    })
}

/// The first node of each section, subsections included.
fn first_nodes(outline: &Outline<'_>, graph: &StepGraph) -> Vec<Option<StepId>> {
    let steps: Vec<&Node> = graph.nodes.iter().filter(|n| n.kind != NodeKind::Decision).collect();
    let find = |s: &crate::outline::Section<'_>| {
        let at = steps.partition_point(|n| n.span.start < s.span.start);
        let inside = steps[at..].iter().take_while(|n| n.span.start < s.span.end);
        first_step(inside.copied()).map(|n| n.id.clone())
    };
    outline.sections.iter().map(find).collect()
}

/// The first of some nodes that is to be done; what is only shown, where there is nothing else.
fn first_step<'n>(nodes: impl Iterator<Item = &'n Node>) -> Option<&'n Node> {
    // As many warnings stand before a step.
    const FEW: usize = 8;
    let mut nodes = nodes.filter(|node| node.kind != NodeKind::Decision).take(FEW).peekable();
    let shown = |node: &&Node| matches!(node.kind, NodeKind::Prohibition | NodeKind::Reference);
    let first = nodes.peek().copied();
    nodes.find(|node| !shown(node)).or(first)
}

fn links(doc: &Doc<'_>, outline: &Outline<'_>, names: &Places<'_>) -> (Vec<Reference>, Vec<(String, Span)>) {
    let (mut found, mut broken) = (Vec::new(), Vec::new());
    let in_html = OnceCell::new();
    // `#top` is the top of any page.
    let leads = |anchor: &str| {
        anchor == "top" || in_html.get_or_init(|| anchors::in_html(doc.text).collect::<FxHashSet<_>>()).contains(anchor)
    };
    for leaf in 0..doc.leaves.len() {
        let mut last = None;
        for run in doc.runs(leaf) {
            let before = std::mem::replace(&mut last, doc.link(run));
            let Some(link) = last.filter(|_| last != before) else { continue };
            let anchor = link.strip_prefix('#').map(anchors::of_link).filter(|anchor| !anchor.is_empty());
            let section = anchor.as_deref().and_then(|anchor| names.by_anchor.get(anchor).copied());
            let span = Span::from(run.span());
            if section.is_none() && anchor.is_some_and(|anchor| !leads(&anchor)) {
                broken.push((link.to_string(), span));
            }
            let section = section.map(|s| outline.sections[s].anchor.to_owned());
            let line = doc.line(span.start);
            found.push(Reference { text: run.text.to_string(), destination: link.to_string(), section, span, line });
        }
    }
    (found, broken)
}

/// Tells whether a step orders nothing but to go elsewhere.
fn only_leads(lexicon: &Lexicon, node: &Node) -> bool {
    node.kind == NodeKind::Manual && node.command.is_none() && !orders_more(lexicon, &node.title)
}

/// "Restart the pod (see Section 4)", "reset the cache", of which the text says more: something is to be done first.
fn orders_more(lexicon: &Lexicon, title: &str) -> bool {
    let folded = fold(title);
    let before = lexicon.find(Category::Goto, &folded).map_or(&*folded, |(at, _)| &folded[..at]);
    lexicon.starts(Category::GuardStrong, past_marks(before)).is_none() && lexicon.is_imperative(before)
}

struct Key {
    words: String,
    /// Whether it names a section by its number.
    numbered: bool,
}

impl Key {
    /// "Section 6"; "scenario 4", where the document counts scenarios. A letter may be of anything.
    fn must_exist(&self, names: &Places<'_>) -> bool {
        let counted = || self.kind().is_some_and(|kind| names.counted.contains(kind));
        self.numbered || self.number().bytes().all(|byte| byte.is_ascii_digit()) && counted()
    }

    /// What scenarios are called; nothing where it is a section.
    fn kind(&self) -> Option<&str> {
        self.words.rsplit_once(' ').map(|(kind, _)| kind)
    }

    /// "Cenário 7", "seção 6", as a text has them.
    fn as_written<'t>(&self, text: &'t str) -> Option<&'t str> {
        let last = self.kind().map(|kind| crate::words::behind_last(kind, " "));
        match &last {
            Some(word) => as_written(text, &[word], self.number()),
            None => as_written(text, &SECTIONS, self.number()),
        }
    }

    /// The number or letter that it ends in.
    fn number(&self) -> &str {
        crate::words::behind_last(&self.words, " ")
    }
}

/// The words of a step that may point elsewhere.
pub(crate) struct Pointer {
    /// Title and text as written.
    pub text: String,
    /// Without case and accents.
    pub folded: String,
    /// Where the step stands.
    pub place: usize,
    /// Whether it has a condition.
    pub guarded: bool,
}

impl Pointer {
    fn of(lexicon: &Lexicon, node: &Node) -> Option<Self> {
        let points = |text: &str| lexicon.mentions(Category::Goto, text);
        // Most titles are the first words of the text.
        let rest = node.text.strip_prefix(&node.title);
        let first = rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'));
        if !points(&node.text) && (first || !points(&node.title)) {
            return None;
        }
        let text = [&*node.title, &*node.text].join("\n");
        let folded = fold(shorten(&text, 2000)).into_owned();
        Some(Self { text, folded, place: node.span.start, guarded: node.guard.is_some() })
    }

    /// Tells whether it names a section by its number, or a scenario, as "see Scenario 2" does: one that there is, or that must
    /// exist.
    pub(crate) fn names_a_place(&self, lexicon: &Lexicon, names: &Places<'_>) -> bool {
        self.key(lexicon).is_some_and(|(_, key)| !names.find(&key).is_empty() || key.must_exist(names))
    }

    /// Finds "see section 6": the words, and the number or the scenario that they name.
    fn key(&self, lexicon: &Lexicon) -> Option<(String, Key)> {
        let folded = &self.folded;
        let (at, phrase) = lexicon.find(Category::Goto, folded)?;
        let rest = folded[at + phrase.len()..].trim_start_matches([' ', '\n', '"', '*', '_', '(', '`']);
        let rest = past_article(rest);
        let section = SECTIONS.iter().find_map(|word| rest.strip_prefix(word)?.strip_prefix(' '));
        let words: String = match section {
            Some(number) => number.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect(),
            None => {
                let word = lexicon.label_starts(Category::Scenario, rest)?;
                let key: String = rest[word.len()..].trim_start().chars().take_while(|c| c.is_alphanumeric()).collect();
                if key.is_empty() || key.len() > 3 {
                    return None;
                }
                format!("{word} {key}")
            }
        };
        let words = words.trim_end_matches('.').to_owned();
        let numbered = section.is_some();
        (!words.is_empty())
            .then(|| (format!("{phrase} {}", shorten(rest, 40).lines().next().unwrap_or("")), Key { words, numbered }))
    }
}

/// "Cenário 4: fila cheia": what such a section is called by.
fn scenario(lexicon: &Lexicon, name: &str) -> Option<String> {
    let word = lexicon.label_starts(Category::Scenario, name)?;
    let key: String = name[word.len()..].trim_start().chars().take_while(|c| c.is_alphanumeric()).collect();
    Some(format!("{word} {key}"))
}

/// Takes an article off.
pub(crate) fn past_article(folded: &str) -> &str {
    ["o ", "a ", "the ", "el ", "la "].iter().find_map(|a| folded.strip_prefix(a)).unwrap_or(folded)
}

impl<'o> Places<'o> {
    /// Collects them.
    pub(crate) fn new(lexicon: &Lexicon, outline: &'o Outline<'o>) -> Self {
        let mut names = Self {
            by_anchor: FxHashMap::default(),
            by_number: FxHashMap::default(),
            by_scenario: FxHashMap::default(),
            counted: FxHashSet::default(),
        };
        names.by_anchor.reserve(outline.sections.len());
        for (i, section) in outline.sections.iter().enumerate() {
            names.by_anchor.entry(section.anchor).or_insert(i);
            if let Some(number) = &section.number {
                names.by_number.entry(number).or_default().push(i);
            }
            if let Some(key) = scenario(lexicon, section.name) {
                let kind = key.rsplit_once(' ').map_or("", |(kind, _)| kind);
                if !names.counted.contains(kind) {
                    names.counted.insert(kind.to_owned());
                }
                names.by_scenario.entry(key).or_default().push(i);
            }
        }
        names
    }

    /// All sections that a key may name.
    fn find(&self, key: &Key) -> &[usize] {
        self.by_scenario.get(&key.words).or_else(|| self.by_number.get(key.words.as_str())).map_or(&[], Vec::as_slice)
    }
}
