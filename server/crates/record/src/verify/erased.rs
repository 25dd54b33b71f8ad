//! What entries say was erased, held against what is there.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use farol_api::capture::{Captured, Withheld};
use farol_api::event::{Actor, ErasedEntry, EventKind};
use farol_api::id::AttemptId;

use super::meaning::WEIGHED;
use super::{Problem, Remark};
use crate::entry::{actor_word, kind_word};

/// An entry as it was read.
pub(super) struct Kept {
    pub(super) seq: i64,
    /// What its leaf says in the clear.
    pub(super) actor: String,
    pub(super) kind: String,
    pub(super) content: Content,
}

/// What is there of an entry beside its leaf.
pub(super) enum Content {
    /// All of it.
    Whole(Box<Event>),
    /// Something that cannot be read.
    Unreadable,
    /// Nothing but the time.
    Erased(Option<DateTime<Utc>>),
}

/// What happened, by whom and when.
pub(super) struct Event {
    pub(super) at: DateTime<Utc>,
    pub(super) actor: Actor,
    pub(super) kind: EventKind,
}

/// What was erased, as the entries say.
#[derive(Default)]
pub(super) struct Erasures {
    entries: BTreeMap<i64, ErasedEntry>,
    pub(super) attempts: BTreeSet<AttemptId>,
    pub(super) remarks: Vec<Remark>,
}

impl Erasures {
    /// Collects them. What an erasure says of itself or of what comes after it counts for nothing.
    pub(super) fn of(kept: &[Kept]) -> Self {
        let mut erasures = Self::default();
        for entry in kept {
            let Content::Whole(event) = &entry.content else { continue };
            let EventKind::PayloadErased { attempts, entries, reason, days } = &event.kind else { continue };
            let stands = |erased: &&ErasedEntry| erased.seq < entry.seq && can_be_erased(erased, attempts, *days);
            let before = entries.iter().filter(stands);
            erasures.remarks.push(Remark::Erased {
                seq: entry.seq,
                at: event.at,
                by: event.actor.name(),
                reason: reason.clone(),
                days: *days,
                attempts: attempts.clone(),
                entries: before.clone().map(|erased| erased.seq).collect(),
            });
            // What was said first stands: what is gone cannot be erased again.
            for erased in before {
                erasures.entries.entry(erased.seq).or_insert_with(|| erased.clone());
            }
            erasures.attempts.extend(attempts);
        }
        erasures
    }

    /// Puts what is left in the place of what was erased. Tells whether all that counts is there.
    pub(super) fn fill(&mut self, kept: Vec<Kept>, problems: &mut Vec<Problem>) -> (Vec<(i64, Event)>, bool) {
        let (mut events, mut is_whole) = (Vec::with_capacity(kept.len()), true);
        for Kept { seq, actor, kind, content } in kept {
            let erased = self.entries.remove(&seq);
            match (content, erased) {
                (Content::Whole(event), erased) => {
                    if erased.is_some() {
                        self.remarks.push(Remark::NotYetErased { seq: Some(seq), attempt: None });
                    }
                    events.push((seq, *event));
                }
                (Content::Unreadable, _) => is_whole = false,
                (Content::Erased(at), Some(erased)) => {
                    let agrees = word(&erased.actor, actor_word) == actor && word(&erased.left, kind_word) == kind;
                    match at.filter(|_| agrees) {
                        Some(at) => events.push((seq, Event { at, actor: erased.actor, kind: erased.left })),
                        None => {
                            problems.push(Problem::Disagrees { seq });
                            is_whole = false;
                        }
                    }
                }
                (Content::Erased(_), None) => {
                    problems.push(Problem::Gone { seq });
                    is_whole &= !WEIGHED.contains(&kind.as_str());
                }
            }
        }
        (events, is_whole)
    }
}

/// Tells whether an entry is one whose content is ever erased: one with a text that somebody typed, or, with the output of
/// its attempt, an end that left values. For any other, such as an approval, nothing may stand.
fn can_be_erased(erased: &ErasedEntry, attempts: &[AttemptId], days: Option<u32>) -> bool {
    match &erased.left {
        EventKind::AttemptFinished { attempt, result, .. } => {
            let of_erased = |captured: &Captured| captured.withheld == Some(Withheld::Erased);
            attempts.contains(attempt) && result.captured.iter().any(of_erased)
        }
        left => days.is_none() && left.with_texts("").is_some(),
    }
}

fn word<T: serde::Serialize>(value: &T, word: fn(&serde_json::Value) -> String) -> String {
    serde_json::to_value(value).map(|value| word(&value)).unwrap_or_default()
}
