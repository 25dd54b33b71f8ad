//! Connections that were opened and checked ahead of time. Each is used for one attempt, and closed afterwards.
//!
//! A pair of target and role has some ready from its first attempt on, as long as attempts come. They are opened by that
//! role's own credential and handed out for nothing else; one that waited too long is closed and replaced.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use farol_api::id::TargetId;
use farol_api::target::{CredentialRole, DatabaseKind};
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::{CONNECT_TIMEOUT, mysql, postgres};
use crate::secret::SecretUrl;

/// The longest that a connection waits: what its role may do was asked when it was opened.
const OLDEST: Duration = Duration::from_secs(60);
/// How long after the last attempt connections are still kept ready.
const IDLE: Duration = Duration::from_secs(300);
/// How long after an attempt began another connection is opened for the next, where one is ready still and the attempt is
/// not over before: opening one takes the server and this program more work than most statements do, and must not come in
/// their way.
const QUIET: Duration = Duration::from_millis(25);
/// How long after the end of an attempt.
const AFTER: Duration = Duration::from_millis(5);
/// The longest pause between two tries to reach a target that cannot be reached.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// How long the end of connections is waited for when the server stops.
const CLOSE_PATIENCE: Duration = Duration::from_secs(2);

/// Connections kept ready. Clones share them; the default keeps none.
#[derive(Clone, Debug, Default)]
pub struct Warm(Option<Arc<Shared>>);

/// What a connection is opened for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Purpose {
    pub target: TargetId,
    pub version: i64,
    pub role: CredentialRole,
    pub kind: DatabaseKind,
    pub url: SecretUrl,
}

/// An open connection on which nothing ran but our own questions.
pub(super) enum Session {
    Postgres(postgres::Session),
    Mysql(mysql::Session),
}

type Key = (TargetId, CredentialRole);

struct Shared {
    most: usize,
    pools: Mutex<HashMap<Key, Pool>>,
    /// Counts the attempts whose end is recorded.
    ended: watch::Sender<u64>,
    closing: CancellationToken,
    tasks: TaskTracker,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").field("most", &self.most).finish_non_exhaustive()
    }
}

struct Pool {
    purpose: Purpose,
    ready: VecDeque<(Instant, Session)>,
    last_used: Instant,
    keeper: Arc<Keeper>,
}

/// What the task that fills a pool is told by.
#[derive(Default)]
struct Keeper {
    used: Notify,
    gone: CancellationToken,
}

impl Warm {
    /// Keeps so many ready for each pair of target and role that is in use; none where it is 0.
    pub fn new(most: usize) -> Self {
        let shared = || Shared {
            most,
            pools: Mutex::default(),
            ended: watch::Sender::default(),
            closing: CancellationToken::new(),
            tasks: TaskTracker::new(),
        };
        Self((most > 0).then(|| Arc::new(shared())))
    }

    /// Takes a connection that was opened for exactly this, and has more of them opened; nothing where none is ready.
    pub(super) fn take(&self, purpose: Purpose) -> Option<Session> {
        let shared = self.0.as_ref().filter(|shared| !shared.closing.is_cancelled())?;
        // A file is opened in less time than it takes to keep it open.
        if purpose.kind == DatabaseKind::Sqlite {
            return None;
        }
        let key = (purpose.target.clone(), purpose.role);
        let mut pools = shared.pools();
        match pools.get_mut(&key) {
            Some(pool) if pool.purpose == purpose => {
                pool.last_used = Instant::now();
                let session = pool.ready.pop_front();
                pool.keeper.used.notify_one();
                // The task that fills the pool closes what is too old; it may just not have had its turn.
                return session.filter(|(opened, _)| opened.elapsed() < OLDEST).map(|(_, session)| session);
            }
            Some(pool) => pool.keeper.gone.cancel(),
            None => {}
        }
        let keeper = Arc::new(Keeper::default());
        let pool = Pool { purpose, ready: VecDeque::new(), last_used: Instant::now(), keeper: Arc::clone(&keeper) };
        if let Some(old) = pools.insert(key.clone(), pool) {
            shared.close_all(old.ready);
        }
        shared.tasks.spawn(fill(Arc::clone(shared), key, keeper));
        None
    }

    /// Closes a connection whose statement is over once the end of an attempt is recorded, or a moment later: the end of its
    /// process on the server must not come in the way of that.
    pub(super) fn retire(&self, session: Session) {
        let Some(shared) = &self.0 else {
            tokio::spawn(session.close());
            return;
        };
        let (closing, mut ended) = (shared.closing.clone(), shared.ended.subscribe());
        shared.tasks.spawn(async move {
            tokio::select! {
                () = closing.cancelled() => {}
                () = quiet(&mut ended) => {}
                () = sleep(QUIET) => {}
            }
            session.close().await;
        });
    }

    /// The end of an attempt is recorded: what waits for a quiet moment has it now.
    pub(crate) fn attempt_ended(&self) {
        if let Some(shared) = &self.0 {
            shared.ended.send_modify(|ended| *ended += 1);
        }
    }

    /// Returns the targets that connections are kept for, each with its version.
    pub(crate) fn targets(&self) -> Vec<(TargetId, i64)> {
        let Some(shared) = &self.0 else { return Vec::new() };
        shared.pools().values().map(|pool| (pool.purpose.target.clone(), pool.purpose.version)).collect()
    }

