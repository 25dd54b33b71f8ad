//! What can be erased, and what is left of it.

use chrono::Duration;
use farol_api::capture::{Captured, Withheld};
use farol_api::digest::Digest;
use farol_api::event::{AttemptResult, EventKind, Outcome};
use farol_api::id::AttemptId;
use farol_api::incident::Status;
use farol_api::risk::RiskClass;
use farol_api::target::Environment;
use farol_incident::{Command, Decision, Erasable, Refusal, erase, expire};
use uuid::Uuid;

use crate::case::*;

/// An incident with a note and a step that ran; returns the attempt.
fn walked() -> (Incident, AttemptId) {
    let mut incident = Incident::declared();
    incident.ask(1, Command::Note { text: "João called".into(), step: None }).unwrap();
    let attempt = run(&mut incident);
    (incident, attempt)
}

fn run(incident: &mut Incident) -> AttemptId {
    let mut asked = incident.start(RiskClass::Read, Environment::Sandbox);
    asked.request.reason = Some("João asked".into());
    let (attempt, step) = (asked.request.attempt, asked.request.step.clone());
    incident.record(1, EventKind::AttemptRequested { request: asked.request });
    incident.record(1, EventKind::AttemptQueued { attempt, step: step.clone() });
    incident
        .record(1, EventKind::AttemptDispatched { attempt, step: step.clone(), worker: "w".into(), fencing_token: 1 });
    let captured = |name: &str, value: Option<&str>, withheld| Captured {
        name: name.into(),
        value: value.map(str::to_owned),
        withheld,
    };
    let result = AttemptResult {
        output_digest: Some(Digest::from_bytes([7; 32])),
        captured: vec![
            captured("CUSTOMER", Some("João"), None),
            captured("TOKEN", None, Some(Withheld::Sealed)),
            captured("NONE", None, Some(Withheld::Nothing)),
        ],
        ..AttemptResult::ended(Outcome::Succeeded, None)
    };
    incident.record(1, EventKind::AttemptFinished { attempt, step, result });
    attempt
}

fn asked(incident: &Incident, what: Erasable, reason: &str) -> Result<Decision, Refusal> {
    erase(&incident.state, &incident.events, what, reason)
}

fn only(decision: Decision) -> EventKind {
    let [draft] = &decision.events[..] else { panic!("{decision:?}") };
    draft.kind.clone()
}

#[test]
fn the_output_of_an_attempt_goes_with_the_values_that_were_taken_from_it() {
    let (mut incident, attempt) = walked();
    assert_eq!(incident.state.captured.len() + incident.state.sealed.len(), 2);
    let kind = only(asked(&incident, Erasable::Output(attempt), " he asked ").unwrap());
    let EventKind::PayloadErased { attempts, entries, reason, days: None } = &kind else { panic!("{kind:?}") };
    assert_eq!((&attempts[..], reason.as_deref()), (&[attempt][..], Some("he asked")));
    let [entry] = &entries[..] else { panic!("{entries:?}") };
    let EventKind::AttemptFinished { result, .. } = &entry.left else { panic!("{entry:?}") };
    assert!(result.captured.iter().all(|captured| captured.value.is_none()));
    let why: Vec<_> = result.captured.iter().map(|captured| captured.withheld.unwrap()).collect();
    assert_eq!(why, [Withheld::Erased, Withheld::Erased, Withheld::Nothing]);
    assert_eq!(result.output_digest, Some(Digest::from_bytes([7; 32])), "what it is proved by stays");
    let before = incident.state.responders.clone();
    incident.record(9, kind);
    assert_eq!(incident.state.responders, before, "who erases does not respond");
    assert_eq!(incident.state.erasure_of(attempt).unwrap().by.as_deref(), Some("Person 9"));
    let again = asked(&incident, Erasable::Output(attempt), "again").unwrap();
    assert!(again.events.is_empty());
}

