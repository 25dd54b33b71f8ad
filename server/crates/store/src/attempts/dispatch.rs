//! Committing the intent to send.

use std::collections::BTreeSet;

use farol_api::clock::Timestamp;
use farol_api::digest::Digest;
use farol_api::event::{Actor, Event, EventKind, FailureCode};
use farol_api::id::{AttemptId, UserId};
use farol_api::incident::AttemptStatus;
use farol_api::policy::requirement;
use farol_api::target::Target;
use farol_incident::Decision;
use sqlx::FromRow;

use super::claim::open_spec;
use super::{Claim, DispatchError, Dispatched};
use crate::codec::after;
use crate::dialect::KEEP_TARGET;
use crate::incidents::{Ending, Ledger, secret_values};
use crate::pool::{Session, Tx, on_db};
use crate::targets::{find_target, read_credential};
use crate::{Store, StoreError};

#[derive(FromRow)]
struct HeldRow {
    spec: Vec<u8>,
    digest: String,
    expires_at: Timestamp,
    cancel_requested: bool,
}

impl Store {
    /// Checks that what was approved is what would run, and commits the intent. Only after it answers may the attempt be
    /// sent, once.
    pub async fn dispatch(&self, claim: &Claim) -> Result<Dispatched, DispatchError> {
        let mut tx = self.begin().await?;
        let ledger = Ledger::lock(self, &mut tx, claim.spec.incident).await?;
        let mut ledger = ledger.ok_or(DispatchError::Lost)?;
        let held = held(&mut tx, claim).await?.ok_or(DispatchError::Lost)?;
        keep_target(&mut tx, claim).await?;
        let target = find_target(&mut tx, &claim.spec.target).await?;
        let now = self.now();
        let target = match self.check(claim, &held, &ledger, target, now) {
            Ok(target) => target,
            Err(failure) => {
                let event = self.append_void(&mut tx, &mut ledger, claim.attempt(), failure).await?;
                self.commit(tx).await?;
                ledger.committed(self);
                return Err(DispatchError::Void(Box::new(event)));
            }
        };
        let lease_until = after(now, claim.lease);
        mark_dispatching(&mut tx, claim, now, lease_until).await?;
        let event = EventKind::AttemptDispatched {
            attempt: claim.attempt(),
            step: claim.spec.step.clone(),
            worker: claim.worker.clone(),
            fencing_token: claim.fencing_token,
        };
        let decision = Decision::from(event);
        let appended = ledger.append(self, &mut tx, &Actor::System, decision, Ending::Dispatched).await?;
        let credential = read_credential(self, &mut tx, &target.id, claim.spec.role).await?;
        let secrets = secret_values(self, &mut tx, claim.spec.incident).await?;
        self.commit(tx).await?;
        ledger.committed(self);
        Ok(Dispatched {
            event: only(appended)?,
            target,
            credential,
            secrets: secrets.into_values().collect(),
            lease_until,
        })
    }

    /// Returns the target where all is as it was approved, else why not.
    fn check(
        &self,
        claim: &Claim,
        held: &HeldRow,
        ledger: &Ledger,
        target: Option<Target>,
        now: Timestamp,
    ) -> Result<Target, FailureCode> {
        const VOID: FailureCode = FailureCode::ApprovalVoid;
        let spec = &claim.spec;
        if held.cancel_requested {
            return Err(FailureCode::Withdrawn);
        }
        let stored = open_spec(self.vault(), spec.attempt, &held.spec).map_err(|_| VOID)?;
        let attempt = ledger.state.attempts.get(&spec.attempt).ok_or(VOID)?;
        let target = target.ok_or(VOID)?;
        let digest = spec.digest();
        let taken = requirement(spec.class, target.environment).ok_or(VOID)?;
        let taken = taken.with_others(spec.asked.approvals);
        let asked = attempt.request.requirement;
        let approvals = approvers(&ledger.events, spec.attempt, &digest).len();
        let holds = stored == *spec
            && digest.as_str() == held.digest
            && digest == attempt.request.digest
            && attempt.status == AttemptStatus::Queued
            && target.version == spec.target_version
            && spec.role == taken.credential
            && approvals >= usize::from(taken.approvals.max(asked.approvals))
            && now <= held.expires_at.min(spec.expires_at);
        if holds { Ok(target) } else { Err(VOID) }
    }
}

/// Returns who approved this digest of an attempt, without the one who asked for it.
fn approvers(events: &[Event], attempt: AttemptId, digest: &Digest) -> BTreeSet<UserId> {
    let requester = events.iter().find_map(|event| match &event.kind {
        EventKind::AttemptRequested { request } if request.attempt == attempt => {
            event.actor.person().map(|person| person.id)
        }
        _ => None,
    });
    let approvals = events.iter().filter(|event| match &event.kind {
        EventKind::ApprovalGranted { attempt: approved, digest: seen, .. } => *approved == attempt && seen == digest,
        _ => false,
    });
    approvals
        .filter_map(|event| event.actor.person().map(|person| person.id))
        .filter(|approver| Some(*approver) != requester)
        .collect()
}

/// Reads what a claim holds; nothing where it was lost.
async fn held(tx: &mut Tx, claim: &Claim) -> Result<Option<HeldRow>, StoreError> {
    const SQL: &str = "select spec, digest, expires_at, cancel_requested from attempts \
                       where id = $1 and worker = $2 and fencing_token = $3 and state = 'claimed'";
    let row = on_db!(tx.db(), |c| {
        let query = sqlx::query_as(SQL).bind(claim.attempt().0).bind(&claim.worker).bind(claim.fencing_token);
        query.fetch_optional(c).await
    })?;
    Ok(row)
}

async fn mark_dispatching(
    tx: &mut Tx,
    claim: &Claim,
    now: Timestamp,
    lease_until: Timestamp,
) -> Result<(), DispatchError> {
    const SQL: &str = "update attempts set state = 'dispatching', dispatched_at = $4, \
                       lease_until = $5 where id = $1 and worker = $2 and fencing_token = $3 \
                       and state = 'claimed'";
    let marked: Result<u64, sqlx::Error> = on_db!(tx.db(), |c| {
        let query = sqlx::query(SQL)
            .bind(claim.attempt().0)
            .bind(&claim.worker)
            .bind(claim.fencing_token)
            .bind(now)
            .bind(lease_until);
        query.execute(c).await.map(|done| done.rows_affected())
    });
    // The row was not locked when it was read: a sweep may have queued it again since.
    match marked.map_err(StoreError::from)? {
        1 => Ok(()),
        _ => Err(DispatchError::Lost),
    }
}

async fn keep_target(tx: &mut Tx, claim: &Claim) -> Result<(), StoreError> {
    let db = tx.db();
    let sql = KEEP_TARGET.of(&db);
    let _: Option<i64> = on_db!(db, |c| {
        let query = sqlx::query_scalar(sql).bind(claim.spec.target.as_str());
        query.fetch_optional(c).await
    })?;
    Ok(())
}

pub(super) fn only(events: Vec<Event>) -> Result<Event, StoreError> {
    let event = events.into_iter().next();
    event.ok_or(StoreError::Inconsistent("an event that was not appended"))
}
