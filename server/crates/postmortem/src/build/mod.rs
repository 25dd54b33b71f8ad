//! Folds what is known of an incident into a report. Pure: no clock, no order but that of events, graph and ids.

mod attempts;
mod head;
mod steps;
mod tables;
mod timeline;

use farol_api::event::{Actor, Event};
use farol_api::graph::StepGraph;
use farol_api::incident::IncidentState;
use farol_api::metrics::Metric;
use farol_api::request::Deviation;
use farol_api::text::Locale;

use crate::names::Names;
use crate::report::Report;
use crate::words::document;

/// What a report is made from.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The incident, folded from all of `events`.
    pub state: &'a IncidentState,
    /// All events of the incident, by `seq`.
    pub events: &'a [Event],
    /// The step graph of the revision it was declared with; empty without a runbook.
    pub graph: &'a StepGraph,
    /// What went other than the runbook says, in the order of the runbook.
    pub deviations: &'a [Deviation],
    /// The figures, as `farol_api::metrics::metrics` returns them.
    pub metrics: &'a [Metric],
}

/// Folds a report in one language. The same input always gives the same report.
pub fn report(input: &Input<'_>, locale: Locale) -> Report {
    let case = Case { input, locale, words: document::of(locale), names: Names::new(input.graph, input.state) };
    let order = attempts::order(input);
    Report {
        locale,
        number: format!("INC-{}", input.state.id),
        title: input.state.title.clone(),
        drill: input.state.drill,
        facts: head::facts(&case),
        dates: head::dates(&case),
        sections: head::sections(&case),
        timeline: timeline::rows(&case, &order),
        action_items: tables::action_items(&case),
        responders: tables::responders(&case),
        metrics: tables::metrics(&case),
        steps: steps::rows(&case),
        deviations: steps::deviations(&case),
        has_runbook: input.state.runbook.is_some(),
        attempts: attempts::blocks(&case, &order),
    }
}

/// The input with the words to say it in.
struct Case<'a> {
    input: &'a Input<'a>,
    locale: Locale,
    words: &'static document::Words,
    names: Names<'a>,
}

impl Case<'_> {
    /// Returns the name of who did something.
    fn actor(&self, actor: &Actor) -> String {
        actor.name().unwrap_or_else(|| self.words.system.to_owned())
    }
}
