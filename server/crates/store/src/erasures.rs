//! Erasing what an incident holds: recorded first, and removed after that is committed, by whoever comes to it.

use farol_api::clock::Timestamp;
use farol_api::event::{ErasedEntry, Event, EventKind};
use farol_api::id::{AttemptId, IncidentId};
use farol_api::incident::{Erasure, IncidentState};
use farol_api::output::OutputContent;
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::codec::to_json;
use crate::failpoint::failpoint;
use crate::incidents::forget_left;
use crate::live::Wake;
use crate::pool::{Pool, Session, Tx, on_db, uncancelled};
use crate::record::erase_payload;
use crate::writer::{Batch, Job, Place};
use crate::{Store, StoreError};

/// How many erasures, or incidents, are named at once.
const BATCH: i64 = 100;
/// How long before an entry the request began, at most, whose first answer is kept for whoever repeats it.
const ASKED: chrono::Duration = chrono::Duration::minutes(5);

impl Store {
    /// Returns erasures after one of them that are recorded and whose content is still there; at most a hundred.
    pub async fn pending_erasures(&self, beyond: (IncidentId, i64)) -> Result<Vec<(IncidentId, i64)>, StoreError> {
        const SQL: &str = "select incident_id, seq from erasures where done_at is null \
                           and (incident_id, seq) > ($1, $2) order by incident_id, seq limit $3";
        let (incident, seq) = (beyond.0.0, beyond.1);
        let mut reader = self.reader().await?;
        let rows: Vec<(i64, i64)> =
            on_db!(reader.db(), |c| sqlx::query_as(SQL).bind(incident).bind(seq).bind(BATCH).fetch_all(c).await)?;
        Ok(rows.into_iter().map(|(incident, seq)| (IncidentId(incident), seq)).collect())
    }

    /// Removes what a recorded erasure names, and leaves in its place that it was erased; false where that was done before.
    ///
    /// Files of results are not the store's: whoever has them removes them.
    pub async fn finish_erasure(&self, incident: IncidentId, seq: i64) -> Result<bool, StoreError> {
        failpoint("an erasure that is recorded");
        let done = self.submit(Place::Locked(incident), Finish { incident, seq }).await?;
        failpoint("an erasure that is in the log still");
        Ok(done)
    }

    /// Takes what was removed out of SQLite's log too; false where somebody reads from it. Postgres has no such log to empty.
    pub async fn truncate_log(&self) -> Result<bool, StoreError> {
        let Pool::Sqlite(pools) = &self.inner.pool else { return Ok(true) };
        let (writer, turn) = (pools.writer.clone(), pools.gate.turn().await?);
        // Whoever reads keeps the log from being emptied, and must not keep the one writer waiting for that.
        uncancelled(async move {
            let mut writer = writer.acquire().await?;
            let patience: i64 = sqlx::query_scalar("pragma busy_timeout").fetch_one(&mut *writer).await?;
            sqlx::query("pragma busy_timeout = 0").execute(&mut *writer).await?;
            let emptied: Result<(i64, i64, i64), sqlx::Error> =
                sqlx::query_as("pragma wal_checkpoint(truncate)").fetch_one(&mut *writer).await;
            let again = AssertSqlSafe(format!("pragma busy_timeout = {patience}"));
            sqlx::query(again).execute(&mut *writer).await?;
            drop(turn);
            emptied.map(|(busy, _, _)| busy == 0)
        })
        .await
    }

    /// Returns those attempts whose output was erased.
    pub async fn with_erased_output(&self, attempts: &[AttemptId]) -> Result<Vec<AttemptId>, StoreError> {
        const SQL: &str = "select id from attempts where id = $1 and erased_seq is not null";
        let mut reader = self.reader().await?;
        let mut erased = Vec::new();
        for attempt in attempts {
            let found: Option<Uuid> =
                on_db!(reader.db(), |c| sqlx::query_scalar(SQL).bind(attempt.0).fetch_optional(c).await)?;
            erased.extend(found.map(AttemptId));
        }
        Ok(erased)
    }

    /// Returns how many erasures were ever recorded: where it has not grown, there is nothing new to remove.
    pub async fn erasures_recorded(&self) -> Result<i64, StoreError> {
        const SQL: &str = "select count(*) from erasures";
        let mut reader = self.reader().await?;
        Ok(on_db!(reader.db(), |c| sqlx::query_scalar(SQL).fetch_one(c).await)?)
    }

    /// Returns incidents after one of them that are over, were resolved (or, where they never were, declared) before a time, and
    /// have output that was not erased; at most a hundred.
    pub async fn with_output(&self, before: Timestamp, beyond: IncidentId) -> Result<Vec<IncidentId>, StoreError> {
        const SQL: &str = "select i.id from incidents i where i.is_open <> $1 and i.id > $2 \
                           and coalesce(i.resolved_at, i.declared_at) <= $3 and exists (select 1 from attempts a \
                           where a.incident_id = i.id and a.erased_seq is null and a.state = 'finished' \
                           and (exists (select 1 from output_chunks o where o.attempt_id = a.id) \
                           or exists (select 1 from undos u where u.attempt_id = a.id))) order by i.id limit $4";
        let mut reader = self.reader().await?;
        let ids: Vec<i64> = on_db!(reader.db(), |c| {
            let query = sqlx::query_scalar(SQL).bind(true).bind(beyond.0).bind(before).bind(BATCH);
            query.fetch_all(c).await
        })?;
        Ok(ids.into_iter().map(IncidentId).collect())
    }
}

