//! Ending an attempt.

use farol_api::event::{Actor, AttemptResult, Event, EventKind, FailureCode, Outcome};
use farol_api::id::{AttemptId, IncidentId};
use farol_incident::Decision;

use super::dispatch::only;
use super::output::{hold_running, stored_digest};
use super::{Claim, LeaseError};
use crate::incidents::{Ending, Ledger};
use crate::pool::Tx;
use crate::{Store, StoreError};

impl Store {
    /// Ends a dispatched attempt. The digest of its output is computed here; `result.output_digest` is ignored.
    pub async fn finish(&self, claim: &Claim, result: AttemptResult) -> Result<Event, LeaseError> {
        let mut tx = self.begin().await?;
        let ledger = Ledger::lock(self, &mut tx, claim.spec.incident).await?;
        let mut ledger = ledger.ok_or(LeaseError::Lost)?;
        hold_running(&mut tx, claim).await?;
        let event = self.append_end(&mut tx, &mut ledger, claim.attempt(), result, Ending::Dispatched).await?;
        self.commit(tx).await?;
        ledger.committed(self);
        Ok(event)
    }

    /// Ends an attempt that was never dispatched; nothing where it moved on meanwhile.
    pub(super) async fn void(
        &self,
        incident: IncidentId,
        attempt: AttemptId,
        failure: FailureCode,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        if let Some(mut ledger) = Ledger::lock(self, &mut tx, incident).await? {
            self.append_void(&mut tx, &mut ledger, attempt, failure).await?;
            self.commit(tx).await?;
            ledger.committed(self);
        }
        Ok(())
    }

    pub(super) async fn append_void(
        &self,
        tx: &mut Tx,
        ledger: &mut Ledger,
        attempt: AttemptId,
        failure: FailureCode,
    ) -> Result<Event, StoreError> {
        let result = AttemptResult {
            outcome: Outcome::Voided,
            exit_code: None,
            rows: None,
            duration_ms: 0,
            output_digest: None,
            truncated: false,
            full: None,
            failure: Some(failure),
            expected_seen: None,
            captured: Vec::new(),
            directory: None,
        };
        self.append_end(tx, ledger, attempt, result, Ending::Undispatched).await
    }

    pub(super) async fn append_end(
        &self,
        tx: &mut Tx,
        ledger: &mut Ledger,
        attempt: AttemptId,
        mut result: AttemptResult,
        ending: Ending,
    ) -> Result<Event, StoreError> {
        let known = ledger.state.attempts.get(&attempt);
        let known = known.ok_or(StoreError::Inconsistent("the end of an unknown attempt"))?;
        result.output_digest = stored_digest(tx, attempt).await?;
        let end = EventKind::AttemptFinished { attempt, step: known.request.step.clone(), result };
        let appended = ledger.append(self, tx, &Actor::System, Decision::from(end), ending).await?;
        only(appended)
    }
}