    /// Closes what is kept for a target.
    pub fn forget(&self, target: &TargetId) {
        let Some(shared) = &self.0 else { return };
        shared.pools().retain(|(of, _), pool| {
            if of == target {
                pool.keeper.gone.cancel();
                shared.close_all(std::mem::take(&mut pool.ready));
            }
            of != target
        });
    }

    /// Closes everything, and keeps nothing from now on.
    pub async fn close(&self) {
        let Some(shared) = &self.0 else { return };
        shared.closing.cancel();
        let pools = std::mem::take(&mut *shared.pools());
        pools.into_values().for_each(|pool| shared.close_all(pool.ready));
        shared.tasks.close();
        let _ = timeout(CLOSE_PATIENCE, shared.tasks.wait()).await;
    }
}

impl Shared {
    fn pools(&self) -> std::sync::MutexGuard<'_, HashMap<Key, Pool>> {
        self.pools.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn close_all(&self, sessions: impl IntoIterator<Item = (Instant, Session)>) {
        for (_, session) in sessions {
            self.tasks.spawn(session.close());
        }
    }

    /// Looks at a pool that is filled; nothing where it is over.
    fn look(&self, key: &Key, keeper: &Arc<Keeper>) -> Option<Need> {
        let mut pools = self.pools();
        let pool = pools.get_mut(key).filter(|pool| Arc::ptr_eq(&pool.keeper, keeper))?;
        if pool.last_used.elapsed() >= IDLE {
            let pool = pools.remove(key)?;
            self.close_all(pool.ready);
            return None;
        }
        while pool.ready.front().is_some_and(|(opened, _)| opened.elapsed() >= OLDEST) {
            self.close_all(pool.ready.pop_front());
        }
        let end = pool.last_used + IDLE;
        let oldest = pool.ready.front().map_or(end, |(opened, _)| *opened + OLDEST);
        let lacks = (pool.ready.len() < self.most).then(|| pool.purpose.clone());
        let until = match (&lacks, pool.ready.is_empty()) {
            (None, _) => oldest.min(end),
            (Some(_), true) => pool.last_used,
            (Some(_), false) => pool.last_used + QUIET,
        };
        Some(Need { lacks, until })
    }

    /// Adds a connection to its pool, unless that is over.
    fn add(&self, key: &Key, keeper: &Arc<Keeper>, session: Session) {
        let mut pools = self.pools();
        match pools.get_mut(key).filter(|pool| Arc::ptr_eq(&pool.keeper, keeper)) {
            Some(pool) => pool.ready.push_back((Instant::now(), session)),
            None => self.close_all([(Instant::now(), session)]),
        }
    }
}

/// What a pool needs.
struct Need {
    /// What one more is opened for.
    lacks: Option<Purpose>,
    /// When that is opened, or when it is to be looked at again.
    until: Instant,
}

/// Keeps a pool full until it is not used any more.
async fn fill(shared: Arc<Shared>, key: Key, keeper: Arc<Keeper>) {
    let (mut failures, mut not_before) = (0, Instant::now());
    let mut ended = shared.ended.subscribe();
    while let Some(need) = shared.look(&key, &keeper) {
        let next = if need.lacks.is_some() { need.until.max(not_before) } else { need.until };
        tokio::select! {
            () = shared.closing.cancelled() => return,
            () = keeper.gone.cancelled() => return,
            () = keeper.used.notified() => {
                // Only an end after this is that of the attempt that took it.
                ended.mark_unchanged();
                continue;
            }
            () = quiet(&mut ended), if need.lacks.is_some() && not_before <= Instant::now() => {}
            () = sleep_until(next) => {}
        }
        let Some(purpose) = need.lacks else { continue };
        let opened = tokio::select! {
            () = shared.closing.cancelled() => return,
            () = keeper.gone.cancelled() => return,
            opened = timeout(CONNECT_TIMEOUT, open(&purpose)) => opened.ok().flatten(),
        };
        match opened {
            Some(session) => {
                failures = 0;
                shared.add(&key, &keeper, session);
            }
            None => {
                failures += 1;
                not_before = Instant::now() + pause(failures);
                tracing::debug!(target = %key.0, failures, "no connection could be opened ahead of time");
            }
        }
    }
}

/// Waits until the end of an attempt is recorded, and until whoever waited for that has learned of it.
async fn quiet(ended: &mut watch::Receiver<u64>) {
    let _ = ended.changed().await;
    sleep(AFTER).await;
}

/// How long a target is left alone after so many failures.
fn pause(failures: u32) -> Duration {
    Duration::from_secs(1 << failures.min(6)).min(LONGEST_PAUSE)
}

async fn open(purpose: &Purpose) -> Option<Session> {
    match purpose.kind {
        DatabaseKind::Postgres => postgres::connect(&purpose.url, WAITING).await.ok().map(Session::Postgres),
        DatabaseKind::Mysql => mysql::connect(&purpose.url).await.ok().map(Session::Mysql),
        DatabaseKind::Sqlite => None,
    }
}

/// What a connection that waits is called on its server.
const WAITING: &str = "farol-ready";

impl Session {
    async fn close(self) {
        match self {
            Self::Postgres(session) => session.close().await,
            Self::Mysql(session) => session.close().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_that_is_down_is_left_alone_longer_and_longer() {
        let pauses: Vec<u64> = (1..9).map(|failures| pause(failures).as_secs()).collect();
        assert_eq!(pauses, [2, 4, 8, 16, 32, 60, 60, 60]);
    }
}
