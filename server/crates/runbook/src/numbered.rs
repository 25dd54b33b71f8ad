//! Steps by their numbers: what "return to step 2" leads to.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::doc::{Doc, LeafKind};
use crate::lexicon::{Category, Lexicon};
use crate::outline::{Outline, number_of};
use crate::words::{fold, past_marks, shorten};

/// The steps of a document that have numbers, in the sequences that they are counted in.
#[derive(Default)]
pub struct Numbered {
    /// The sequence of each step, and where it stands.
    steps: Vec<(usize, Range<usize>)>,
    sequences: Vec<Sequence>,
    /// What steps are called, with and without each number.
    named: FxHashSet<(Option<Word>, Option<u64>)>,
    /// The steps of one number, in the order of the text.
    of_number: FxHashMap<u64, Vec<usize>>,
    /// The step of a number in a sequence; none where two have it.
    within: FxHashMap<(usize, u64), Option<usize>>,
    /// The sequence of each ordered list.
    of_list: FxHashMap<usize, usize>,
    /// The sequence that a heading is a step of.
    of_section: FxHashMap<usize, usize>,
    /// The sequences of paragraphs and comments that a section holds.
    in_section: FxHashMap<usize, Vec<usize>>,
}

struct Sequence {
    /// From its first step to the end of its last.
    span: Range<usize>,
    /// What its steps are called, where they are: "Step 3: …".
    called: Option<Word>,
    /// Its last step, and the number of that.
    last: Option<(usize, u64)>,
}

/// What a step is called, in any language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Word {
    /// "Step", "passo", "paso".
    Step,
    /// "Stage", "etapa".
    Stage,
    /// "Fase".
    Phase,
    /// "Item", which only lists have.
    Item,
}

impl Word {
    /// Returns what a word of the lexicons calls a step.
    pub fn of(word: &str) -> Self {
        match word.as_bytes().first() {
            Some(b'e') => Self::Stage,
            Some(b'f') => Self::Phase,
            Some(b'i') => Self::Item,
            _ if word.starts_with("stage") => Self::Stage,
            _ => Self::Step,
        }
    }
}

/// As many lists, and sequences in a section, around a place are looked at.
const MOST: usize = 16;

impl Numbered {
    /// Collects them.
    pub fn new(doc: &Doc<'_>, lexicon: &Lexicon, outline: &Outline<'_>) -> Self {
        let mut all = Self::default();
        all.lists(doc, outline);
        all.headings(lexicon, outline);
        all.leaves(doc, lexicon, outline);
        for steps in all.of_number.values_mut() {
            steps.sort_unstable_by_key(|step| all.steps[*step].1.start);
        }
        all
    }

    /// Tells whether any step is called so.
    pub fn has(&self, (word, number): (Word, u64)) -> bool {
        [None, Some(word)].into_iter().any(|called| self.named.contains(&(called, Some(number))))
    }

    /// Tells whether there are steps that are called so, and none of this number.
    pub fn lacks(&self, (word, number): (Word, u64)) -> bool {
        // Lists and numbers alone may be called steps, and nobody knows of more.
        let plain = matches!(word, Word::Step | Word::Item) && self.named.contains(&(None, None));
        (plain || self.named.contains(&(Some(word), None))) && !self.has((word, number))
    }

    /// Tells whether the steps of a sequence may be called so.
    fn may_be(&self, sequence: usize, word: Word) -> bool {
        self.sequences[sequence].called.is_none_or(|called| called == word)
    }

    /// Finds the step of a number that is meant at a place: the one of the sequence that the place stands in, or the only one of
    /// the closest section around; `holds` tells whether a step holds anything to go to.
    pub fn find(
        &self,
        doc: &Doc<'_>,
        outline: &Outline<'_>,
        (word, number): (Word, u64),
        place: usize,
        holds: impl Fn(&Range<usize>) -> bool,
    ) -> Option<Range<usize>> {
        let all = self.of_number.get(&number)?;
        let section = section_at(outline, place);
        let around = self.around(doc, outline, section, place);
        let around = around.into_iter().filter(|sequence| self.may_be(*sequence, word));
        let mut inner = around.filter_map(|sequence| Some((sequence, *self.within.get(&(sequence, number))?)));
        if let Some((sequence, step)) = inner.next() {
            // "1. If not, return to Step 1" under "Step 2": nobody can tell which is meant.
            let called = |sequence: usize| self.sequences[sequence].called.is_some();
            let doubtful = !called(sequence) && inner.any(|(outer, _)| called(outer));
            let span = &self.steps[step.filter(|_| !doubtful)?].1;
            return holds(span).then(|| span.clone());
        }
        let start = |step: &usize| self.steps[*step].1.start;
        let spans = outline.ancestors(section).map(|s| outline.sections[s].span.clone());
        for span in spans.chain(std::iter::once(0..doc.text.len())) {
            let from = all.partition_point(|step| start(step) < span.start);
            let to = all.partition_point(|step| start(step) < span.end);
            let near = all[from..to].iter().take(MOST).map(|step| &self.steps[*step]);
            let mut near = near.filter(|(sequence, span)| self.may_be(*sequence, word) && holds(span));
            if let Some((sequence, only)) = near.next() {
                // What stands within the steps of a sequence counts their parts.
                let end = self.sequences[*sequence].span.end;
                return near.all(|(_, span)| span.start < end).then(|| only.clone());
            }
        }
        None
    }

