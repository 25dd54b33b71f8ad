//! Every event has a sentence in both languages.

use std::collections::BTreeSet;

use farol_api::event::EventKind;
use farol_api::text::Locale;
use farol_postmortem::event_sentence;

use crate::incident::shop;

const KINDS: usize = 28;

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
    }
}

#[test]
fn every_kind_of_event_has_words_in_both_languages() {
    let mut seen = BTreeSet::new();
    for event in shop().events {
        let (english, portuguese) =
            (event_sentence(&event.kind, Locale::En), event_sentence(&event.kind, Locale::PtBr));
        assert_ne!(english, portuguese, "the same words twice");
        assert!(english.len() > 8 && !english.contains("{}"), "{english}");
        assert!(portuguese.len() > 8 && !portuguese.contains("{}"), "{portuguese}");
        seen.insert(number(&event.kind));
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
