//! Reading a bundle and telling what it proves.

mod erased;
mod heads;
mod holding;
mod meaning;
mod report;
mod words;

use chrono::{DateTime, Utc};
use farol_api::event::{Actor, EventKind};
use farol_api::id::IncidentId;
use serde_json::Value;

pub use meaning::Fault;
pub use report::{Gap, Problem, Remark, Report, Signed, Unreadable};

use self::erased::{Content, Erasures, Event, Kept};
use self::heads::Heads;
use self::meaning::{Meaning, Said};
use crate::bundle::{Counts, EntryLine, FORMAT, Header, Line};
use crate::entry::{actor_word, kind_word};
use crate::{Checkpoint, InvalidNote, PublicKey, Tree, canonical};

/// Reads the lines of a bundle one after the other, in memory that grows with its entries and not with its output, and
/// tells what they prove.
pub struct Verifier {
    heads: Heads,
    header: Option<Header>,
    stage: Stage,
    lines: u64,
    /// The number that the next entry must have.
    next: i64,
    tree: Tree,
    counts: Counts,
    late: u64,
    /// All entries: what a later one says of an earlier one is known at the end.
    kept: Vec<Kept>,
    /// The first entry from which on the leaves are not those that were appended.
    broken: Option<i64>,
    meaning: Meaning,
    problems: Vec<Problem>,
    gaps: Vec<Gap>,
}

/// The kinds of lines come in this order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Checkpoints,
    Entries,
    Outputs,
    Ended,
}

impl Verifier {
    /// Begins, with the keys whose signatures are believed.
    pub fn new(keys: Vec<PublicKey>) -> Self {
        Self {
            heads: Heads::new(keys),
            header: None,
            stage: Stage::Checkpoints,
            lines: 0,
            next: 1,
            tree: Tree::default(),
            counts: Counts::default(),
            late: 0,
            kept: Vec::new(),
            broken: None,
            meaning: Meaning::default(),
            problems: Vec::new(),
            gaps: Vec::new(),
        }
    }

    /// Adds a checkpoint that was kept elsewhere, before the first line: the bundle must agree with it.
    pub fn kept_elsewhere(&mut self, note: &str) -> Result<(), InvalidNote> {
        self.heads.add(note, true).map(drop)
    }

    /// Reads the next line, without the newline at its end.
    pub fn line(&mut self, line: &str) -> Result<(), Unreadable> {
        self.lines += 1;
        let number = self.lines;
        let none = Unreadable::Line { line: number };
        let value: Result<Value, _> = serde_json::from_str(line);
        if self.header.is_none() {
            let value = value.map_err(|_| Unreadable::NotARecord)?;
            self.header = Some(header(&value)?);
            self.spelling(line, &value);
            return Ok(());
        }
        let value = value.map_err(|_| none.clone())?;
        if self.stage == Stage::Ended {
            return Err(Unreadable::AfterEnd);
        }
        self.spelling(line, &value);
        let line: Line = serde_json::from_value(value).map_err(|_| none.clone())?;
        let stage = match &line {
            Line::Checkpoint(_) => Stage::Checkpoints,
            Line::Entry(_) => Stage::Entries,
            Line::Output(_) => Stage::Outputs,
            Line::End(_) => Stage::Ended,
        };
        if stage < self.stage {
            return Err(none);
        }
        self.stage = stage;
        match line {
            Line::Checkpoint(note) => self.checkpoint(&note, number),
            Line::Entry(entry) => self.entry(entry).map_err(|()| none)?,
            Line::Output(output) => {
                self.counts.outputs += 1;
                self.meaning.output(output.attempt().ok_or(none)?, &output.content);
            }
            Line::End(counts) if counts != self.counts => self.problems.push(Problem::Counts),
            Line::End(_) => {}
        }
        Ok(())
    }

    /// One spelling for one meaning: whoever compares two bundles compares bytes.
    fn spelling(&mut self, line: &str, value: &Value) {
        if canonical::write(value) != line {
            self.problems.push(Problem::NotCanonical { line: self.lines });
        }
    }

    fn checkpoint(&mut self, note: &str, line: u64) {
        self.counts.checkpoints += 1;
        match self.heads.add(note, false) {
            Err(InvalidNote) => self.problems.push(Problem::NoCheckpoint { line }),
            Ok(true) => {}
            Ok(false) => self.problems.push(Problem::CheckpointOrder { line }),
        }
    }

