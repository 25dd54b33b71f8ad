//! What was given on the command line, held against the runbook before anything is declared, filled or run.

use farol_api::graph::{Node, NodeKind, StepGraph};
use farol_api::id::StepId;
use farol_api::runbook::Parameter;
use farol_api::text::Localized;

use super::{Run, Stop};
use crate::pattern;

/// Returns the parameters' values, read from their files, where all that was given fits the runbook.
pub(super) fn check(run: &Run, graph: &StepGraph, parameters: &[Parameter]) -> Result<Vec<(String, String)>, Stop> {
    for id in &run.step {
        step(run, graph, id)?;
    }
    for (step, branch) in &run.choose {
        let mut decisions = graph.nodes.iter().filter(|node| node.kind == NodeKind::Decision);
        let decision = decisions.find(|node| node.id.as_str() == step).ok_or_else(|| {
            wrong(
                run,
                format!("The runbook has no decision {step}; --dry-run lists its steps."),
                format!("O runbook não tem a decisão {step}; --dry-run lista os passos."),
            )
        })?;
        arm(run, decision, branch)?;
    }
    run.param.iter().map(|(name, given)| Ok((name.clone(), value(run, parameters, name, given)?))).collect()
}

/// Finds a step.
pub(super) fn step<'g>(run: &Run, graph: &'g StepGraph, id: &StepId) -> Result<&'g Node, Stop> {
    graph.node(id).filter(|node| node.kind.is_step()).ok_or_else(|| {
        wrong(
            run,
            format!("The runbook has no step {id}; --dry-run lists them."),
            format!("O runbook não tem o passo {id}; --dry-run os lista."),
        )
    })
}

/// Finds a branch of a decision, by its number from 1 or its label.
pub(super) fn arm(run: &Run, node: &Node, wanted: &str) -> Result<usize, Stop> {
    let labels: Vec<_> = node.arms.iter().map(|arm| arm.label.as_str()).collect();
    let by_number = wanted.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    let by_label = || labels.iter().position(|label| label.eq_ignore_ascii_case(wanted));
    by_number.filter(|at| *at < labels.len()).or_else(by_label).ok_or_else(|| {
        let labels = labels.join(" | ");
        wrong(
            run,
            format!("There is no branch {wanted}; there are: {labels}."),
            format!("Não há o caminho {wanted}; há: {labels}."),
        )
    })
}

fn value(run: &Run, parameters: &[Parameter], name: &str, given: &str) -> Result<String, Stop> {
    let known = parameters.iter().find(|parameter| parameter.name == name).ok_or_else(|| {
        let names: Vec<_> = parameters.iter().map(|parameter| parameter.name.as_str()).collect();
        let names = if names.is_empty() { "–".to_owned() } else { names.join(", ") };
        wrong(
            run,
            format!("The runbook has no parameter {name}; there are: {names}."),
            format!("O runbook não tem o parâmetro {name}; há: {names}."),
        )
    })?;
    let value = read(given).map_err(|error| Stop::Unusable(format!("--param {name}: {error}")))?;
    match pattern::check(known, &value) {
        Ok(()) => Ok(value),
        Err(error) => Err(Stop::Unusable(Stop::refused(&error.problem(run.lang)).sentence().to_owned())),
    }
}

/// `@FILE` is the file's text without its last line end, `@@…` begins with an at sign, all else is the value.
fn read(given: &str) -> std::io::Result<String> {
    match given.strip_prefix('@') {
        Some(rest) if rest.starts_with('@') => Ok(rest.to_owned()),
        Some(file) => std::fs::read_to_string(file).map(|text| text.trim_end_matches(['\r', '\n']).to_owned()),
        None => Ok(given.to_owned()),
    }
}

pub(super) fn wrong(run: &Run, en: String, pt: String) -> Stop {
    Stop::Unusable(Localized::new(en, pt).get(run.lang).to_owned())
}