#[test]
fn the_text_of_an_entry_goes_and_what_it_did_stays() {
    let (mut incident, _) = walked();
    for (seq, text) in [(2, "João called"), (3, "João asked")] {
        let said = serde_json::to_string(&incident.events[seq as usize - 1].kind).unwrap();
        assert!(said.contains(text), "{said}");
        let kind = only(asked(&incident, Erasable::Entry(seq), "he asked").unwrap());
        assert!(!serde_json::to_string(&kind).unwrap().contains("João"), "{kind:?}");
        incident.record(9, kind);
        assert!(incident.state.erasure_of_entry(seq).is_some());
    }
    incident.ask(1, Command::ChangeStatus { to: Status::Cancelled, reason: Some("João is wrong".into()) }).unwrap();
    let kind = only(asked(&incident, Erasable::Entry(incident.state.last_seq), "he asked").unwrap());
    let EventKind::PayloadErased { entries, .. } = kind else { panic!() };
    assert!(
        matches!(&entries[0].left, EventKind::StatusChanged { to: Status::Cancelled, reason: Some(left), .. } if left.is_empty())
    );
}

#[test]
fn what_is_not_there_or_still_grows_is_not_erased() {
    let (mut incident, attempt) = walked();
    let nobody = AttemptId(Uuid::from_u128(99));
    assert_eq!(asked(&incident, Erasable::Output(nobody), "x").unwrap_err(), Refusal::UnknownAttempt);
    assert_eq!(asked(&incident, Erasable::Entry(99), "x").unwrap_err(), Refusal::UnknownEntry);
    assert_eq!(asked(&incident, Erasable::Output(attempt), "  ").unwrap_err(), Refusal::ReasonNeeded);
    // The declaration and the end of an attempt hold nothing that somebody typed to erase.
    for seq in [1, incident.state.last_seq] {
        assert_eq!(asked(&incident, Erasable::Entry(seq), "x").unwrap_err(), Refusal::NothingToErase);
    }
    let kind = only(asked(&incident, Erasable::Entry(2), "x").unwrap());
    incident.record(9, kind);
    let erasure = Erasable::Entry(incident.state.last_seq);
    assert_eq!(asked(&incident, erasure, "x").unwrap_err(), Refusal::NothingToErase, "its reason stays");
    let mut running = Incident::declared();
    let started = running.start(RiskClass::Read, Environment::Sandbox);
    let attempt = started.request.attempt;
    running.record(1, EventKind::AttemptRequested { request: started.request });
    assert_eq!(asked(&running, Erasable::Output(attempt), "x").unwrap_err(), Refusal::AttemptNotOver);
}

#[test]
fn the_retention_erases_what_has_been_over_for_so_long_and_nothing_of_what_is_open() {
    let (mut incident, first) = walked();
    let second = run(&mut incident);
    let late = incident.at + Duration::days(100);
    let expired = |incident: &Incident, now| expire(&incident.state, &incident.events, 90, now);
    assert!(expired(&incident, late).events.is_empty(), "it is open");
    incident.ask(1, Command::ChangeStatus { to: Status::Resolved, reason: None }).unwrap();
    let over = incident.at;
    assert!(expired(&incident, over + Duration::days(90) - Duration::seconds(1)).events.is_empty());
    let kind = only(expired(&incident, over + Duration::days(90)));
    let EventKind::PayloadErased { attempts, reason: None, days: Some(90), .. } = &kind else { panic!("{kind:?}") };
    assert!(attempts.len() == 2 && attempts.contains(&first) && attempts.contains(&second));
    // Closing it does not begin the time anew, opening it again ends it.
    incident.at = over + Duration::days(80);
    incident.ask(1, Command::ChangeStatus { to: Status::Closed, reason: None }).unwrap();
    assert_eq!(expired(&incident, over + Duration::days(90)).events.len(), 1);
    incident.record(1, kind);
    assert!(expired(&incident, over + Duration::days(91)).events.is_empty(), "it is erased once");
}
