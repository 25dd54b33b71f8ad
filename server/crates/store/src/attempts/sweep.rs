//! Cleaning up after lost workers and forgotten requests.

use farol_api::clock::Timestamp;
use farol_api::event::{AttemptResult, FailureCode, Outcome};
use farol_api::id::{AttemptId, IncidentId};
use uuid::Uuid;

use super::Swept;
use super::finish::{append_end, append_void};
use crate::incidents::{Ending, Ledger};
use crate::live::Wake;
use crate::pool::{Session, Tx, on_db};
use crate::writer::{Batch, Job, Place};
use crate::{Store, StoreError};

/// The longest a sweep looks at, so that one call stays short; the next goes on.
const BATCH: i64 = 100;

impl Store {
    /// Queues again what an older program claimed and never dispatched, ends as `outcome_unknown` what was dispatched by a worker
    /// whose lease ended, and voids what expired. Any number of servers may sweep at once.
    pub async fn sweep(&self) -> Result<Swept, StoreError> {
        self.sweep_by(self.now()).await
    }

    /// The same by a time that was told before: a clock that has leapt since then ends nothing.
    pub async fn sweep_by(&self, now: Timestamp) -> Result<Swept, StoreError> {
        const LOST: &str = "select id, incident_id, lease_until from attempts \
                            where state in ('dispatching', 'running') and lease_until < $1 \
                            and (lease_until, id) > ($2, $3) order by lease_until, id limit $4";
        const EXPIRED: &str = "select id, incident_id, expires_at from attempts \
                               where state in ('awaiting', 'queued') and expires_at < $1 \
                               and (expires_at, id) > ($2, $3) order by expires_at, id limit $4";
        Ok(Swept {
            requeued: self.requeue(now).await?,
            unknown: self.end_all(LOST, Over::Lost, now).await?,
            expired: self.end_all(EXPIRED, Over::Expired, now).await?,
        })
    }

    /// Ends what is due, page by page until something was ended; returns that.
    async fn end_all(&self, sql: &'static str, over: Over, now: Timestamp) -> Result<Vec<AttemptId>, StoreError> {
        let (mut last, mut ended) = ((Timestamp::UNIX_EPOCH, Uuid::nil()), Vec::new());
        while ended.is_empty() {
            let page = self.due(sql, last, now).await?;
            let Some((attempt, _, at)) = page.last() else { break };
            last = (*at, *attempt);
            for (attempt, incident, _) in page {
                let attempt = AttemptId(attempt);
                if self.end(IncidentId(incident), attempt, over).await? {
                    ended.push(attempt);
                }
            }
        }
        Ok(ended)
    }

    /// The worker that held it has sent nothing, and its token is worth nothing to it once the state is another.
    async fn requeue(&self, now: Timestamp) -> Result<Vec<AttemptId>, StoreError> {
        const SQL: &str = "update attempts set state = 'queued', worker = null, lease_until = null \
                           where state = 'claimed' and lease_until < $1 returning id";
        let mut tx = self.begin().await?;
        let ids: Vec<Uuid> = on_db!(tx.db(), |c| sqlx::query_scalar(SQL).bind(now).fetch_all(c).await)?;
        if !ids.is_empty() {
            tx.wake(Wake::Jobs);
        }
        self.commit(tx).await?;
        Ok(ids.into_iter().map(AttemptId).collect())
    }

    /// Returns what is due after a place in the order in which it is.
    async fn due(
        &self,
        sql: &'static str,
        (at, attempt): (Timestamp, Uuid),
        now: Timestamp,
    ) -> Result<Vec<(Uuid, i64, Timestamp)>, StoreError> {
        let mut reader = self.reader().await?;
        Ok(on_db!(reader.db(), |c| {
            let query = sqlx::query_as(sql).bind(now).bind(at).bind(attempt).bind(BATCH);
            query.fetch_all(c).await
        })?)
    }

