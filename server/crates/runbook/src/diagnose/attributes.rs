//! What is said about the attributes of fences.

use std::ops::Range;

use farol_api::runbook::{Diagnostic, TextEdit};
use farol_api::text::{Localized, Span};

use super::{catalogue, diagnostic, localized};
use crate::attributes::{self, Problem};
use crate::doc::Doc;
use crate::steps::Steps;
use crate::words::shorten;

/// Says which attributes, and which of their values, are not understood.
pub fn all(doc: &Doc<'_>, steps: &Steps, out: &mut Vec<Diagnostic>) {
    for (leaf, problem) in &steps.attributes {
        let place = info(doc, *leaf).map(|info| info.start + problem.place.start..info.start + problem.place.end);
        let span = Span::from(place.clone().unwrap_or_else(|| doc.leaves[*leaf].span()));
        let line = doc.line(span.start);
        let mut found = match &problem.value {
            Some(value) => localized(&catalogue::INVALID_ATTRIBUTE, &refused(problem, value), span, line),
            None => diagnostic(&catalogue::UNKNOWN_ATTRIBUTE, shorten(&problem.key, 80), span, line),
        };
        if let (Some((key, sure)), true) = (problem.meant, place.is_some_and(|p| doc.text.get(p) == Some(&problem.key)))
        {
            found.fix = Some(TextEdit { span, replacement: key.to_owned(), sure });
        }
        out.push(found);
    }
}

fn refused(problem: &Problem, value: &str) -> Localized {
    let written = format!("{}={}", problem.key, shorten(value, 80));
    let kind = attributes::catalogue().iter().find(|key| key.name == problem.key).map(|key| key.value.words());
    let (en, pt) = kind.unwrap_or_default();
    Localized::new(format!("{written} (expected: {en})"), format!("{written} (esperado: {pt})"))
}

/// Finds where the info string of a block stands, unless Markdown's escapes made it another text.
pub fn info(doc: &Doc<'_>, leaf: usize) -> Option<Range<usize>> {
    let code = doc.code(leaf)?;
    let block = doc.text.get(doc.leaves[leaf].span())?;
    let line = block.lines().next()?;
    let marks = line.find(['`', '~'])?;
    let after = line[marks..].trim_start_matches(['`', '~']);
    let start = line.len() - after.trim_start().len();
    line[start..].starts_with(code.info).then(|| {
        let start = doc.leaves[leaf].span().start + start;
        start..start + code.info.len()
    })
}
