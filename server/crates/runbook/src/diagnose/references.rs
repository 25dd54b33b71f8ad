//! Links and go-tos that lead nowhere.

use std::borrow::Cow;

use farol_api::runbook::{Diagnostic, Runbook, TextEdit};
use farol_api::text::Span;

use super::{catalogue, diagnostic};
use crate::doc::Doc;
use crate::outline::Outline;

/// Says what leads to no section, and offers the section whose anchor is nearest.
pub fn all(doc: &Doc<'_>, outline: &Outline<'_>, broken: &[(String, Span)], out: &mut Vec<Diagnostic>) {
    for (words, span) in broken.iter().take(super::MOST_OF_A_KIND) {
        let mut found = diagnostic(&catalogue::BROKEN_CROSS_REFERENCE, words, *span, doc.line(span.start));
        let anchors = outline.sections.iter().map(|s| s.anchor);
        found.fix = words.strip_prefix('#').and_then(|anchor| {
            let near = nearest(anchor, anchors)?;
            Some(TextEdit { span: destination(doc.text, *span, words)?, replacement: format!("#{near}"), sure: false })
        });
        out.push(found);
    }
}

/// Says which links to other Markdown files lead to none, or to no section of theirs, for who sees the folder.
///
/// `lacking` returns the anchors of a file that exists, where the one asked for is not among them. `others` are files
/// to offer instead of one that does not exist.
pub fn missing_runbooks(
    text: &str,
    runbook: &Runbook,
    exists: impl Fn(&str) -> bool,
    lacking: impl Fn(&str, &str) -> Option<Vec<String>>,
    others: &[String],
) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for reference in &runbook.references {
        let (link, anchor) = reference.destination.split_once('#').unwrap_or((&reference.destination, ""));
        let path = link.split('?').next().unwrap_or("");
        // What begins with a slash begins at a root that only the wiki knows.
        if !is_markdown(path) || path.contains(':') || path.starts_with('/') || path.contains(['<', '{', '$']) {
            continue;
        }
        let (entry, about, others) = if !exists(path) {
            (&catalogue::BROKEN_RUNBOOK_LINK, path, Cow::Borrowed(others))
        } else if let Some(anchors) = named(anchor).and_then(|anchor| lacking(path, anchor)) {
            (&catalogue::BROKEN_SECTION_LINK, reference.destination.as_str(), Cow::Owned(anchors))
        } else {
            continue;
        };
        let mut found = diagnostic(entry, about, reference.span, reference.line);
        found.fix = destination(text, reference.span, about).and_then(|span| {
            let offered = |written| nearest(written, others.iter().map(String::as_str));
            let replacement = match entry.code == catalogue::BROKEN_RUNBOOK_LINK.code {
                true => offered(path)?.to_owned(),
                false => format!("{link}#{}", offered(anchor)?),
            };
            Some(TextEdit { span, replacement, sure: false })
        });
        out.push(found);
    }
    out
}

fn is_markdown(path: &str) -> bool {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    ending.eq_ignore_ascii_case("md") || ending.eq_ignore_ascii_case("markdown")
}

/// An anchor that names something; `#L12` is a line of the source, to those who show it.
fn named(anchor: &str) -> Option<&str> {
    let line = anchor.strip_prefix('L').is_some_and(|number| number.starts_with(|c: char| c.is_ascii_digit()));
    (!anchor.is_empty() && !line).then_some(anchor)
}

/// Finds a link's destination behind its words.
fn destination(text: &str, words: Span, destination: &str) -> Option<Span> {
    const FAR: usize = 200;
    let mut end = text.len().min(words.end + FAR + destination.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let after = text.get(words.end..end)?;
    let open = after.find("](")? + 2;
    let start = words.end + open;
    after[open..].starts_with(destination).then(|| Span::new(start, start + destination.len()))
}

/// Finds what was probably meant: at most two letters away, and less than a third of the word.
fn nearest<'a>(written: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    const LONGEST: usize = 200;
    if written.len() > LONGEST {
        return None;
    }
    let near = names.filter(|name| name.len().abs_diff(written.len()) <= 2);
    let (name, away) = near.map(|n| (n, strsim::osa_distance(written, n))).min_by_key(|(_, away)| *away)?;
    (away <= 2 && away * 3 <= written.len()).then_some(name)
}
