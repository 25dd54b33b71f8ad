//! Keeps hold of an attempt while it runs, learns of wishes to stop it, and lets go in time.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use farol_store::{Claim, LeaseError, Renewed, Store};
use tokio::time::{Instant, sleep_until, timeout_at};
use tokio_util::sync::CancellationToken;

/// The least time between two renewals, however often the incident changes.
const LEAST_BETWEEN: Duration = Duration::from_millis(250);

/// Why the run was asked to stop, or must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// A person wants it.
    Person,
    /// The lease cannot be renewed, and will end.
    Fence,
    /// The server stops.
    Shutdown,
}

/// Holds the lease of one attempt.
pub(super) struct Keeper<'a> {
    pub store: &'a Store,
    pub claim: &'a Claim,
    /// Asks the run to stop.
    pub stop: &'a CancellationToken,
    /// Is cancelled when the server stops.
    pub ending: &'a CancellationToken,
    /// When the lease ends, by this process's own clock.
    pub ends: Instant,
    /// Why it was asked to; the first reason stays.
    pub why: Arc<OnceLock<Stop>>,
}

impl Keeper<'_> {
    /// Renews until the lease is lost, and returns then: the run must end at once, and may write nothing more.
    ///
    /// A third of the lease before its end it asks the run to stop, so that there is time for proof.
    pub async fn keep(&mut self) {
        let lease = self.claim.lease;
        let mut changes = self.store.watch(self.claim.spec.incident);
        let mut last = Instant::now();
        let mut next = last + lease / 3;
        loop {
            let fence = self.ends - lease / 3;
            tokio::select! {
                biased;
                () = sleep_until(self.ends) => return,
                () = sleep_until(fence), if self.why.get().is_none() => self.ask(Stop::Fence),
                () = self.ending.cancelled(), if self.why.get().is_none() => self.ask(Stop::Shutdown),
                () = sleep_until(next) => {
                    last = Instant::now();
                    changes.mark_unchanged();
                    // A store that does not answer must not keep the fence from being seen.
                    let renewed = timeout_at(last + lease / 6, self.renew()).await.unwrap_or(Err(()));
                    next = last + if renewed.is_ok() { lease / 3 } else { lease / 5 };
                }
                changed = changes.changed() => match changed {
                    Ok(()) => next = next.min(last + LEAST_BETWEEN),
                    // The store is closing; the clock alone goes on.
                    Err(_) => changes = self.store.watch(self.claim.spec.incident),
                },
            }
        }
    }

    /// Renews once. Where the lease turns out to be lost, it has ended.
    async fn renew(&mut self) -> Result<(), ()> {
        let asked = Instant::now();
        let (store, claim) = (self.store.clone(), self.claim.clone());
        // A task of its own: a store's transaction that is dropped half-way is a connection less.
        let renewal = tokio::spawn(async move { store.renew(&claim).await });
        let Ok(renewed) = renewal.await else { return Err(()) };
        match renewed {
            Ok(Renewed { cancel_requested, .. }) => {
                self.ends = asked + self.claim.lease;
                if cancel_requested && self.why.get().is_none() {
                    self.ask(Stop::Person);
                }
                Ok(())
            }
            Err(LeaseError::Lost) => {
                self.ends = asked;
                Err(())
            }
            Err(LeaseError::Store(error)) => {
                tracing::warn!(attempt = %self.claim.attempt(), %error, "a lease was not renewed; trying again");
                Err(())
            }
        }
    }

    fn ask(&self, why: Stop) {
        let _ = self.why.set(why);
        self.stop.cancel();
    }
}
