//! Metadata: bold labels with values, tables of two columns, and front matter.

mod bare;
mod tables;

use std::borrow::Cow;
use std::ops::Range;

use farol_api::runbook::{Metadata, MetadataKind};
use farol_api::text::Span;

use crate::attributes;
use crate::doc::{Doc, LeafKind, Run, RunKind, plain};
use crate::lexicon::{self, Category, Lexicon};
use crate::outline::Outline;
use crate::words::{find, fold, squeeze};

const KINDS: [(Category, MetadataKind); 8] = [
    (Category::MetaSeverity, MetadataKind::Severity),
    (Category::MetaRto, MetadataKind::Rto),
    (Category::MetaRpo, MetadataKind::Rpo),
    (Category::MetaTime, MetadataKind::EstimatedTime),
    (Category::MetaOwner, MetadataKind::Owner),
    (Category::MetaContact, MetadataKind::Contact),
    (Category::MetaUpdated, MetadataKind::Updated),
    (Category::MetaOther, MetadataKind::Other),
];

/// Tells for each leaf whether it is a paragraph of metadata lines.
pub fn leaves(doc: &Doc<'_>, lexicon: &Lexicon, outline: &Outline<'_>) -> Vec<bool> {
    let top = top_end(doc, outline);
    let is_meta = |(i, leaf): (usize, &crate::doc::Leaf)| {
        if let Some(table) = doc.table(i) {
            return tables::holds(lexicon, table, i < top);
        }
        let runs = doc.runs(i);
        let task = leaf.item.is_some_and(|item| doc.items[item].task);
        if !matches!(leaf.kind, LeafKind::Paragraph) || runs.is_empty() || task {
            return false;
        }
        // A line is one of metadata where it starts in bold and has a label; first the cheap half of that.
        let texts = runs.split(|r| r.kind == RunKind::Break);
        if !texts.clone().any(|line| line.first().is_some_and(|run| run.strong)) {
            return i < top && leaf.item.is_none() && bare::holds(lexicon, runs);
        }
        let found: Vec<_> = texts.clone().map(pairs).collect();
        let lines: Vec<_> = found.iter().flatten().collect();
        if lines.is_empty() {
            return false;
        }
        let all = found.iter().zip(texts).all(|(found, line)| !found.is_empty() || plain(line).is_empty());
        let known = lines.iter().any(|(label, ..)| kind_of(lexicon, label).is_some());
        all && (i < top && (leaf.item.is_none() || known)
            || known && leaf.item.is_none() && lines.len() > 1
            || leaf.item.is_some() && lines.len() == 1 && is_fact(lexicon, &lines[0].0, &lines[0].1))
    };
    doc.leaves.iter().enumerate().map(is_meta).collect()
}

/// `- **Severity**: SEV2` anywhere: a label that is understood, and a value that orders nothing.
fn is_fact(lexicon: &Lexicon, label: &str, value: &str) -> bool {
    let understood = kind_of(lexicon, label).is_some_and(|kind| kind != MetadataKind::Other)
        || lexicon.label_is(Category::AlertWord, &fold(label.trim()));
    understood
        && value.len() < 120
        && !(value.contains(' ') && lexicon.is_imperative(&fold(value)))
        && !value.contains(". ")
}

/// Metadata may stand before the second heading, or the first where it is not the title.
fn top_end(doc: &Doc<'_>, outline: &Outline<'_>) -> usize {
    let first = outline.sections.first();
    let titled = first.is_some_and(|s| s.level == 1);
    let next = outline.sections.get(usize::from(titled));
    next.map_or(doc.leaves.len(), |s| s.leaf)
}

