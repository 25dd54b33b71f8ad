//! Takes away what is kept for some time only.

use std::path::Path;
use std::time::{Duration, SystemTime};

use crate::app::App;

/// How often it is looked at what is old.
const LOOK_EVERY: Duration = Duration::from_secs(60 * 60);

/// Removes whole results that have been kept long enough, at the start and from then on, until the server stops.
pub async fn run(app: App) {
    let kept = Duration::from_secs(u64::from(app.config.result_days) * 24 * 60 * 60);
    loop {
        let (folder, now) = (app.config.results(), SystemTime::from(app.clock.now()));
        let removed = tokio::task::spawn_blocking(move || remove_older(&folder, now, kept)).await;
        match removed {
            Ok(Ok(0)) | Err(_) => {}
            Ok(Ok(files)) => tracing::info!(files, "old results were removed"),
            Ok(Err(error)) => tracing::warn!(%error, "old results cannot be removed"),
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK_EVERY) => {}
            () = app.stopping.cancelled() => return,
        }
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
        let written = entry.metadata()?.modified()?;
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
        let written = file.metadata().unwrap().modified().unwrap();
        assert_eq!(remove_older(folder.path(), written + day, day * 2).unwrap(), 0);
        assert_eq!(remove_older(folder.path(), written + day * 3, day * 2).unwrap(), 1);
        assert_eq!(remove_older(&folder.path().join("none"), written, day).unwrap(), 0);
    }
}
