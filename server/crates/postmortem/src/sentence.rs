//! One sentence for each event.

use farol_api::event::{AttemptResult, EventKind, Outcome};
use farol_api::hold::RolledBack;
use farol_api::id::{AttemptId, StepId};
use farol_api::terms::Term;
use farol_api::text::Locale;

use crate::format::{millis, span, stamp};
use crate::names::{Names, dry};
use crate::words::failures::phrase;
use crate::words::{events, fill};

/// Says in plain text what happened; a step that an event names by its id only keeps that id.
///
/// The text holds what people typed, unescaped, line ends included.
pub fn event_sentence(kind: &EventKind, locale: Locale) -> String {
    sentence(kind, locale, Names::default())
}

/// Says what happened, with the names of steps and the numbers of attempts.
pub fn sentence(kind: &EventKind, locale: Locale, names: Names<'_>) -> String {
    let w = events::of(locale);
    match kind {
        EventKind::Declared { title, severity, drill, runbook, .. } => {
            let template = if *drill { w.declared_drill } else { w.declared };
            let runbook = runbook.as_ref().map(|runbook| fill(w.with_runbook, &[&runbook.title]));
            because(fill(template, &[severity.code(), title]), runbook.as_deref())
        }
        EventKind::SeverityChanged { from, to, reason } => {
            because(fill(w.severity, &[from.code(), to.code()]), reason.as_deref())
        }
        EventKind::StatusChanged { from, to, reason } => {
            because(fill(w.status, &[from.term(locale), to.term(locale)]), reason.as_deref())
        }
        EventKind::MilestoneRecorded { milestone, at } => fill(w.milestone, &[milestone.term(locale), &stamp(*at)]),
        EventKind::DataAgeRecorded { seconds } => fill(w.data_age, &[&span(*seconds)]),
        EventKind::ResponderJoined { person } => fill(w.joined, &[&person.name]),
        EventKind::RoleAssigned { role, person } => fill(w.role, &[&person.name, role.term(locale)]),
        EventKind::ParameterSet { name, value: Some(value), secret: false } => fill(w.parameter, &[name, value]),
        EventKind::ParameterSet { name, .. } => fill(w.parameter_secret, &[name]),
        EventKind::BranchChosen { label, reason, .. } => because(fill(w.chosen, &[label]), reason.as_deref()),
        EventKind::StepDone { title, observed, .. } => {
            let observed = observed.as_ref().filter(|seen| !seen.trim().is_empty());
            because(fill(w.done, &[title]), observed.map(|seen| fill(w.observed, &[seen])).as_deref())
        }
        EventKind::StepFailed { title, reason, .. } => because(fill(w.failed, &[title]), Some(reason)),
        EventKind::StepSkipped { title, reason, .. } => because(fill(w.skipped, &[title]), Some(reason)),
        EventKind::StepReopened { title, reason, .. } => because(fill(w.reopened, &[title]), reason.as_deref()),
        EventKind::AttemptRequested { request } => {
            let title = if request.way.is_dry() { dry(&request.title, locale) } else { request.title.clone() };
            let text = fill(w.requested, &[&title, &request.number.to_string(), request.target.as_str()]);
            because(text, request.reason.as_deref())
        }
        EventKind::ApprovalGranted { attempt, step, .. } => of_attempt(w.approved, names, locale, step, *attempt),
        EventKind::ApprovalRefused { attempt, step, reason } => {
            because(of_attempt(w.refused, names, locale, step, *attempt), Some(reason))
        }
        EventKind::BreakGlassOpened { until, reason, .. } => fill(w.glass, &[&stamp(*until), reason]),
        EventKind::BreakGlassClosed { number } => fill(w.glass_closed, &[&number.to_string()]),
        EventKind::BreakGlassReviewed { number, text } => fill(w.glass_reviewed, &[&number.to_string(), text]),
        EventKind::AttemptQueued { attempt, step } => of_attempt(w.queued, names, locale, step, *attempt),
        EventKind::AttemptDispatched { attempt, step, worker, .. } => {
            because(of_attempt(w.dispatched, names, locale, step, *attempt), Some(worker))
        }
        EventKind::AttemptHeld { .. } | EventKind::HoldDecided { .. } => held(kind, locale, names),
        EventKind::CancelRequested { attempt, step } => of_attempt(w.cancel, names, locale, step, *attempt),
        EventKind::AttemptFinished { attempt, step, result } => {
            let said = [&names.step_of(step, *attempt, locale), &number(names, *attempt), result.outcome.term(locale)];
            because(fill(w.finished, &said.map(|word: &str| word)), Some(&measured(result, locale)))
        }
        EventKind::Noted { text, step: None } => fill(w.noted, &[text]),
        EventKind::Noted { text, step: Some(step) } => fill(w.noted_on, &[&names.step(step), text]),
        EventKind::Corrected { seq, text } => fill(w.corrected, &[&seq.to_string(), text]),
        EventKind::SectionWritten { section, .. } => fill(w.section, &[section.term(locale)]),
        EventKind::ActionItemSet { number, text, done, .. } => {
            fill(if *done { w.action_item_done } else { w.action_item }, &[&number.to_string(), text])
        }
        EventKind::PayloadErased { .. } => erased(kind, locale, names),
        EventKind::PostmortemMoved { from, to } => fill(w.postmortem, &[from.term(locale), to.term(locale)]),
    }
}