    /// The sequences that a place stands in, innermost first.
    fn around(&self, doc: &Doc<'_>, outline: &Outline<'_>, section: Option<usize>, place: usize) -> Vec<usize> {
        let leaf = doc.leaves.partition_point(|leaf| leaf.span().start <= place).checked_sub(1);
        let item = leaf.and_then(|leaf| doc.leaves[leaf].item).filter(|item| doc.items[*item].span().contains(&place));
        let items = std::iter::successors(item, |item| doc.items[*item].parent).take(MOST);
        let lists = items.filter_map(|item| self.of_list.get(&doc.items[item].list).copied());
        let mut all: Vec<usize> = lists.collect();
        for section in outline.ancestors(section) {
            let inside = self.in_section.get(&section).into_iter().flatten().take(MOST);
            all.extend(inside.filter(|sequence| self.sequences[**sequence].span.contains(&place)));
            all.extend(self.of_section.get(&section));
        }
        all
    }

    /// Adds a step to a sequence.
    fn add(&mut self, sequence: usize, number: u64, span: Range<usize>) {
        let step = self.steps.len();
        let known = &mut self.sequences[sequence];
        known.span.end = known.span.end.max(span.end);
        // What stands between two steps belongs to the first.
        if let Some((before, _)) = known.last.replace((step, number)) {
            self.steps[before].1.end = span.start;
        }
        self.named.extend([(known.called, None), (known.called, Some(number))]);
        self.steps.push((sequence, span));
        self.of_number.entry(number).or_default().push(step);
        self.within.entry((sequence, number)).and_modify(|step| *step = None).or_insert(Some(step));
    }

    fn begin(&mut self, start: usize, called: Option<Word>) -> usize {
        self.sequences.push(Sequence { span: start..start, called, last: None });
        self.sequences.len() - 1
    }

    /// The items of ordered lists; one that goes on counting where the last one ended is the same list.
    fn lists(&mut self, doc: &Doc<'_>, outline: &Outline<'_>) {
        let mut last: FxHashMap<(Option<usize>, Option<usize>), usize> = FxHashMap::default();
        for item in &doc.items {
            let Some(number) = item.number.filter(|number| *number < PART).map(|number| number + 1) else { continue };
            let span = item.span();
            let sequence = match self.of_list.get(&item.list) {
                Some(sequence) => *sequence,
                None => {
                    let key = (item.parent, section_at(outline, span.start));
                    let before = last.get(&key).copied();
                    let goes_on = before
                        .filter(|sequence| self.sequences[*sequence].last.is_some_and(|(_, last)| last + 1 == number));
                    let sequence = goes_on.unwrap_or_else(|| self.begin(span.start, None));
                    self.of_list.insert(item.list, sequence);
                    last.insert(key, sequence);
                    sequence
                }
            };
            self.add(sequence, number, span);
        }
    }

    /// Headings beside each other that have numbers, or are called steps.
    fn headings(&mut self, lexicon: &Lexicon, outline: &Outline<'_>) {
        let mut families: FxHashMap<(Option<usize>, u8, Option<Word>), usize> = FxHashMap::default();
        for (index, section) in outline.sections.iter().enumerate() {
            let called = called(lexicon, section.name);
            let plain = || Some((None, key(section.number?)?));
            let Some((called, number)) = called.or_else(plain) else { continue };
            let family = (section.parent, section.level, called);
            let known = families.get(&family).copied();
            let sequence = known.unwrap_or_else(|| self.begin(section.span.start, called));
            families.insert(family, sequence);
            self.of_section.insert(index, sequence);
            self.add(sequence, number, section.span.clone());
        }
    }

