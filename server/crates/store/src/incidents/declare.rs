//! Declaring an incident.

use farol_api::clock::{Timestamp, truncate};
use farol_api::event::{Actor, Event, EventKind};
use farol_api::id::IncidentId;
use farol_api::incident::IncidentState;

use super::Ledger;
use crate::codec::{clean, number, plain, word};
use crate::idempotency::KEPT;
use crate::pool::{Session, Tx, on_db};
use crate::writer::{Batch, Job, Place};
use crate::{Store, StoreError};

/// An incident to declare.
#[derive(Clone, Debug)]
pub struct Declaration<'a> {
    /// [`EventKind::Declared`], and no other.
    pub kind: EventKind,
    /// Who declares it.
    pub actor: Actor,
    /// When it was declared; now where absent.
    pub occurred_at: Option<Timestamp>,
    /// The client's idempotency key: the same actor's same key gets the same incident, for as long as keys are kept.
    pub idempotency: Option<&'a str>,
}

impl Store {
    /// Declares an incident and returns its number.
    pub async fn declare(&self, declaration: Declaration<'_>) -> Result<IncidentId, StoreError> {
        if !matches!(declaration.kind, EventKind::Declared { .. }) {
            return Err(StoreError::Inconsistent("a declaration that is none"));
        }
        let now = self.now();
        let event = Event {
            incident_id: IncidentId(0),
            seq: 1,
            occurred_at: declaration.occurred_at.map_or(now, truncate),
            recorded_at: now,
            actor: declaration.actor,
            kind: declaration.kind,
        };
        let Some(state) = IncidentState::begin(&event) else {
            return Err(StoreError::Inconsistent("a declaration that does not begin"));
        };
        let idempotency = declaration.idempotency.map(str::to_owned);
        self.submit(Place::New, Declare { event, state, idempotency }).await
    }
}

struct Declare {
    event: Event,
    state: IncidentState,
    idempotency: Option<String>,
}

impl Job for Declare {
    type Done = IncidentId;
    type Error = StoreError;

    async fn run(self, batch: &mut Batch) -> Result<IncidentId, StoreError> {
        let Self { mut event, mut state, idempotency } = self;
        let by = event.actor.person().map(|person| person.id.0);
        let tx = batch.write().await?;
        if let Some(key) = idempotency.as_deref() {
            let now = event.recorded_at;
            forget_key(tx, by, plain(key)?, now - KEPT).await?;
        }
        let Some(id) = insert_incident(tx, &state, by, idempotency.as_deref()).await? else {
            return declared_before(tx, by, idempotency.as_deref()).await;
        };
        event.incident_id = id;
        state.id = id;
        batch.declared(Ledger::begin(state, event)?);
        Ok(id)
    }
}

/// Lets go of a key under which somebody declared an incident so long ago that the key is kept no more.
async fn forget_key(tx: &mut Tx, by: Option<uuid::Uuid>, key: &str, before: Timestamp) -> Result<(), StoreError> {
    const SQL: &str = "update incidents set idempotency_key = null where declared_by = $1 and idempotency_key = $2 \
                       and exists (select 1 from events e where e.incident_id = incidents.id and e.seq = 1 \
                       and e.recorded_at <= $3)";
    on_db!(tx.db(), |c| {
        let query = sqlx::query(SQL).bind(by).bind(key).bind(before);
        query.execute(c).await.map(drop)
    })?;
    Ok(())
}

/// Nothing where the same person declared one under the same key.
async fn insert_incident(
    tx: &mut Tx,
    state: &IncidentState,
    by: Option<uuid::Uuid>,
    idempotency: Option<&str>,
) -> Result<Option<IncidentId>, StoreError> {
    const SQL: &str = "insert into incidents (last_seq, last_output_seq, title, severity, status, \
                       is_open, drill, runbook_id, runbook_title, target_id, declared_at, \
                       rto_seconds, declared_by, idempotency_key) \
                       values (0, 0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
                       on conflict (declared_by, idempotency_key) do nothing returning id";
    let key = idempotency.map(plain).transpose()?;
    let status = word(&state.status)?;
    let declared_at = state.severities.first().map(|(at, _)| *at);
    let runbook = state.runbook.as_ref();
    let id: Option<i64> = on_db!(tx.db(), |c| {
        let query = sqlx::query_scalar(SQL)
            .bind(clean(&state.title))
            .bind(i64::from(state.severity.number()))
            .bind(status)
            .bind(state.status.is_open())
            .bind(state.drill)
            .bind(runbook.map(|runbook| runbook.id.as_str()))
            .bind(runbook.map(|runbook| clean(&runbook.title)))
            .bind(state.target.as_ref().map(|target| target.as_str()))
            .bind(declared_at)
            .bind(state.rto_seconds.map(number))
            .bind(by)
            .bind(key);
        query.fetch_optional(c).await
    })?;
    Ok(id.map(IncidentId))
}

async fn declared_before(
    tx: &mut Tx,
    by: Option<uuid::Uuid>,
    idempotency: Option<&str>,
) -> Result<IncidentId, StoreError> {
    const SQL: &str = "select id from incidents where declared_by = $1 and idempotency_key = $2";
    let id: i64 = on_db!(tx.db(), |c| {
        let query = sqlx::query_scalar(SQL).bind(by).bind(idempotency);
        query.fetch_one(c).await
    })?;
    Ok(IncidentId(id))
}
