//! The one writer of incidents: what waits to be written goes into one transaction with one wait for the disk.
//!
//! No timer holds anything back: while one batch is committed the next one gathers, so that a lone write is as fast as it
//! would be by itself. Each of a batch is accepted or refused by itself, on the state that those before it leave; nobody is
//! answered before the commit, and where that fails, everybody is told.

mod batch;
mod drive;
mod job;

use std::collections::VecDeque;
use std::panic::AssertUnwindSafe;
use std::sync::{Mutex, PoisonError};

use futures::FutureExt;
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::oneshot;
use tokio::task::{block_in_place, spawn_blocking};

use crate::direct::{Gate, Turn};
use crate::failpoint::failpoint;
use crate::pool::{Pool, Tx};
use crate::{Store, StoreError};

pub(crate) use batch::Batch;
pub(crate) use job::{Failure, Job, Place, Told};

use job::{Item, Waiting};

/// The most that one transaction takes.
const MOST: usize = 256;
/// The most transactions that one server has open on Postgres at once. An incident always goes the same way.
const LANES: u32 = 4;

/// What waits to be written, by the way that it goes.
#[derive(Debug)]
pub(crate) struct Writer {
    lanes: Vec<Lane>,
    /// How many of them, from the first on, are for incidents.
    locking: u64,
}

/// What waits for one transaction after the other.
#[derive(Debug)]
struct Lane {
    line: Mutex<Line>,
    /// The most that one of them takes.
    most: usize,
}

#[derive(Default)]
struct Line {
    waiting: VecDeque<Box<dyn Waiting>>,
    /// Whether somebody is writing, who will see what comes.
    busy: bool,
}

impl std::fmt::Debug for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Line").field("waiting", &self.waiting.len()).field("busy", &self.busy).finish()
    }
}

impl Writer {
    /// SQLite has one writer; on Postgres some transactions run beside each other, and leave connections to others.
    ///
    /// There the last lane is for what stands beside the incidents: a lease is renewed while somebody holds the incident.
    /// Each gets a transaction of its own, because rows of two attempts in one could be locked crosswise with a batch.
    pub(crate) fn new(is_sqlite: bool, connections: u32) -> Self {
        let locking = if is_sqlite { 1 } else { LANES.min(connections / 2).max(1) };
        let mut lanes: Vec<Lane> = (0..locking).map(|_| Lane::of(MOST)).collect();
        if !is_sqlite {
            lanes.push(Lane::of(1));
        }
        Self { lanes, locking: locking.into() }
    }

    fn lane(&self, place: Place) -> usize {
        match place {
            Place::Locked(incident) => usize::try_from(incident.0.unsigned_abs() % self.locking).unwrap_or(0),
            Place::New => 0,
            Place::Beside => self.lanes.len() - 1,
        }
    }
}

impl Store {
    /// Has something written with whatever else waits, and returns once that is committed.
    ///
    /// A caller that goes away meanwhile takes nothing back.
    pub(crate) async fn submit<J: Job>(&self, place: Place, job: J) -> Result<J::Done, J::Error> {
        let (answer, answered) = oneshot::channel();
        let lane = self.inner.writer.lane(place);
        let begin = self.inner.writer.lanes[lane].push(Box::new(Item { place, job, answer }));
        if begin {
            self.begin_to_write(lane);
        }
        match answered.await {
            Ok(Ok(done)) => done,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(_) => Err(StoreError::Unavailable(sqlx::Error::WorkerCrashed).into()),
        }
    }

    /// Has a transaction of many statements written, and nothing of it dropped half-way. SQLite is called on a thread that may
    /// wait for it: to hand over each statement takes longer than most of them do.
    pub(crate) async fn write_in_one_go<T: Send + 'static>(
        &self,
        write: impl Future<Output = Result<T, StoreError>> + Send + 'static,
    ) -> Result<T, StoreError> {
        let written = match &self.inner.pool {
            Pool::Sqlite(_) => spawn_blocking(move || drive::drive(write)).await,
            Pool::Postgres(_) => tokio::spawn(write).await,
        };
        written.unwrap_or(Err(StoreError::Unavailable(sqlx::Error::WorkerCrashed)))
    }

    /// Sees to it that what waits in a lane is written.
    fn begin_to_write(&self, lane: usize) {
        match &self.inner.pool {
            // Whoever finds nobody writing does it: waking another thread and being woken by it would take longer than all
            // else but the disk. What comes meanwhile is another thread's, and so is waiting for others: they may be at work
            // in the very task that would wait here.
            Pool::Sqlite(pools) if can_wait_here() => {
                let turn = pools.gate.free_turn();
                let done = turn.is_some_and(|turn| block_in_place(|| self.write_at_once(lane, &pools.gate, turn)));
                if !done {
                    self.begin_on_a_thread(lane);
                }
            }
            Pool::Sqlite(_) => self.begin_on_a_thread(lane),
            Pool::Postgres(_) => drop(tokio::spawn(write_all(self.clone(), lane))),
        }
    }

    /// Writes what waits in a lane as one batch, on this thread; false where something waits still.
    fn write_at_once(&self, lane: usize, gate: &Gate, turn: Turn) -> bool {
        let Some(tx) = Tx::begin_at_once(gate, turn) else { return false };
        drive::drive(write_once(self, lane, tx))
    }

    fn begin_on_a_thread(&self, lane: usize) {
        let writes = write_all(self.clone(), lane);
        drop(spawn_blocking(move || drive::drive(writes)));
    }
}

