//! What the runbook itself has to tell how a step ended whose end nobody saw.
//!
//! The step is settled by a person. What they can go by are the checks that the author wrote for it.

use farol_api::clock::Timestamp;
use farol_api::event::Outcome;
use farol_api::graph::{Node, StepLinkKind};
use farol_api::incident::{Attempt, IncidentState, StepStatus};
use farol_api::runbook::Runbook;
use farol_api::text::Localized;

/// The most checks that are named.
const MOST: usize = 3;

/// Names the checks of a step whose outcome is unknown, and what those said that were made since it was sent.
pub(super) fn of_unknown(state: &IncidentState, runbook: &Runbook, node: &Node) -> Option<Localized> {
    let step = state.steps.get(&node.id).filter(|step| step.status == StepStatus::OutcomeUnknown)?;
    // What was asked for since and never sent says nothing.
    let sent = step.attempts.iter().rev().find_map(|id| state.attempts.get(id)?.dispatched_at)?;
    let links = runbook.links.iter().filter(|link| link.kind == StepLinkKind::Verifies && link.to == node.id);
    let checks =
        links.filter_map(|link| runbook.graph.node(&link.from)).filter(|check| state.is_on_path(&runbook.graph, check));
    let checks: Vec<&Node> = checks.take(MOST).collect();
    let (en, pt): (Vec<_>, Vec<_>) = checks.iter().filter_map(|check| said(state, check, sent)).unzip();
    match checks.first()? {
        _ if !en.is_empty() => Some(Localized::new(
            format!(
                "Checked since it was sent: {}. If that tells how it ended, mark it done or failed.",
                en.join("; ")
            ),
            format!(
                "Verificado desde o envio: {}. Se isso mostra como terminou, marque como feito ou falhou.",
                pt.join("; ")
            ),
        )),
        _ => {
            let titles: Vec<_> = checks.iter().map(|check| format!("“{}”", check.title)).collect();
            let titles = titles.join(", ");
            Some(Localized::new(
                format!("The runbook can tell how it ended: see to {titles} first."),
                format!("O runbook pode mostrar como terminou: veja antes {titles}."),
            ))
        }
    }
}

/// Returns what came of a check after a time, in both languages.
fn said(state: &IncidentState, check: &Node, since: Timestamp) -> Option<(String, String)> {
    let step = state.steps.get(&check.id).filter(|step| step.at.is_some_and(|at| at > since))?;
    let title = &check.title;
    if let (StepStatus::Done, Some(observed)) = (step.status, &step.observed) {
        return Some((format!("“{title}”: “{observed}”"), format!("“{title}”: “{observed}”")));
    }
    let last = step.attempts.last().and_then(|id| state.attempts.get(id));
    let last = last.filter(|attempt| attempt.dispatched_at.is_some_and(|at| at > since));
    let (en, pt) = match step.status {
        StepStatus::Done => ("it was done".to_owned(), "foi feito".to_owned()),
        StepStatus::Succeeded => well(last?),
        StepStatus::Failed | StepStatus::TimedOut => ("it failed".to_owned(), "falhou".to_owned()),
        _ => return None,
    };
    Some((format!("“{title}”: {en}"), format!("“{title}”: {pt}")))
}

/// Says how an attempt ended well.
fn well(attempt: &Attempt) -> (String, String) {
    let result = attempt.result.as_ref().filter(|result| result.outcome == Outcome::Succeeded);
    match result.map(|result| (result.expected_seen, result.rows)) {
        Some((Some(true), _)) => ("what was expected came out".to_owned(), "saiu o que se esperava".to_owned()),
        Some((Some(false), _)) => {
            ("what was expected did not come out".to_owned(), "não saiu o que se esperava".to_owned())
        }
        Some((None, Some(rows))) => (format!("rows: {rows}"), format!("linhas: {rows}")),
        _ => ("it ended well; look at its output".to_owned(), "terminou bem; olhe a saída".to_owned()),
    }
}
