//! Signing the records of incidents while nobody waits for it.

use std::collections::BTreeSet;
use std::time::Duration;

use farol_api::id::IncidentId;
use farol_store::{CheckpointError, StoreError};

use crate::app::App;

/// How long nothing may have happened in an open incident before its record is signed. One that is over is signed at once.
const QUIET: Duration = Duration::from_secs(10);
/// How long one look for unsigned records is at least after the one before, however much happens.
const PAUSE: Duration = Duration::from_secs(1);

/// Signs what is due whenever something happened, until the server stops.
///
/// Any number of servers may do so on one store: whoever comes second finds the record signed.
pub async fn keep(app: App) {
    let mut woken = app.store.watch_all();
    let mut broken = BTreeSet::new();
    loop {
        woken.mark_unchanged();
        let signed = sign_due(&app, &mut broken).await;
        let waiting = signed.unwrap_or_else(|error| {
            tracing::warn!(%error, "records could not be signed; trying again");
            true
        });
        tokio::select! {
            () = app.stopping.cancelled() => return,
            changed = woken.changed() => if changed.is_err() { return },
            () = tokio::time::sleep(QUIET), if waiting => {}
        }
        tokio::select! {
            () = app.stopping.cancelled() => return,
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}

/// Signs every record that is due; tells whether some are left for later.
async fn sign_due(app: &App, broken: &mut BTreeSet<IncidentId>) -> Result<bool, StoreError> {
    let mut beyond = IncidentId(0);
    loop {
        let due = app.store.unsigned(QUIET, beyond).await?;
        let Some(last) = due.last().copied() else { break };
        beyond = last;
        for incident in due {
            match app.store.checkpoint(incident).await {
                Ok(_) | Err(CheckpointError::NotFound) => {
                    broken.remove(&incident);
                }
                // Said once, or the log would hold nothing else.
                Err(CheckpointError::Broken(error)) => {
                    if broken.insert(incident) {
                        tracing::error!(%incident, "{error}; export it and run `farol verify`");
                    }
                }
                Err(CheckpointError::Store(error)) => {
                    tracing::warn!(%incident, %error, "a record could not be signed");
                }
            }
        }
    }
    app.store.has_unsigned().await
}
