//! What was erased: said by an entry of the same record, and by whom.

use farol_api::capture::{Captured, Withheld};
use farol_api::event::{Actor, ErasedEntry, EventKind, Outcome};
use farol_api::id::AttemptId;
use farol_record::Entry;
use farol_record::verify::{Fault, Problem, Remark, Report};

use crate::story::*;

fn erases(story: &Story, attempts: Vec<AttemptId>, seqs: &[i64]) -> EventKind {
    let left = |seq: &i64| {
        let (actor, kind) = &story.events[*seq as usize - 1];
        let left = kind.with_texts("").unwrap_or_else(|| without_value(kind.clone()));
        ErasedEntry { seq: *seq, actor: actor.clone(), left }
    };
    let entries = seqs.iter().map(left).collect();
    EventKind::PayloadErased { attempts, entries, reason: Some("a customer asked".into()), days: None }
}

/// An end that left a value which is erased; anything else as it is.
fn without_value(mut kind: EventKind) -> EventKind {
    if let EventKind::AttemptFinished { result, .. } = &mut kind {
        result.captured = vec![Captured { name: "PID".into(), value: None, withheld: Some(Withheld::Erased) }];
    }
    kind
}

/// A story at whose end Olga erases: the story, and its entries without what is erased.
fn erased(attempts: Vec<AttemptId>, seqs: &[i64]) -> (Story, Vec<Entry>) {
    let mut story = Story::whole();
    let kind = erases(&story, attempts.clone(), seqs);
    story.events.push((person("olga"), kind));
    story.signed.push(story.events.len() as u64);
    let mut entries = story.entries();
    for seq in seqs {
        entries[*seq as usize - 1].opened = None;
    }
    story.output.retain(|(attempt, _)| !attempts.contains(attempt));
    (story, entries)
}

fn report((story, entries): &(Story, Vec<Entry>)) -> Report {
    verify(&story.lines_of(entries).concat()).unwrap()
}

#[test]
fn what_was_erased_keeps_the_proof_and_is_listed_with_who_did_it() {
    let id = attempt(1);
    let found = report(&erased(vec![id], &[7]));
    assert!(found.proves(), "{found:?}");
    assert_eq!((found.entries, found.proved, found.dispatched, found.outputs), (9, 9, 1, 0));
    let [Remark::Erased { seq: 9, by, reason, attempts, entries, days: None, .. }] = &found.remarks[..] else {
        panic!("{found:?}")
    };
    assert_eq!((by.as_deref(), reason.as_deref()), (Some("olga"), Some("a customer asked")));
    assert_eq!((&attempts[..], &entries[..]), (&[id][..], &[7][..]));
    let said = found.remarks[0].say();
    assert!(said.en.contains(&format!("the output of attempt {id} and the content of entry 7 was erased")), "{said:?}");
    assert!(said.en.contains("Erased by olga on 2026-") && said.pt.contains("Apagado por olga em "), "{said:?}");
}

/// The entries before the erasure have the root that they had.
#[test]
fn a_bundle_from_before_and_one_from_after_agree() {
    let before = Story::whole();
    let (after, entries) = erased(vec![attempt(1)], &[7]);
    let kept = [before.checkpoint(8)];
    let found = verify_with(&after.lines_of(&entries).concat(), vec![key()], &kept).unwrap();
    assert!(found.proves() && found.signed.iter().any(|signed| signed.kept_elsewhere && signed.size == 8), "{found:?}");
}

#[test]
fn what_is_missing_and_was_not_erased_is_wrong() {
    let story = Story::whole();
    let mut entries = story.entries();
    entries[6].opened = None;
    let found = verify(&story.lines_of(&entries).concat()).unwrap();
    assert_eq!(found.problems, [Problem::Gone { seq: 7 }]);
    // Where the steps themselves are missing, their order is not judged.
    entries[2].opened = None;
    let found = verify(&story.lines_of(&entries).concat()).unwrap();
    assert_eq!(found.problems, [Problem::Gone { seq: 3 }, Problem::Gone { seq: 7 }]);
    let found = Story { output: Vec::new(), ..Story::whole() }.verify();
    assert!(
        matches!(found.problems[..], [Problem::Meaning { seq: 6, fault: Fault::OutputGone, .. }]),
        "{:?}",
        found.problems
    );
    // An erasure of something else explains nothing, nor does one of what comes after it.
    let (story, mut entries) = erased(Vec::new(), &[7]);
    entries[7].opened = None;
    assert_eq!(report(&(story.clone(), entries)).problems, [Problem::Gone { seq: 8 }]);
    let mut entries = story.entries();
    entries[8].opened = None;
    assert_eq!(report(&(story, entries)).problems, [Problem::Gone { seq: 9 }]);
}