/// What follows from the entry that records it: it waits to be done, and the output is known to go.
pub(crate) async fn follow(tx: &mut Tx, event: &Event, attempts: &[AttemptId]) -> Result<(), StoreError> {
    const WAITS: &str = "insert into erasures (incident_id, seq) values ($1, $2)";
    const GOES: &str = "update attempts set erased_seq = $3 where id = $1 and incident_id = $2";
    let (incident, seq) = (event.incident_id.0, event.seq);
    on_db!(tx.db(), |c| sqlx::query(WAITS).bind(incident).bind(seq).execute(c).await.map(drop))?;
    for attempt in attempts {
        on_db!(tx.db(), |c| {
            let query = sqlx::query(GOES).bind(attempt.0).bind(incident).bind(seq);
            query.execute(c).await.map(drop)
        })?;
    }
    Ok(())
}

struct Finish {
    incident: IncidentId,
    seq: i64,
}

impl Job for Finish {
    type Done = bool;
    type Error = StoreError;

    async fn run(self, batch: &mut Batch) -> Result<bool, StoreError> {
        let Self { incident, seq } = self;
        let now = batch.store.now();
        let Some(ledger) = batch.ledger(incident).await? else { return Ok(false) };
        let event = ledger.events.iter().find(|event| event.seq == seq);
        let Some((event, erasure)) = event.and_then(|event| Some((event.clone(), Erasure::of(event)?))) else {
            return Ok(false);
        };
        let EventKind::PayloadErased { entries, .. } = &event.kind else { return Ok(false) };
        let secrets = left_secrets(&ledger.state, &erasure);
        let written: Vec<Timestamp> = {
            let of = |entry: &ErasedEntry| ledger.events.iter().find(|event| event.seq == entry.seq);
            entries.iter().filter_map(of).map(|event| event.recorded_at).collect()
        };
        let said = erasure.said_to_all();
        let tx = batch.write().await?;
        if !mark_done(tx, incident, seq, now).await? {
            return Ok(false);
        }
        for entry in entries {
            let left = entry.left.with_texts(&said).unwrap_or_else(|| entry.left.clone());
            erase_payload(tx, incident, entry.seq, &to_json(&left)?).await?;
        }
        for at in written {
            erase_answers(tx, at).await?;
        }
        for attempt in &erasure.attempts {
            erase_output(tx, *attempt, &said).await?;
        }
        if !erasure.attempts.is_empty() {
            forget_left(tx, incident, secrets).await?;
        }
        tx.wake(Wake::Incident(incident));
        failpoint("an erasure that is not committed");
        Ok(true)
    }
}

/// The sealed values that attempts left and that no later attempt left anew.
fn left_secrets(state: &IncidentState, erasure: &Erasure) -> Vec<String> {
    let of_them = state.sealed.iter().filter(|(_, from)| erasure.attempts.contains(&from.attempt));
    of_them.map(|(name, _)| name.clone()).collect()
}

async fn mark_done(tx: &mut Tx, incident: IncidentId, seq: i64, now: Timestamp) -> Result<bool, StoreError> {
    const SQL: &str = "update erasures set done_at = $3 where incident_id = $1 and seq = $2 and done_at is null";
    let marked = on_db!(tx.db(), |c| {
        let query = sqlx::query(SQL).bind(incident.0).bind(seq).bind(now);
        query.execute(c).await.map(|done| done.rows_affected())
    })?;
    Ok(marked > 0)
}

/// Removes the output of an attempt. Its last chunk says what became of it, so that whoever reads on after any chunk comes to it.
async fn erase_output(tx: &mut Tx, attempt: AttemptId, said: &str) -> Result<(), StoreError> {
    const REST: &str = "delete from output_chunks where attempt_id = $1 \
                        and seq < (select max(seq) from output_chunks where attempt_id = $1)";
    const LAST: &str = "update output_chunks set content = $2, erased = $3 where attempt_id = $1";
    const UNDO: &str = "delete from undos where attempt_id = $1";
    let content = to_json(&OutputContent::Stdout { text: format!("{said}\n") })?;
    on_db!(tx.db(), |c| sqlx::query(REST).bind(attempt.0).execute(c).await.map(drop))?;
    on_db!(tx.db(), |c| {
        let query = sqlx::query(LAST).bind(attempt.0).bind(content).bind(true);
        query.execute(c).await.map(drop)
    })?;
    on_db!(tx.db(), |c| sqlx::query(UNDO).bind(attempt.0).execute(c).await.map(drop))?;
    Ok(())
}

/// Removes what answers to requests hold that may have led to an entry. Whoever repeats one is told that its key was used.
async fn erase_answers(tx: &mut Tx, at: Timestamp) -> Result<(), StoreError> {
    const SQL: &str = "update idempotency_keys set body = null, request = '' \
                       where status is not null and begun_at >= $1 and begun_at <= $2";
    on_db!(tx.db(), |c| sqlx::query(SQL).bind(at - ASKED).bind(at).execute(c).await.map(drop))?;
    Ok(())
}
