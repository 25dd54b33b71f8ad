//! Connections for reads that take less time than handing them to another thread.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, OwnedMappedMutexGuard, OwnedMutexGuard};

use super::{Direct, Slot};

/// Some connections that only read, each by one reader at a time.
#[derive(Debug)]
pub(crate) struct Readers {
    file: PathBuf,
    patience: Duration,
    slots: [Arc<Mutex<Slot>>; 4],
}

/// One of them, for one reader.
pub(crate) type ShortReader = OwnedMappedMutexGuard<Slot, Direct>;

impl Readers {
    pub(crate) fn new(file: &Path, patience: Duration) -> Self {
        Self { file: file.into(), patience, slots: Default::default() }
    }

    /// Takes one that nobody reads from; nothing where there is none, or none can be opened.
    pub(crate) fn take(&self) -> Option<ShortReader> {
        let mut slot = self.slots.iter().find_map(|slot| Arc::clone(slot).try_lock_owned().ok())?;
        if slot.direct.is_none() && !slot.closed {
            slot.direct = Direct::open(&self.file, self.patience, "pragma query_only = on").ok();
        }
        OwnedMutexGuard::try_map(slot, |slot| slot.direct.as_mut()).ok()
    }

    /// Closes them, each after who reads from it.
    pub(crate) async fn close(&self) {
        for slot in &self.slots {
            *slot.lock().await = Slot { direct: None, closed: true };
        }
    }
}