    fn entry(&mut self, mut line: EntryLine) -> Result<(), ()> {
        self.counts.entries += 1;
        let opened = line.opened()?;
        let (seq, leaf) = (line.leaf.seq, line.leaf);
        self.place(seq);
        let incident = self.header.as_ref().map(|header| header.incident);
        if incident != Some(leaf.incident) {
            self.problems.push(Problem::OtherIncident { seq, found: leaf.incident });
        }
        let hash = leaf.hash();
        if hash != line.hash || opened.as_ref().is_some_and(|opened| opened.digest() != leaf.digest) {
            self.problems.push(Problem::Changed { seq });
            self.break_at(seq);
        }
        self.tree.append(hash);
        self.heads.reach(&self.tree);
        self.late += u64::from(leaf.late);
        let at: Result<DateTime<Utc>, _> = leaf.recorded_at.parse();
        let content = match opened {
            None => Content::Erased(at.ok()),
            Some(opened) => {
                let (actor, kind) = (&opened.payload["actor"], &opened.payload["kind"]);
                if actor_word(actor) != leaf.actor || kind_word(kind) != leaf.kind {
                    self.problems.push(Problem::Disagrees { seq });
                }
                let actor: Result<Actor, _> = serde_json::from_value(actor.clone());
                let kind: Result<EventKind, _> = serde_json::from_value(kind.clone());
                match (at, actor, kind) {
                    (Ok(at), Ok(actor), Ok(kind)) => Content::Whole(Box::new(Event { at, actor, kind })),
                    _ => {
                        self.problems.push(Problem::NotUnderstood { seq, kind: leaf.kind.clone() });
                        Content::Unreadable
                    }
                }
            }
        };
        self.kept.push(Kept { seq, actor: leaf.actor, kind: leaf.kind, content });
        Ok(())
    }

    fn place(&mut self, seq: i64) {
        match seq.cmp(&self.next) {
            std::cmp::Ordering::Equal => self.next = seq.saturating_add(1),
            std::cmp::Ordering::Less => {
                self.problems.push(Problem::OutOfOrder { seq });
                self.break_at(seq);
            }
            std::cmp::Ordering::Greater => {
                self.problems.push(Problem::Missing { from: self.next, to: seq - 1 });
                self.break_at(self.next);
                self.next = seq.saturating_add(1);
            }
        }
    }

    fn break_at(&mut self, seq: i64) {
        self.broken = Some(self.broken.map_or(seq, |broken| broken.min(seq)));
    }

    /// Tells what all lines prove.
    pub fn finish(mut self) -> Result<Report, Unreadable> {
        let Some(header) = self.header.take() else {
            return Err(if self.lines == 0 { Unreadable::NotARecord } else { Unreadable::Cut { lines: self.lines } });
        };
        if self.stage != Stage::Ended {
            return Err(Unreadable::Cut { lines: self.lines });
        }
        if self.counts.entries == 0 {
            self.problems.push(Problem::Empty);
        }
        let store = header.origin.strip_suffix(&format!("/incidents/{}", header.incident));
        let origin = Checkpoint::origin(store.unwrap_or_default(), IncidentId(header.incident));
        if store.is_none_or(str::is_empty) {
            self.problems.push(Problem::OtherOrigin { origin: header.origin.clone() });
        }
        let judged = self.heads.judge(&origin, self.counts.entries, self.broken);
        self.problems.extend(judged.problems);
        self.gaps.extend(judged.gaps);
        let mut remarks = judged.remarks;
        if self.late > 0 {
            remarks.push(Remark::Late { entries: self.late });
        }
        let mut erasures = Erasures::of(&self.kept);
        let (events, is_whole) = erasures.fill(self.kept, &mut self.problems);
        for (seq, Event { at, actor, kind }) in &events {
            self.meaning.entry(&Said { seq: *seq, at: *at, actor, kind });
        }
        let dispatched = self.meaning.dispatched();
        remarks.append(&mut erasures.remarks);
        // Without what is gone, or with what cannot be read, the rest would be held against too little.
        if is_whole {
            let (problems, unfinished) = self.meaning.finish(&erasures.attempts);
            self.problems.extend(problems);
            remarks.extend(unfinished);
        }
        Ok(Report {
            incident: header.incident,
            origin: header.origin,
            entries: self.counts.entries,
            proved: judged.proved,
            dispatched,
            outputs: self.counts.outputs,
            signed: judged.signed,
            problems: self.problems,
            gaps: self.gaps,
            remarks,
        })
    }
}

fn header(value: &Value) -> Result<Header, Unreadable> {
    let format = value.get("farol_record").and_then(Value::as_u64).ok_or(Unreadable::NotARecord)?;
    if format > FORMAT {
        return Err(Unreadable::Newer { format });
    }
    let header: Header = serde_json::from_value(value.clone()).map_err(|_| Unreadable::NotARecord)?;
    if header.farol_record == FORMAT { Ok(header) } else { Err(Unreadable::NotARecord) }
}
