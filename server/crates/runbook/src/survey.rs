//! One look at every word of a document, before anything else: its language, and what each piece of text may say.

use crate::doc::{Doc, Run, RunKind};
use crate::lexicon::{Detector, Language, Signs};
use crate::words::{lines, shorten};

/// As many bytes of a piece of text count for the language.
const LONGEST: usize = 4000;

/// Notes the signs of all inline text, and tells the language.
pub fn read(doc: &mut Doc<'_>) -> Option<Language> {
    let mut detector = Detector::default();
    let (mut at, mut pieces) = (0, 0);
    for leaf in 0..doc.leaves.len() {
        let own = doc.leaves[leaf].runs();
        // What stands between are the cells of tables, which do not count.
        look(doc, &mut detector, at..own.start);
        for run in own.clone() {
            let run = &mut doc.runs[run];
            run.signs = if run.kind == RunKind::Text && pieces < 4000 {
                pieces += 1;
                let read = detector.read(shorten(run.text, LONGEST));
                if run.text.len() > LONGEST { detector.look(run.text) } else { read }
            } else if run.kind == RunKind::Html {
                Signs::default()
            } else {
                detector.look(run.text)
            };
        }
        mend(&mut doc.runs[own.clone()]);
        at = own.end.max(at);
    }
    look(doc, &mut detector, at..doc.runs.len());
    for cell in &doc.cells {
        mend(&mut doc.runs[cell.range()]);
    }
    let codes = (0..doc.leaves.len()).filter_map(|leaf| doc.code(leaf));
    let marked = codes.filter(|code| memchr::memchr(b'#', code.text.as_bytes()).is_some());
    let comments = marked.map(|code| lines(code.text).filter(|l| l.trim_start().starts_with('#')));
    for line in comments.flatten().take(2000) {
        detector.read(shorten(line, 400));
    }
    detector.language()
}

/// A word that begins in one run and ends in the next is seen by neither: the next one may say anything.
fn mend(runs: &mut [Run<'_>]) {
    let mut open = false;
    for run in runs.iter_mut().filter(|run| run.kind != RunKind::Html) {
        let bytes = run.text.as_bytes();
        if open && bytes.first().is_some_and(|byte| is_inner(*byte)) {
            run.signs = Signs::ALL;
        }
        open = bytes.last().map_or(open, |byte| is_inner(*byte));
    }
}

fn look(doc: &mut Doc<'_>, detector: &mut Detector, runs: std::ops::Range<usize>) {
    for run in doc.runs.get_mut(runs).unwrap_or_default() {
        run.signs = if run.kind == RunKind::Html { Signs::default() } else { detector.look(run.text) };
    }
}

const fn is_inner(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || !byte.is_ascii()
}
