//! Items side by side that each are a case of their own, with what to do below them.

use std::ops::Range;

use crate::cases;
use crate::doc::{Doc, LeafKind};
use crate::lexicon::{Category, Lexicon};
use crate::outline::{Outline, is_scenario};
use crate::words::{fold, shorten};

/// An item that may be a case.
struct Case {
    item: usize,
    leaves: Range<usize>,
    label: String,
    /// The word that names it one, if any: "alert of …".
    word: Option<&'static str>,
}

/// Finds arms among items: "Alert of x:" and "Alert of y:", or whatever stands in a list of known problems.
pub fn find(doc: &Doc<'_>, lexicon: &Lexicon, outline: &mut Outline<'_>, found: &mut Vec<(Range<usize>, usize)>) {
    if doc.items.iter().all(|item| item.parent.is_none()) && !may_have_options(doc, lexicon) {
        return;
    }
    for family in families(doc, lexicon) {
        let Some(first) = family.first().filter(|_| family.len() > 1) else { continue };
        let section = outline.sections.partition_point(|s| s.leaf <= first.leaves.start).checked_sub(1);
        let named = family.iter().all(|case| case.word.is_some() && case.word == first.word);
        if !named && !are_problems(doc, lexicon, outline, section, first.item) {
            continue;
        }
        let whole = first.leaves.start..family.last().map_or(first.leaves.end, |case| case.leaves.end);
        // What lies in arms of another kind, or has such in it, is left as it is.
        if found.iter().any(|(other, _)| other.start < whole.end && whole.start < other.end) {
            continue;
        }
        let arms = family.iter().map(|case| {
            let span = doc.leaves[case.leaves.start].span().start..doc.leaves[case.leaves.end - 1].span().end;
            (case.label.clone(), None, span)
        });
        let ids = outline.decide(section, arms.collect());
        found.extend(family.into_iter().map(|case| case.leaves).zip(ids));
        found.sort_by_key(|(leaves, _)| leaves.start);
    }
}

/// Tells whether any item may begin with the name of one of several ways.
fn may_have_options(doc: &Doc<'_>, lexicon: &Lexicon) -> bool {
    doc.leaves.iter().enumerate().any(|(i, leaf)| {
        let first = leaf.item.and_then(|_| doc.runs(i).first());
        first.is_some_and(|run| lexicon.label_may_start(Category::Option, run.text))
    })
}

/// The items of each list that end in a colon and have orders below them, in order.
fn families(doc: &Doc<'_>, lexicon: &Lexicon) -> Vec<Vec<Case>> {
    let mut leaves: Vec<Option<Range<usize>>> = vec![None; doc.items.len()];
    // Whether an item may be a case by its label, and whether anything below it orders: asked of few.
    let (mut may, mut acts) = (vec![false; doc.items.len()], vec![false; doc.items.len()]);
    let mut option = may.clone();
    for (i, leaf) in doc.leaves.iter().enumerate() {
        let Some(inner) = leaf.item else { continue };
        let text = doc.plain(i);
        let orders = || {
            matches!(leaf.kind, LeafKind::Paragraph) && crate::steps::orders(lexicon, doc.words(i), text)
                || doc.runs(i).iter().any(crate::doc::Run::is_command)
        };
        let block = matches!(leaf.kind, LeafKind::Code(_));
        let mut known = None;
        for item in std::iter::successors(Some(inner), |item| doc.items[*item].parent) {
            let range = leaves[item].get_or_insert_with(|| {
                option[item] = option_of(doc, lexicon, item, i).is_some();
                may[item] = option[item] || label_of(doc, item, i).is_some();
                i..i + 1
            });
            range.end = i + 1;
            if may[item] && !acts[item] && (item != inner || option[item]) {
                acts[item] = option[item] && block || *known.get_or_insert_with(orders);
            }
        }
    }
    let mut families: Vec<(usize, Vec<Case>)> = Vec::new();
    for (item, info) in doc.items.iter().enumerate() {
        let Some(range) = leaves[item].clone().filter(|_| acts[item]) else { continue };
        let text = doc.plain(range.start);
        let named = option_of(doc, lexicon, item, range.start);
        let Some(label) = named.or_else(|| label_of(doc, item, range.start)) else { continue };
        let own = matches!(doc.leaves[range.start].kind, LeafKind::Paragraph)
            && doc.leaves[range.start].item == Some(item)
            && (named.is_some() || doc.runs(range.start).iter().all(|run| !run.is_command()));
        let folded = fold(shorten(label, 120));
        let word = match named {
            Some(_) => lexicon.label_starts(Category::Option, &folded),
            None => word_of(lexicon, &folded, label),
        };
        // "Alert" orders too.
        if !own || word.is_none() && crate::steps::orders(lexicon, doc.words(range.start), text) {
            continue;
        }
        let case = Case { item, leaves: range, word, label: label.trim().to_owned() };
        match families.iter_mut().rev().take(8).find(|(list, _)| *list == info.list) {
            Some((_, family)) => family.push(case),
            None => families.push((info.list, vec![case])),
        }
    }
    families.into_iter().map(|(_, family)| family).collect()
}

/// What stands before the colon that an unordered item ends in; `leaf` is its first.
fn label_of<'a>(doc: &Doc<'a>, item: usize, leaf: usize) -> Option<&'a str> {
    const LONGEST: usize = 120;
    let info = &doc.items[item];
    let text = if info.task || info.is_ordered() { return None } else { doc.plain(leaf) };
    text.trim_end().strip_suffix(':').filter(|label| label.len() < LONGEST)
}

/// "**Option A (by hand):**", "Option B: restart it": the label of an item that is one of several ways.
fn option_of<'a>(doc: &'a Doc<'_>, lexicon: &Lexicon, item: usize, leaf: usize) -> Option<&'a str> {
    const LONGEST: usize = 80;
    let first = doc.runs(leaf).first().filter(|_| !doc.items[item].task)?;
    let text = if first.strong { first.text } else { first.text.split_once(':')?.0 };
    let label = text.trim_end_matches([':', ' ']);
    (label.len() < LONGEST && lexicon.names_option(&fold(label))).then_some(label)
}

/// "Alert of x", "incidente: y": the word that makes a label that of a case; causes and remedies are parts of one.
fn word_of(lexicon: &Lexicon, name: &str, label: &str) -> Option<&'static str> {
    const PARTS: [&str; 4] = ["caus", "solu", "sintoma", "symptom"];
    let word = lexicon.label_starts(Category::Case, name).filter(|w| !PARTS.iter().any(|part| w.starts_with(part)))?;
    let rest = name[word.len()..].trim_start();
    let of = ["de ", "do ", "da ", "del ", "of ", "on ", "en ", "em "].iter().any(|small| rest.starts_with(small));
    (of || cases::named(lexicon, name).is_some() || is_scenario(lexicon, name, label)).then_some(word)
}

/// Tells whether a list stands under "Troubleshooting" or the like: an item around it, or the heading.
fn are_problems(doc: &Doc<'_>, lexicon: &Lexicon, outline: &Outline<'_>, section: Option<usize>, item: usize) -> bool {
    let says = |name: &str| cases::are_under(lexicon, name);
    let around = doc.items[item].parent.and_then(|parent| doc.leaves.iter().position(|leaf| leaf.item == Some(parent)));
    match around {
        Some(leaf) => says(&fold(shorten(doc.plain(leaf), 80))),
        None => section.is_some_and(|s| outline.sections[s].level > 1 && says(outline.sections[s].name)),
    }
}
