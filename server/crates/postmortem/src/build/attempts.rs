//! What was run: each attempt with its exact text and what is known of it.

use chrono::{DateTime, Utc};
use farol_api::event::{AttemptResult, EventKind, Outcome};
use farol_api::id::AttemptId;
use farol_api::incident::Attempt;
use farol_api::terms::Term;
use farol_api::user::Person;

use super::{Case, Input};
use crate::format::{millis, stamp};
use crate::names::dry;
use crate::report::{AttemptBlock, Fact};
use crate::words::failures::phrase;
use crate::words::fill;

/// The attempts in the order they were asked for; their ids are random and order nothing.
pub(super) fn order(input: &Input<'_>) -> Vec<AttemptId> {
    let asked = input.events.iter().filter_map(|event| match &event.kind {
        EventKind::AttemptRequested { request } => Some(request.attempt),
        _ => None,
    });
    asked.filter(|id| input.state.attempts.contains_key(id)).collect()
}

pub(super) fn blocks(case: &Case<'_>, order: &[AttemptId]) -> Vec<AttemptBlock> {
    let attempts = order.iter().filter_map(|id| case.input.state.attempts.get(id));
    (1..).zip(attempts).map(|(index, attempt)| block(case, index, attempt)).collect()
}

fn block(case: &Case<'_>, index: usize, attempt: &Attempt) -> AttemptBlock {
    let request = &attempt.request;
    let mut facts = asked(case, attempt);
    match &attempt.result {
        Some(result) => facts.extend(ended(case, attempt.finished_at, result)),
        None => facts.push(Fact { name: case.words.outcome, value: standing(case, attempt).to_owned() }),
    }
    let title = if request.way.is_dry() { dry(&request.title, case.locale) } else { request.title.clone() };
    AttemptBlock {
        index,
        title: fill(case.words.attempt_of, &[&title, &request.number.to_string()]),
        facts,
        language: request.language,
        text: request.text.clone(),
    }
}

/// Where an attempt that has not ended stands, in the words of its step.
fn standing(case: &Case<'_>, attempt: &Attempt) -> &'static str {
    use farol_api::incident::{AttemptStatus, StepStatus};
    let status = match attempt.status {
        AttemptStatus::AwaitingApproval => StepStatus::AwaitingApproval,
        AttemptStatus::Queued => StepStatus::Queued,
        AttemptStatus::Running | AttemptStatus::Finished => StepStatus::Running,
    };
    status.term(case.locale)
}

fn asked(case: &Case<'_>, attempt: &Attempt) -> Vec<Fact> {
    let (request, w) = (&attempt.request, case.words);
    let target = [request.target.as_str(), request.environment.term(case.locale)];
    let risk = [request.risk.class.term(case.locale), request.risk.why.get(case.locale)];
    let mut facts = vec![
        Fact { name: w.target, value: fill(w.on_target, &target) },
        Fact { name: w.risk, value: fill("{}: {}", &risk) },
    ];
    if !request.parameters.is_empty() {
        let said = |(name, value): (&String, &Option<String>)| match value {
            Some(value) => format!("{name} = {value}"),
            None => format!("{name} ({})", w.secret),
        };
        let all: Vec<String> = request.parameters.iter().map(said).collect();
        facts.push(Fact { name: w.parameters, value: all.join("; ") });
    }
    facts.push(by(case, w.requested, attempt.requested_by.as_ref(), attempt.requested_at));
    facts.extend(request.reason.as_ref().map(|reason| Fact { name: w.reason, value: reason.clone() }));
    facts.extend(attempt.approvals.iter().map(|approval| by(case, w.approved, approval.by.as_ref(), approval.at)));
    facts
}

fn by(case: &Case<'_>, name: &'static str, person: Option<&Person>, at: DateTime<Utc>) -> Fact {
    let person = person.map_or(case.words.system, |person| &person.name);
    Fact { name, value: fill(case.words.person_at, &[person, &stamp(at)]) }
}

fn ended(case: &Case<'_>, at: Option<DateTime<Utc>>, result: &AttemptResult) -> Vec<Fact> {
    let w = case.words;
    let mut outcome = result.outcome.term(case.locale).to_owned();
    if let Some(failure) = result.failure {
        outcome = format!("{outcome}: {}", phrase(failure, case.locale));
    }
    if let Some(at) = at {
        outcome = fill(w.person_at, &[&outcome, &stamp(at)]);
    }
    let mut facts = vec![Fact { name: w.outcome, value: outcome }];
    facts.extend(result.rows.map(|rows| Fact { name: w.rows, value: rows.to_string() }));
    facts.extend(result.exit_code.map(|code| Fact { name: w.exit_code, value: code.to_string() }));
    if result.outcome == Outcome::Voided {
        return facts;
    }
    facts.extend(result.confined.map(|level| Fact { name: w.confined, value: level.as_str().to_owned() }));
    facts.push(Fact { name: w.duration, value: millis(result.duration_ms, case.locale) });
    let digest = result.output_digest.as_ref().map_or(w.no_output, |digest| digest.as_str());
    let digest = if result.truncated { fill(w.truncated, &[digest]) } else { digest.to_owned() };
    facts.push(Fact { name: w.output_digest, value: digest });
    facts
}
