//! What follows from an event in other tables, in the same transaction.

use farol_api::approval::AttemptRequest;
use farol_api::clock::Timestamp;
use farol_api::event::{Event, EventKind, Outcome};
use farol_api::id::{AttemptId, IncidentId};
use farol_incident::spec::AttemptSpec;
use zeroize::Zeroizing;

use super::ledger::Rest;
use super::parameters::{forget_secret, keep_secret};
use crate::attempts::mark_decided;
use crate::pool::{Session, Tx, on_db};
use crate::writer::Batch;
use crate::{StoreError, erasures};

/// Which attempts an `AttemptFinished` may end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Those that were never dispatched: people and the clock end no other.
    Undispatched,
    /// Those that were dispatched: only their worker, or the sweep after it was lost.
    Dispatched,
}

/// Writes what follows from an event. Whatever writes asks the batch for the transaction, so that it can be undone.
pub(crate) async fn follow(
    batch: &mut Batch,
    event: &Event,
    rest: &mut Rest,
    ending: Ending,
) -> Result<(), StoreError> {
    let (incident, at) = (event.incident_id, event.recorded_at);
    match &event.kind {
        EventKind::Declared { .. } if event.seq > 1 => Err(StoreError::Inconsistent("a second declaration")),
        EventKind::AttemptRequested { request } => {
            let spec = rest.spec.take();
            let spec = spec.ok_or(StoreError::Inconsistent("a requested attempt without spec"))?;
            let queued = rest.at_once == Some(request.attempt);
            insert_attempt(batch, incident, (at, queued), request, &spec).await
        }
        // Written so when it was requested, in this very decision.
        EventKind::AttemptQueued { attempt, .. } if rest.at_once == Some(*attempt) => Ok(()),
        EventKind::AttemptQueued { attempt, .. } => queue_attempt(batch.write().await?, *attempt, at).await,
        EventKind::CancelRequested { attempt, .. } => mark_cancelled(batch.write().await?, *attempt).await,
        EventKind::HoldDecided { attempt, commit, .. } => mark_decided(batch.write().await?, *attempt, *commit).await,
        EventKind::AttemptFinished { attempt, result, .. } => {
            let known = result.outcome != Outcome::OutcomeUnknown;
            end_attempt(batch.write().await?, *attempt, at, ending, known).await
        }
        EventKind::AttemptDispatched { .. } if ending != Ending::Dispatched => {
            Err(StoreError::Inconsistent("a dispatch without a claim"))
        }
        EventKind::BreakGlassOpened { .. }
        | EventKind::BreakGlassClosed { .. }
        | EventKind::BreakGlassReviewed { .. } => super::break_glass::follow(batch.write().await?, event).await,
        EventKind::PayloadErased { attempts, .. } => erasures::follow(batch.write().await?, event, attempts).await,
        EventKind::ParameterSet { name, secret, .. } => {
            match rest.secret.take_if(|value| *secret && value.name == *name) {
                Some(value) => keep_secret(batch, incident, &value).await,
                None if *secret => Err(StoreError::Inconsistent("a secret without its value")),
                None => forget_secret(batch.write().await?, incident, name).await,
            }
        }
        _ => Ok(()),
    }
}

/// Returns what a sealed spec is sealed for.
pub(crate) fn spec_purpose(attempt: AttemptId) -> String {
    format!("attempts/{attempt}/spec")
}

async fn insert_attempt(
    batch: &mut Batch,
    incident: IncidentId,
    (now, queued): (Timestamp, bool),
    request: &AttemptRequest,
    spec: &AttemptSpec,
) -> Result<(), StoreError> {
    const SQL: &str = "insert into attempts (id, incident_id, step, target_id, state, spec, digest, \
                       requested_at, expires_at, queued_at) values ($1, $2, $3, $4, $9, $5, $6, $7, $8, $10)";
    let digest = spec.digest();
    let agrees = spec.attempt == request.attempt
        && spec.incident == incident
        && spec.step == request.step
        && spec.target == request.target
        && spec.expires_at == request.expires_at
        && digest == request.digest;
    if !agrees {
        return Err(StoreError::Inconsistent("a spec that is not what its request says"));
    }
    let json = Zeroizing::new(crate::codec::to_json(spec)?);
    let sealed = batch.store.vault().seal(&spec_purpose(spec.attempt), json.as_bytes());
    on_db!(batch.write().await?.db(), |c| {
        let query = sqlx::query(SQL)
            .bind(spec.attempt.0)
            .bind(incident.0)
            .bind(spec.step.as_str())
            .bind(spec.target.as_str())
            .bind(sealed)
            .bind(digest.as_str())
            .bind(now)
            .bind(spec.expires_at)
            .bind(if queued { "queued" } else { "awaiting" })
            .bind(queued.then_some(now));
        query.execute(c).await.map(drop)
    })?;
    Ok(())
}

async fn queue_attempt(tx: &mut Tx, attempt: AttemptId, now: Timestamp) -> Result<(), StoreError> {
    const SQL: &str = "update attempts set state = 'queued', queued_at = $2 \
                       where id = $1 and state = 'awaiting'";
    let queued = on_db!(tx.db(), |c| {
        let query = sqlx::query(SQL).bind(attempt.0).bind(now);
        query.execute(c).await.map(|done| done.rows_affected())
    })?;
    one(queued, "an attempt queued that did not wait")
}

async fn mark_cancelled(tx: &mut Tx, attempt: AttemptId) -> Result<(), StoreError> {
    const SQL: &str = "update attempts set cancel_requested = $2 \
                       where id = $1 and state <> 'finished'";
    let marked = on_db!(tx.db(), |c| {
        let query = sqlx::query(SQL).bind(attempt.0).bind(true);
        query.execute(c).await.map(|done| done.rows_affected())
    })?;
    one(marked, "a stop asked of an attempt that is over")
}

/// Ends an attempt; what its target could be asked about it is forgotten where the end is known.
async fn end_attempt(
    tx: &mut Tx,
    attempt: AttemptId,
    now: Timestamp,
    ending: Ending,
    known: bool,
) -> Result<(), StoreError> {
    const UNDISPATCHED: &str = "update attempts set state = 'finished', finished_at = $2, lease_until = null, \
                                evidence = case when $3 then null else evidence end \
                                where id = $1 and state in ('awaiting', 'queued', 'claimed')";
    const DISPATCHED: &str = "update attempts set state = 'finished', finished_at = $2, lease_until = null, \
                              evidence = case when $3 then null else evidence end \
                              where id = $1 and state in ('dispatching', 'running')";
    let sql = match ending {
        Ending::Undispatched => UNDISPATCHED,
        Ending::Dispatched => DISPATCHED,
    };
    let ended = on_db!(tx.db(), |c| {
        let query = sqlx::query(sql).bind(attempt.0).bind(now).bind(known);
        query.execute(c).await.map(|done| done.rows_affected())
    })?;
    one(ended, "the end of an attempt that is in another state")
}

pub(super) fn one(rows: u64, otherwise: &'static str) -> Result<(), StoreError> {
    if rows == 1 { Ok(()) } else { Err(StoreError::Inconsistent(otherwise)) }
}
