//! A record may be whole and still say something that must not happen.

use farol_api::approval::Way;
use farol_api::event::{Actor, EventKind, Outcome};
use farol_api::hold::{Held, HeldStatement, HoldTerms};
use farol_api::incident::IncidentRole;
use farol_api::policy::{RequesterAct, requirement};
use farol_api::risk::RiskClass;
use farol_api::target::{CredentialRole, Environment};
use farol_record::verify::{Fault, Problem, Remark};

use crate::story::*;

/// Changes a whole story and returns the faults that are found, with their entries.
fn faults(change: impl FnOnce(&mut Vec<(Actor, EventKind)>)) -> Vec<(i64, Fault)> {
    let mut story = Story::whole();
    change(&mut story.events);
    story.signed = vec![story.events.len() as u64];
    let report = story.verify();
    assert_eq!(report.proved, story.events.len() as u64, "all of it was signed");
    let faults = report.problems.iter().map(|problem| match problem {
        Problem::Meaning { seq, fault, .. } => (*seq, *fault),
        other => panic!("{other:?}"),
    });
    faults.collect()
}

#[test]
fn what_must_not_happen_is_found_though_it_was_signed() {
    use Fault::*;
    let id = attempt(1);
    assert_eq!(faults(|_| {}), []);
    assert_eq!(
        faults(|events| {
            events.remove(2);
        }),
        [(3, FewApprovals), (4, FewApprovals)]
    );
    assert_eq!(faults(|events| events[2].0 = person("rita")), [(3, OwnRequest), (4, FewApprovals), (5, FewApprovals)]);
    assert_eq!(
        faults(|events| events[2].0 = Actor::System),
        [(3, NobodyApproved), (4, FewApprovals), (5, FewApprovals)]
    );
    assert_eq!(
        faults(|events| events.swap(2, 4)),
        [(3, FewApprovals), (3, NotQueued), (4, FewApprovals), (5, DispatchedAlready)]
    );
    assert_eq!(
        faults(|events| {
            events.remove(3);
        }),
        [(4, NotQueued)]
    );
    assert_eq!(
        faults(|events| {
            events.remove(4);
        }),
        [(5, NeverDispatched)]
    );
    assert_eq!(faults(|events| events.insert(5, (Actor::System, dispatched(id, 2)))), [(6, DispatchedAlready)]);
    assert_eq!(
        faults(|events| events.insert(5, (Actor::System, dispatched(id, 1)))),
        [(6, DispatchedAlready), (6, StaleToken)]
    );
    assert_eq!(faults(|events| events[4].1 = dispatched(id, 0)), [(5, StaleToken)]);
}

#[test]
fn an_end_that_does_not_fit_its_attempt_is_found() {
    use Fault::*;
    let id = attempt(1);
    assert_eq!(
        faults(|events| {
            let end = events[5].clone();
            events.insert(6, end);
        }),
        [(7, Over)]
    );
    assert_eq!(
        faults(|events| {
            events.remove(5);
            events.extend((0..700).map(|_| (person("rita"), note("long after"))));
        }),
        [(5, NoEnd)]
    );
    assert_eq!(faults(|events| events[5].1 = finished(id, Outcome::Voided, &OUTPUT)), [(6, VoidedAfterDispatch)]);
    assert_eq!(faults(|events| events[5].1 = finished(id, Outcome::OutcomeUnknown, &OUTPUT)), []);
    assert_eq!(faults(|events| events[5].1 = finished(id, Outcome::Succeeded, &OUTPUT[..1])), [(6, OutputDiffers)]);
    assert_eq!(faults(|events| events[4].1 = dispatched(attempt(2), 1)), [(5, UnknownAttempt), (6, NeverDispatched)]);
    assert_eq!(faults(|events| events.insert(2, (person("rita"), declared()))), [(3, DeclaredTwice)]);
    assert_eq!(
        faults(|events| {
            events.remove(0);
        }),
        [(1, NotDeclared)]
    );
    assert_eq!(
        faults(|events| {
            let step = "pay".parse().unwrap();
            events.insert(4, (person("rita"), EventKind::CancelRequested { attempt: id, step }));
        }),
        [(6, Withdrawn)]
    );
}

