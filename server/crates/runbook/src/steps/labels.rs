//! Arms that a label names: `Local:` and `Produção:`, `**Option A:**`.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::Context;
use super::items::listed;
use crate::cases;
use crate::code::Piece;
use crate::doc::{Doc, LeafKind};
use crate::lexicon::{Category, Lexicon, minutes_after};
use crate::outline::{Outline, is_scenario, is_way_to_go, number_of};
use crate::words::{first_word, fold, shorten, squeeze};

/// Finds labelled arms: the leaves of each, ascending, with the arm.
pub fn find(doc: &Doc<'_>, lexicon: &Lexicon, outline: &mut Outline<'_>) -> Vec<(Range<usize>, usize)> {
    ways(doc, lexicon, outline);
    let mut found = Vec::new();
    let mut start = 0;
    let mut section = None;
    let mut sections = 0;
    for leaf in 0..=doc.leaves.len() {
        let heading = doc.leaves.get(leaf).is_none_or(|l| matches!(l.kind, LeafKind::Heading(_)));
        if !heading {
            continue;
        }
        in_section(doc, lexicon, outline, section, start..leaf, &mut found);
        start = leaf + 1;
        section = Some(sections);
        sections += 1;
    }
    listed::find(doc, lexicon, outline, &mut found);
    found
}

/// "It can be run in two modes:" and a list that links to the sections: those are the arms.
fn ways(doc: &Doc<'_>, lexicon: &Lexicon, outline: &mut Outline<'_>) {
    // Few documents have such words, so the anchors are put together when they are needed.
    let mut known: Option<FxHashMap<&str, usize>> = None;
    let mut leaf = 0;
    while leaf < doc.leaves.len() {
        let this = leaf;
        leaf += 1;
        let free = doc.leaves[this].item.is_none() && !doc.runs(this).is_empty();
        let text = if free { doc.plain(this) } else { continue };
        if !text.ends_with(':') || lexicon.find(Category::Ways, &doc.words(this).fold(text)).is_none() {
            continue;
        }
        let anchors =
            known.get_or_insert_with(|| outline.sections.iter().enumerate().map(|(i, s)| (s.anchor, i)).collect());
        let linked = |leaf: usize| {
            let link = doc.link(doc.runs(leaf).first()?)?.strip_prefix('#')?.to_lowercase();
            anchors.get(link.as_str()).copied()
        };
        let items = (leaf..doc.leaves.len()).take_while(|l| doc.leaves[*l].item.is_some());
        let sections: Option<Vec<usize>> = items.map(linked).collect();
        let siblings = |found: &Vec<usize>| {
            let key = |s: &usize| (outline.sections[*s].parent, outline.sections[*s].level, outline.sections[*s].arm);
            found.len() > 1 && found.windows(2).all(|p| p[0] < p[1] && key(&p[0]) == key(&p[1]))
        };
        let Some(sections) = sections.filter(siblings).filter(|s| outline.sections[s[0]].arm.is_none()) else {
            continue;
        };
        let arms = sections
            .iter()
            .map(|s| &outline.sections[*s])
            .map(|s| (s.title.to_owned(), None, s.span.clone()))
            .collect();
        let ids = outline.decide(outline.sections[sections[0]].parent, arms);
        for (section, arm) in sections.into_iter().zip(ids) {
            outline.sections[section].arm = Some(arm);
        }
    }
}

fn in_section(
    doc: &Doc<'_>,
    lexicon: &Lexicon,
    outline: &mut Outline<'_>,
    section: Option<usize>,
    leaves: Range<usize>,
    found: &mut Vec<(Range<usize>, usize)>,
) {
    let labels: Vec<(usize, String)> =
        leaves.clone().filter_map(|leaf| Some((leaf, label(doc, lexicon, leaf)?))).collect();
    let problems = || problems(doc, lexicon, outline, section, leaves.clone());
    let labels = if labels.len() < 2 { problems() } else { labels };
    if labels.len() < 2 {
        return;
    }
    let last = labels[labels.len() - 1].0;
    let end = calls_whoever_is_left(doc, lexicon, labels[0].0, last + 1..leaves.end).unwrap_or(leaves.end);
    let ends = labels.iter().skip(1).map(|(leaf, _)| *leaf).chain([end]);
    let ranges: Vec<Range<usize>> = labels.iter().map(|(leaf, _)| *leaf).zip(ends).map(|(a, b)| a..b).collect();
    let arms = labels.iter().zip(&ranges).map(|((leaf, label), range)| {
        let from = doc.leaves[*leaf].span().start;
        let to = doc.leaves[range.end - 1].span().end;
        (label.clone(), None, from..to.max(from))
    });
    let arms = arms.collect();
    let ids = outline.decide(section, arms);
    found.extend(ranges.into_iter().zip(ids));
}

