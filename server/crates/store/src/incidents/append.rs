//! Appending events.

use farol_api::event::{Actor, Event};
use farol_api::id::IncidentId;
use farol_api::incident::IncidentState;
use farol_incident::Decision;

use super::{Ending, Ledger};
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

impl Store {
    /// Lets the caller decide on the folded state under the incident's row lock, and appends what was decided.
    ///
    /// All or nothing: the events, the attempts that follow from them, secret values and the lists' rows. Returns the
    /// events appended; none where the decision has none.
    pub async fn append<E: Send>(
        &self,
        incident: IncidentId,
        actor: Actor,
        decide: impl FnOnce(&IncidentState, &[Event]) -> Result<Decision, E> + Send,
    ) -> Result<Vec<Event>, AppendError<E>> {
        let mut tx = self.begin().await?;
        let ledger = Ledger::lock(self, &mut tx, incident).await?;
        let mut ledger = ledger.ok_or(AppendError::NotFound)?;
        let decision = match decide(&ledger.state, &ledger.events) {
            Ok(decision) => decision,
            Err(refusal) => {
                ledger.committed(self);
                return Err(AppendError::Refused(refusal));
            }
        };
        if decision.events.is_empty() && decision.spec.is_none() && decision.secret_value.is_none() {
            ledger.committed(self);
            return Ok(Vec::new());
        }
        let appended = ledger.append(self, &mut tx, &actor, decision, Ending::Undispatched).await?;
        self.commit(tx).await?;
        ledger.committed(self);
        Ok(appended)
    }
}
