//! Takes away what is kept for some time only: stored output of incidents that are over, and files of whole results.

use std::convert::Infallible;
use std::path::Path;
use std::time::{Duration, SystemTime};

use farol_api::event::Actor;
use farol_api::id::IncidentId;
use farol_api::incident::Erasure;
use farol_store::{AppendError, Store};
use tokio::time::interval;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::erasure;

/// How often it is looked at what is old.
const LOOK_EVERY: Duration = Duration::from_secs(60 * 60);
/// For how long one server has the turn to erase output. It keeps it as long as it lives; after that another one takes it.
const TURN: Duration = Duration::from_secs(90 * 60);
/// How long one look at what was erased is at least after the one before, however much happens.
const PAUSE: Duration = Duration::from_secs(1);

/// Looks at what is old at the start and every hour, and removes what was erased whenever something was, until the server stops.
pub async fn run(app: App) {
    let server = app.clock.new_uuid().to_string();
    let mut woken = app.store.watch_all();
    let mut looks = interval(LOOK_EVERY);
    let mut recorded = None;
    loop {
        woken.mark_unchanged();
        recorded = follow(&app, recorded).await;
        tokio::select! {
            () = app.stopping.cancelled() => return,
            changed = woken.changed() => if changed.is_err() { return },
            _ = looks.tick() => look(&app, &server).await,
        }
        tokio::select! {
            () = app.stopping.cancelled() => return,
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}

/// Looks once at all that is kept for some time only.
async fn look(app: &App, server: &str) {
    let kept = Duration::from_secs(u64::from(app.config.retention_file_days) * 24 * 60 * 60);
    let (results, now) = (app.config.results(), SystemTime::from(app.clock.now()));
    let folder = results.clone();
    match tokio::task::spawn_blocking(move || remove_older(&folder, now, kept)).await {
        Ok(Ok(0)) | Err(_) => {}
        Ok(Ok(files)) => tracing::info!(files, "old results were removed"),
        Ok(Err(error)) => tracing::warn!(%error, "old results cannot be removed"),
    }
    // One may have been written after it was erased, by a server that had lost its hold on the attempt.
    remove_erased(app).await;
    match expire(&app.store, &results, app.config.retention_days, server, &app.stopping).await {
        Ok(0) => {}
        Ok(attempts) => tracing::info!(attempts, "old output was erased"),
        Err(error) => tracing::warn!(%error, "old output cannot be erased; trying again in an hour"),
    }
}

/// Removes what was recorded as erased since; returns how many erasures there are. Files lie with the server that ran the step,
/// so each server looks after its own.
async fn follow(app: &App, before: Option<i64>) -> Option<i64> {
    let recorded = match app.store.erasures_recorded().await {
        Ok(recorded) if Some(recorded) == before => return before,
        Ok(recorded) => recorded,
        Err(error) => {
            tracing::warn!(%error, "what was erased cannot be looked up; trying again");
            return before;
        }
    };
    let files = remove_erased(app).await;
    match erasure::complete_pending(&app.store).await {
        Ok(true) if files => Some(recorded),
        Ok(_) => before,
        Err(error) => {
            tracing::error!(%error, "what is recorded as erased cannot be removed yet; trying again");
            before
        }
    }
}

/// Removes this server's files of results whose output was erased; false where one could not be.
async fn remove_erased(app: &App) -> bool {
    let removed = erasure::remove_files(&app.store, &app.config.results()).await;
    if let Err(error) = &removed {
        tracing::error!(%error, "a file of what is recorded as erased cannot be removed yet; trying again");
    }
    removed.is_ok()
}

/// Erases output of incidents that have been over for so many days, incident by incident, where it is this server's turn;
/// returns of how many attempts. With 0 days nothing is ever erased.
pub async fn expire(
    store: &Store,
    results: &Path,
    days: u32,
    server: &str,
    stopping: &CancellationToken,
) -> anyhow::Result<usize> {
    let before = store.clock().now().checked_sub_signed(chrono::Duration::days(i64::from(days)));
    let Some(before) = before.filter(|_| days > 0) else { return Ok(0) };
    let (mut beyond, mut erased) = (IncidentId(0), 0);
    while store.take_turn("retention", server, TURN).await? {
        let page = store.with_output(before, beyond).await?;
        let Some(last) = page.last().copied() else { break };
        beyond = last;
        for incident in page {
            if stopping.is_cancelled() {
                return Ok(erased);
            }
            match expire_one(store, results, incident, days).await {
                Ok(attempts) => erased += attempts,
                // It stays as it is, and keeps nobody from the others.
                Err(error) => tracing::warn!(%incident, %error, "output of an incident cannot be erased"),
            }
        }
    }
    Ok(erased)
}

/// Erases the output of one incident, a bounded number of attempts at a time.
async fn expire_one(store: &Store, results: &Path, incident: IncidentId, days: u32) -> anyhow::Result<usize> {
    let mut erased = 0;
    loop {
        let now = store.clock().now();
        let appended = store.append(incident, Actor::System, move |state, events| {
            Ok::<_, Infallible>(farol_incident::expire(state, events, days, now))
        });
        let recorded = match appended.await {
            Ok(recorded) => recorded,
            Err(AppendError::Refused(never)) => match never {},
            Err(AppendError::NotFound) => return Ok(erased),
            Err(AppendError::Store(error)) => return Err(error.into()),
        };
        if recorded.is_empty() {
            return Ok(erased);
        }
        erased += recorded.iter().filter_map(Erasure::of).map(|erasure| erasure.attempts.len()).sum::<usize>();
        erasure::complete(store, results, &recorded).await?;
    }
}

/// Removes the files of a folder that were last written longer ago than they are kept; returns how many.
fn remove_older(folder: &Path, now: SystemTime, kept: Duration) -> std::io::Result<usize> {
    if !folder.exists() {
        return Ok(0);
    }
    let mut removed = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let about = entry.metadata()?;
        // What somebody put beside them is not ours to remove, and must not keep the rest.
        if !about.is_file() {
            continue;
        }
        let written = about.modified()?;
        if now.duration_since(written).is_ok_and(|age| age > kept) {
            std::fs::remove_file(entry.path())?;
            removed += 1;
        }
    }
    Ok(removed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_old_goes_and_the_rest_stays() {
        let folder = tempfile::tempdir().unwrap();
        let day = Duration::from_secs(86_400);
        let file = folder.path().join("a.csv");
        std::fs::write(&file, "a").unwrap();
        std::fs::create_dir(folder.path().join("A folder")).unwrap();
        let written = file.metadata().unwrap().modified().unwrap();
        assert_eq!(remove_older(folder.path(), written + day, day * 2).unwrap(), 0);
        assert_eq!(remove_older(folder.path(), written + day * 3, day * 2).unwrap(), 1);
        assert_eq!(remove_older(&folder.path().join("none"), written, day).unwrap(), 0);
    }
}