/// Collects front matter, metadata lines and the labelled lines of contact sections.
pub fn read(doc: &Doc<'_>, lexicon: &Lexicon, outline: &Outline<'_>, is_meta: &[bool]) -> Vec<Metadata> {
    let mut out = front_matter(doc, lexicon);
    let mut section = 0;
    for (i, leaf) in doc.leaves.iter().enumerate() {
        while outline.sections.get(section + 1).is_some_and(|s| s.leaf <= i) {
            section += 1;
        }
        let contacts = outline
            .sections
            .get(section)
            .is_some_and(|s| s.leaf <= i && lexicon.label_starts(Category::Contacts, s.name).is_some());
        let listed = contacts && leaf.item.is_some() && matches!(leaf.kind, LeafKind::Paragraph);
        if !is_meta[i] && !listed {
            continue;
        }
        let rows = doc.table(i).filter(|_| is_meta[i]).map(|table| tables::rows(lexicon, table));
        let found = rows.unwrap_or_else(|| pairs(doc.runs(i)));
        let found = if found.is_empty() && is_meta[i] { bare::pairs(doc.runs(i)) } else { found };
        for (label, value, span) in found {
            let kind =
                kind_of(lexicon, &label).unwrap_or(if contacts { MetadataKind::Contact } else { MetadataKind::Other });
            out.push(item(doc, lexicon, kind, label.into_owned(), value.into_owned(), span));
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
    let seconds = || lexicon::seconds(lexicon, &value).or_else(|| attributes::short(&value).map(u64::from));
    let seconds = if timed { seconds() } else { None };
    Metadata { kind, label, value, seconds, line: doc.line(span.start), span: Span::from(span) }
}

fn kind_of(lexicon: &Lexicon, label: &str) -> Option<MetadataKind> {
    // "RTO (Recovery Time Objective)" is known by its first word.
    let label = find(label, " (").map_or(label, |at| &label[..at]);
    let folded = fold(label.trim());
    KINDS.iter().find(|(category, _)| lexicon.label_is(*category, &folded)).map(|(_, kind)| *kind)
}

/// A label, its value, and where both stand.
type Pair<'r> = (Cow<'r, str>, Cow<'r, str>, Range<usize>);

/// Takes a part of a text, which is borrowed where the text is.
fn part<'r>(text: Cow<'r, str>, of: impl Fn(&str) -> &str) -> Cow<'r, str> {
    match text {
        Cow::Borrowed(text) => of(text).into(),
        Cow::Owned(text) => of(&text).to_owned().into(),
    }
}

/// `**Label:** value` and `**Label**: value`, one a line or several.
fn pairs<'r>(runs: &'r [Run<'_>]) -> Vec<Pair<'r>> {
    let mut out = Vec::new();
    for line in runs.split(|r| r.kind == RunKind::Break) {
        let mut rest = line;
        while rest.first().is_some_and(|r| r.strong) {
            let strong = rest.iter().take_while(|r| r.strong).count();
            // The next bold label ends this one's value; a bold word without a colon is part of it.
            let label_at = |i: &usize| rest[*i].strong && !rest[*i - 1].strong && is_label(&rest[*i..]);
            let end = (strong + 1..rest.len()).find(label_at).unwrap_or(rest.len());
            out.extend(pair(&rest[..end], strong));
            rest = &rest[end..];
        }
    }
    out
}

fn is_label(runs: &[Run<'_>]) -> bool {
    let strong = runs.iter().take_while(|r| r.strong).count();
    plain(&runs[..strong]).ends_with(':') || runs.get(strong).is_some_and(|r| r.text.trim_start().starts_with(':'))
}

fn pair<'r>(runs: &'r [Run<'_>], strong: usize) -> Option<Pair<'r>> {
    let label = plain(&runs[..strong]);
    if !label.ends_with(':') && first_of(&runs[strong..]) != Some(':') {
        return None;
    }
    let rest = plain(&runs[strong..]);
    let (label, value) = match label.ends_with(':') {
        true => (part(label, |label| &label[..label.len() - 1]), rest),
        false if rest.starts_with(':') => (label, part(rest, |rest| rest[1..].trim())),
        false => return None,
    };
    let value = part(value, |value| value.trim_end_matches(['|', '·', ' ']));
    let value = match squeeze(&value) {
        Cow::Borrowed(text) if text.len() == value.len() => value,
        squeezed => squeezed.into_owned().into(),
    };
    let good = label.len() < 60 && !value.is_empty() && find(&label, ". ").is_none();
    good.then(|| (label, value, runs[0].start()..runs[runs.len() - 1].span().end))
}

/// The first character of a text that is no blank.
fn first_of(runs: &[Run<'_>]) -> Option<char> {
    let texts = runs.iter().filter(|run| run.kind != RunKind::Html);
    texts.flat_map(|run| run.text.chars()).find(|c| !c.is_whitespace())
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
