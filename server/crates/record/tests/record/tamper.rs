//! Whatever is changed in a bundle is found.

use farol_record::verify::{Problem, Remark};
use farol_record::{Entry, bundle};
use proptest::prelude::*;

use crate::story::*;

/// A story of notes, some late, with checkpoints at some sizes and at the last.
fn stories() -> impl Strategy<Value = Story> {
    let notes = prop::collection::vec("[ -~é\\n\"]{0,12}", 0..12);
    (notes, any::<prop::sample::Index>(), 0_usize..3).prop_map(|(notes, at, late)| {
        let mut story = Story::whole();
        story.events.extend(notes.iter().map(|text| (person("rita"), note(text))));
        story.late = late;
        let size = story.events.len();
        story.signed = vec![1 + at.index(size - 1) as u64, size as u64];
        story
    })
}

/// Found: unreadable, not proved, or one of two signatures said to be a stranger's, while the other proves all.
fn is_found(text: &str) -> bool {
    let Ok(report) = verify(text) else { return true };
    let remarked = report.remarks.iter().any(|remark| matches!(remark, Remark::UnknownKey { .. }));
    !report.proves() || (remarked && report.signed.len() == 1)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_was_not_changed_is_proved(story in stories()) {
        let report = story.verify();
        prop_assert!(report.proves(), "{report:?}");
    }

    #[test]
    fn any_changed_byte_is_found(story in stories(), at in any::<prop::sample::Index>(), to in any::<u8>()) {
        let mut bytes = story.lines().concat().into_bytes();
        let at = at.index(bytes.len());
        prop_assume!(bytes[at] != to);
        bytes[at] = to;
        // What is no text any more is no bundle: whoever reads the file refuses it.
        if let Ok(text) = String::from_utf8(bytes) {
            prop_assert!(is_found(&text), "byte {at} as {to}: {text}");
        }
    }

    #[test]
    fn any_missing_line_is_found(story in stories(), at in any::<prop::sample::Index>()) {
        let mut lines = story.lines();
        let at = at.index(lines.len());
        let gone = lines.remove(at);
        prop_assert!(is_found(&lines.concat()), "without line {}: {gone}", at + 1);
    }

    #[test]
    fn any_two_entries_that_change_places_are_found(story in stories(), one in any::<prop::sample::Index>(),
                                                    other in any::<prop::sample::Index>()) {
        let size = story.events.len();
        let (one, other) = (one.index(size), other.index(size));
        prop_assume!(one != other);
        let mut lines = story.lines();
        lines.swap(3 + one, 3 + other);
        prop_assert!(is_found(&lines.concat()));
    }

    /// Whoever writes the bundle anew, hashes, counts and all, has everything but the key.
    #[test]
    fn entries_written_anew_are_found_by_the_checkpoints(story in stories(), at in any::<prop::sample::Index>(),
                                                         cut in any::<prop::sample::Index>()) {
        let size = story.events.len();
        let mut other = story.clone();
        let at = at.index(size);
        other.events[at].0 = person("nobody");
        let lines = story.lines_of(&other.entries());
        let report = verify(&lines.concat()).unwrap();
        let rewritten = report.problems.iter().any(|problem| matches!(problem, Problem::Rewritten { .. }));
        prop_assert!(rewritten, "entry {}: {report:?}", at + 1);

        let kept = 1 + cut.index(size - 1);
        let lines = story.lines_of(&story.entries()[..kept]);
        let report = verify(&lines.concat()).unwrap();
        let is_cut = report.problems.iter().any(|problem| matches!(problem, Problem::Cut { .. }));
        prop_assert!(is_cut, "{kept} of {size}: {report:?}");
    }
}

#[test]
fn every_byte_of_one_bundle_changed_is_found() {
    let text = Story::whole().lines().concat();
    for at in 0..text.len() {
        let mut bytes = text.clone().into_bytes();
        // Another digit or letter here, another case there.
        bytes[at] ^= if at % 2 == 0 { 0x01 } else { 0x20 };
        if let Ok(changed) = String::from_utf8(bytes) {
            assert!(is_found(&changed), "byte {at}: {:?}", changed.get(at.saturating_sub(20)..));
        }
    }
}

#[test]
fn a_changed_entry_is_named() {
    let story = Story::whole();
    let entries = story.entries();
    let mut changed = entries[6].clone();
    changed.opened.as_mut().unwrap().payload["kind"]["noted"]["text"] = "it was free".into();
    let mut lines = story.lines();
    lines[9] = bundle::entry(&changed, entries[6].hash());
    let report = verify(&lines.concat()).unwrap();
    assert_eq!(report.problems, [Problem::Changed { seq: 7 }]);
    assert_eq!(report.proved, 3, "what was signed before it still stands");
}

#[test]
fn a_dropped_entry_is_named() {
    let story = Story::whole();
    let mut entries: Vec<Entry> = story.entries();
    entries.remove(6);
    let report = verify(&story.lines_of(&entries).concat()).unwrap();
    assert!(report.problems.contains(&Problem::Missing { from: 7, to: 7 }), "{report:?}");
    assert!(report.problems.contains(&Problem::Cut { size: 8, entries: 7 }), "{report:?}");
}