#[test]
fn an_approval_of_something_else_or_too_late_counts_for_nothing() {
    use Fault::*;
    let other = |events: &mut Vec<(Actor, EventKind)>| {
        let step = "pay".parse().unwrap();
        events[2].1 =
            EventKind::ApprovalGranted { attempt: attempt(1), step, digest: digest("else"), editors_untold: None };
    };
    assert_eq!(faults(other), [(3, OtherDigest), (4, FewApprovals), (5, FewApprovals)]);
    let late = |events: &mut Vec<(Actor, EventKind)>| {
        let mut late = request(attempt(1), 1);
        late.expires_at = at(2 - 60);
        events[1].1 = EventKind::AttemptRequested { request: late };
    };
    assert_eq!(faults(late), [(3, Expired), (4, FewApprovals), (5, FewApprovals), (5, Expired)]);
    assert_eq!(
        faults(|events| events.insert(3, events[2].clone())),
        [(4, ApprovedTwice)],
        "one person's two approvals are one"
    );
}

/// A server that was made to write down a lower requirement is not believed.
#[test]
fn the_requirement_of_the_class_holds_whatever_the_request_says() {
    let lowered = |events: &mut Vec<(Actor, EventKind)>| {
        let mut lowered = request(attempt(1), 1);
        lowered.requirement.approvals = 0;
        lowered.requirement.requester = RequesterAct::Press;
        lowered.requirement.credential = CredentialRole::ReadOnly;
        events[1].1 = EventKind::AttemptRequested { request: lowered };
        events.remove(2);
    };
    assert_eq!(faults(lowered), [(3, Fault::FewApprovals), (4, Fault::FewApprovals)]);
    let sandbox = |events: &mut Vec<(Actor, EventKind)>| {
        let mut sandbox = request(attempt(1), 1);
        sandbox.environment = Environment::Sandbox;
        sandbox.requirement.approvals = 0;
        events[1].1 = EventKind::AttemptRequested { request: sandbox };
        events.remove(2);
    };
    assert_eq!(faults(sandbox), []);
}

#[test]
fn a_token_asks_for_its_person_and_approves_nothing() {
    let by_token =
        |actor: &Actor| Actor::Token { person: actor.person().unwrap().clone(), name: "nightly".into(), id: None };
    assert_eq!(faults(|events| events[1].0 = by_token(&events[1].0)), []);
    let approved = |events: &mut Vec<(Actor, EventKind)>| events[2].0 = by_token(&events[2].0);
    assert_eq!(faults(approved), [(3, Fault::NobodyApproved), (4, Fault::FewApprovals), (5, Fault::FewApprovals)]);
}

#[test]
fn a_retry_is_explained_by_a_person_who_asked_after_the_end_of_the_one_before() {
    use Fault::*;
    let (first, second) = (attempt(1), attempt(2));
    let again = |by: Actor, number: u32| (by, EventKind::AttemptRequested { request: request(second, number) });
    assert_eq!(faults(|events| events.insert(6, again(person("rita"), 2))), []);
    assert_eq!(faults(|events| events.insert(6, again(Actor::System, 2))), [(7, NobodyAsked)]);
    assert_eq!(faults(|events| events.insert(6, again(person("rita"), 3))), [(7, NumberSkips)]);
    assert_eq!(faults(|events| events.insert(4, again(person("rita"), 2))), [(5, StepActive)]);
    let same = EventKind::AttemptRequested { request: request(first, 2) };
    assert_eq!(faults(|events| events.insert(6, (person("rita"), same))), [(7, RequestedTwice)]);
}

#[test]
fn dry_runs_are_counted_apart_and_may_come_while_the_step_waits() {
    use Fault::*;
    let dry = |number: u32| {
        let mut request = request(attempt(2), number);
        request.way = Way::Explain;
        request.risk.class = RiskClass::Read;
        request.requirement = requirement(RiskClass::Read, request.environment).unwrap();
        (person("rita"), EventKind::AttemptRequested { request })
    };
    assert_eq!(faults(|events| events.insert(2, dry(1))), []);
    assert_eq!(faults(|events| events.insert(2, dry(2))), [(3, NumberSkips)]);
    // One that could change something needs what any other attempt needs.
    let queued = (Actor::System, queued(attempt(2)));
    let writes = |events: &mut Vec<(Actor, EventKind)>| {
        let mut request = request(attempt(2), 1);
        request.way = Way::Rows;
        events.insert(2, (person("rita"), EventKind::AttemptRequested { request }));
        events.insert(3, queued);
    };
    assert_eq!(faults(writes), [(4, FewApprovals)]);
}

