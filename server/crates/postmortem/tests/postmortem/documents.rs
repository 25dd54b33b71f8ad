//! The two documents of one realistic incident, in both languages, to be read by a person.

use crate::incident::{Incident, declared, person, shop};
use farol_api::text::Locale;
use farol_postmortem::{html, markdown};

#[test]
fn markdown_in_english() {
    insta::assert_snapshot!("shop-en.md", markdown(&shop().report(Locale::En)));
}

#[test]
fn markdown_in_portuguese() {
    insta::assert_snapshot!("shop-pt.md", markdown(&shop().report(Locale::PtBr)));
}

#[test]
fn html_in_english() {
    insta::assert_snapshot!("shop-en.html", html(&shop().report(Locale::En)));
}

#[test]
fn html_in_portuguese() {
    insta::assert_snapshot!("shop-pt.html", html(&shop().report(Locale::PtBr)));
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    for locale in [Locale::En, Locale::PtBr] {
        let (first, second) = (shop().report(locale), shop().report(locale));
        assert_eq!(markdown(&first), markdown(&second));
        assert_eq!(html(&first), html(&second));
        for text in [markdown(&first), html(&first)] {
            assert!(text.ends_with('\n') && !text.ends_with("\n\n") && !text.contains('\r'));
            assert!(text.lines().all(|line| line.trim_end() == line), "a line ends with spaces");
        }
    }
}

#[test]
fn an_incident_that_just_began_says_what_is_missing() {
    let mut young = Incident::new();
    young.at(0, Some(&person(1, "Ana")), declared("Checkout answers 500"));
    let english = markdown(&young.report(Locale::En));
    assert_eq!(english.matches("Not written yet.").count(), 10);
    assert!(english.contains("| Time to resolve | pending | declared → resolved |"), "{english}");
    let portuguese = markdown(&young.report(Locale::PtBr));
    assert_eq!(portuguese.matches("Ainda não escrito.").count(), 10);
}

#[test]
fn every_link_inside_the_page_leads_somewhere() {
    let page = html(&shop().report(Locale::En));
    let targets: Vec<&str> = page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(targets.len() > 30);
    for target in targets {
        assert!(page.contains(&format!("id=\"{target}\"")), "nothing has the id {target}");
    }
}

#[test]
fn every_row_of_the_timeline_has_evidence() {
    let report = shop().report(Locale::En);
    assert!(report.timeline.iter().all(|row| row.evidence.seq > 0));
    let finished: Vec<_> = report.timeline.iter().filter_map(|row| row.evidence.output.clone()).collect();
    let digests = ["3f3f3f3f3f3f", "5c5c5c5c5c5c", "777777777777"];
    assert_eq!(finished.iter().map(|(digest, _)| digest.as_str()).collect::<Vec<_>>(), digests);
    // The order of the record, not that of the attempts' ids.
    assert_eq!(finished.iter().map(|(_, index)| *index).collect::<Vec<_>>(), [1, 3, 4]);
}

#[test]
fn who_only_reviewed_did_not_respond() {
    let report = shop().report(Locale::En);
    let names: Vec<&str> = report.responders.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["Ana Souza", "Davi Lima"]);
    assert!(report.facts.iter().any(|fact| fact.name == "Reviewed by" && fact.value == "Bia Nunes"));
}

#[test]
fn a_milestone_stands_where_it_was_reached() {
    let report = shop().report(Locale::En);
    let first = &report.timeline[0];
    assert_eq!((first.at.as_str(), first.event.as_str()), ("2026-11-22 03:07:05", "Impact started"));
    assert_eq!(first.evidence.recorded.as_deref(), Some("recorded 2026-11-22 03:19:09"));
    assert!(report.timeline.is_sorted_by_key(|row| row.at.clone()));
}
