//! Changes that are held before they are committed: what was seen, who decides, and what would undo them.

use farol_api::event::{Actor, Event, EventKind};
use farol_api::hold::{Held, RolledBack};
use farol_api::id::AttemptId;
use farol_incident::Decision;
use zeroize::Zeroizing;

use super::dispatch::only;
use super::output::hold_running;
use super::{Claim, LeaseError};
use crate::incidents::Ending;
use crate::pool::{Session, Tx, on_db};
use crate::writer::{Batch, Job, Place};
use crate::{Store, StoreError};

/// The statements that put back what a change took away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undo {
    /// How many rows they put back.
    pub rows: u64,
    /// The statements, in their order.
    pub statements: Vec<String>,
}

impl Store {
    /// Records that a change is held, with what would undo it.
    pub async fn hold(&self, claim: &Claim, held: Held, undo: Option<Undo>) -> Result<Event, LeaseError> {
        self.submit(Place::Locked(claim.spec.incident), Hold { claim: claim.clone(), held, undo }).await
    }

    /// Returns whether a change is to be committed, as far as somebody has decided.
    pub async fn hold_decision(&self, attempt: AttemptId) -> Result<Option<bool>, StoreError> {
        const SQL: &str = "select hold_decided from attempts where id = $1";
        let mut reader = self.reader().await?;
        let decided: Option<Option<String>> =
            on_db!(reader.db(), |c| sqlx::query_scalar(SQL).bind(attempt.0).fetch_optional(c).await)?;
        Ok(decided.flatten().map(|decided| decided == "commit"))
    }

    /// Closes a hold: what a person decided stands; where nobody has, it is rolled back for this reason.
    ///
    /// Returns whether to commit. From here on no person decides any more.
    pub async fn close_hold(&self, claim: &Claim, because: RolledBack) -> Result<bool, LeaseError> {
        self.submit(Place::Locked(claim.spec.incident), Close { claim: claim.clone(), because }).await
    }

    /// Returns what would undo an attempt; nothing where nothing was kept.
    pub async fn undo(&self, attempt: AttemptId) -> Result<Option<Undo>, StoreError> {
        const SQL: &str = "select rows, statements from undos where attempt_id = $1";
        let mut reader = self.reader().await?;
        let row: Option<(i64, Vec<u8>)> =
            on_db!(reader.db(), |c| sqlx::query_as(SQL).bind(attempt.0).fetch_optional(c).await)?;
        let Some((rows, sealed)) = row else { return Ok(None) };
        let json = self
            .vault()
            .open(&undo_purpose(attempt), &sealed)
            .map_err(|e| StoreError::corrupt("undos.statements", e))?;
        let statements = serde_json::from_slice(&json).map_err(|e| StoreError::corrupt("undos.statements", e))?;
        Ok(Some(Undo { rows: u64::try_from(rows).unwrap_or(0), statements }))
    }
}

struct Hold {
    claim: Claim,
    held: Held,
    undo: Option<Undo>,
}

impl Job for Hold {
    type Done = Event;
    type Error = LeaseError;

    async fn run(self, batch: &mut Batch) -> Result<Event, LeaseError> {
        let Self { claim, held, undo } = self;
        let (incident, attempt) = (claim.spec.incident, claim.attempt());
        batch.ledger(incident).await?.ok_or(LeaseError::Lost)?;
        hold_running(batch.write().await?, &claim).await?;
        if let Some(undo) = undo {
            let store = batch.store.clone();
            keep_undo(&store, batch.write().await?, attempt, &undo).await?;
        }
        let event = EventKind::AttemptHeld { attempt, step: claim.spec.step.clone(), held };
        Ok(only(batch.append(incident, &Actor::System, Decision::from(event), Ending::Dispatched).await?)?)
    }
}

struct Close {
    claim: Claim,
    because: RolledBack,
}

impl Job for Close {
    type Done = bool;
    type Error = LeaseError;

    async fn run(self, batch: &mut Batch) -> Result<bool, LeaseError> {
        let Self { claim, because } = self;
        let (incident, attempt) = (claim.spec.incident, claim.attempt());
        let ledger = batch.ledger(incident).await?.ok_or(LeaseError::Lost)?;
        let hold = ledger.state.attempts.get(&attempt).and_then(|attempt| attempt.hold.clone());
        hold_running(batch.write().await?, &claim).await?;
        let hold = hold.ok_or(StoreError::Inconsistent("the end of a hold that never began"))?;
        if let Some(decided) = hold.decided {
            return Ok(decided.commit);
        }
        let step = claim.spec.step.clone();
        let event = EventKind::HoldDecided { attempt, step, commit: false, because: Some(because) };
        batch.append(incident, &Actor::System, Decision::from(event), Ending::Dispatched).await?;
        Ok(false)
    }
}

/// Marks what was decided, for the engine that waits for it.
pub(crate) async fn mark_decided(tx: &mut Tx, attempt: AttemptId, commit: bool) -> Result<(), StoreError> {
    const SQL: &str = "update attempts set hold_decided = $2 \
                       where id = $1 and hold_decided is null and state in ('dispatching', 'running')";
    let decided = if commit { "commit" } else { "rollback" };
    let marked = on_db!(tx.db(), |c| {
        let query = sqlx::query(SQL).bind(attempt.0).bind(decided);
        query.execute(c).await.map(|done| done.rows_affected())
    })?;
    if marked == 1 { Ok(()) } else { Err(StoreError::Inconsistent("a decision about an attempt that is not held")) }
}

async fn keep_undo(store: &Store, tx: &mut Tx, attempt: AttemptId, undo: &Undo) -> Result<(), StoreError> {
    const SQL: &str = "insert into undos (attempt_id, rows, statements) values ($1, $2, $3)";
    let json = Zeroizing::new(crate::codec::to_json(&undo.statements)?);
    let sealed = store.vault().seal(&undo_purpose(attempt), json.as_bytes());
    let rows = i64::try_from(undo.rows).unwrap_or(i64::MAX);
    on_db!(tx.db(), |c| {
        let query = sqlx::query(SQL).bind(attempt.0).bind(rows).bind(sealed);
        query.execute(c).await.map(drop)
    })?;
    Ok(())
}

/// Returns what the statements that undo an attempt are sealed for.
pub(crate) fn undo_purpose(attempt: AttemptId) -> String {
    format!("undos/{attempt}")
}
