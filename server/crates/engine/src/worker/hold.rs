//! Records that a change is held, and waits for whoever decides: a person, the clock, a wish to stop, the server's end.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use farol_api::hold::{Held, RolledBack};
use farol_store::{Claim, LeaseError, Store};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::CancellationToken;

use super::Shared;
use super::lease::Stop;
use crate::hold::{Question, Seen, Verdict};

/// How often it is looked whether somebody has decided although nothing woke the wait.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// What waiting takes.
pub(super) struct Sitter {
    store: Store,
    claim: Claim,
    stop: CancellationToken,
    /// Why the run was asked to stop.
    why: Arc<OnceLock<Stop>>,
    closing: CancellationToken,
    /// How many chunks of output are stored.
    stored: watch::Receiver<u64>,
}

impl Sitter {
    pub fn of(
        shared: &Shared,
        claim: &Claim,
        stop: &CancellationToken,
        why: &Arc<OnceLock<Stop>>,
        stored: watch::Receiver<u64>,
    ) -> Self {
        let (store, claim, stop, closing) = (shared.store.clone(), claim.clone(), stop.clone(), shared.closing.clone());
        Self { store, claim, stop, why: why.clone(), closing, stored }
    }
}

/// Answers what a run asks. A run asks once.
pub(super) async fn sit(mut sitter: Sitter, mut questions: mpsc::Receiver<Question>) {
    while let Some(Question { seen, chunks, mut answer }) = questions.recv().await {
        // Where output is lost nothing more is waited for: the end says so.
        let _ = sitter.stored.wait_for(|stored| *stored >= chunks).await;
        let verdict = sitter.decide(seen, &mut answer).await;
        let _ = answer.send(verdict);
    }
}

impl Sitter {
    async fn decide(&self, seen: Seen, answer: &mut oneshot::Sender<Verdict>) -> Verdict {
        let seconds = self.claim.spec.asked.hold.as_ref().and_then(|hold| hold.seconds).unwrap_or(0);
        let wait = Duration::from_secs(seconds.into());
        let until = Instant::now() + wait;
        let Seen { statements, locks, waiting, undo } = seen;
        let held = Held {
            statements,
            locks,
            waiting,
            until: self.store.clock().now() + wait,
            undo_rows: undo.as_ref().ok().map(|undo| undo.rows),
            no_undo: undo.as_ref().err().copied(),
        };
        if let Err(error) = self.store.hold(&self.claim, held, undo.ok()).await {
            tracing::error!(attempt = %self.claim.attempt(), %error, "a hold was not recorded; the change is rolled back");
            return Verdict::RollBack(Some(RolledBack::Server));
        }
        let because = tokio::select! {
            because = self.wait(until) => because,
            // Who asked is gone: the connection to the target was lost.
            () = answer.closed() => RolledBack::Connection,
        };
        self.close(because).await
    }

    /// Waits until somebody has decided, or why nobody will.
    async fn wait(&self, until: Instant) -> RolledBack {
        let mut changes = self.store.watch(self.claim.spec.incident);
        loop {
            changes.mark_unchanged();
            match self.store.hold_decision(self.claim.attempt()).await {
                // Closing the hold finds what was decided.
                Ok(Some(_)) => return RolledBack::Server,
                Ok(None) => {}
                Err(error) => tracing::warn!(%error, "it cannot be read whether a hold was decided; trying again"),
            }
            tokio::select! {
                () = sleep_until(until) => return RolledBack::Deadline,
                () = self.stop.cancelled() => return match self.why.get() {
                    Some(Stop::Fence | Stop::Shutdown) => RolledBack::Server,
                    Some(Stop::Person) | None => RolledBack::Cancelled,
                },
                () = self.closing.cancelled() => return RolledBack::Server,
                changed = changes.changed() => if changed.is_err() { sleep(LOOK_EVERY).await },
                () = sleep(LOOK_EVERY) => {}
            }
        }
    }

    /// Closes the hold. Where that cannot be recorded nothing is committed.
    async fn close(&self, because: RolledBack) -> Verdict {
        match self.store.close_hold(&self.claim, because).await {
            Ok(true) => Verdict::Commit,
            Ok(false) => self.rolled_back(because).await,
            Err(LeaseError::Lost) => Verdict::RollBack(Some(RolledBack::Server)),
            Err(LeaseError::Store(error)) => {
                tracing::error!(attempt = %self.claim.attempt(), %error, "a hold was not closed; the change is rolled back");
                Verdict::RollBack(Some(RolledBack::Server))
            }
        }
    }

    /// Tells a person's word from Farol's own.
    async fn rolled_back(&self, because: RolledBack) -> Verdict {
        let state = self.store.state(self.claim.spec.incident).await.ok().flatten();
        let attempt = state.as_ref().and_then(|state| state.attempts.get(&self.claim.attempt()));
        let decided = attempt.and_then(|attempt| attempt.hold.as_ref()?.decided.as_ref());
        Verdict::RollBack(decided.map_or(Some(because), |decided| decided.because))
    }
}
