//! What the record tells of an attempt.

use farol_api::event::{AttemptResult, EventKind};
use farol_api::id::{AttemptId, IncidentId};
use farol_store::Store;

/// Returns the ends of an attempt, of which there should be one at most.
pub async fn results(store: &Store, incident: IncidentId, attempt: AttemptId) -> Vec<AttemptResult> {
    let events = store.events(incident).await.expect("events").into_iter();
    let ends = events.filter_map(|event| match event.kind {
        EventKind::AttemptFinished { attempt: ended, result, .. } if ended == attempt => Some(result),
        _ => None,
    });
    ends.collect()
}

/// Counts how often an attempt was dispatched.
pub async fn dispatches(store: &Store, incident: IncidentId, attempt: AttemptId) -> usize {
    let events = store.events(incident).await.expect("events");
    let is = |kind: &EventKind| matches!(kind, EventKind::AttemptDispatched { attempt: sent, .. } if *sent == attempt);
    events.iter().filter(|event| is(&event.kind)).count()
}
