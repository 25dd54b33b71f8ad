//! Removing what a recorded erasure names: from the store, from its log, and from the folder of results.

use std::path::Path;
use std::time::Duration;

use farol_api::event::{Actor, Event, EventKind};
use farol_api::id::{AttemptId, IncidentId};
use farol_engine::result_file;
use farol_incident::{Erasable, Refusal};
use farol_store::{AppendError, Store};

/// How often the log is tried to be emptied while somebody reads from it, and how long is waited between.
const TRIES: usize = 10;
const PAUSE: Duration = Duration::from_millis(200);

/// Records what somebody erases; nothing is removed yet. No events where it was erased before.
pub async fn record(
    store: &Store,
    incident: IncidentId,
    actor: Actor,
    what: Erasable,
    reason: String,
) -> Result<Vec<Event>, AppendError<Refusal>> {
    store.append(incident, actor, move |state, events| farol_incident::erase(state, events, what, &reason)).await
}

/// Removes what was just recorded as erased. Where it fails, the server does it at its next look.
pub async fn complete(store: &Store, results: &Path, recorded: &[Event]) -> anyhow::Result<()> {
    for event in recorded {
        let EventKind::PayloadErased { attempts, .. } = &event.kind else { continue };
        store.finish_erasure(event.incident_id, event.seq).await?;
        for attempt in attempts {
            remove(&result_file(results, *attempt))?;
        }
    }
    if !recorded.is_empty() {
        empty_log(store).await?;
    }
    Ok(())
}

/// Removes what was recorded as erased and is still there, because a process was stopped between, in the store's log at the
/// least; false where not all was done, or the log could not be emptied.
pub async fn complete_pending(store: &Store) -> anyhow::Result<bool> {
    let (mut beyond, mut all) = ((IncidentId(0), 0), true);
    loop {
        let pending = store.pending_erasures(beyond).await?;
        let Some(last) = pending.last() else { break };
        beyond = *last;
        for (incident, seq) in pending {
            // It stays to be done, and keeps nobody from the others.
            if let Err(error) = store.finish_erasure(incident, seq).await {
                tracing::error!(%incident, seq, %error, "what is recorded as erased cannot be removed yet; trying again");
                all = false;
            }
        }
    }
    Ok(empty_log(store).await? && all)
}

/// Removes this server's files of results whose output was erased, by whatever server; returns how many.
pub async fn remove_files(store: &Store, results: &Path) -> anyhow::Result<usize> {
    if !results.exists() {
        return Ok(0);
    }
    let mut here: Vec<AttemptId> = Vec::new();
    for entry in std::fs::read_dir(results)? {
        let name = entry?.file_name();
        here.extend(
            name.to_str().and_then(|name| name.strip_suffix(".csv")).and_then(|id| id.parse::<AttemptId>().ok()),
        );
    }
    let erased = store.with_erased_output(&here).await?;
    erased.iter().try_for_each(|attempt| remove(&result_file(results, *attempt)))?;
    Ok(erased.len())
}

async fn empty_log(store: &Store) -> anyhow::Result<bool> {
    for _ in 0..TRIES {
        if store.truncate_log().await? {
            return Ok(true);
        }
        tokio::time::sleep(PAUSE).await;
    }
    tracing::warn!("what was erased may stand in the store's log for a while: somebody reads from it; trying again");
    Ok(false)
}

fn remove(file: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(file) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}
