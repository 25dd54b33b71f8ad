//! Takes queued attempts from the store, one dispatch each, and records how they end.

mod attempt;
mod hold;
mod leap;
mod lease;
mod writer;

use std::sync::Arc;
use std::time::Duration;

use farol_store::{Store, StoreError, Taken};
use tokio::sync::{Semaphore, watch};
use tokio::time::{Instant, interval, sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use self::leap::Leap;
use crate::job::RunConfig;

/// How a server's engine works.
#[derive(Clone, Debug)]
pub struct EngineConfig {
    /// The name of this server's engine in the record. Unique for every start of the program, or a restarted server
    /// would pass for the one that died.
    pub worker: String,
    /// Most attempts at once.
    pub concurrency: usize,
    /// How long a claim holds without a sign of life. A third of it passes between two renewals.
    pub lease: Duration,
    /// How often the queue is looked at where no wake-up came.
    pub poll: Duration,
    /// How often lost attempts are looked for.
    pub sweep_every: Duration,
    /// How long running attempts may go on when the server stops.
    pub grace: Duration,
    /// What every run has in common.
    pub run: RunConfig,
}

impl EngineConfig {
    /// Returns what a server takes: 8 attempts at once, a lease of 30 seconds.
    pub fn new(worker: String, run: RunConfig) -> Self {
        Self {
            worker,
            concurrency: 8,
            lease: Duration::from_secs(30),
            poll: Duration::from_secs(2),
            sweep_every: Duration::from_secs(10),
            grace: Duration::from_secs(10),
            run,
        }
    }
}

/// How often it is looked whether targets have changed where no wake-up came.
const TARGETS_ANYWAY: Duration = Duration::from_secs(60);
/// How long attempts that were cancelled at a shutdown may take to prove it.
const CANCEL_PATIENCE: Duration = Duration::from_secs(20);

/// Runs attempts until it is shut down.
#[derive(Debug)]
pub struct Engine;

impl Engine {
    /// Starts to take attempts off the queue.
    pub fn start(store: Store, config: EngineConfig) -> EngineHandle {
        let shared =
            Arc::new(Shared { store, config, closing: CancellationToken::new(), ending: CancellationToken::new() });
        let tasks = TaskTracker::new();
        let keepers = TaskTracker::new();
        keepers.spawn(sweep(Arc::clone(&shared)));
        keepers.spawn(take(Arc::clone(&shared), tasks.clone()));
        keepers.spawn(forget_changed(Arc::clone(&shared)));
        keepers.spawn(ask(Arc::clone(&shared)));
        keepers.close();
        EngineHandle { shared, tasks, keepers }
    }
}

#[derive(Debug)]
struct Shared {
    store: Store,
    config: EngineConfig,
    /// No more attempts are taken.
    closing: CancellationToken,
    /// Running attempts are to stop.
    ending: CancellationToken,
}

/// A running engine. Dropped without a shutdown, it goes on as long as the runtime does.
#[derive(Debug)]
pub struct EngineHandle {
    shared: Arc<Shared>,
    tasks: TaskTracker,
    keepers: TaskTracker,
}

impl EngineHandle {
    /// Returns how many attempts run now.
    pub fn running(&self) -> usize {
        self.tasks.len()
    }

    /// Takes no more attempts, lets the running ones end within the grace, then stops them and says so in the record.
    ///
    /// What was queued stays queued, for another server or the next start.
    pub async fn shutdown(self) {
        self.shared.closing.cancel();
        self.keepers.wait().await;
        self.tasks.close();
        if timeout(self.shared.config.grace, self.tasks.wait()).await.is_err() {
            self.shared.ending.cancel();
            if timeout(CANCEL_PATIENCE, self.tasks.wait()).await.is_err() {
                tracing::warn!(
                    attempts = self.tasks.len(),
                    "attempts did not end in time; the next sweep records them"
                );
            }
        }
        self.shared.config.run.runners.close();
        self.shared.config.run.warm.close().await;
    }
}

/// Takes attempts as they are queued, never more than may run.
async fn take(shared: Arc<Shared>, tasks: TaskTracker) {
    let mut ready = shared.store.jobs_ready();
    let slots = Arc::new(Semaphore::new(shared.config.concurrency.max(1)));
    // What was queued while nobody offered to take it woke `ready`: after a hand-over nothing else can be in the queue.
    let mut look = true;
    loop {
        let slot = tokio::select! {
            biased;
            () = shared.closing.cancelled() => return,
            slot = Arc::clone(&slots).acquire_owned() => slot,
        };
        // The semaphore is never closed.
        let Ok(slot) = slot else { return };
        let found = if look {
            ready.mark_unchanged();
            shared.store.take_next(&shared.config.worker, shared.config.lease).await
        } else {
            Ok(None)
        };
        let taken = match found {
            Ok(None) => wait(&shared, &mut ready).await,
            found => found,
        };
        look = !matches!(taken, Ok(Some(Taken { handed: true, .. })));
        match taken {
            // Even where the server stops, it has its time to run.
            Ok(Some(taken)) => {
                let shared = Arc::clone(&shared);
                tasks.spawn(async move {
                    attempt::run(&shared, taken).await;
                    shared.config.run.warm.attempt_ended();
                    shared.config.run.runners.attempt_ended();
                    drop(slot);
                });
            }
            Ok(None) => {}
            Err(error) => {
                tracing::warn!(%error, "the queue cannot be read; trying again");
                tokio::select! {
                    () = shared.closing.cancelled() => return,
                    () = sleep(shared.config.poll) => {}
                }
            }
        }
    }
}

/// Waits until an attempt is handed over as it is queued here, or until there is a reason to look at the queue.
async fn wait(shared: &Shared, ready: &mut watch::Receiver<u64>) -> Result<Option<Taken>, StoreError> {
    let mut offer = shared.store.offer(&shared.config.worker, shared.config.lease);
    let handed = tokio::select! {
        handed = offer.accepted() => Some(handed),
        () = shared.closing.cancelled() => None,
        () = sleep(shared.config.poll) => None,
        changed = ready.changed() => {
            if changed.is_err() {
                sleep(shared.config.poll).await;
            }
            None
        }
    };
    match handed {
        Some(handed) => handed,
        None => offer.withdraw().await,
    }
}

/// Lets go of what was opened or started ahead of time for a target as it is no more.
async fn forget_changed(shared: Arc<Shared>) {
    let mut changes = shared.store.watch_targets();
    let warm = &shared.config.run.warm;
    loop {
        tokio::select! {
            () = shared.closing.cancelled() => return,
            // A wake-up can be lost.
            () = sleep(TARGETS_ANYWAY) => {}
            changed = changes.changed() => match changed {
                Ok(()) => shared.config.run.runners.forget(),
                Err(_) => sleep(TARGETS_ANYWAY).await,
            }
        }
        for (target, version) in warm.targets() {
            match shared.store.target(&target).await {
                Ok(Some(now)) if now.version == version => {}
                Ok(_) => warm.forget(&target),
                Err(error) => tracing::warn!(%target, %error, "a target cannot be looked at; trying again"),
            }
        }
    }
}

/// Asks targets what became of changes whose end nobody saw.
async fn ask(shared: Arc<Shared>) {
    let mut ticks = interval(shared.config.sweep_every);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = shared.closing.cancelled() => return,
            _ = ticks.tick() => {}
        }
        let asked = tokio::select! {
            () = shared.closing.cancelled() => return,
            asked = crate::sql::ask_all(&shared.store) => asked,
        };
        if let Err(error) = asked {
            tracing::warn!(%error, "attempts in doubt cannot be looked at; trying again");
        }
    }
}

/// Records what lost servers left, at the start and from time to time.
async fn sweep(shared: Arc<Shared>) {
    let clock = Arc::clone(shared.store.clock());
    let mut leap = Leap::new(clock.now(), Instant::now(), shared.config.lease);
    let mut ticks = interval(shared.config.sweep_every);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = shared.closing.cancelled() => return,
            _ = ticks.tick() => {}
        }
        let now = clock.now();
        if !leap.believes(now, Instant::now()) {
            tracing::warn!("the clock was set forward; lost attempts are looked for once all leases are renewed");
            continue;
        }
        // It may leap before the store looks at it.
        match shared.store.sweep_by(now).await {
            Ok(swept) if swept == farol_store::Swept::default() => {}
            Ok(swept) => tracing::info!(?swept, "attempts of lost servers were recorded"),
            Err(error) => tracing::warn!(%error, "lost attempts cannot be looked for; trying again"),
        }
    }
}
