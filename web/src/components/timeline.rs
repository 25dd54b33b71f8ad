//! What happened, in words.

use farol_api::event::{Event, EventKind};
use farol_api::graph::StepGraph;
use farol_api::id::StepId;
use farol_api::incident::IncidentState;

use crate::time;
use crate::words::events::words;
use crate::words::terms::Term;
use crate::words::{count, fill, room};

/// One entry in words: the sentence, and a smaller second line.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// What happened.
    pub what: String,
    /// The particulars, if any.
    pub detail: Option<String>,
    /// Who did it; absent for Farol itself.
    pub by: Option<String>,
}

/// Says an event in the language of the page.
pub fn say(event: &Event, state: &IncidentState, graph: &StepGraph) -> Said {
    let (what, detail) = match &event.kind {
        EventKind::Noted { text, step } => (words().noted.to_owned(), Some(noted(text, step.as_ref(), state, graph))),
        kind => say_kind(kind, state, graph),
    };
    Said { what, detail, by: event.actor.name() }
}

fn noted(text: &str, step: Option<&StepId>, state: &IncidentState, graph: &StepGraph) -> String {
    match step {
        Some(step) => format!("{text} ({})", title(step, state, graph)),
        None => text.to_owned(),
    }
}

/// Returns what a step is called: as the runbook says, or as the latest attempt of it was called.
pub fn title(step: &StepId, state: &IncidentState, graph: &StepGraph) -> String {
    if let Some(node) = graph.node(step) {
        return node.title.clone();
    }
    let attempt = state.attempts.values().find(|attempt| &attempt.request.step == step);
    attempt.map_or_else(|| step.to_string(), |attempt| attempt.request.title.clone())
}

fn say_kind(kind: &EventKind, state: &IncidentState, graph: &StepGraph) -> (String, Option<String>) {
    let w = words();
    let step_title = kind.step().map(|step| title(step, state, graph)).unwrap_or_default();
    let step_title = if state.is_dry(kind) { fill(w.dry_run, &[&step_title]) } else { step_title };
    match kind {
        EventKind::Declared { title, severity, drill, runbook, .. } => {
            let template = if *drill { w.declared_drill } else { w.declared };
            let runbook = runbook.as_ref().map(|runbook| runbook.title.clone());
            (fill(template, &[severity.code(), title]), runbook)
        }
        EventKind::SeverityChanged { from, to, reason } => {
            let (from, to) = (from.code(), to.code());
            (fill(w.severity, &[from, to]), reason.clone())
        }
        EventKind::StatusChanged { from, to, reason } => (fill(w.status, &[from.word(), to.word()]), reason.clone()),
        EventKind::MilestoneRecorded { milestone, at } => {
            (fill(w.milestone, &[milestone.word(), &time::clock(*at)]), None)
        }
        EventKind::DataAgeRecorded { seconds } => (fill(w.data_age, &[&time::span(*seconds)]), None),
        EventKind::ResponderJoined { person } => (fill(w.joined, &[&person.name]), None),
        EventKind::RoleAssigned { role, person } => (fill(w.role, &[&person.name, role.word()]), None),
        EventKind::ParameterSet { name, value, .. } => match value {
            Some(value) => (fill(w.parameter, &[name, value]), None),
            None => (fill(w.parameter_secret, &[name]), None),
        },
        EventKind::BranchChosen { label, reason, .. } => (fill(w.chosen, &[label]), reason.clone()),
        EventKind::StepDone { title, observed, .. } => {
            (fill(w.done, &[title]), observed.as_ref().map(|seen| fill(w.observed, &[seen])))
        }
        EventKind::StepFailed { title, reason, .. } => (fill(w.failed, &[title]), Some(reason.clone())),
        EventKind::StepSkipped { title, reason, .. } => (fill(w.skipped, &[title]), Some(reason.clone())),
        EventKind::StepReopened { title, reason, .. } => (fill(w.reopened, &[title]), reason.clone()),
        EventKind::Corrected { seq, text } => (fill(w.corrected, &[&format!("#{seq}")]), Some(text.clone())),
        EventKind::SectionWritten { section, .. } => (fill(w.section, &[section.word()]), None),
        EventKind::ActionItemSet { number, text, owner, .. } => {
            (fill(w.action_item, &[&number.to_string(), text]), owner.clone())
        }
        EventKind::PayloadErased { reason, .. } => (w.erased.to_owned(), reason.clone()),
        EventKind::PostmortemMoved { from, to } => (fill(w.postmortem, &[from.word(), to.word()]), None),
        EventKind::Noted { text, .. } => (w.noted.to_owned(), Some(text.clone())),
        attempt => say_attempt(attempt, &step_title),
    }
}

fn say_attempt(kind: &EventKind, title: &str) -> (String, Option<String>) {
    let w = words();
    match kind {
        EventKind::AttemptRequested { request } => {
            let detail = fill(w.attempt, &[&request.number.to_string(), request.digest.short()]);
            let detail = request.reason.iter().fold(detail, |detail, reason| format!("{detail} · {reason}"));
            let asked = if request.way.is_dry() { w.requested_dry } else { w.requested };
            (fill(asked, &[title, request.target.as_str()]), Some(detail))
        }
        EventKind::ApprovalGranted { digest, editors_untold, .. } => {
            let untold = editors_untold.map(|_| format!(" · {}", w.editors_untold)).unwrap_or_default();
            (fill(w.approved, &[title]), Some(format!("{}{untold}", digest.short())))
        }
        EventKind::ApprovalRefused { reason, .. } => (fill(w.refused, &[title]), Some(reason.clone())),
        EventKind::BreakGlassOpened { reason, until, .. } => {
            (fill(w.glass, &[&time::clock(*until)]), Some(reason.clone()))
        }
        EventKind::BreakGlassClosed { number } => (fill(w.glass_closed, &[&number.to_string()]), None),
        EventKind::BreakGlassReviewed { number, text } => {
            (fill(w.glass_reviewed, &[&number.to_string()]), Some(text.clone()))
        }
        EventKind::AttemptQueued { .. } => (fill(w.queued, &[title]), None),
        EventKind::AttemptDispatched { worker, .. } => (fill(w.dispatched, &[title]), Some(worker.clone())),
        EventKind::AttemptHeld { .. } => (fill(w.held, &[title]), None),
        EventKind::HoldDecided { commit, .. } => (fill(if *commit { w.commit } else { w.roll_back }, &[title]), None),
        EventKind::CancelRequested { .. } => (fill(w.cancel, &[title]), None),
        EventKind::AttemptFinished { result, .. } => {
            let r = room::words();
            let mut parts = vec![time::millis(result.duration_ms)];
            parts
                .extend(result.rows.map(|rows| count(usize::try_from(rows).unwrap_or(usize::MAX), r.rows_one, r.rows)));
            parts.extend(result.exit_code.map(|code| fill(r.exit, &[&code.to_string()])));
            parts.extend(result.failure.map(|failure| failure.word().to_owned()));
            (fill(w.finished, &[title, result.outcome.word()]), Some(parts.join(" · ")))
        }
        _ => (String::new(), None),
    }
}