/// Whether the tasks beside this one go on while its thread waits.
fn can_wait_here() -> bool {
    Handle::try_current().is_ok_and(|runtime| runtime.runtime_flavor() == RuntimeFlavor::MultiThread)
}

impl Lane {
    fn of(most: usize) -> Self {
        Self { line: Mutex::default(), most }
    }

    /// Puts something in the line; true where the caller has to see to it that somebody writes.
    fn push(&self, item: Box<dyn Waiting>) -> bool {
        let mut line = self.line();
        line.waiting.push_back(item);
        !std::mem::replace(&mut line.busy, true)
    }

    /// Takes what waits; whoever finds nothing is done.
    fn take(&self) -> Vec<Box<dyn Waiting>> {
        let mut line = self.line();
        let many = line.waiting.len().min(self.most);
        line.busy = many > 0;
        line.waiting.drain(..many).collect()
    }

    /// Tells whether nothing waits any more.
    fn is_done(&self) -> bool {
        let mut line = self.line();
        line.busy = !line.waiting.is_empty();
        !line.busy
    }

    fn line(&self) -> std::sync::MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whoever writes says so when they stop, even where the runtime ends under them.
struct Writing<'s>(&'s Lane);

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        let mut line = self.0.line();
        line.busy = false;
        line.waiting.clear();
    }
}

/// Writes until nothing waits.
async fn write_all(store: Store, lane: usize) {
    let lane = &store.inner.writer.lanes[lane];
    let writing = Writing(lane);
    while let Some(many) = write_next(&store, lane, None).await {
        if many > 1 {
            // Those who were just answered get their turn first: what they write next comes into the next batch, not after it.
            let _ = tokio::spawn(async {}).await;
        }
    }
    std::mem::forget(writing);
}

/// Writes what waits, once; false where more came meanwhile.
async fn write_once(store: &Store, lane: usize, begun: Tx) -> bool {
    let lane = &store.inner.writer.lanes[lane];
    let writing = Writing(lane);
    write_next(store, lane, Some(begun)).await;
    std::mem::forget(writing);
    lane.is_done()
}

/// Writes what waits as one batch, and returns how many that were; whoever finds nothing is done.
async fn write_next(store: &Store, lane: &Lane, begun: Option<Tx>) -> Option<usize> {
    let items = lane.take();
    let many = items.len();
    if many == 0 {
        return None;
    }
    // A bug in one batch ends that batch, whose members learn that they got no answer.
    if AssertUnwindSafe(write(store, items, begun)).catch_unwind().await.is_err() {
        tracing::error!("a batch of writes ended in a panic; nothing of it was kept");
    }
    Some(many)
}

async fn write(store: &Store, items: Vec<Box<dyn Waiting>>, begun: Option<Tx>) {
    let incidents = items.iter().filter_map(|item| item.locks()).collect();
    let mut batch = match Batch::begin(store, begun, incidents, items.len() == 1).await {
        Ok(batch) => batch,
        Err(error) => return items.into_iter().for_each(|item| item.fail(error.again())),
    };
    let mut items = items.into_iter();
    let mut answers = Vec::with_capacity(items.len());
    for item in items.by_ref() {
        answers.push(item.run(&mut batch).await);
        if batch.is_broken() {
            break;
        }
    }
    answers.extend(batch.hand_over().await);
    failpoint("a batch that is not committed");
    let committed = batch.commit().await;
    failpoint("a batch that nobody was told of");
    for answer in answers {
        answer.give(committed.as_ref().err());
    }
    // Those that had no turn in a broken batch share its end.
    if let Err(error) = committed {
        items.for_each(|item| item.fail(error.again()));
    }
}
