//! Folders of the server that are imported whenever they change.
//!
//! The kernel says when something changes (inotify). It forgets events when too many come at once, and says nothing of
//! network file systems: each folder is looked at every few minutes as well.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use farol_api::library::{Import, Watch};
use farol_api::text::Localized;
use futures::StreamExt;
use inotify::{EventStream, Inotify, WatchMask};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::file::{Batch, Refused};
use super::import::Importer;
use super::{folder, git, report};
use crate::app::App;
use crate::problem::ApiError;

/// How often a folder is looked at of which no change was heard.
const RESCAN: Duration = Duration::from_secs(300);
/// How long it must have been quiet: an editor or a checkout changes several files at once.
const QUIET: Duration = Duration::from_millis(250);
/// How long a folder that changes all the time is waited for.
const LONGEST: Duration = Duration::from_secs(5);
/// Watches all folders that the store names, until the server stops.
pub async fn run(app: App) {
    let mut running: HashMap<i64, CancellationToken> = HashMap::new();
    loop {
        match app.store.watches().await {
            Ok(watches) => {
                running.retain(|id, stop| {
                    let kept = watches.iter().any(|watch| watch.id == *id);
                    if !kept {
                        stop.cancel();
                    }
                    kept
                });
                for watch in watches {
                    let id = watch.id;
                    running.entry(id).or_insert_with(|| {
                        let stop = app.stopping.child_token();
                        tokio::spawn(follow(app.clone(), watch, stop.clone()));
                        stop
                    });
                }
            }
            Err(error) => tracing::warn!(%error, "the list of watched folders cannot be read"),
        }
        tokio::select! {
            () = app.stopping.cancelled() => return,
            () = app.watching.notified() => {}
            () = tokio::time::sleep(RESCAN) => {}
        }
    }
}

/// Wakes the watcher when a folder was added or removed.
#[derive(Clone, Debug, Default)]
pub struct Watching(Arc<Notify>);

impl Watching {
    /// Says that the list of folders changed.
    pub fn changed(&self) {
        self.0.notify_one();
    }

    async fn notified(&self) {
        self.0.notified().await;
    }
}

/// Checks that a folder lies below one that the settings name, links followed, and returns its real path.
pub fn allowed(app: &App, path: &Path) -> Result<PathBuf, Localized> {
    let real =
        path.canonicalize().ok().filter(|real| real.is_dir()).ok_or_else(|| {
            Localized::new("There is no such folder on the server.", "Não há essa pasta no servidor.")
        })?;
    let roots = app.config.library_roots.iter().filter_map(|root| root.canonicalize().ok());
    if roots.into_iter().any(|root| real.starts_with(root)) {
        return Ok(real);
    }
    Err(Localized::new(
        "The settings of the server do not allow this folder: library_roots names those below which one may be watched.",
        "As configurações do servidor não permitem esta pasta: library_roots diz abaixo de quais se pode acompanhar.",
    ))
}

/// Looks at a folder once, imports what changed, and keeps the report where there is something to say.
pub async fn look(app: &App, watch: &Watch) -> Result<Option<Import>, ApiError> {
    let _turn = app.importing.lock().await;
    let read = {
        let (app, path) = (app.clone(), PathBuf::from(&watch.path));
        let largest = app.config.runbook_bytes;
        tokio::task::spawn_blocking(move || read(&app, &path, largest)).await.map_err(anyhow::Error::from)?
    };
    let mut batch = match read {
        Ok(batch) => batch,
        Err(Refused(why)) => {
            app.store.looked_at_watch(watch.id, None, Some(&why.en)).await?;
            return Ok(None);
        }
    };
    batch.source.clone_from(&watch.source);
    let importer = Importer { store: app.store.clone(), reader: app.reader.clone(), author: None, over_edits: false };
    let mut report = importer.run(batch).await?;
    let before = match watch.import {
        Some(id) => app.store.report(id).await?,
        None => None,
    };
    let news = report::says_something(&report) || before.is_none();
    report::cut(&mut report, report::LISTED);
    if !news || before.is_some_and(|before| before.report == report) {
        app.store.looked_at_watch(watch.id, None, None).await?;
        return Ok(None);
    }
    let id = app.store.keep_report(None, &report).await?;
    app.store.looked_at_watch(watch.id, Some(id), None).await?;
    Ok(app.store.report(id).await?)
}

fn read(app: &App, path: &Path, largest: usize) -> Result<Batch, Refused> {
    let real = allowed(app, path).map_err(Refused)?;
    folder::read(&real, largest)
}

async fn follow(app: App, mut watch: Watch, stop: CancellationToken) {
    let path = PathBuf::from(&watch.path);
    loop {
        // The kernel is asked before the look, so that no change falls between the two.
        let events = Events::of(&path);
        match look(&app, &watch).await {
            Ok(Some(import)) => watch.import = Some(import.id),
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, folder = %path.display(), "a watched folder could not be imported"),
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = changed(events) => {}
            () = tokio::time::sleep(RESCAN) => {}
        }
    }
}

/// Returns when something changed and it has been quiet since; never where the kernel tells nothing.
async fn changed(events: Option<Events>) {
    let Some(mut events) = events else { return std::future::pending().await };
    events.next().await;
    let quiet = async { while tokio::time::timeout(QUIET, events.next()).await.is_ok() {} };
    // One that is never quiet is looked at all the same.
    let _ = tokio::time::timeout(LONGEST, quiet).await;
}

/// The folders in which something changes with each commit, where a folder is in a work tree.
fn folder_of_commits(root: &Path) -> Vec<PathBuf> {
    let work_tree = git::root_of(&root.join("any file"));
    let places = work_tree.and_then(|work_tree| git::places(&work_tree).ok());
    places.map(|(own, _)| vec![own.join("logs"), own]).unwrap_or_default()
}

/// What the kernel says of the folders that are gone into.
struct Events(EventStream<[u8; 4096]>);

impl Events {
    fn of(root: &Path) -> Option<Self> {
        let inotify = Inotify::init().ok()?;
        let mask = WatchMask::CLOSE_WRITE
            | WatchMask::CREATE
            | WatchMask::DELETE
            | WatchMask::MOVE
            | WatchMask::DELETE_SELF
            | WatchMask::MOVE_SELF
            | WatchMask::DONT_FOLLOW;
        let mut folders = folder::folders(root);
        if folders.is_empty() {
            // It was removed: the folder that it was in tells when it comes back, as after a fresh clone.
            let around = root.ancestors().skip(1).find(|folder| folder.is_dir())?;
            let _ = inotify.watches().add(around, WatchMask::CREATE | WatchMask::MOVED_TO | WatchMask::DELETE_SELF);
            // It may have come back just before.
            folders = folder::folders(root);
        }
        for folder in folders {
            // Beyond the kernel's number of watches the look every few minutes has to do.
            let _ = inotify.watches().add(&folder, mask);
        }
        for folder in folder_of_commits(root) {
            // A file may be there before it is committed: then it is asked again who wrote it.
            let _ = inotify.watches().add(&folder, mask);
        }
        inotify.into_event_stream([0; 4096]).ok().map(Self)
    }

    /// Waits for an event; for ever where there will be none.
    async fn next(&mut self) {
        if self.0.next().await.is_none_or(|event| event.is_err()) {
            std::future::pending().await
        }
    }
}
