//! Links and go-tos that lead nowhere.

use farol_api::runbook::{Diagnostic, Runbook, TextEdit};
use farol_api::text::Span;

use super::{catalogue, diagnostic};
use crate::doc::Doc;
use crate::outline::Outline;

/// Says what leads to no section, and offers the section whose anchor is nearest.
pub fn all(doc: &Doc<'_>, outline: &Outline, broken: &[(String, Span)], out: &mut Vec<Diagnostic>) {
    for (words, span) in broken.iter().take(super::MOST_OF_A_KIND) {
        let mut found = diagnostic(&catalogue::BROKEN_CROSS_REFERENCE, words, *span, doc.line(span.start));
        let anchors = outline.sections.iter().map(|s| s.anchor.as_str());
        found.fix = words.strip_prefix('#').and_then(|anchor| {
            let near = nearest(anchor, anchors)?;
            Some(TextEdit { span: destination(doc.text, *span, words)?, replacement: format!("#{near}"), sure: false })
        });
        out.push(found);
    }
}

/// Says which links to other Markdown files lead to none, for who sees the folder; `nearest` offers another file.
pub fn missing_runbooks(
    text: &str,
    runbook: &Runbook,
    exists: impl Fn(&str) -> bool,
    others: &[String],
) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for reference in &runbook.references {
        let path = reference.destination.split(['#', '?']).next().unwrap_or("");
        let markdown = path.ends_with(".md") || path.ends_with(".markdown");
        // What begins with a slash begins at a root that only the wiki knows.
        if !markdown || path.contains(':') || path.starts_with('/') || path.contains(['<', '{', '$']) || exists(path) {
            continue;
        }
        let mut found = diagnostic(&catalogue::BROKEN_RUNBOOK_LINK, path, reference.span, reference.line);
        found.fix = destination(text, reference.span, path).and_then(|span| {
            let near = nearest(path, others.iter().map(String::as_str))?;
            Some(TextEdit { span, replacement: near.to_owned(), sure: false })
        });
        out.push(found);
    }
    out
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
