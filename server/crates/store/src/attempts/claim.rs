//! Keeping hold of an attempt, and reading what it runs.

use farol_api::id::AttemptId;
use farol_incident::spec::AttemptSpec;

use super::{Claim, LeaseError, Renewed};
use crate::codec::after;
use crate::incidents::spec_purpose;
use crate::pool::{Session, on_db};
use crate::writer::{Batch, Job, Place};
use crate::{Store, StoreError, Vault};

impl Store {
    /// Renews a claim by its lease.
    pub async fn renew(&self, claim: &Claim) -> Result<Renewed, LeaseError> {
        self.submit(Place::Beside, Renew { claim: claim.clone() }).await
    }

    /// Names the rules by which what an attempt runs was classified; nothing where there is no such attempt.
    pub async fn rules_of(&self, attempt: AttemptId) -> Result<Option<String>, StoreError> {
        const SQL: &str = "select spec from attempts where id = $1";
        let mut reader = self.reader().await?;
        let sealed: Option<Vec<u8>> =
            on_db!(reader.db(), |c| sqlx::query_scalar(SQL).bind(attempt.0).fetch_optional(c).await)?;
        let spec = sealed.map(|sealed| open_spec(self.vault(), attempt, &sealed)).transpose()?;
        Ok(spec.map(|spec| spec.classifier_version))
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
                           and state in ('dispatching', 'running') \
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
