//! The head of the document and the sections that people wrote.

use farol_api::event::{EventKind, RunbookRef};
use farol_api::incident::PostmortemSection;
use farol_api::terms::Term;

use super::Case;
use crate::format::{span, stamp};
use crate::report::{Fact, Section};
use crate::words::fill;

pub(super) fn facts(case: &Case<'_>) -> Vec<Fact> {
    let (state, w) = (case.input.state, case.words);
    let postmortem = &state.postmortem;
    let mut facts = vec![
        Fact { name: w.runbook, value: runbook(case, state.runbook.as_ref()) },
        Fact { name: w.severity, value: severity(case) },
        Fact { name: w.status, value: state.status.term(case.locale).to_owned() },
    ];
    facts.extend(state.target.as_ref().map(|target| Fact { name: w.target, value: target.to_string() }));
    facts.extend(state.data_age_seconds.map(|seconds| Fact { name: w.data_age, value: span(seconds) }));
    facts.push(Fact { name: w.state, value: postmortem.state.term(case.locale).to_owned() });
    if !postmortem.writers.is_empty() {
        let names: Vec<&str> = postmortem.writers.iter().map(|writer| writer.name.as_str()).collect();
        facts.push(Fact { name: w.writers, value: names.join(", ") });
    }
    facts.extend(postmortem.reviewer.as_ref().map(|person| Fact { name: w.reviewer, value: person.name.clone() }));
    facts
}

fn runbook(case: &Case<'_>, runbook: Option<&RunbookRef>) -> String {
    match runbook {
        Some(runbook) => fill(case.words.revision, &[&runbook.title, runbook.revision.short()]),
        None => case.words.no_runbook.to_owned(),
    }
}

/// The severity; where it changed, all it had with the time each began.
fn severity(case: &Case<'_>) -> String {
    let state = case.input.state;
    match state.severities.as_slice() {
        [] | [_] => state.severity.code().to_owned(),
        had => {
            let had: Vec<String> =
                had.iter().map(|(at, s)| fill(case.words.severity_from, &[s.code(), &stamp(*at)])).collect();
            format!("{} ({})", state.severity.code(), had.join(", "))
        }
    }
}

pub(super) fn dates(case: &Case<'_>) -> Vec<Fact> {
    let milestones = case.input.state.milestones.iter();
    milestones.map(|(milestone, at)| Fact { name: milestone.term(case.locale), value: stamp(*at) }).collect()
}

pub(super) fn sections(case: &Case<'_>) -> Vec<Section> {
    PostmortemSection::ALL.into_iter().map(|section| one(case, section)).collect()
}

fn one(case: &Case<'_>, section: PostmortemSection) -> Section {
    let text = case.input.state.postmortem.sections.get(&section).filter(|text| !text.trim().is_empty()).cloned();
    let by =
        case.input.events.iter().rev().find(
            |event| matches!(&event.kind, EventKind::SectionWritten { section: written, .. } if *written == section),
        );
    let written = by
        .filter(|_| text.is_some())
        .map(|event| fill(case.words.written_by, &[&case.actor(&event.actor), &event.seq.to_string()]));
    Section { section, title: section.term(case.locale), text, written }
}
