//! Runners that were started ahead of time: each waits with its shell in one place for one script.
//!
//! After a script's end the next one of the same incident, with the same rights, is likely to come to the same place. What
//! waits there was told nothing of any attempt; it is handed out for exactly that place, once, and ends with its script as
//! every runner does.

use std::collections::VecDeque;
use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::net::UnixStream;
use tokio::time::Instant;

use super::wire::{Place, Start};

/// The most that wait at once; the one that waits longest makes room.
const MOST: usize = 4;
/// How long one waits for a script.
pub(super) const IDLE: Duration = Duration::from_secs(300);

/// Where runners wait, or are to.
#[derive(Debug, Default)]
pub(super) struct Ahead(Mutex<Shelf>);

#[derive(Debug, Default)]
struct Shelf {
    ready: VecDeque<Waiting>,
    /// Where scripts ran that are not recorded as ended yet.
    wanted: Vec<(Start, Place)>,
    /// Counts what was forgotten: what was begun before is not wanted any more.
    era: u64,
    closed: bool,
}

/// A runner that waits.
#[derive(Debug)]
struct Waiting {
    start: Start,
    place: Place,
    stream: UnixStream,
    since: Instant,
}

/// Places in which runners are to wait.
pub(super) struct Wanted {
    pub places: Vec<(Start, Place)>,
    pub era: u64,
}

impl Ahead {
    /// Notes where one is to wait once the end of what ran there is recorded.
    pub fn want(&self, start: Start, place: Place) {
        let mut shelf = self.shelf();
        let known = (start, place);
        if !shelf.closed && !shelf.wanted.contains(&known) {
            shelf.wanted.push(known);
        }
    }

    /// Takes the places in which none waits yet.
    pub fn wanted(&self) -> Wanted {
        let mut shelf = self.shelf();
        shelf.expire();
        let places = std::mem::take(&mut shelf.wanted).into_iter();
        let lacking = places.filter(|(start, place)| !shelf.ready.iter().any(|one| one.is_for(start, place)));
        Wanted { places: lacking.collect(), era: shelf.era }
    }

    /// Puts one where it waits, unless all was forgotten meanwhile.
    pub fn put(&self, (start, place): (Start, Place), stream: UnixStream, era: u64) {
        let mut shelf = self.shelf();
        if shelf.closed || shelf.era != era {
            return;
        }
        if shelf.ready.len() == MOST {
            shelf.ready.pop_front();
        }
        shelf.ready.push_back(Waiting { start, place, stream, since: Instant::now() });
    }

    /// Takes the one that waits in a place.
    pub fn take(&self, start: &Start, place: &Place) -> Option<UnixStream> {
        let mut shelf = self.shelf();
        shelf.expire();
        let at = shelf.ready.iter().position(|one| one.is_for(start, place))?;
        let stream = shelf.ready.remove(at)?.stream;
        // It says nothing before it has a script: one that did, or that is gone, is of no use.
        let silent = stream.try_read(&mut [0]).is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock);
        silent.then_some(stream)
    }

    /// Lets go of those that have waited too long.
    pub fn expire(&self) {
        self.shelf().expire();
    }

    /// Lets go of all.
    pub fn forget(&self) {
        let mut shelf = self.shelf();
        shelf.era += 1;
        shelf.ready.clear();
        shelf.wanted.clear();
    }

    /// Lets go of all, for good.
    pub fn close(&self) {
        self.shelf().closed = true;
        self.forget();
    }

    fn shelf(&self) -> std::sync::MutexGuard<'_, Shelf> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shelf {
    fn expire(&mut self) {
        self.ready.retain(|one| one.since.elapsed() < IDLE);
    }
}

impl Waiting {
    fn is_for(&self, start: &Start, place: &Place) -> bool {
        self.start == *start && self.place == *place
    }
}