    /// Paragraphs that name a step, "**Step 2:** …" and "**2. …**", and comments with numbers in a block.
    fn leaves(&mut self, doc: &Doc<'_>, lexicon: &Lexicon, outline: &Outline<'_>) {
        let mut families: FxHashMap<(Option<usize>, Option<Word>), usize> = FxHashMap::default();
        for (index, leaf) in doc.leaves.iter().enumerate() {
            let span = leaf.span();
            let section = section_at(outline, span.start);
            if leaf.kind.is_code() {
                self.comments(doc, lexicon, section, span);
                continue;
            }
            if leaf.kind != LeafKind::Paragraph || leaf.item.is_some() {
                continue;
            }
            let words = fold(shorten(doc.plain(index), 80));
            let strong = || doc.runs(index).first().is_some_and(|run| run.strong);
            let called = called(lexicon, &words).filter(|_| strong() || words.contains(':'));
            let Some((called, number)) = called.or_else(|| plain(&words).filter(|_| strong())) else { continue };
            let next = section.map_or(0, |section| section + 1);
            let end = outline.sections.get(next).map_or(doc.text.len(), |next| next.span.start);
            let family = (section, called);
            let known = families.get(&family).copied();
            let sequence = known.unwrap_or_else(|| self.begin_in(section, span.start, called));
            families.insert(family, sequence);
            self.add(sequence, number, span.start..end);
        }
    }

    fn begin_in(&mut self, section: Option<usize>, start: usize, called: Option<Word>) -> usize {
        let sequence = self.begin(start, called);
        if let Some(section) = section {
            self.in_section.entry(section).or_default().push(sequence);
        }
        sequence
    }

    /// `# 2. Drain it`: a step from its comment to the next.
    fn comments(&mut self, doc: &Doc<'_>, lexicon: &Lexicon, section: Option<usize>, block: Range<usize>) {
        let text = &doc.text[block.clone()];
        let mut found: Vec<(Option<Word>, u64, usize)> = Vec::new();
        let mut at = block.start;
        for line in text.split('\n') {
            let line_start = line.trim_start_matches([' ', '\t', '>']);
            if let Some(comment) = ["#", "--", "//"].iter().find_map(|mark| line_start.strip_prefix(mark)) {
                let words = fold(shorten(past_marks(comment), 80));
                let step = called(lexicon, &words).or_else(|| plain(&words));
                found.extend(step.map(|(called, number)| (called, number, at)));
            }
            at += line.len() + 1;
        }
        let Some((called, ..)) = found.first().copied() else { return };
        let sequence = self.begin_in(section, block.start, called);
        for (index, (_, number, start)) in found.iter().enumerate() {
            let end = found.get(index + 1).map_or(block.end, |(.., next)| *next);
            self.add(sequence, *number, *start..end);
        }
    }
}

/// No number of a step is as high.
const PART: u64 = 999;

/// `3` or `2.1` as one number that tells it from all others.
pub fn key(number: &str) -> Option<u64> {
    const DEEPEST: usize = 4;
    let parts = number.split('.').map(|part| part.parse::<u64>().ok().filter(|part| *part < PART));
    let deep = number.matches('.').count() >= DEEPEST;
    parts.take(DEEPEST).try_fold(0, |key, part| Some(key * (PART + 1) + part? + 1)).filter(|_| !deep)
}

/// "Passo 4: limpar", "Step 2 - stop it": what is called a step, and its number.
fn called(lexicon: &Lexicon, folded: &str) -> Option<(Option<Word>, u64)> {
    let start = past_marks(folded);
    let word = lexicon.label_starts(Category::Step, start)?;
    let rest = start[word.len()..].trim_start_matches([' ', '#']);
    let digits = rest.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
    let (number, after) = (rest[..digits].trim_end_matches('.'), rest[digits..].trim_start_matches(['*', '_', ' ']));
    let ends = after.is_empty() || after.starts_with([':', '-', '–', '—', ')', '(', '|', '→']) || number.len() < digits;
    Some((Some(Word::of(word)), key(number).filter(|_| ends)?))
}

/// Cuts "Step 2:" off a text that begins so, where something follows; a label that is not bold needs its colon.
pub fn past_step<'t>(lexicon: &Lexicon, text: &'t str, strong: bool) -> Option<&'t str> {
    const LONGEST: usize = 24;
    if !lexicon.label_may_start(Category::Step, text) {
        return None;
    }
    let label = shorten(text, LONGEST);
    let bytes = label.as_bytes();
    let digits = bytes.iter().position(u8::is_ascii_digit)?;
    let past = label[digits..].find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let rest = label[digits + past..].trim_start();
    let mark = rest.chars().next().filter(|c| *c == ':' || strong && matches!(c, '-' | '–' | '—' | ')'))?;
    let end = label.len() - rest.len() + mark.len_utf8();
    called(lexicon, &fold(&label[..end]))?;
    Some(text[end..].trim_start()).filter(|rest| !rest.is_empty())
}

/// "2. Drain it": what only has a number.
fn plain(folded: &str) -> Option<(Option<Word>, u64)> {
    Some((None, number_of(folded).0.and_then(key)?))
}

/// The innermost section that a place stands in.
pub fn section_at(outline: &Outline<'_>, place: usize) -> Option<usize> {
    outline.sections.partition_point(|section| section.span.start <= place).checked_sub(1)
}
