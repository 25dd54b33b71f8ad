//! Waking readers up. A wake-up carries no state, and may be lost: whoever waits polls behind it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use farol_api::id::IncidentId;
use sqlx::postgres::{PgListener, PgPool};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::pool::Pool;
use crate::{Store, StoreError, dialect};

/// How long to wait before listening again after the connection was lost.
const RECONNECT: Duration = Duration::from_secs(1);

/// What changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Wake {
    /// Something of an incident.
    Incident(IncidentId),
    /// Output of an incident, which concerns those who look at it alone.
    Output(IncidentId),
    /// Attempts were queued.
    Jobs,
    /// A target or its credentials.
    Targets,
}

impl Store {
    /// Returns what changes whenever an incident's events, output or attempts change; on Postgres also by another server.
    pub fn watch(&self, incident: IncidentId) -> watch::Receiver<u64> {
        self.inner.live.board.watch(incident)
    }

    /// Returns what changes whenever something happens in any incident; output is nothing that happens.
    pub fn watch_all(&self) -> watch::Receiver<u64> {
        self.inner.live.board.anything.subscribe()
    }

    /// Returns what changes whenever attempts were queued.
    pub fn jobs_ready(&self) -> watch::Receiver<u64> {
        self.inner.live.board.jobs.subscribe()
    }

    /// Returns what changes whenever a target or its credentials change.
    pub fn watch_targets(&self) -> watch::Receiver<u64> {
        self.inner.live.board.targets.subscribe()
    }
}

/// The wake-ups of one open store.
#[derive(Debug)]
pub(crate) struct Live {
    board: Arc<Board>,
    listener: Option<JoinHandle<()>>,
}

/// Who waits for what.
#[derive(Debug)]
pub(crate) struct Board {
    incidents: Mutex<HashMap<IncidentId, watch::Sender<u64>>>,
    anything: watch::Sender<u64>,
    jobs: watch::Sender<u64>,
    targets: watch::Sender<u64>,
}

impl Live {
    pub(crate) async fn start(pool: &Pool) -> Result<Self, StoreError> {
        let board = Arc::new(Board {
            incidents: Mutex::default(),
            anything: watch::Sender::new(0),
            jobs: watch::Sender::new(0),
            targets: watch::Sender::new(0),
        });
        let listener = match pool {
            Pool::Sqlite(_) => None,
            Pool::Postgres(pool) => {
                let listener = connect(pool).await?;
                Some(tokio::spawn(listen(pool.clone(), listener, board.clone())))
            }
        };
        Ok(Self { board, listener })
    }

    pub(crate) fn board(&self) -> Arc<Board> {
        self.board.clone()
    }

    pub(crate) fn stop(&self) {
        if let Some(listener) = &self.listener {
            listener.abort();
        }
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Board {
    fn watch(&self, incident: IncidentId) -> watch::Receiver<u64> {
        let mut incidents = self.incidents.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever comes pays for those who left, so that the map stays as small as the open rooms.
        incidents.retain(|_, sender| sender.receiver_count() > 0);
        let sender = incidents.entry(incident).or_insert_with(|| watch::Sender::new(0));
        sender.subscribe()
    }

    pub(crate) fn wake(&self, wake: Wake) {
        match wake {
            Wake::Jobs => bump(&self.jobs),
            Wake::Targets => bump(&self.targets),
            Wake::Incident(incident) => {
                bump(&self.anything);
                self.wake_one(incident);
            }
            Wake::Output(incident) => self.wake_one(incident),
        }
    }

    fn wake_one(&self, incident: IncidentId) {
        let incidents = self.incidents.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = incidents.get(&incident) {
            bump(sender);
        }
    }

    fn wake_everybody(&self) {
        bump(&self.anything);
        bump(&self.jobs);
        bump(&self.targets);
        let incidents = self.incidents.lock().unwrap_or_else(PoisonError::into_inner);
        incidents.values().for_each(bump);
    }
}

fn bump(sender: &watch::Sender<u64>) {
    sender.send_modify(|count| *count = count.wrapping_add(1));
}

async fn connect(pool: &PgPool) -> Result<PgListener, sqlx::Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    // First: whoever listens may hear nothing any more, and would wait for the answer.
    dialect::keep_open(&mut listener).await?;
    listener.listen(dialect::CHANNEL).await?;
    Ok(listener)
}

async fn listen(pool: PgPool, first: PgListener, board: Arc<Board>) {
    let mut current = Some(first);
    loop {
        if let Some(mut listener) = current.take() {
            // `try_recv` tells of a lost connection, where `recv` would hide what was missed meanwhile.
            while let Ok(Some(notification)) = listener.try_recv().await {
                dialect::parse_wakes(notification.payload()).for_each(|wake| board.wake(wake));
            }
            tracing::warn!("the connection that listens to Postgres was lost");
        }
        match connect(&pool).await {
            Ok(listener) => {
                board.wake_everybody();
                current = Some(listener);
            }
            Err(error) => {
                tracing::warn!(%error, "cannot listen to Postgres; trying again");
                tokio::time::sleep(RECONNECT).await;
            }
        }
    }
}
