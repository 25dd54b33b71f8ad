//! Arms that a label names: `Local:` and `Produção:`, `**Option A:**`.

use std::ops::Range;

use crate::doc::{Doc, LeafKind, plain};
use crate::lexicon::Lexicon;
use crate::outline::{Outline, is_scenario};
use crate::words::fold;

/// Finds labelled arms: the leaves of each, ascending, with the arm.
pub fn find(doc: &Doc<'_>, lexicon: &Lexicon, outline: &mut Outline) -> Vec<(Range<usize>, usize)> {
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
    found
}

fn in_section(
    doc: &Doc<'_>,
    lexicon: &Lexicon,
    outline: &mut Outline,
    section: Option<usize>,
    leaves: Range<usize>,
    found: &mut Vec<(Range<usize>, usize)>,
) {
    let labels: Vec<(usize, String)> =
        leaves.clone().filter_map(|leaf| Some((leaf, label(doc, lexicon, leaf)?))).collect();
    if labels.len() < 2 {
        return;
    }
    let ends = labels.iter().skip(1).map(|(leaf, _)| *leaf).chain([leaves.end]);
    let ranges: Vec<Range<usize>> = labels.iter().map(|(leaf, _)| *leaf).zip(ends).map(|(a, b)| a..b).collect();
    let arms = labels.iter().zip(&ranges).map(|((leaf, label), range)| {
        let from = doc.leaves[*leaf].span.start;
        let to = doc.leaves[range.end - 1].span.end;
        (label.clone(), None, from..to.max(from))
    });
    let arms = arms.collect();
    let ids = outline.decide(section, arms);
    found.extend(ranges.into_iter().zip(ids));
}

/// Returns the label of an arm, where a leaf is one and something follows it.
fn label(doc: &Doc<'_>, lexicon: &Lexicon, leaf: usize) -> Option<String> {
    let this = &doc.leaves[leaf];
    let follows = doc.leaves.get(leaf + 1)?;
    let labelled = matches!(this.kind, LeafKind::Paragraph) && this.item.is_none() && !this.quoted;
    if !labelled || !(follows.item.is_some() || matches!(follows.kind, LeafKind::Code(_) | LeafKind::Paragraph)) {
        return None;
    }
    let text = plain(&this.runs);
    let strong = this.runs.iter().all(|r| r.strong || r.text.trim().trim_matches(':').is_empty());
    let text = text.strip_suffix(':').or(Some(text.as_str()).filter(|_| strong))?.trim_end_matches(':').trim();
    let name = fold(text);
    let words = name.split_whitespace().count();
    let environment = lexicon.label_starts("env", &name).is_some()
        && words <= 3
        && !matches!(doc.leaves[leaf].span.end.checked_sub(doc.leaves[leaf].span.start), Some(60..));
    let option = is_scenario(lexicon, &name, text) && words <= 12;
    (environment || option).then(|| text.to_owned())
}
