//! An incident that the writer holds: its events, its state, and the way to add to them.

use farol_api::clock::{Timestamp, truncate};
use farol_api::event::{Actor, Event, EventKind};
use farol_api::id::{AttemptId, IncidentId};
use farol_api::incident::{IncidentState, Milestone, Severity, Status};
use farol_incident::decision::Draft;
use farol_record::{Hash, Salt, Tree};

use super::rows::load_events;
use crate::codec::to_json;
use crate::pool::Tx;
use crate::{Store, StoreError, record};

#[derive(Debug)]
pub(crate) struct Ledger {
    pub(crate) state: IncidentState,
    pub(crate) events: Vec<Event>,
    /// The tree over the events.
    pub(super) tree: Tree,
    /// What the rows of the last events are to hold, as long as they are not written.
    pub(super) unwritten: Vec<Unwritten>,
    /// What the incident's row says for lists.
    pub(super) listed: Listed,
    /// How many responders have rows.
    pub(super) responders: usize,
}

/// An event that has no row yet.
#[derive(Debug)]
pub(super) struct Unwritten {
    pub leaf: Hash,
    pub salt: Salt,
    pub actor: String,
    pub kind: String,
}

/// What lists show of an incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Listed {
    pub title: String,
    pub severity: Severity,
    pub status: Status,
    pub resolved: Option<Timestamp>,
}

/// A ledger as it was.
pub(crate) struct Mark {
    pub(crate) incident: IncidentId,
    events: usize,
    tree: Tree,
}

impl Listed {
    pub fn of(state: &IncidentState) -> Self {
        let (title, severity, status) = (state.title.clone(), state.severity, state.status);
        Self { title, severity, status, resolved: resolved(state) }
    }

    /// Tells whether it is what lists are to show.
    pub fn shows(&self, state: &IncidentState) -> bool {
        self.title == state.title
            && (self.severity, self.status, self.resolved) == (state.severity, state.status, resolved(state))
    }
}

fn resolved(state: &IncidentState) -> Option<Timestamp> {
    state.milestones.get(&Milestone::Resolved).filter(|_| !state.status.is_open()).copied()
}

impl Ledger {
    /// Folds the events of an incident that is locked. What is known of it already is not read again.
    pub(crate) async fn load(
        store: &Store,
        tx: &mut Tx,
        incident: IncidentId,
        last: i64,
        tree: Tree,
    ) -> Result<Box<Self>, StoreError> {
        let corrupt = || StoreError::corrupt("events", format!("incident {incident} has not the events it counted"));
        let known = store.inner.kept.take(incident).filter(|known| known.state.last_seq <= last);
        let after = known.as_ref().map_or(0, |known| known.state.last_seq);
        let fresh = if after < last { load_events(tx, incident, after, u32::MAX).await? } else { Vec::new() };
        // What was erased meanwhile is not kept here either.
        let erased = known.is_some() && fresh.iter().any(|event| matches!(event.kind, EventKind::PayloadErased { .. }));
        let (known, fresh) = match erased {
            true => (None, load_events(tx, incident, 0, u32::MAX).await?),
            false => (known, fresh),
        };
        let mut ledger = match known {
            Some(mut known) => {
                fresh.iter().for_each(|event| known.state.apply(event));
                known.events.extend(fresh);
                known
            }
            None => Box::new(Self::of(IncidentState::fold(&fresh).ok_or_else(corrupt)?, fresh)),
        };
        if ledger.state.last_seq != last || ledger.events.len() as i64 != last {
            return Err(corrupt());
        }
        ledger.tree = tree;
        if !ledger.listed.shows(&ledger.state) {
            ledger.listed = Listed::of(&ledger.state);
        }
        ledger.responders = ledger.state.responders.len();
        Ok(ledger)
    }

    fn of(state: IncidentState, events: Vec<Event>) -> Self {
        let (listed, responders) = (Listed::of(&state), state.responders.len());
        Self { state, events, tree: Tree::default(), unwritten: Vec::new(), listed, responders }
    }

    /// Begins with a declaration, whose incident has its row.
    pub(crate) fn begin(state: IncidentState, event: Event) -> Result<Box<Self>, StoreError> {
        let mut ledger = Box::new(Self::of(state, Vec::new()));
        ledger.responders = 0;
        ledger.unwritten.push(Unwritten::of(&event, &mut ledger.tree)?);
        ledger.events.push(event);
        Ok(ledger)
    }

    /// Numbers, hashes and folds what was decided. Nothing is written.
    pub(crate) fn append(
        &mut self,
        recorded_at: Timestamp,
        actor: &Actor,
        drafts: Vec<Draft>,
    ) -> Result<Vec<Event>, StoreError> {
        let mut appended = Vec::with_capacity(drafts.len());
        for draft in drafts {
            let event = Event {
                incident_id: self.state.id,
                seq: self.state.last_seq + 1,
                occurred_at: draft.occurred_at.map_or(recorded_at, truncate),
                recorded_at,
                actor: actor.clone(),
                kind: draft.kind,
            };
            self.unwritten.push(Unwritten::of(&event, &mut self.tree)?);
            self.state.apply(&event);
            self.events.push(event.clone());
            appended.push(event);
        }
        Ok(appended)
    }

    /// Remembers how it is.
    pub(crate) fn mark(&self) -> Mark {
        Mark { incident: self.state.id, events: self.events.len(), tree: self.tree.clone() }
    }

    /// Makes it what it was. Failures are rare, so that folding anew then is cheaper than keeping states.
    pub(crate) fn back_to(&mut self, mark: Mark) {
        let added = self.events.len() - mark.events;
        self.events.truncate(mark.events);
        // An event whose hash failed has no row to be; the last one may be such.
        self.unwritten.truncate(self.unwritten.len().saturating_sub(added));
        self.tree = mark.tree;
        if let Some(state) = IncidentState::fold(&self.events) {
            self.state = state;
        }
    }
}

impl Unwritten {
    fn of(event: &Event, tree: &mut Tree) -> Result<Self, StoreError> {
        let (leaf, salt) = record::leaf(event)?;
        let (actor, kind) = (to_json(&event.actor)?, to_json(&event.kind)?);
        tree.append(leaf);
        Ok(Self { leaf, salt, actor, kind })
    }
}

/// What a decision carries beside its events, until the event that it belongs to takes it.
pub(crate) struct Rest {
    pub(crate) spec: Option<farol_incident::spec::AttemptSpec>,
    pub(crate) secret: Option<farol_incident::decision::SecretValue>,
    /// The attempt that is queued by the decision that requests it.
    pub(crate) at_once: Option<AttemptId>,
}