#[test]
fn what_was_erased_and_is_still_there_is_remarked() {
    let id = attempt(1);
    let (story, _) = erased(vec![id], &[7]);
    let all = Story { output: Story::whole().output, ..story };
    let found = all.verify();
    assert!(found.proves(), "{found:?}");
    let still: Vec<_> = found.remarks.iter().filter(|remark| matches!(remark, Remark::NotYetErased { .. })).collect();
    assert_eq!(
        still,
        [&Remark::NotYetErased { seq: Some(7), attempt: None }, &Remark::NotYetErased { seq: None, attempt: Some(id) }]
    );
    // What is left of output and is not all of it is no output that was recorded.
    let half = Story { output: all.output[..1].to_vec(), ..all };
    let faults = half.verify().problems;
    assert!(matches!(faults[..], [Problem::Meaning { fault: Fault::OutputDiffers, .. }]), "{faults:?}");
}

/// The rules are held against what is left, and what is left must be of who and what the leaf names.
#[test]
fn what_is_left_of_a_step_is_held_against_the_rules() {
    let id = attempt(1);
    let whole = erased(vec![id], &[6]);
    assert!(report(&whole).proves());
    let change = |left: EventKind, actor: Actor| {
        let (mut story, _) = erased(vec![id], &[6]);
        let Some((_, EventKind::PayloadErased { entries, .. })) = story.events.last_mut() else { panic!() };
        (entries[0].left, entries[0].actor) = (left, actor);
        let mut entries = story.entries();
        entries[5].opened = None;
        report(&(story, entries)).problems
    };
    assert_eq!(change(note("never"), Actor::System), [Problem::Disagrees { seq: 6 }]);
    let end = without_value(finished(id, Outcome::Succeeded, &OUTPUT));
    assert_eq!(change(end, person("paul")), [Problem::Disagrees { seq: 6 }]);
    let voided = without_value(finished(id, Outcome::Voided, &OUTPUT));
    let faults = change(voided, Actor::System);
    assert!(matches!(faults[..], [Problem::Meaning { fault: Fault::VoidedAfterDispatch, .. }]), "{faults:?}");
}

/// What decides whether a step was allowed is never erased, so that nothing may be put in its place.
#[test]
fn only_typed_texts_and_values_of_erased_output_can_be_said_to_be_erased() {
    let whole = Story::whole().events;
    for (seq, (_, kind)) in (1..).zip(&whole) {
        let typed = kind.with_texts("").is_some();
        let gone = [Problem::Gone { seq }];
        let found = report(&erased(Vec::new(), &[seq]));
        assert_eq!(found.problems.starts_with(&gone), !typed, "{kind:?}: {:?}", found.problems);
    }
    assert!(whole.iter().any(|(_, kind)| matches!(kind, EventKind::ApprovalGranted { .. })));
}

/// Somebody who can write the database cannot have a second word on what is gone.
#[test]
fn what_is_erased_is_erased_once() {
    let (mut story, _) = erased(Vec::new(), &[7]);
    let mut again = erases(&story, Vec::new(), &[7]);
    if let EventKind::PayloadErased { entries, .. } = &mut again {
        entries[0].actor = person("paul");
    }
    story.events.push((person("paul"), again));
    let mut entries = story.entries();
    entries[6].opened = None;
    assert_eq!(report(&(story, entries)).problems, []);
}

#[test]
fn nobody_erases_without_a_reason_and_the_retention_only_what_is_over() {
    let faults = |actor: Actor, reason: Option<&str>, days: Option<u32>, open: bool| {
        let mut story = Story::whole();
        let reason = reason.map(str::to_owned);
        let kind = EventKind::PayloadErased { attempts: vec![attempt(1)], entries: Vec::new(), reason, days };
        if open {
            story.events.pop();
            story.signed.pop();
        }
        story.events.push((actor, kind));
        story.output.clear();
        story.verify().problems.len()
    };
    let token = Actor::Token { person: person("olga").person().unwrap().clone(), name: "nightly".into(), id: None };
    assert_eq!(faults(person("olga"), Some("asked"), None, true), 0);
    assert_eq!(faults(Actor::System, None, Some(90), false), 0);
    for wrong in [
        faults(Actor::System, None, Some(90), true),
        faults(Actor::System, Some("asked"), None, false),
        faults(person("olga"), None, None, false),
        faults(token, Some("asked"), None, false),
    ] {
        assert_eq!(wrong, 1);
    }
}
