//! An incident with its runbook and targets, as the routes of incidents, steps and attempts need it.

use std::collections::BTreeMap;

use farol_api::event::Event;
use farol_api::id::IncidentId;
use farol_api::incident::{Erasure, IncidentState};
use farol_api::output::{OutputChunk, OutputContent};
use farol_api::room::RoomView;
use farol_api::runbook::Runbook;
use farol_api::target::Target;
use farol_api::text::Locale;
use farol_incident::{Case, Command};
use secrecy::SecretString;

use crate::app::App;
use crate::auth::caller::Caller;
use crate::gate::{Plan, notes, notes_of_editors};
use crate::problem::ApiError;

/// The most output chunks that a room begins with; older ones are read from the attempt.
const OUTPUT_SHOWN: u32 = 2_000;

/// An incident and what belongs to it.
pub struct Room {
    pub state: IncidentState,
    pub events: Vec<Event>,
    pub runbook: Runbook,
    pub targets: Vec<Target>,
    pub values: BTreeMap<String, SecretString>,
    pub sealed: BTreeMap<String, SecretString>,
    /// The last chunk of output that there was before all else was read: who reads on after it misses none, and none of it is
    /// of an attempt that is not known here.
    output_seq: i64,
    /// The language of who reads it, where somebody does.
    pub reader: Option<Locale>,
}

impl Room {
    /// Loads an incident.
    pub async fn load(app: &App, id: IncidentId) -> Result<Self, ApiError> {
        Self::load_for(app, id, None).await
    }

    /// Loads an incident for somebody who reads it in a language.
    pub async fn load_for(app: &App, id: IncidentId, reader: Option<Locale>) -> Result<Self, ApiError> {
        let output_seq = app.store.last_output_seq(id).await?;
        let mut events = app.store.events(id).await?;
        if let Some(locale) = reader {
            Erasure::say_in(&mut events, locale);
        }
        let state = IncidentState::fold(&events).ok_or(ApiError::NotFound("incident"))?;
        let runbook = runbook_of(app, &state).await?;
        let targets = app.store.targets().await?;
        let values = app.store.parameter_values(id).await?;
        let sealed = match state.sealed.is_empty() {
            true => BTreeMap::new(),
            false => app.store.sealed_values(id).await?,
        };
        Ok(Self { state, events, runbook, targets, values, sealed, output_seq, reader })
    }

    /// Returns what preparing its steps takes.
    pub fn plan(&self) -> Plan<'_> {
        Plan {
            state: &self.state,
            runbook: &self.runbook,
            targets: &self.targets,
            values: &self.values,
            sealed: &self.sealed,
        }
    }

    /// Returns what the room shows.
    pub async fn view(self, app: &App) -> Result<RoomView, ApiError> {
        let graph = &self.runbook.graph;
        let nodes = graph.nodes.iter().filter(|node| self.state.is_on_path(graph, node));
        let gates = self.plan().gates(app, nodes).await?;
        let executable = || {
            let nodes = graph.nodes.iter().filter(|node| node.kind.is_executable());
            nodes.filter(|node| self.state.is_on_path(graph, node))
        };
        let mut notes = notes(&self.state, &self.runbook);
        notes.extend(self.plan().notes_of_origins(executable()));
        notes.extend(self.plan().notes_of_ways(executable()));
        notes.extend(self.plan().notes_of_secrets(executable()));
        if let Some(runbook) = &self.state.runbook
            && let Some(untold) = app.store.editors(&runbook.revision).await?.untold
        {
            notes.extend(notes_of_editors(&gates, untold));
        }
        let last_output_seq = self.output_seq;
        let before = last_output_seq - i64::from(OUTPUT_SHOWN);
        let latest: Vec<_> = self.state.steps.values().filter_map(|step| step.attempts.last()).collect();
        let mut output = app.store.output_after(self.state.id, before.max(0), OUTPUT_SHOWN).await?;
        output.retain(|chunk| chunk.seq <= last_output_seq && latest.contains(&&chunk.attempt));
        if let Some(locale) = self.reader {
            say_erased(&self.state, &mut output, locale);
        }
        Ok(RoomView {
            state: self.state,
            timeline: self.events,
            graph: self.runbook.graph,
            parameters: self.runbook.parameters,
            gates,
            notes,
            output,
            last_output_seq,
            now: app.clock.now(),
        })
    }
}

/// Says in a reader's language what stands in the place of output that was erased.
pub fn say_erased(state: &IncidentState, output: &mut [OutputChunk], locale: Locale) {
    for chunk in output {
        if let Some(erasure) = state.erasure_of(chunk.attempt) {
            chunk.content = OutputContent::Stdout { text: format!("{}\n", erasure.said().get(locale)) };
        }
    }
}

/// Returns what was read from the revision that an incident was declared with, with what its steps hand on among the
/// parameters.
pub async fn runbook_of(app: &App, state: &IncidentState) -> Result<Runbook, ApiError> {
    let Some(reference) = &state.runbook else { return Ok(Runbook::default()) };
    let revision = app.store.revision(&reference.id, &reference.revision).await?;
    let revision = revision.ok_or_else(|| anyhow::anyhow!("revision {} is gone", reference.revision))?;
    let runbook = app.reader.reading(&app.store, &reference.revision, &revision.source).await?;
    Ok(farol_runbook::carry::with_carried(runbook))
}

/// Decides a command while nobody else appends to the incident, and appends what follows.
pub async fn act(app: &App, caller: &Caller, id: IncidentId, command: Command) -> Result<Vec<Event>, ApiError> {
    let state = app.store.state(id).await?.ok_or(ApiError::NotFound("incident"))?;
    let runbook = runbook_of(app, &state).await?;
    decide(app, caller, id, runbook, command).await
}

/// The same where the runbook is loaded already.
pub async fn decide(
    app: &App,
    caller: &Caller,
    id: IncidentId,
    runbook: Runbook,
    command: Command,
) -> Result<Vec<Event>, ApiError> {
    let now = app.clock.now();
    let parameters: Vec<String> = runbook.parameters.into_iter().map(|parameter| parameter.name).collect();
    let graph = runbook.graph;
    let actor = caller.person();
    let appended = app.store.append(id, caller.actor(), move |state, _| {
        let case = Case { state, graph: &graph, parameters: &parameters, actor: &actor, now };
        farol_incident::decide(&case, command)
    });
    Ok(appended.await?)
}
