//! Appending events.

use std::marker::PhantomData;

use farol_api::event::{Actor, Event};
use farol_api::id::IncidentId;
use farol_api::incident::IncidentState;
use farol_incident::Decision;

use super::Ending;
use crate::writer::{Batch, Failure, Job, Place};
use crate::{Store, StoreError};

/// Why nothing was appended.
#[derive(Debug, thiserror::Error)]
pub enum AppendError<E> {
    /// The rules refused it.
    #[error("refused")]
    Refused(E),
    /// There is no such incident.
    #[error("no such incident")]
    NotFound,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl<E: Send + 'static> Failure for AppendError<E> {
    fn of_store(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            Self::Refused(_) | Self::NotFound => None,
        }
    }
}

impl Store {
    /// Lets the caller decide on the folded state while nobody else appends to the incident, and appends what was decided.
    ///
    /// All or nothing: the events, the attempts that follow from them, secret values and the lists' rows. Returns the
    /// events appended; none where the decision has none. What others append at the same time is committed with it, and each
    /// is accepted or refused by itself; where the commit fails, nothing of any of them was appended.
    pub async fn append<E: Send + 'static>(
        &self,
        incident: IncidentId,
        actor: Actor,
        decide: impl FnOnce(&IncidentState, &[Event]) -> Result<Decision, E> + Send + 'static,
    ) -> Result<Vec<Event>, AppendError<E>> {
        self.submit(Place::Locked(incident), Append { incident, actor, decide, error: PhantomData }).await
    }
}

struct Append<D, E> {
    incident: IncidentId,
    actor: Actor,
    decide: D,
    error: PhantomData<fn() -> E>,
}

impl<D, E> Job for Append<D, E>
where
    D: FnOnce(&IncidentState, &[Event]) -> Result<Decision, E> + Send + 'static,
    E: Send + 'static,
{
    type Done = Vec<Event>;
    type Error = AppendError<E>;

    async fn run(self, batch: &mut Batch) -> Result<Self::Done, Self::Error> {
        let ledger = batch.ledger(self.incident).await?.ok_or(AppendError::NotFound)?;
        let decision = (self.decide)(&ledger.state, &ledger.events).map_err(AppendError::Refused)?;
        if decision.events.is_empty() && decision.spec.is_none() && decision.secret_value.is_none() {
            return Ok(Vec::new());
        }
        Ok(batch.append(self.incident, &self.actor, decision, Ending::Undispatched).await?)
    }
}
