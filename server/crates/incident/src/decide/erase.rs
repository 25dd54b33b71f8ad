//! Erasing what an incident holds, by a person or by the retention. The record keeps that it was there, and says who erased it.

use chrono::{DateTime, Duration, Utc};
use farol_api::event::{ErasedEntry, Event, EventKind};
use farol_api::id::AttemptId;
use farol_api::incident::{Attempt, AttemptStatus, IncidentState};

use super::needed;
use crate::{Decision, Refusal};

/// The most attempts whose output one event of the retention erases.
const MOST: usize = 100;

/// What somebody asks to be erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Erasable {
    /// The stored output of an attempt, with what would undo it and what it left for later steps.
    Output(AttemptId),
    /// The text that somebody typed into an entry.
    Entry(i64),
}

/// Decides what a person erases. What is erased already leads to no event.
pub fn erase(state: &IncidentState, events: &[Event], what: Erasable, reason: &str) -> Result<Decision, Refusal> {
    let reason = needed(reason, Refusal::ReasonNeeded)?;
    let (attempts, entries) = match what {
        Erasable::Output(id) => {
            let attempt = state.attempts.get(&id).ok_or(Refusal::UnknownAttempt)?;
            if attempt.status != AttemptStatus::Finished {
                return Err(Refusal::AttemptNotOver);
            }
            if state.erasure_of(id).is_some() {
                return Ok(Decision::nothing());
            }
            if !attempt.has_output() {
                return Err(Refusal::NothingToErase);
            }
            (vec![id], left_values(events, &[id]))
        }
        Erasable::Entry(seq) => {
            let event = events.iter().find(|event| event.seq == seq).ok_or(Refusal::UnknownEntry)?;
            if state.erasure_of_entry(seq).is_some() {
                return Ok(Decision::nothing());
            }
            let left = event.kind.with_texts("").ok_or(Refusal::NothingToErase)?;
            (Vec::new(), vec![ErasedEntry { seq, actor: event.actor.clone(), left }])
        }
    };
    Ok(EventKind::PayloadErased { attempts, entries, reason: Some(reason), days: None }.into())
}

/// Decides what the retention erases: output of an incident that has been over for so many days, at most that of a hundred
/// attempts at once; nothing where there is none.
pub fn expire(state: &IncidentState, events: &[Event], days: u32, now: DateTime<Utc>) -> Decision {
    let long = |since: DateTime<Utc>| now - since >= Duration::days(i64::from(days));
    if !over_since(state, events).is_some_and(long) {
        return Decision::nothing();
    }
    let kept = |(id, attempt): &(&AttemptId, &Attempt)| attempt.has_output() && state.erasure_of(**id).is_none();
    let attempts: Vec<AttemptId> = state.attempts.iter().filter(kept).map(|(id, _)| *id).take(MOST).collect();
    if attempts.is_empty() {
        return Decision::nothing();
    }
    let entries = left_values(events, &attempts);
    EventKind::PayloadErased { attempts, entries, reason: None, days: Some(days) }.into()
}

/// When an incident that is over came to its end, as it was written down; nothing where it is open.
fn over_since(state: &IncidentState, events: &[Event]) -> Option<DateTime<Utc>> {
    let ended = |event: &&Event| matches!(event.kind, EventKind::StatusChanged { from, to, .. } if from.is_open() && !to.is_open());
    let last = events.iter().rev().find(ended).map(|event| event.recorded_at);
    last.filter(|_| !state.status.is_open())
}

/// The ends of attempts that hold values taken from their output, without those.
fn left_values(events: &[Event], attempts: &[AttemptId]) -> Vec<ErasedEntry> {
    let of_them = |event: &&Event| matches!(&event.kind, EventKind::AttemptFinished { attempt, .. } if attempts.contains(attempt));
    let left = |event: &Event| {
        let left = event.kind.without_values()?;
        Some(ErasedEntry { seq: event.seq, actor: event.actor.clone(), left })
    };
    events.iter().filter(of_them).filter_map(left).collect()
}
