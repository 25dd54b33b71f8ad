//! Metadata: bold labels with values, and front matter.

use std::ops::Range;

use farol_api::runbook::{Metadata, MetadataKind};
use farol_api::text::Span;

use crate::doc::{Doc, LeafKind, Run, RunKind, plain};
use crate::lexicon::{self, Lexicon};
use crate::outline::Outline;
use crate::words::{fold, squeeze};

const KINDS: [(&str, MetadataKind); 8] = [
    ("meta.severity", MetadataKind::Severity),
    ("meta.rto", MetadataKind::Rto),
    ("meta.rpo", MetadataKind::Rpo),
    ("meta.time", MetadataKind::EstimatedTime),
    ("meta.owner", MetadataKind::Owner),
    ("meta.contact", MetadataKind::Contact),
    ("meta.updated", MetadataKind::Updated),
    ("meta.other", MetadataKind::Other),
];

/// Tells for each leaf whether it is a paragraph of metadata lines.
pub fn leaves(doc: &Doc<'_>, lexicon: &Lexicon, outline: &Outline) -> Vec<bool> {
    let top = top_end(doc, outline);
    let is_meta = |(i, leaf): (usize, &crate::doc::Leaf<'_>)| {
        if !matches!(leaf.kind, LeafKind::Paragraph) || leaf.runs.is_empty() {
            return false;
        }
        let lines = pairs(&leaf.runs);
        let all = leaf.runs.split(|r| r.kind == RunKind::Break).filter(|l| !plain(l).is_empty()).count();
        let known = lines.iter().any(|(label, ..)| kind_of(lexicon, label).is_some());
        !lines.is_empty()
            && lines.len() == all
            && (i < top && (leaf.item.is_none() || known) || known && leaf.item.is_none() && lines.len() > 1)
    };
    doc.leaves.iter().enumerate().map(is_meta).collect()
}

/// Metadata may stand before the second heading, or the first where it is not the title.
fn top_end(doc: &Doc<'_>, outline: &Outline) -> usize {
    let first = outline.sections.first();
    let titled = first.is_some_and(|s| s.level == 1);
    let next = outline.sections.get(usize::from(titled));
    next.map_or(doc.leaves.len(), |s| s.leaf)
}

/// Collects front matter, metadata lines and the labelled lines of contact sections.
pub fn read(doc: &Doc<'_>, lexicon: &Lexicon, outline: &Outline, is_meta: &[bool]) -> Vec<Metadata> {
    let mut out = front_matter(doc, lexicon);
    let mut section = 0;
    for (i, leaf) in doc.leaves.iter().enumerate() {
        while outline.sections.get(section + 1).is_some_and(|s| s.leaf <= i) {
            section += 1;
        }
        let contacts = outline
            .sections
            .get(section)
            .is_some_and(|s| s.leaf <= i && lexicon.label_starts("contacts", &s.name).is_some());
        if !is_meta[i] && !(contacts && leaf.item.is_some() && matches!(leaf.kind, LeafKind::Paragraph)) {
            continue;
        }
        for (label, value, span) in pairs(&leaf.runs) {
            let kind =
                kind_of(lexicon, &label).unwrap_or(if contacts { MetadataKind::Contact } else { MetadataKind::Other });
            out.push(item(doc, lexicon, kind, label, value, span));
        }
    }
    out
}

fn item(
    doc: &Doc<'_>,
    lexicon: &Lexicon,
    kind: MetadataKind,
    label: String,
    value: String,
    span: Range<usize>,
) -> Metadata {
    let timed = matches!(kind, MetadataKind::Rto | MetadataKind::Rpo | MetadataKind::EstimatedTime);
    let seconds = if timed { lexicon::seconds(lexicon, &value) } else { None };
    Metadata { kind, label, value, seconds, line: doc.line(span.start), span: Span::from(span) }
}

fn kind_of(lexicon: &Lexicon, label: &str) -> Option<MetadataKind> {
    let folded = fold(label.trim());
    KINDS.iter().find(|(category, _)| lexicon.label_is(category, &folded)).map(|(_, kind)| *kind)
}

/// `**Label:** value` and `**Label**: value`, one a line.
fn pairs(runs: &[Run<'_>]) -> Vec<(String, String, Range<usize>)> {
    let mut out = Vec::new();
    for line in runs.split(|r| r.kind == RunKind::Break) {
        let strong = line.iter().take_while(|r| r.strong).count();
        if strong == 0 {
            continue;
        }
        let label = plain(&line[..strong]);
        let rest = plain(&line[strong..]);
        let (label, value) = match label.strip_suffix(':') {
            Some(label) => (label.to_owned(), rest),
            None if rest.starts_with(':') => (label, rest[1..].trim().to_owned()),
            None => continue,
        };
        if label.len() < 60 && !value.is_empty() && !label.contains(". ") {
            let end = line.last().map_or(0, |r| r.span.end);
            out.push((label, squeeze(&value), line[0].span.start..end));
        }
    }
    out
}

/// The scalars of YAML front matter; what is nested is left to who needs it.
fn front_matter(doc: &Doc<'_>, lexicon: &Lexicon) -> Vec<Metadata> {
    let Some(front) = &doc.front else { return Vec::new() };
    let mut out = Vec::new();
    let mut at = front.start;
    for line in doc.text[front.clone()].split_inclusive('\n') {
        let start = at;
        at += line.len();
        if line.starts_with([' ', '\t', '#', '-']) {
            continue;
        }
        let Some((key, value)) = line.split_once(':') else { continue };
        let value = value.trim().trim_matches(['"', '\'']);
        if value.is_empty() || key.is_empty() || key.len() > 60 {
            continue;
        }
        let words = key.trim().replace(['_', '-'], " ");
        let kind = kind_of(lexicon, &words).unwrap_or(MetadataKind::Other);
        let span = start..start + line.trim_end().len();
        out.push(item(doc, lexicon, kind, key.trim().to_owned(), value.to_owned(), span));
    }
    out
}
