//! Committing the intent to send.

use std::collections::BTreeSet;

use farol_api::clock::Timestamp;
use farol_api::digest::Digest;
use farol_api::event::{Actor, Event, EventKind, FailureCode};
use farol_api::id::{AttemptId, UserId};
use farol_api::incident::AttemptStatus;
use farol_api::policy::requirement;
use farol_api::target::Target;
use farol_api::user::{Permission, User};
use farol_incident::Decision;
use sqlx::FromRow;

use super::finish::append_void;
use super::{Claim, Dispatched};
use crate::StoreError;
use crate::codec::after;
use crate::incidents::{Ending, Ledger, secret_values};
use crate::people::{find_user, has_token};
use crate::pool::{Session, Tx, on_db};
use crate::targets::{keep_target, open_credential};
use crate::writer::Batch;

/// What is stored of an attempt that a claim holds.
#[derive(FromRow)]
pub(super) struct HeldRow {
    pub spec: Vec<u8>,
    pub digest: String,
    pub expires_at: Timestamp,
    pub cancel_requested: bool,
    pub fencing_token: i64,
}

/// Checks that what was approved is what would run, and writes the intent to send it; or that it is void, and returns nothing.
///
/// `handed` says that it was queued in this very transaction.
pub(super) async fn intend(
    batch: &mut Batch,
    claim: &Claim,
    held: &HeldRow,
    handed: bool,
) -> Result<Option<Dispatched>, StoreError> {
    let (store, incident) = (batch.store.clone(), claim.spec.incident);
    let (target, sealed) = keep_target(batch.read(), &claim.spec.target, claim.spec.role).await?.unzip();
    let now = store.now();
    let voices = voices(batch, claim, handed).await?;
    let ledger = batch.ledger(incident).await?.ok_or(StoreError::Inconsistent("an attempt without its incident"))?;
    let rules = store.inner.rules.get().map(String::as_str);
    let target = match check(claim, held, ledger, &voices, (target, rules), now) {
        Ok(target) => target,
        Err(failure) => {
            append_void(batch, incident, claim.attempt(), failure).await?;
            return Ok(None);
        }
    };
    let lease_until = after(now, claim.lease);
    mark_dispatching(batch.write().await?, claim, now, lease_until).await?;
    let event = EventKind::AttemptDispatched {
        attempt: claim.attempt(),
        step: claim.spec.step.clone(),
        worker: claim.worker.clone(),
        fencing_token: claim.fencing_token,
    };
    let appended = batch.append(incident, &Actor::System, Decision::from(event), Ending::Dispatched).await?;
    let open = |sealed: Vec<u8>| open_credential(store.vault(), &target.id, claim.spec.role, &sealed);
    let credential = sealed.flatten().map(open).transpose()?;
    let secrets = secret_values(&store, batch.read(), incident).await?;
    Ok(Some(Dispatched {
        event: only(appended)?,
        target,
        credential,
        secrets: secrets.into_values().collect(),
        lease_until,
    }))
}

/// Whose words let an attempt run, as far as they still count.
struct Voices {
    /// Whether the one who asked may still run steps.
    asks: bool,
    /// Whether they may still break the glass.
    breaks: bool,
    /// How many of those who approved may still approve.
    approvals: usize,
}

/// Asks who of those that asked and approved still may: an account can be closed, or lose its role, while an attempt waits.
///
/// Nobody is looked up where it was asked for this moment: who asked has just been let in.
async fn voices(batch: &mut Batch, claim: &Claim, handed: bool) -> Result<Voices, StoreError> {
    let ledger = batch.ledger(claim.spec.incident).await?;
    let ledger = ledger.ok_or(StoreError::Inconsistent("an attempt without its incident"))?;
    let attempt = ledger.state.attempts.get(&claim.spec.attempt);
    let requester = attempt.and_then(|attempt| attempt.requested_by.as_ref()).map(|person| person.id);
    let asked_by = asked_by(&ledger.events, claim.spec.attempt).cloned();
    let approvers = approvers(&ledger.events, claim.spec.attempt, &claim.spec.digest());
    if handed && is_just_asked(&ledger.events, claim.spec.attempt) {
        return Ok(Voices { asks: true, breaks: true, approvals: 0 });
    }
    let mut voices = Voices { asks: false, breaks: false, approvals: 0 };
    if let Some(user) = still_there(batch.read(), requester).await? {
        let asks = user.may(Permission::Respond) && still_let_in(batch, asked_by.as_ref()).await?;
        (voices.asks, voices.breaks) = (asks, user.may(Permission::BreakGlass));
    }
    for approver in approvers {
        let user = still_there(batch.read(), Some(approver)).await?;
        voices.approvals += usize::from(user.is_some_and(|user| user.may(Permission::Approve)));
    }
    Ok(voices)
}