/// A text with the reason given for it, where there is one.
fn because(text: String, reason: Option<&str>) -> String {
    match reason.filter(|reason| !reason.trim().is_empty()) {
        Some(reason) => format!("{text} ({reason})"),
        None => text,
    }
}

/// Says what was erased: attempts by their steps and numbers, entries by theirs.
fn erased(kind: &EventKind, locale: Locale, names: Names<'_>) -> String {
    let EventKind::PayloadErased { attempts, entries, reason, days } = kind else { return String::new() };
    let w = events::of(locale);
    let outputs = attempts.iter().map(|attempt| match names.step_id(*attempt) {
        Some(step) => of_attempt(w.erased_output, names, locale, step, *attempt),
        None => fill(w.erased_attempt, &[&attempt.to_string()]),
    });
    // Values that an attempt left go with its output.
    let texts = entries.iter().filter(|entry| entry.left.attempt().is_none_or(|attempt| !attempts.contains(&attempt)));
    let texts = texts.map(|entry| fill(w.erased_entry, &[&entry.seq.to_string()]));
    let what = outputs.chain(texts).collect::<Vec<_>>().join(", ");
    let kept = days.map(|days| fill(w.erased_after, &[&days.to_string()]));
    because(fill(w.erased, &[&what]), reason.as_deref().or(kept.as_deref()))
}

/// Says what is held, or what was decided about it.
fn held(kind: &EventKind, locale: Locale, names: Names<'_>) -> String {
    let w = events::of(locale);
    match kind {
        EventKind::AttemptHeld { attempt, step, held } => {
            fill(w.held, &[&names.step(step), &number(names, *attempt), &held.rows().to_string(), &stamp(held.until)])
        }
        EventKind::HoldDecided { attempt, step, commit, because } => {
            let text = of_attempt(if *commit { w.committed } else { w.rolled_back }, names, locale, step, *attempt);
            match because {
                None => text,
                Some(RolledBack::Deadline) => format!("{text} ({})", w.back_deadline),
                Some(RolledBack::Cancelled) => format!("{text} ({})", w.back_cancelled),
                Some(RolledBack::Server) => format!("{text} ({})", w.back_server),
                Some(RolledBack::Connection) => format!("{text} ({})", w.back_connection),
            }
        }
        _ => String::new(),
    }
}

fn of_attempt(template: &str, names: Names<'_>, locale: Locale, step: &StepId, attempt: AttemptId) -> String {
    fill(template, &[&names.step_of(step, attempt, locale), &number(names, attempt)])
}

/// The number with the space before it, nothing where it is not known.
fn number(names: Names<'_>, attempt: AttemptId) -> String {
    names.number(attempt).map(|number| format!(" {number}")).unwrap_or_default()
}

/// What was measured of an attempt: `412 ms, 3 rows`.
fn measured(result: &AttemptResult, locale: Locale) -> String {
    let w = events::of(locale);
    let mut parts = Vec::new();
    if result.outcome != Outcome::Voided {
        parts.push(millis(result.duration_ms, locale));
    }
    parts.extend(result.rows.map(|rows| match rows {
        1 => w.row.to_owned(),
        rows => fill(w.rows, &[&rows.to_string()]),
    }));
    parts.extend(result.exit_code.map(|code| fill(w.exit, &[&code.to_string()])));
    parts.extend(result.confined.map(|level| fill(w.confined, &[level.as_str()])));
    parts.extend(result.failure.map(|failure| phrase(failure, locale).to_owned()));
    parts.join(", ")
}