    async fn end(&self, incident: IncidentId, attempt: AttemptId, over: Over) -> Result<bool, StoreError> {
        let ended = self.submit(Place::Locked(incident), End { incident, attempt, over }).await;
        match ended {
            // It stays as it is, and keeps nobody from the others.
            Err(error) if error.is_of_what_is_stored() => {
                tracing::error!(%incident, %attempt, %error, "an attempt cannot be ended");
                Ok(false)
            }
            ended => ended,
        }
    }
}

/// Why an attempt is over.
#[derive(Clone, Copy)]
enum Over {
    /// Its worker is lost.
    Lost,
    /// It was not dispatched in time.
    Expired,
}

struct End {
    incident: IncidentId,
    attempt: AttemptId,
    over: Over,
}

impl Job for End {
    type Done = bool;
    type Error = StoreError;

    async fn run(self, batch: &mut Batch) -> Result<bool, StoreError> {
        let Self { incident, attempt, over } = self;
        match over {
            Over::Lost => end_lost(batch, incident, attempt).await,
            Over::Expired => end_expired(batch, incident, attempt).await,
        }
    }
}

async fn end_lost(batch: &mut Batch, incident: IncidentId, attempt: AttemptId) -> Result<bool, StoreError> {
    let now = batch.store.now();
    let Some(ledger) = batch.ledger(incident).await? else { return Ok(false) };
    let outcome = lost_outcome(ledger, attempt);
    let Some(dispatched_at) = still_lost(batch.write().await?, attempt, now).await? else { return Ok(false) };
    let result = AttemptResult {
        duration_ms: u64::try_from((now - dispatched_at).num_milliseconds()).unwrap_or(0),
        ..AttemptResult::ended(outcome, Some(FailureCode::ServerLost))
    };
    append_end(batch, incident, attempt, result, Ending::Dispatched).await?;
    Ok(true)
}

async fn end_expired(batch: &mut Batch, incident: IncidentId, attempt: AttemptId) -> Result<bool, StoreError> {
    let now = batch.store.now();
    if batch.ledger(incident).await?.is_none() || !still_expired(batch.write().await?, attempt, now).await? {
        return Ok(false);
    }
    append_void(batch, incident, attempt, FailureCode::ApprovalVoid).await?;
    Ok(true)
}

/// What is held is committed only after a person's word was recorded: without it, what the target did is known. The
/// connection went with the server, and the transaction with the connection.
fn lost_outcome(ledger: &Ledger, attempt: AttemptId) -> Outcome {
    let Some(attempt) = ledger.state.attempts.get(&attempt) else { return Outcome::OutcomeUnknown };
    let waits = attempt.request.hold.as_ref().is_some_and(|hold| hold.seconds.is_some());
    let decided = attempt.hold.as_ref().and_then(|hold| hold.decided.as_ref());
    let committed = decided.is_some_and(|decided| decided.commit);
    if waits && !committed { Outcome::Failed } else { Outcome::OutcomeUnknown }
}

/// Locks a lost attempt and returns when it was dispatched; nothing where its worker came back or another sweep was
/// here first.
async fn still_lost(tx: &mut Tx, attempt: AttemptId, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
    const SQL: &str = "update attempts set lease_until = null where id = $1 \
                       and state in ('dispatching', 'running') and lease_until < $2 \
                       returning dispatched_at";
    let row: Option<Option<Timestamp>> = on_db!(tx.db(), |c| {
        let query = sqlx::query_scalar(SQL).bind(attempt.0).bind(now);
        query.fetch_optional(c).await
    })?;
    Ok(row.map(|dispatched_at| dispatched_at.unwrap_or(now)))
}

/// Locks an expired attempt as no claimer can take it any more; false where one did.
async fn still_expired(tx: &mut Tx, attempt: AttemptId, now: Timestamp) -> Result<bool, StoreError> {
    const SQL: &str = "update attempts set state = 'awaiting' where id = $1 \
                       and state in ('awaiting', 'queued') and expires_at < $2";
    let locked = on_db!(tx.db(), |c| {
        let query = sqlx::query(SQL).bind(attempt.0).bind(now);
        query.execute(c).await.map(|done| done.rows_affected())
    })?;
    Ok(locked > 0)
}