/// Finds somebody whose account is not closed.
async fn still_there(tx: &mut Tx, id: Option<UserId>) -> Result<Option<User>, StoreError> {
    let Some(id) = id else { return Ok(None) };
    Ok(find_user(tx, id).await?.filter(|user| user.disabled_at.is_none()))
}

/// Tells whether the token by which somebody asked is still good; who asked by themselves needs none.
async fn still_let_in(batch: &mut Batch, asked_by: Option<&Actor>) -> Result<bool, StoreError> {
    let Some(Actor::Token { person, name, id }) = asked_by else { return Ok(true) };
    let now = batch.store.now();
    has_token(batch.read(), person.id, name, *id, now).await
}

/// Returns the target where all is as it was approved, and classified by the rules that hold here, else why not.
fn check(
    claim: &Claim,
    held: &HeldRow,
    ledger: &Ledger,
    voices: &Voices,
    (target, rules): (Option<Target>, Option<&str>),
    now: Timestamp,
) -> Result<Target, FailureCode> {
    const VOID: FailureCode = FailureCode::ApprovalVoid;
    let spec = &claim.spec;
    if held.cancel_requested {
        return Err(FailureCode::Withdrawn);
    }
    let attempt = ledger.state.attempts.get(&spec.attempt).ok_or(VOID)?;
    let target = target.ok_or(VOID)?;
    let digest = spec.digest();
    let taken = requirement(spec.class, target.environment).ok_or(VOID)?;
    let taken = taken.with_others(spec.asked.approvals).with_others(target.approvals.of(spec.class));
    let asked = attempt.request.requirement;
    let requester = attempt.requested_by.as_ref();
    let broken = requester.is_some_and(|person| ledger.state.has_broken_glass(person.id, now));
    let waived = broken && voices.breaks;
    let holds = rules.is_none_or(|rules| rules == spec.classifier_version)
        && digest.as_str() == held.digest
        && digest == attempt.request.digest
        && attempt.status == AttemptStatus::Queued
        && voices.asks
        && target.version == spec.target_version
        && spec.role == taken.credential
        && (waived || voices.approvals >= usize::from(taken.approvals.max(asked.approvals)))
        && now <= held.expires_at.min(spec.expires_at);
    if holds { Ok(target) } else { Err(VOID) }
}

/// Tells whether an attempt was asked for and queued at once. What waited and was queued later, as by break-glass, may be a token's
/// that has ended since.
fn is_just_asked(events: &[Event], attempt: AttemptId) -> bool {
    let mut last = events.iter().rev().map(|event| &event.kind);
    let queued =
        last.next().is_some_and(|kind| matches!(kind, EventKind::AttemptQueued { attempt: of, .. } if *of == attempt));
    queued
        && last
            .next()
            .is_some_and(|kind| matches!(kind, EventKind::AttemptRequested { request } if request.attempt == attempt))
}

/// Returns who asked for an attempt.
fn asked_by(events: &[Event], attempt: AttemptId) -> Option<&Actor> {
    let mut requests = events
        .iter()
        .filter(|event| matches!(&event.kind, EventKind::AttemptRequested { request } if request.attempt == attempt));
    requests.next().map(|event| &event.actor)
}

/// Returns who approved this digest of an attempt, without the one who asked for it.
fn approvers(events: &[Event], attempt: AttemptId, digest: &Digest) -> BTreeSet<UserId> {
    let requester = asked_by(events, attempt).and_then(Actor::person).map(|person| person.id);
    let approvals = events.iter().filter(|event| match &event.kind {
        EventKind::ApprovalGranted { attempt: approved, digest: seen, .. } => *approved == attempt && seen == digest,
        _ => false,
    });
    approvals
        .filter_map(|event| event.actor.person().map(|person| person.id))
        .filter(|approver| Some(*approver) != requester)
        .collect()
}

async fn mark_dispatching(
    tx: &mut Tx,
    claim: &Claim,
    now: Timestamp,
    lease_until: Timestamp,
) -> Result<(), StoreError> {
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
    // It was claimed in this transaction: nobody can have it.
    if marked? == 1 { Ok(()) } else { Err(StoreError::Inconsistent("a claim that was lost while it was made")) }
}

pub(super) fn only(events: Vec<Event>) -> Result<Event, StoreError> {
    let event = events.into_iter().next();
    event.ok_or(StoreError::Inconsistent("an event that was not appended"))
}
