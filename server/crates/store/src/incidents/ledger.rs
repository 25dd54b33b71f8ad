//! An incident held under its row lock: its events, its state, and the way to add to them.

use farol_api::clock::truncate;
use farol_api::event::{Actor, Event};
use farol_api::id::IncidentId;
use farol_api::incident::IncidentState;
use farol_incident::Decision;
use farol_record::Tree;

use super::follow::{Ending, follow};
use super::rows::{insert_event, insert_responders, load_events, update_incident};
use crate::live::Wake;
use crate::pool::Tx;
use crate::{Store, StoreError, record};

#[derive(Debug)]
pub(crate) struct Ledger {
    pub(crate) state: IncidentState,
    pub(crate) events: Vec<Event>,
    /// The tree over the events, as it stands in the incident's row.
    tree: Tree,
}

impl Ledger {
    /// Locks an incident until the transaction ends, and folds its events; nothing where there is no such incident.
    ///
    /// What is known of it already is not read again. After the commit it belongs back: [`Ledger::committed`].
    pub(crate) async fn lock(store: &Store, tx: &mut Tx, incident: IncidentId) -> Result<Option<Self>, StoreError> {
        let Some((last, tree)) = record::lock_tree(tx, incident).await? else { return Ok(None) };
        let known = store.inner.kept.take(incident).filter(|known| known.state.last_seq <= last);
        let after = known.as_ref().map_or(0, |known| known.state.last_seq);
        let fresh = if after < last { load_events(tx, incident, after, u32::MAX).await? } else { Vec::new() };
        match Self::grown(known, fresh, tree) {
            Some(ledger) if ledger.state.last_seq == last && ledger.events.len() as i64 == last => Ok(Some(ledger)),
            _ => Err(StoreError::corrupt("events", format!("incident {incident} has not the events it counted"))),
        }
    }

    fn grown(known: Option<Self>, fresh: Vec<Event>, tree: Tree) -> Option<Self> {
        let Some(mut known) = known else {
            return Some(Self { state: IncidentState::fold(&fresh)?, events: fresh, tree });
        };
        known.tree = tree;
        fresh.iter().for_each(|event| known.state.apply(event));
        known.events.extend(fresh);
        Some(known)
    }

    /// Keeps it for the next append. Only for what is committed, or was not appended to.
    pub(crate) fn committed(self, store: &Store) {
        store.inner.kept.give_back(self);
    }

    /// Appends what was decided and all that follows from it. Returns the new events.
    pub(crate) async fn append(
        &mut self,
        store: &Store,
        tx: &mut Tx,
        actor: &Actor,
        decision: Decision,
        ending: Ending,
    ) -> Result<Vec<Event>, StoreError> {
        let known = self.state.responders.len();
        let recorded_at = store.now();
        let mut rest = Rest { spec: decision.spec, secret: decision.secret_value };
        let mut appended = Vec::with_capacity(decision.events.len());
        for draft in decision.events {
            let event = Event {
                incident_id: self.state.id,
                seq: self.state.last_seq + 1,
                occurred_at: draft.occurred_at.map_or(recorded_at, truncate),
                recorded_at,
                actor: actor.clone(),
                kind: draft.kind,
            };
            insert_event(tx, &event, &mut self.tree).await?;
            follow(store, tx, &event, &mut rest, ending).await?;
            self.state.apply(&event);
            appended.push(event);
        }
        if rest.spec.is_some() || rest.secret.is_some() {
            return Err(StoreError::Inconsistent("a spec or secret value without its event"));
        }
        update_incident(tx, &self.state, &self.tree).await?;
        insert_responders(tx, &self.state, known).await?;
        tx.wake(Wake::Incident(self.state.id));
        self.events.extend(appended.iter().cloned());
        Ok(appended)
    }
}

/// What a decision carries beside its events, until the event that it belongs to takes it.
pub(super) struct Rest {
    pub(super) spec: Option<farol_incident::spec::AttemptSpec>,
    pub(super) secret: Option<farol_incident::decision::SecretValue>,
}
