//! What a step holds that is shown to nobody.

use std::collections::{BTreeMap, BTreeSet};

use farol_api::graph::Node;
use farol_api::room::{NoteTopic, StepNote};
use farol_incident::Asked;
use farol_incident::parameter::same_parameter;
use farol_incident::spec::{Bind, Literal};
use farol_runbook::{BoundLiteral, Form, carry};

use super::{Place, Plan, notes, with_stand_ins};

impl Plan<'_> {
    /// Names what is secret: parameters, and what the step leaves under a name that says so.
    pub(super) fn secrets(&self, asked: &Asked) -> Vec<String> {
        let kept = asked.variables.iter().chain(&asked.results).filter(|name| carry::is_secret(self.runbook, name));
        let known = self.runbook.parameters.iter().filter(|parameter| parameter.secret);
        let names: BTreeSet<_> = known.map(|parameter| &parameter.name).chain(kept).cloned().collect();
        names.into_iter().collect()
    }

    /// Tells whether the value of a parameter is shown to nobody. What is spelled like a secret is one: as variables of a script, and in
    /// the digest, the two are told apart by their letters alone.
    pub(super) fn is_secret(&self, parameter: &str) -> bool {
        let known = self.runbook.parameters.iter().any(|known| known.secret && same_parameter(&known.name, parameter));
        known || notes::sealed(self.state, parameter).is_some()
    }

    /// Says which of its values each secret has that a step uses.
    pub(super) fn versions(&self, place: &Place<'_>) -> BTreeMap<String, String> {
        let secrets = Self::used(place).into_keys().filter(|name| self.is_secret(name));
        let versions = secrets.map(|name| {
            let filled = self.state.parameters.get(&name).filter(|_| self.values.contains_key(&name));
            let left = || self.left(&name).map(|(_, from)| format!("attempt {}", from.attempt));
            let version = filled.map(|filled| format!("entry {}", filled.set_in)).or_else(left);
            (name, version.unwrap_or_else(|| format!("target {}", place.target.version)))
        });
        versions.collect()
    }

    /// Says of steps which secrets are put into their statements, since the database takes no parameter there.
    pub fn notes_of_secrets<'n>(&self, nodes: impl Iterator<Item = &'n Node>) -> Vec<StepNote> {
        let unsettled =
            nodes.filter(|node| self.state.steps.get(&node.id).is_none_or(|step| !step.status.is_settled()));
        let notes = unsettled.flat_map(|node| self.ways(node).into_iter().take(1).map(move |way| (node, way)));
        let notes = notes.filter_map(|(node, way)| {
            let place = self.place(node, way).ok()?;
            let bound = with_stand_ins(&place).ok()?;
            let literals = bound.in_text.into_iter().filter(|part| part.form != Form::Name);
            let secrets = literals.filter(|part| self.is_secret(&part.parameter));
            let text = notes::secrets(secrets.map(|part| part.parameter).collect())?;
            Some(StepNote { step: node.id.clone(), topic: NoteTopic::Secrets, met: None, text })
        });
        notes.collect()
    }
}

pub(super) fn literal(BoundLiteral { at, length, parameter, value }: BoundLiteral) -> Literal {
    Literal { at, length, bind: Bind { parameter, value } }
}
