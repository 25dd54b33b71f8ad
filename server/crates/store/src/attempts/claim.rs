//! Taking an attempt off the queue, and keeping hold of it.

use std::time::Duration;

use farol_api::clock::Timestamp;
use farol_api::event::FailureCode;
use farol_api::id::{AttemptId, IncidentId};
use farol_incident::spec::AttemptSpec;
use sqlx::FromRow;
use uuid::Uuid;

use super::{Claim, LeaseError, Renewed};
use crate::codec::after;
use crate::dialect::CLAIM;
use crate::incidents::spec_purpose;
use crate::pool::{Session, on_db};
use crate::writer::{Batch, Job, Place};
use crate::{Store, StoreError, Vault};

#[derive(FromRow)]
struct ClaimRow {
    id: Uuid,
    incident_id: i64,
    spec: Vec<u8>,
    fencing_token: i64,
}

impl Store {
    /// Takes the attempt that was queued first, for one lease; nothing where none waits.
    ///
    /// One whose sealed spec does not open is voided, and the next one taken.
    pub async fn claim(&self, worker: &str, lease: Duration) -> Result<Option<Claim>, StoreError> {
        loop {
            let lease_until = after(self.now(), lease);
            let Some(row) = self.take(worker, lease_until).await? else {
                return Ok(None);
            };
            let attempt = AttemptId(row.id);
            match open_spec(self.vault(), attempt, &row.spec) {
                Ok(spec) => {
                    return Ok(Some(Claim {
                        spec,
                        fencing_token: row.fencing_token,
                        worker: worker.to_owned(),
                        lease_until,
                        lease,
                    }));
                }
                Err(error) => {
                    tracing::error!(%attempt, %error, "what an attempt runs cannot be read");
                    let incident = IncidentId(row.incident_id);
                    self.void(incident, attempt, FailureCode::ApprovalVoid).await?;
                }
            }
        }
    }

    /// Renews a claim by its lease.
    pub async fn renew(&self, claim: &Claim) -> Result<Renewed, LeaseError> {
        self.submit(Place::Beside, Renew { claim: claim.clone() }).await
    }

    async fn take(&self, worker: &str, lease_until: Timestamp) -> Result<Option<ClaimRow>, StoreError> {
        let mut tx = self.begin().await?;
        let db = tx.db();
        let sql = CLAIM.of(&db);
        let row = on_db!(db, |c| {
            let query = sqlx::query_as(sql).bind(worker).bind(lease_until);
            query.fetch_optional(c).await
        })?;
        self.commit(tx).await?;
        Ok(row)
    }
}

struct Renew {
    claim: Claim,
}

impl Job for Renew {
    type Done = Renewed;
    type Error = LeaseError;

    async fn run(self, batch: &mut Batch) -> Result<Renewed, LeaseError> {
        const SQL: &str = "update attempts set lease_until = $4, state = \
                           case when state = 'dispatching' then 'running' else state end \
                           where id = $1 and worker = $2 and fencing_token = $3 \
                           and state in ('claimed', 'dispatching', 'running') \
                           returning cancel_requested";
        let claim = self.claim;
        let lease_until = after(batch.store.now(), claim.lease);
        let held: Result<Option<bool>, sqlx::Error> = on_db!(batch.write().await?.db(), |c| {
            let query = sqlx::query_scalar(SQL)
                .bind(claim.attempt().0)
                .bind(&claim.worker)
                .bind(claim.fencing_token)
                .bind(lease_until);
            query.fetch_optional(c).await
        });
        let cancel_requested = held.map_err(StoreError::from)?.ok_or(LeaseError::Lost)?;
        Ok(Renewed { lease_until, cancel_requested })
    }
}

pub(super) fn open_spec(vault: &Vault, attempt: AttemptId, sealed: &[u8]) -> Result<AttemptSpec, StoreError> {
    let json = vault.open(&spec_purpose(attempt), sealed).map_err(|e| StoreError::corrupt("attempts.spec", e))?;
    serde_json::from_slice(&json).map_err(|e| StoreError::corrupt("attempts.spec", e))
}