#[test]
fn what_still_ran_at_the_export_is_no_fault() {
    let mut story = Story::whole();
    story.events.truncate(5);
    story.signed = vec![5];
    let report = story.verify();
    assert!(report.proves(), "{report:?}");
    assert_eq!(report.remarks, [Remark::Running { attempt: attempt(1), seq: 5 }]);
    // Whoever ends the incident does not end what runs.
    story.events.push((person("rita"), closed()));
    story.signed = vec![6];
    let report = story.verify();
    assert!(report.proves(), "{report:?}");
    assert_eq!(report.remarks, [Remark::Running { attempt: attempt(1), seq: 5 }]);
}

#[test]
fn output_of_an_attempt_that_nobody_knows_is_found() {
    let mut story = Story::whole();
    story.output.push((attempt(9), "{}".into()));
    assert_eq!(story.verify().problems, [Problem::StrayOutput { attempt: attempt(9) }]);
}

#[test]
fn an_event_of_a_newer_farol_is_not_passed_over() {
    let story = Story::whole();
    let mut entries = story.entries();
    let mut opened = entries[6].opened.clone().unwrap();
    opened.payload["kind"] = serde_json::json!({ "teleported": { "where": "elsewhere" } });
    entries[6].leaf.kind = "teleported".into();
    entries[6].leaf.digest = opened.digest();
    entries[6].opened = Some(opened);
    let mut lines = story.lines_of(&entries);
    lines.drain(1..3);
    let report = verify(&lines.concat()).unwrap();
    assert!(report.problems.contains(&Problem::NotUnderstood { seq: 7, kind: "teleported".into() }), "{report:?}");
}

fn broken(number: u32, seconds: i64) -> EventKind {
    EventKind::BreakGlassOpened { number, reason: "nobody is awake".to_owned(), until: at(seconds) }
}

#[test]
fn a_broken_glass_stands_for_an_approval_of_its_own_person_while_it_is_open() {
    use Fault::*;
    // Instead of the approval, in its place.
    let instead =
        |by: &'static str, kind: EventKind| move |events: &mut Vec<(Actor, EventKind)>| events[2] = (person(by), kind);
    assert_eq!(faults(instead("rita", broken(1, 600))), []);
    assert_eq!(faults(instead("rita", broken(2, 600))), [(3, BadBreakGlass)]);
    assert_eq!(faults(instead("rita", broken(1, 4000))), [(3, BadBreakGlass)]);
    assert_eq!(faults(instead("paul", broken(1, 600))), [(4, FewApprovals), (5, FewApprovals)]);
    assert_eq!(faults(instead("rita", broken(1, -100))), [(4, FewApprovals), (5, FewApprovals)]);
    let closed = |events: &mut Vec<(Actor, EventKind)>| {
        events[2] = (person("rita"), broken(1, 600));
        events.insert(4, (person("paul"), EventKind::BreakGlassClosed { number: 1 }));
    };
    assert_eq!(faults(closed), [(6, FewApprovals)], "nothing is sent after it was closed");
    assert_eq!(
        faults(|events| events.insert(3, (person("paul"), EventKind::BreakGlassClosed { number: 1 }))),
        [(4, UnknownBreakGlass)]
    );
}

#[test]
fn whoever_broke_the_glass_does_not_review_it_and_a_review_that_lacks_is_said() {
    let review = || EventKind::BreakGlassReviewed { number: 1, text: "as it should be".to_owned() };
    let mut story = Story::whole();
    story.events[2] = (person("rita"), broken(1, 600));
    let report = story.verify();
    assert!(report.remarks.contains(&Remark::Unreviewed { seq: 3 }), "{report:?}");
    story.events.push((person("paul"), review()));
    story.signed = vec![story.events.len() as u64];
    assert_eq!(story.verify().remarks, []);
    let own = |events: &mut Vec<(Actor, EventKind)>| {
        events[2] = (person("rita"), broken(1, 600));
        events.push((person("rita"), review()));
    };
    assert_eq!(faults(own).last().map(|(_, fault)| *fault), Some(Fault::OwnBreakGlass));
}

