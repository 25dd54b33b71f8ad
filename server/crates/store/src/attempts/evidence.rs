//! What a target knows of an attempt whose end nobody saw.

use farol_api::event::{Actor, Event, EventKind};
use farol_api::id::AttemptId;
use farol_api::incident::{Attempt, AttemptStatus, IncidentState, StepStatus};
use farol_incident::Decision;
use farol_incident::spec::AttemptSpec;
use uuid::Uuid;

use super::claim::open_spec;
use super::{Claim, LeaseError};
use crate::incidents::Ending;
use crate::pool::{Session, on_db};
use crate::writer::{Batch, Job, Place};
use crate::{Store, StoreError};

/// The most attempts in doubt that are told at once.
const BATCH: i64 = 100;

/// An attempt that ended as unknown, and what its target can be asked by.
#[derive(Clone, Debug)]
pub struct Doubt {
    /// What ran.
    pub spec: AttemptSpec,
    /// What was written down before the change could be committed.
    pub evidence: String,
}

/// What a target said of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// It is there.
    Committed,
    /// It was undone, all of it.
    Undone,
}

impl Store {
    /// Keeps what the target of a dispatched attempt can be asked by, should its end not be seen.
    pub async fn keep_evidence(&self, claim: &Claim, evidence: String) -> Result<(), LeaseError> {
        self.submit(Place::Beside, Keep { claim: claim.clone(), evidence }).await
    }

    /// Returns attempts that ended as unknown and whose targets can be asked, in the order of their ids from the first on or
    /// beyond one; at most a hundred.
    pub async fn doubts(&self, beyond: Option<AttemptId>) -> Result<Vec<AttemptId>, StoreError> {
        const SQL: &str = "select id from attempts where state = 'finished' and evidence is not null and id > $1 \
                           order by id limit $2";
        let mut reader = self.reader().await?;
        let beyond = beyond.map_or(Uuid::nil(), |attempt| attempt.0);
        let ids: Vec<Uuid> =
            on_db!(reader.db(), |c| sqlx::query_scalar(SQL).bind(beyond).bind(BATCH).fetch_all(c).await)?;
        Ok(ids.into_iter().map(AttemptId).collect())
    }

    /// Returns what ran in an attempt in doubt, and what its target can be asked by; nothing where there is no doubt any more.
    pub async fn doubt(&self, attempt: AttemptId) -> Result<Option<Doubt>, StoreError> {
        const SQL: &str = "select spec, evidence from attempts \
                           where id = $1 and state = 'finished' and evidence is not null";
        let mut reader = self.reader().await?;
        let row: Option<(Vec<u8>, String)> =
            on_db!(reader.db(), |c| sqlx::query_as(SQL).bind(attempt.0).fetch_optional(c).await)?;
        row.map(|(spec, evidence)| Ok(Doubt { spec: open_spec(self.vault(), attempt, &spec)?, evidence })).transpose()
    }

    /// Writes down what the target said, for a step whose outcome is still unknown; asks no more in either case. Returns the
    /// event, if there is one.
    pub async fn settle_doubt(&self, doubt: &Doubt, finding: Finding) -> Result<Option<Event>, StoreError> {
        self.submit(Place::Locked(doubt.spec.incident), Settle { doubt: doubt.clone(), finding: Some(finding) }).await
    }

    /// Asks no more: the target cannot say it.
    pub async fn leave_doubt(&self, doubt: &Doubt) -> Result<(), StoreError> {
        self.submit(Place::Locked(doubt.spec.incident), Settle { doubt: doubt.clone(), finding: None }).await.map(drop)
    }
}

struct Keep {
    claim: Claim,
    evidence: String,
}

impl Job for Keep {
    type Done = ();
    type Error = LeaseError;

    async fn run(self, batch: &mut Batch) -> Result<(), LeaseError> {
        const SQL: &str = "update attempts set state = 'running', evidence = $4 \
                           where id = $1 and worker = $2 and fencing_token = $3 and state in ('dispatching', 'running')";
        let claim = self.claim;
        let kept: Result<u64, sqlx::Error> = on_db!(batch.write().await?.db(), |c| {
            let query = sqlx::query(SQL).bind(claim.attempt().0).bind(&claim.worker).bind(claim.fencing_token);
            query.bind(&self.evidence).execute(c).await.map(|done| done.rows_affected())
        });
        if kept.map_err(StoreError::from)? == 1 { Ok(()) } else { Err(LeaseError::Lost) }
    }
}

struct Settle {
    doubt: Doubt,
    finding: Option<Finding>,
}

impl Job for Settle {
    type Done = Option<Event>;
    type Error = StoreError;

    async fn run(self, batch: &mut Batch) -> Result<Self::Done, StoreError> {
        let spec = &self.doubt.spec;
        let Some(ledger) = batch.ledger(spec.incident).await? else { return Ok(None) };
        let later = since(&ledger.state, spec);
        // It waits for an approval, perhaps: where that is refused, it is in doubt as before.
        if later.iter().any(|attempt| attempt.status != AttemptStatus::Finished && attempt.dispatched_at.is_none()) {
            return Ok(None);
        }
        let step = ledger.state.steps.get(&spec.step).filter(|step| {
            step.status == StepStatus::OutcomeUnknown && later.iter().all(|attempt| attempt.dispatched_at.is_none())
        });
        let attempt = ledger.state.attempts.get(&spec.attempt);
        let title = step.and(attempt).map(|attempt| attempt.request.title.clone());
        let kind = title.zip(self.finding).map(|(title, finding)| said(spec, title, finding, &self.doubt.evidence));
        let cleared = forget(batch, spec.attempt).await?;
        let Some(kind) = kind.filter(|_| cleared) else { return Ok(None) };
        let appended = batch.append(spec.incident, &Actor::System, Decision::from(kind), Ending::Undispatched).await?;
        Ok(appended.into_iter().next())
    }
}

/// Returns what was asked for of the same step after an attempt.
fn since<'a>(state: &'a IncidentState, spec: &AttemptSpec) -> Vec<&'a Attempt> {
    let asked = state.steps.get(&spec.step).map(|step| step.attempts.as_slice()).unwrap_or_default();
    let later = asked.iter().rev().take_while(|id| **id != spec.attempt);
    later.filter_map(|id| state.attempts.get(id)).collect()
}

/// The event that says what a target said.
fn said(spec: &AttemptSpec, title: String, finding: Finding, evidence: &str) -> EventKind {
    let number = evidence.split(' ').next().unwrap_or_default();
    let step = spec.step.clone();
    match finding {
        Finding::Committed => EventKind::StepDone {
            step,
            title,
            observed: Some(format!(
                "The database says that transaction {number} was committed: the change is there. \
                 / O banco diz que a transação {number} foi confirmada: a mudança está lá."
            )),
        },
        Finding::Undone => EventKind::StepFailed {
            step,
            title,
            reason: format!(
                "The database says that transaction {number} was rolled back: nothing of the change is there. \
                 / O banco diz que a transação {number} foi desfeita: nada da mudança está lá."
            ),
        },
    }
}

/// Asks no more; false where another server was first.
async fn forget(batch: &mut Batch, attempt: AttemptId) -> Result<bool, StoreError> {
    const SQL: &str = "update attempts set evidence = null where id = $1 and evidence is not null";
    let rows = on_db!(batch.write().await?.db(), |c| {
        sqlx::query(SQL).bind(attempt.0).execute(c).await.map(|done| done.rows_affected())
    })?;
    Ok(rows > 0)
}
