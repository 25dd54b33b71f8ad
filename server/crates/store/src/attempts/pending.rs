//! Attempts that wait for other people.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use farol_api::approval::PendingApproval;
use farol_api::id::{AttemptId, IncidentId};
use farol_api::incident::IncidentState;
use uuid::Uuid;

use super::PendingAttempt;
use crate::incidents::load_events;
use crate::pool::{Session, on_db};
use crate::{Store, StoreError};

impl Store {
    /// Returns the attempts that wait for approval and have not expired, oldest first.
    pub async fn pending_approvals(&self) -> Result<Vec<PendingAttempt>, StoreError> {
        const SQL: &str = "select id, incident_id from attempts \
                           where state = 'awaiting' and expires_at >= $1 order by requested_at, id";
        let now = self.now();
        let mut tx = self.snapshot().await?;
        let rows: Vec<(Uuid, i64)> = on_db!(tx.db(), |c| sqlx::query_as(SQL).bind(now).fetch_all(c).await)?;
        let mut states: BTreeMap<i64, Option<IncidentState>> = BTreeMap::new();
        let mut pending = Vec::with_capacity(rows.len());
        for (attempt, incident) in rows {
            let state = match states.entry(incident) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(unknown) => {
                    let events = load_events(&mut tx, IncidentId(incident), 0, u32::MAX).await?;
                    unknown.insert(IncidentState::fold(&events))
                }
            };
            pending.extend(state.as_ref().and_then(|state| pending_attempt(state, AttemptId(attempt))));
        }
        Ok(pending)
    }
}

fn pending_attempt(state: &IncidentState, id: AttemptId) -> Option<PendingAttempt> {
    let attempt = state.attempts.get(&id)?;
    let approvals = attempt.approvals.iter();
    Some(PendingAttempt {
        approval: PendingApproval {
            incident_id: state.id,
            incident_title: state.title.clone(),
            severity: state.severity,
            request: attempt.request.clone(),
            requested_by: attempt.requested_by.clone()?,
            requested_at: attempt.requested_at,
            approved_by: approvals.filter_map(|approval| approval.by.clone()).collect(),
            barred: None,
            editors_untold: None,
        },
        revision: state.runbook.as_ref().map(|runbook| runbook.revision.clone()),
    })
}
