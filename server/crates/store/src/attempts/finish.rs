//! Ending an attempt.

use farol_api::event::{Actor, AttemptResult, Event, EventKind, FailureCode, Outcome};
use farol_api::id::{AttemptId, IncidentId};
use farol_api::output::OutputContent;
use farol_incident::{Decision, SecretValue};

use super::dispatch::only;
use super::output::{hold_running, stored_digest, write_output};
use super::{Claim, LeaseError};
use crate::failpoint::failpoint;
use crate::incidents::{Ending, keep_left};
use crate::writer::{Batch, Job, Place};
use crate::{Store, StoreError};

impl Store {
    /// Ends a dispatched attempt. The digest of its output is computed here; `result.output_digest` is ignored.
    pub async fn finish(&self, claim: &Claim, result: AttemptResult) -> Result<Event, LeaseError> {
        self.finish_with(claim, Vec::new(), result, Vec::new()).await
    }

    /// Stores the last of an attempt's output, seals the secrets that it left, and ends it: all or nothing of it.
    pub async fn finish_with(
        &self,
        claim: &Claim,
        output: Vec<OutputContent>,
        result: AttemptResult,
        sealed: Vec<SecretValue>,
    ) -> Result<Event, LeaseError> {
        let finish = Finish { claim: claim.clone(), output, result, sealed };
        self.submit(Place::Locked(claim.spec.incident), finish).await
    }
}

struct Finish {
    claim: Claim,
    output: Vec<OutputContent>,
    result: AttemptResult,
    sealed: Vec<SecretValue>,
}

impl Job for Finish {
    type Done = Event;
    type Error = LeaseError;

    async fn run(self, batch: &mut Batch) -> Result<Event, LeaseError> {
        let incident = self.claim.spec.incident;
        batch.ledger(incident).await?.ok_or(LeaseError::Lost)?;
        hold_running(batch.write().await?, &self.claim).await?;
        if !self.output.is_empty() {
            write_output(batch, &self.claim, self.output).await?;
        }
        keep_left(batch, incident, self.sealed).await?;
        let end = append_end(batch, incident, self.claim.attempt(), self.result, Ending::Dispatched).await?;
        failpoint("an end that is not committed");
        Ok(end)
    }
}

pub(super) async fn append_void(
    batch: &mut Batch,
    incident: IncidentId,
    attempt: AttemptId,
    failure: FailureCode,
) -> Result<Event, StoreError> {
    let result = AttemptResult::ended(Outcome::Voided, Some(failure));
    append_end(batch, incident, attempt, result, Ending::Undispatched).await
}

pub(super) async fn append_end(
    batch: &mut Batch,
    incident: IncidentId,
    attempt: AttemptId,
    mut result: AttemptResult,
    ending: Ending,
) -> Result<Event, StoreError> {
    let ledger = batch.ledger(incident).await?;
    let known = ledger.and_then(|ledger| ledger.state.attempts.get(&attempt));
    let step = known.map(|known| known.request.step.clone());
    let step = step.ok_or(StoreError::Inconsistent("the end of an unknown attempt"))?;
    result.output_digest = stored_digest(batch.read(), attempt).await?;
    let end = EventKind::AttemptFinished { attempt, step, result };
    only(batch.append(incident, &Actor::System, Decision::from(end), ending).await?)
}
