//! What steps and attempts are called.

use farol_api::graph::StepGraph;
use farol_api::id::{AttemptId, StepId};
use farol_api::incident::IncidentState;
use farol_api::text::Locale;

use crate::words::{events, fill};

/// Knows the names of steps and the numbers of attempts, as far as a graph and a state tell them.
#[derive(Clone, Copy, Default)]
pub struct Names<'a> {
    known: Option<(&'a StepGraph, &'a IncidentState)>,
}

impl<'a> Names<'a> {
    /// Takes names from the runbook first, and from the attempts where a step is no longer in it.
    pub const fn new(graph: &'a StepGraph, state: &'a IncidentState) -> Self {
        Self { known: Some((graph, state)) }
    }

    /// Returns what a step is called; its id where nothing tells.
    pub fn step(&self, step: &StepId) -> String {
        let titled = self.known.and_then(|(graph, state)| {
            let node = graph.node(step).map(|node| &node.title);
            node.or_else(|| {
                let mut attempts = state.attempts.values();
                attempts.find(|attempt| &attempt.request.step == step).map(|attempt| &attempt.request.title)
            })
        });
        titled.filter(|title| !title.trim().is_empty()).cloned().unwrap_or_else(|| step.to_string())
    }

    /// Returns what the step of an attempt is called, and that it is a dry run where it is one.
    pub fn step_of(&self, step: &StepId, attempt: AttemptId, locale: Locale) -> String {
        let title = self.step(step);
        let attempt = self.known.and_then(|(_, state)| state.attempts.get(&attempt));
        if attempt.is_some_and(|attempt| attempt.request.way.is_dry()) { dry(&title, locale) } else { title }
    }

    /// Returns the step of an attempt.
    pub fn step_id(&self, attempt: AttemptId) -> Option<&'a StepId> {
        let (_, state) = self.known?;
        state.attempts.get(&attempt).map(|attempt| &attempt.request.step)
    }

    /// Returns an attempt's number among those of its step, from 1.
    pub fn number(&self, attempt: AttemptId) -> Option<u32> {
        let (_, state) = self.known?;
        state.attempts.get(&attempt).map(|attempt| attempt.request.number)
    }
}

/// Says of a step's title that it was a dry run.
pub fn dry(title: &str, locale: Locale) -> String {
    fill(events::of(locale).dry_run, &[title])
}
