//! Every event has a sentence in both languages.

use std::collections::BTreeSet;

use farol_api::event::EventKind;
use farol_api::id::AttemptId;
use farol_api::text::Locale;
use farol_postmortem::event_sentence;

use crate::incident::shop;

const KINDS: usize = 31;

/// Numbers the kinds; a new one does not compile until it has a number here, and then needs a place in the incident.
const fn number(kind: &EventKind) -> usize {
    match kind {
        EventKind::Declared { .. } => 0,
        EventKind::SeverityChanged { .. } => 1,
        EventKind::StatusChanged { .. } => 2,
        EventKind::MilestoneRecorded { .. } => 3,
        EventKind::DataAgeRecorded { .. } => 4,
        EventKind::ResponderJoined { .. } => 5,
        EventKind::RoleAssigned { .. } => 6,
        EventKind::ParameterSet { .. } => 7,
        EventKind::BranchChosen { .. } => 8,
        EventKind::StepDone { .. } => 9,
        EventKind::StepFailed { .. } => 10,
        EventKind::StepSkipped { .. } => 11,
        EventKind::StepReopened { .. } => 12,
        EventKind::AttemptRequested { .. } => 13,
        EventKind::ApprovalGranted { .. } => 14,
        EventKind::ApprovalRefused { .. } => 15,
        EventKind::AttemptQueued { .. } => 16,
        EventKind::AttemptDispatched { .. } => 17,
        EventKind::CancelRequested { .. } => 18,
        EventKind::AttemptFinished { .. } => 19,
        EventKind::Noted { .. } => 20,
        EventKind::Corrected { .. } => 21,
        EventKind::SectionWritten { .. } => 22,
        EventKind::ActionItemSet { .. } => 23,
        EventKind::PostmortemMoved { .. } => 24,
        EventKind::BreakGlassOpened { .. } => 25,
        EventKind::BreakGlassClosed { .. } => 26,
        EventKind::BreakGlassReviewed { .. } => 27,
        EventKind::AttemptHeld { .. } => 28,
        EventKind::HoldDecided { .. } => 29,
        EventKind::PayloadErased { .. } => 30,
    }
}

/// A change that is held, and each way in which that can end.
fn holds() -> Vec<EventKind> {
    use farol_api::hold::{Held, HeldStatement, RolledBack};
    let (attempt, step) = (AttemptId(uuid::Uuid::from_u128(9)), || "pay".parse().unwrap());
    let held = Held {
        statements: vec![HeldStatement { rows: 3, shown: 3 }],
        locks: Vec::new(),
        waiting: None,
        until: chrono::DateTime::from_timestamp_micros(0).unwrap(),
        undo_rows: Some(3),
        no_undo: None,
    };
    let decided = |commit, because| EventKind::HoldDecided { attempt, step: step(), commit, because };
    let ends = [RolledBack::Deadline, RolledBack::Cancelled, RolledBack::Server, RolledBack::Connection];
    let held = EventKind::AttemptHeld { attempt, step: step(), held };
    let ends = ends.into_iter().map(|why| decided(false, Some(why)));
    [held, decided(true, None), decided(false, None)].into_iter().chain(ends).collect()
}

/// Output and a note that somebody erased, and output that the retention erased.
fn erasures() -> Vec<EventKind> {
    use farol_api::event::{Actor, ErasedEntry};
    let attempts = vec![AttemptId(uuid::Uuid::from_u128(9))];
    let left = EventKind::Noted { text: String::new(), step: None };
    let entries = vec![ErasedEntry { seq: 4, actor: Actor::System, left }];
    vec![
        EventKind::PayloadErased { attempts: attempts.clone(), entries, reason: Some("asked".into()), days: None },
        EventKind::PayloadErased { attempts, entries: Vec::new(), reason: None, days: Some(90) },
    ]
}

#[test]
fn what_was_erased_is_named_with_its_reason() {
    let said: Vec<_> = erasures().iter().map(|kind| event_sentence(kind, Locale::En)).collect();
    let id = "00000000-0000-0000-0000-000000000009";
    assert_eq!(said[0], format!("Erased for good: output of attempt {id}, text of entry #4 (asked)"));
    assert_eq!(said[1], format!("Erased for good: output of attempt {id} (kept for 90 days)"));
}

#[test]
fn every_kind_of_event_has_words_in_both_languages() {
    let mut seen = BTreeSet::new();
    for kind in shop().events.into_iter().map(|event| event.kind).chain(holds()).chain(erasures()) {
        let (english, portuguese) = (event_sentence(&kind, Locale::En), event_sentence(&kind, Locale::PtBr));
        assert_ne!(english, portuguese, "the same words twice");
        assert!(english.len() > 8 && !english.contains("{}"), "{english}");
        assert!(portuguese.len() > 8 && !portuguese.contains("{}"), "{portuguese}");
        seen.insert(number(&kind));
    }
    assert_eq!(seen, (0..KINDS).collect(), "the incident lacks a kind of event");
}

#[test]
fn a_sentence_stands_without_a_graph() {
    let events = shop().events;
    let said: Vec<String> = events.iter().map(|event| event_sentence(&event.kind, Locale::En)).collect();
    assert_eq!(said[13], "who-blocks-whom: attempt succeeded (412 ms, 3 rows)");
    assert_eq!(said[22], "end-the-blocker: attempt never ran (it was refused or withdrawn)");
    assert_eq!(said[1], "Acknowledged at 2026-11-22 03:14:39");
}

#[test]
fn a_secret_value_is_never_said() {
    let kind = EventKind::ParameterSet { name: "token".to_owned(), value: Some("hunter2".to_owned()), secret: true };
    for locale in [Locale::En, Locale::PtBr] {
        assert!(!event_sentence(&kind, locale).contains("hunter2"));
    }
}