/// The story with a change that waits for a person: held and committed by whom it may be.
fn held(change: impl FnOnce(&mut Vec<(Actor, EventKind)>)) -> Vec<(i64, Fault)> {
    faults(|events| {
        let (id, step) = (attempt(1), || "pay".parse().unwrap());
        let mut waits = request(id, 1);
        waits.hold = Some(HoldTerms { seconds: Some(60), ..HoldTerms::default() });
        events[1].1 = EventKind::AttemptRequested { request: waits };
        let held = Held {
            statements: vec![HeldStatement { rows: 1, shown: 1 }],
            locks: Vec::new(),
            waiting: None,
            until: at(60),
            undo_rows: None,
            no_undo: None,
        };
        events.insert(5, (Actor::System, EventKind::AttemptHeld { attempt: id, step: step(), held }));
        let decided = EventKind::HoldDecided { attempt: id, step: step(), commit: true, because: None };
        events.insert(6, (person("rita"), decided));
        change(events);
    })
}

#[test]
fn a_change_that_waits_is_committed_by_whom_it_may_be_and_in_time() {
    use Fault::*;
    let decided =
        |commit| EventKind::HoldDecided { attempt: attempt(1), step: "pay".parse().unwrap(), commit, because: None };
    assert_eq!(held(|_| {}), []);
    assert_eq!(held(|events| events[6].0 = person("paul")), [(7, NotTheirs), (8, NotCommitted)]);
    assert_eq!(held(|events| events[6].0 = Actor::System), [(7, NotTheirs), (8, NotCommitted)]);
    assert_eq!(held(|events| drop(events.remove(6))), [(7, NotCommitted)]);
    assert_eq!(held(|events| events[6].1 = decided(false)), [(8, NotCommitted)]);
    assert_eq!(held(|events| drop(events.remove(5))), [(6, NotHeld), (7, NotCommitted)]);
    assert_eq!(held(|events| events.insert(7, (person("rita"), decided(false)))), [(8, NotHeld), (9, NotCommitted)]);
    assert_eq!(held(|events| events.insert(6, events[5].clone())), [(7, NotToBeHeld)]);
    let stop = EventKind::CancelRequested { attempt: attempt(1), step: "pay".parse().unwrap() };
    assert_eq!(held(|events| events.insert(6, (person("paul"), stop))), [(8, HoldOver), (9, NotCommitted)]);
    let late = |events: &mut Vec<(Actor, EventKind)>| {
        if let EventKind::AttemptHeld { held, .. } = &mut events[5].1 {
            held.until = at(-120);
        }
    };
    assert_eq!(held(late), [(7, HoldOver), (8, NotCommitted)]);
    let commands = |events: &mut Vec<(Actor, EventKind)>| {
        let Actor::Person(paul) = person("paul") else { return };
        events[6].0 = person("paul");
        events.insert(6, (person("paul"), EventKind::RoleAssigned { role: IncidentRole::Commander, person: paul }));
    };
    assert_eq!(held(commands), [], "the commander decides too");
    assert_eq!(
        held(|events| events[1].1 = EventKind::AttemptRequested { request: request(attempt(1), 1) }),
        [(6, NotToBeHeld)],
        "its request says nothing of a hold"
    );
}

/// A bundle comes from whoever hands it over, and may say anything.
#[test]
fn no_time_is_too_late_to_be_told() {
    let last = chrono::DateTime::<chrono::Utc>::MAX_UTC;
    let mut story = Story::whole();
    let EventKind::AttemptRequested { request } = &mut story.events[1].1 else { panic!("it is asked for there") };
    request.expires_at = last;
    assert!(story.verify().proves(), "{:?}", story.verify());
    let endless = EventKind::BreakGlassOpened { number: 1, reason: "it burns".into(), until: last };
    assert_eq!(faults(|events| events.insert(1, (person("rita"), endless))), [(2, Fault::BadBreakGlass)]);
    assert_eq!(
        held(|events| {
            for (_, kind) in events.iter_mut() {
                if let EventKind::AttemptHeld { held, .. } = kind {
                    held.until = last;
                }
            }
        }),
        []
    );
}