/// "If nothing helps after 20 minutes, page the DBA" behind the last of several ways is about all of them, unless one before
/// has a call of its own.
fn calls_whoever_is_left(doc: &Doc<'_>, lexicon: &Lexicon, first: usize, last: Range<usize>) -> Option<usize> {
    let calls = |leaf: &usize| {
        let this = &doc.leaves[*leaf];
        matches!(this.kind, LeafKind::Paragraph) && this.item.is_none() && {
            let folded = doc.words(*leaf).fold(shorten(doc.plain(*leaf), 400));
            minutes_after(lexicon, &folded).is_some() && lexicon.find(Category::Escalate, &folded).is_some()
        }
    };
    let mut before = first..last.start;
    let own = before.any(|leaf| calls(&leaf));
    (!own).then(|| last.into_iter().find(calls)).flatten()
}

/// Under "Troubleshooting" and the like, bold labels are the problems, but for those of their parts.
fn problems(
    doc: &Doc<'_>,
    lexicon: &Lexicon,
    outline: &Outline<'_>,
    section: Option<usize>,
    leaves: Range<usize>,
) -> Vec<(usize, String)> {
    const LONGEST: usize = 100;
    let Some(section) = section.map(|s| &outline.sections[s]).filter(|s| s.level > 1) else { return Vec::new() };
    if !cases::are_under(lexicon, section.name) {
        return Vec::new();
    }
    let label = |leaf: usize| {
        let (this, next) = (&doc.leaves[leaf], doc.leaves.get(leaf + 1)?);
        let free = matches!(this.kind, LeafKind::Paragraph) && this.item.is_none() && !this.quoted;
        let acts = next.item.is_some() || matches!(next.kind, LeafKind::Code(_));
        let strong = |run: &crate::doc::Run<'_>| run.strong || run.text.trim().trim_matches(':').is_empty();
        let whole = free && acts && this.span().len() < LONGEST && doc.runs(leaf).iter().all(strong);
        let text = if whole { doc.plain(leaf).trim_end_matches([':', ' ']) } else { return None };
        let name = doc.words(leaf).fold(text);
        let name = number_of(&name).1;
        let part = [Category::Symptoms, Category::Cause, Category::Solution, Category::Expected, Category::Checklist];
        let part = part.iter().any(|category| lexicon.label_starts(*category, name).is_some());
        (!name.is_empty() && !part && !lexicon.is_imperative(name)).then(|| (leaf, text.to_owned()))
    };
    leaves.filter_map(label).collect()
}

/// Finds blocks whose comments name alternatives: `# Option A: …`, `# Linux` and `# Windows`.
pub fn in_blocks(
    doc: &Doc<'_>,
    lexicon: &Lexicon,
    outline: &mut Outline<'_>,
    context: &Context,
) -> Vec<(usize, usize, Option<usize>)> {
    let mut found = Vec::new();
    let mut section = None;
    let mut sections = 0;
    for (leaf, this) in doc.leaves.iter().enumerate() {
        if matches!(this.kind, LeafKind::Heading(_)) {
            section = Some(sections);
            sections += 1;
        }
        let (Some(code), Some((_, reading))) = (doc.code(leaf), context.code(&doc.leaves[leaf])) else { continue };
        let label = |piece: &Piece| match piece {
            Piece::Comment(text, range) if is_block_label(lexicon, text) => Some((text.clone(), range.start)),
            _ => None,
        };
        let labels: Vec<(String, usize)> = reading.pieces.iter().filter_map(label).collect();
        if labels.len() < 2 || labels.len() > 12 {
            continue;
        }
        let next = next_step(&reading.pieces, labels[0].1, labels[labels.len() - 1].1);
        let ends = labels.iter().skip(1).map(|(_, at)| *at).chain([next.unwrap_or(code.text.trim_end().len())]);
        let arms = labels.iter().zip(ends).map(|((label, at), end)| {
            let label = label.trim_end_matches(':').to_owned();
            (label, None, code.source_range(*at..end.max(*at)))
        });
        let ids = outline.decide(section, arms.collect());
        found.extend(labels.iter().zip(ids).map(|((_, at), arm)| (leaf, *at, Some(arm))));
        found.extend(next.map(|at| (leaf, at, None)));
    }
    found
}

/// "# 2. Download it" behind the options of "# 1. Find the backup": where the step that follows them all begins.
fn next_step(pieces: &[Piece], first: usize, last: usize) -> Option<usize> {
    let numbers = || {
        pieces.iter().filter_map(|piece| match piece {
            Piece::Comment(text, range) => Some((number_of(text).0?.parse::<usize>().ok()?, range.start)),
            _ => None,
        })
    };
    let (step, _) = numbers().take_while(|(_, at)| *at < first).last()?;
    numbers().find(|(number, at)| *at > last && *number == step + 1).map(|(_, at)| at)
}

fn is_block_label(lexicon: &Lexicon, text: &str) -> bool {
    if ![Category::Option, Category::System].iter().any(|category| lexicon.label_may_start(*category, text)) {
        return false;
    }
    let name = fold(crate::words::shorten(text, 120));
    if name.len() > 100 {
        return false;
    }
    let numbered = lexicon.names_option(&name);
    let words = name.split(|c: char| !c.is_alphanumeric() && c != '-').filter(|w| !w.is_empty());
    let joins = |w: &str| matches!(w, "or" | "ou" | "o" | "and" | "e" | "y");
    let environment = words.clone().count() <= 4
        && words.clone().next().is_some_and(|w| lexicon.label_is(Category::System, w))
        && words.clone().all(|w| lexicon.label_is(Category::System, w) || joins(w));
    numbered || environment
}

