//! What is proved, by whom, and how far.

use farol_api::text::Locale;
use farol_record::verify::{Gap, Problem, Remark, Unreadable};
use farol_record::{Checkpoint, Entry, SecretKey, bundle};

use crate::story::*;

#[test]
fn a_whole_incident_is_proved() {
    let report = Story::whole().verify();
    assert!(report.proves(), "{report:?}");
    assert_eq!((report.entries, report.proved, report.dispatched, report.outputs), (8, 8, 1, 2));
    assert_eq!(report.signed.iter().map(|signed| signed.size).collect::<Vec<_>>(), [3, 8]);
    assert_eq!(report.remarks, []);
    assert!(report.verdict().get(Locale::PtBr).starts_with("Provado"));
}

#[test]
fn without_a_key_nothing_is_proved_though_nothing_is_wrong() {
    let text = Story::whole().lines().concat();
    let report = verify_with(&text, Vec::new(), &[]).unwrap();
    assert_eq!((report.proves(), report.proved, report.problems.len()), (false, 0, 0));
    assert_eq!(report.gaps, [Gap::NoKey { claimed: vec![key().label()] }]);
}

#[test]
fn another_key_proves_nothing_and_is_said_to_be_another() {
    let other = SecretKey::new("farol/test", &[6; 32]).unwrap().public().clone();
    let report = verify_with(&Story::whole().lines().concat(), vec![other], &[]).unwrap();
    assert_eq!(report.gaps, [Gap::Unsigned { from: 1, to: 8 }]);
    assert_eq!(report.remarks.len(), 2);
    assert!(matches!(&report.remarks[0], Remark::UnknownKey { size: 3, key: label } if *label == key().label()));
}

/// An auditor's file of keys may hold those of several stores.
#[test]
fn a_key_signs_for_the_store_of_its_name_alone() {
    let staging = SecretKey::new("farol/staging", &[7; 32]).unwrap();
    let true_head = Story::whole().checkpoint(8);
    let text = true_head.split_once("\n\n").unwrap().0;
    let note = Checkpoint::read(&format!("{text}\n")).unwrap().sign(&staging);
    let report = verify_with(&Story::whole().lines().concat(), vec![staging.public().clone()], &[note]).unwrap();
    assert_eq!((report.proves(), report.proved, report.signed.len()), (false, 0, 0), "{report:?}");
}

#[test]
fn what_came_after_the_last_checkpoint_is_said_to_be_unproved() {
    let report = Story { signed: vec![3, 6], ..Story::whole() }.verify();
    assert_eq!((report.proved, report.problems.len()), (6, 0));
    assert_eq!(report.gaps, [Gap::Unsigned { from: 7, to: 8 }]);
    let never = Story { signed: Vec::new(), ..Story::whole() }.verify();
    assert_eq!((never.proves(), never.gaps), (false, vec![Gap::Unsigned { from: 1, to: 8 }]));
}

#[test]
fn a_checkpoint_kept_elsewhere_shows_a_record_that_was_written_anew_and_signed_again() {
    let kept = Story::whole().checkpoint(7);
    let text = Story::whole().lines().concat();
    let report = verify_with(&text, vec![key()], std::slice::from_ref(&kept)).unwrap();
    assert!(report.proves() && report.signed.iter().any(|signed| signed.kept_elsewhere && signed.size == 7));

    // Whoever holds the key can sign another story; only what was kept elsewhere shows it.
    let mut other = Story::whole();
    other.events[6].1 = note("it was never paid");
    assert!(other.verify().proves());
    let report = verify_with(&other.lines().concat(), vec![key()], std::slice::from_ref(&kept)).unwrap();
    assert_eq!(report.problems, [Problem::Rewritten { after: 3, size: 7 }]);

    let shorter = Story { events: Story::whole().events[..6].to_vec(), signed: vec![6], ..Story::whole() };
    let report = verify_with(&shorter.lines().concat(), vec![key()], &[kept]).unwrap();
    assert_eq!(report.problems, [Problem::Cut { size: 7, entries: 6 }]);
}

#[test]
fn a_checkpoint_of_another_tree_is_none_of_this_one() {
    let tree = Story::whole().entries().iter().map(Entry::hash).collect();
    let other = Checkpoint::of("farol/test/incidents/13".into(), &tree).sign(&secret());
    let report = verify_with(&Story::whole().lines().concat(), vec![key()], std::slice::from_ref(&other)).unwrap();
    assert_eq!((report.problems.len(), report.gaps), (0, vec![Gap::NoneKept]));
    let kept = [other.clone(), Story::whole().checkpoint(7)];
    let report = verify_with(&Story::whole().lines().concat(), vec![key()], &kept).unwrap();
    assert!(report.proves(), "those of other incidents are passed over: {report:?}");
    let mut lines = Story::whole().lines();
    lines[2] = bundle::checkpoint(&other);
    let report = verify(&lines.concat()).unwrap();
    assert_eq!(report.problems, [Problem::OtherOrigin { origin: "farol/test/incidents/13".into() }]);
}

#[test]
fn what_was_hashed_late_is_remarked() {
    let report = Story { late: 2, ..Story::whole() }.verify();
    assert!(report.proves());
    assert_eq!(report.remarks, [Remark::Late { entries: 2 }]);
}

#[test]
fn what_is_no_bundle_is_said_to_be_none() {
    assert_eq!(verify("hello\n"), Err(Unreadable::NotARecord));
    assert_eq!(verify("{}\n"), Err(Unreadable::NotARecord));
    assert_eq!(verify("[1]\n"), Err(Unreadable::NotARecord));
    assert_eq!(verify("{\"farol_record\":2}\n"), Err(Unreadable::Newer { format: 2 }));
    assert_eq!(verify(&bundle::header(INCIDENT, ORIGIN)), Err(Unreadable::Cut { lines: 1 }));
    let lines = Story::whole().lines();
    assert_eq!(verify(&lines[..5].concat()), Err(Unreadable::Cut { lines: 5 }));
    assert_eq!(verify(&format!("{}{}", lines.concat(), lines[3])), Err(Unreadable::AfterEnd));
    assert_eq!(verify(&format!("{}hello\n{}", lines[0], lines[1])), Err(Unreadable::Line { line: 2 }));
    assert_eq!(verify(&format!("{}{}{}", lines[0], lines[4], lines[1])), Err(Unreadable::Line { line: 3 }));
}

#[test]
fn a_bundle_without_entries_proves_nothing() {
    let report = Story::default().verify();
    assert_eq!((report.proves(), report.problems), (false, vec![Problem::Empty]));
}

#[test]
fn everything_has_words_in_both_languages() {
    let mut story = Story { signed: vec![3, 6], late: 1, ..Story::whole() };
    story.events[6].0 = person("paul");
    let other = SecretKey::new("other", &[6; 32]).unwrap().public().clone();
    let report = verify_with(&story.lines().concat(), vec![other], &[Story::whole().checkpoint(7)]).unwrap();
    let said = report.problems.iter().map(Problem::say);
    let said: Vec<_> =
        said.chain(report.gaps.iter().map(Gap::say)).chain(report.remarks.iter().map(Remark::say)).collect();
    assert!(said.len() >= 4, "{report:?}");
    for sentence in said {
        assert!(sentence.en != sentence.pt && sentence.en.ends_with('.') && sentence.pt.ends_with('.'), "{sentence:?}");
    }
}