/// Returns the label of an arm, where a leaf is one and something follows it.
fn label(doc: &Doc<'_>, lexicon: &Lexicon, leaf: usize) -> Option<String> {
    let this = &doc.leaves[leaf];
    let labelled = matches!(this.kind, LeafKind::Paragraph) && this.item.is_none() && !this.quoted;
    if !labelled {
        return None;
    }
    if let Some(label) = before_its_order(doc, lexicon, leaf) {
        return Some(label);
    }
    let follows = doc.leaves.get(leaf + 1)?;
    if !(follows.item.is_some() || matches!(follows.kind, LeafKind::Code(_) | LeafKind::Paragraph)) {
        return None;
    }
    let text = doc.plain(leaf);
    if text.starts_with("=== \"") {
        return Some(super::folds::unboxed(text).into_owned());
    }
    let strong = doc.runs(leaf).iter().all(|r| r.strong || r.text.trim().trim_matches(':').is_empty());
    // "**Scenario 1**: the database is empty"
    let first = doc.runs(leaf).first().filter(|r| r.strong && matches!(follows.kind, LeafKind::Code(_)));
    if first.is_some_and(|r| is_scenario(lexicon, &fold(r.text.trim_end_matches(':')), r.text)) && text.len() < 120 {
        return Some(text.trim_end_matches([':', '.']).to_owned());
    }
    let text = text.strip_suffix(':').or(Some(text).filter(|_| strong))?.trim_end_matches(':').trim();
    let name = doc.words(leaf).fold(text);
    let words = name.split_whitespace().count();
    let environment = this.span().len() < 60 && names_a_place(lexicon, &name);
    let option = is_scenario(lexicon, &name, text) && words <= 12;
    let listed = || follows.item.is_some_and(|item| doc.items[item].number == Some(1));
    let option =
        option || words <= 6 && (is_way_to_go(lexicon, &name) || strong && is_for_a_case(lexicon, &name)) && listed();
    let bare = ["ou ", "or ", "o "].iter().find_map(|w| name.strip_prefix(w)).unwrap_or(&name);
    let way = bare.starts_with("via ") && words <= 6;
    (environment || option || way || strong && words <= 12 && is_degree_to_act_on(doc, lexicon, leaf, &name))
        .then(|| text.to_owned())
}

/// "**For a total loss:**", "**Para perda total:**": whom or what the list below it is for; "para desligar" says what it does.
fn is_for_a_case(lexicon: &Lexicon, name: &str) -> bool {
    let rest = ["for ", "para "].iter().find_map(|word| name.strip_prefix(word));
    rest.is_some_and(|rest| {
        let first = first_word(rest);
        rest.contains(' ')
            && !lexicon.is_infinitive(first)
            && !matches!(first, "que" | "example" | "more" | "each" | "cada")
    })
}

/// "**SEV-1: site down**" over a list or a block that says what to do then.
fn is_degree_to_act_on(doc: &Doc<'_>, lexicon: &Lexicon, leaf: usize, name: &str) -> bool {
    let under = |leaf: &crate::doc::Leaf| leaf.item.is_some() || matches!(leaf.kind, LeafKind::Code(_));
    cases::is_degree(name) && {
        let end = doc.leaves[leaf + 1..].iter().take_while(|leaf| under(leaf)).count();
        cases::act(doc, lexicon, leaf + 1..leaf + 1 + end)
    }
}

/// "Windows", "En Linux/macOS", "Solução (Windows)": where something holds, and nothing else.
fn names_a_place(lexicon: &Lexicon, name: &str) -> bool {
    let of = |name: &str| lexicon.label_starts(Category::Env, name).is_some() && name.split_whitespace().count() <= 3;
    let behind = |category: Category| {
        let rest =
            lexicon.label_starts(category, name).map(|word| name[word.len()..].trim_matches([' ', '(', ')', '-']));
        rest.is_some_and(of)
    };
    of(name) || behind(Category::Solution) || behind(Category::Place)
}

/// "**Option A:** restart the pod", "**Via console:** open the panel": the label stands before what is ordered.
fn before_its_order(doc: &Doc<'_>, lexicon: &Lexicon, leaf: usize) -> Option<String> {
    let first = doc.runs(leaf).first().filter(|run| run.strong && run.text.len() < 80)?;
    // The plain text has its white space in single spaces, the run as it was written.
    let shown = squeeze(first.text);
    let (text, label) = (doc.plain(leaf), shown.trim_end_matches(':'));
    let order = text.strip_prefix(&*shown)?.trim_start();
    let order = if label.len() < shown.len() { order } else { order.strip_prefix(':')?.trim_start() };
    let name = fold(label);
    let named = is_scenario(lexicon, &name, label) || name.starts_with("via ");
    (named && super::items::orders(lexicon, doc.words(leaf), order)).then(|| label.to_owned())
}
