//! Taking an attempt off the queue and committing the intent to send it, at once.
//!
//! A worker that finds nothing leaves an offer: what is queued next on this server is then taken in the very transaction
//! that queues it, so that from the press to the sending there is one wait for the disk. The worker learns of it before that
//! wait, and may make ready for the sending meanwhile.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use farol_api::clock::Timestamp;
use farol_api::event::FailureCode;
use farol_api::id::{AttemptId, IncidentId};
use sqlx::FromRow;
use tokio::sync::oneshot;
use uuid::Uuid;

use super::claim::open_spec;
use super::dispatch::{HeldRow, intend};
use super::finish::append_void;
use super::{Claim, Dispatched};
use crate::codec::after;
use crate::failpoint::failpoint;
use crate::pool::{Session, on_db};
use crate::writer::{Batch, Job, Place, Told};
use crate::{Store, StoreError};

/// An attempt that may be sent once its intent is committed, and the hold on it.
#[derive(Debug)]
pub struct Taken {
    /// The hold.
    pub claim: Claim,
    /// What it may be sent with.
    pub dispatched: Dispatched,
    /// When the lease began, at the latest, by this process's own clock.
    pub since: Instant,
    /// The intent to send it.
    pub intent: Intent,
    /// Whether it was handed over as it was queued.
    pub handed: bool,
}

/// The intent to send an attempt, which is committed or on its way to the disk.
#[derive(Debug)]
#[must_use = "nothing may be sent before it is committed"]
pub struct Intent(Option<oneshot::Receiver<Told<Offered>>>);

impl Intent {
    /// Waits until it is committed. Where that fails, nothing of the attempt may be sent.
    pub async fn committed(self) -> Result<(), StoreError> {
        match self.0 {
            None => Ok(()),
            Some(answered) => told(answered.await),
        }
    }
}

/// Who waits for an attempt to be queued on this server. Dropped, it waits no more; then what was just handed over is not
/// sent, and ends as unknown.
#[derive(Debug)]
pub struct Offer {
    store: Store,
    number: u64,
    /// Each until it was answered.
    intended: Option<oneshot::Receiver<Intended>>,
    answered: Option<oneshot::Receiver<Told<Offered>>>,
}

/// The offers of one server.
#[derive(Debug, Default)]
pub(crate) struct Offers {
    count: AtomicU64,
    open: Mutex<VecDeque<Open>>,
}

#[derive(Debug)]
pub(crate) struct Open {
    number: u64,
    worker: String,
    lease: Duration,
    tell: oneshot::Sender<Intended>,
    answer: oneshot::Sender<Told<Offered>>,
}

/// An attempt in the queue.
#[derive(FromRow)]
struct Queued {
    queued_at: Timestamp,
    id: Uuid,
    incident_id: i64,
}

impl Offers {
    fn open(&self) -> std::sync::MutexGuard<'_, VecDeque<Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the offer that has waited longest, and makes of it the taking of an attempt, and whom to tell.
    pub(crate) fn accept(
        &self,
        incident: IncidentId,
        attempt: AttemptId,
    ) -> Option<(Offered, oneshot::Sender<Told<Offered>>)> {
        let Open { worker, lease, tell, answer, .. } = self.open().pop_front()?;
        Some((Offered { take: Take { incident, attempt, worker, lease, handed: true }, tell }, answer))
    }
}

impl Store {
    /// Takes the attempt that was queued first and commits the intent to send it; nothing where none waits.
    ///
    /// Only after it answers may the attempt be sent, once. What is void by now is ended, and the next one taken; what cannot
    /// be read is passed over.
    pub async fn take_next(&self, worker: &str, lease: Duration) -> Result<Option<Taken>, StoreError> {
        let mut last = (Timestamp::UNIX_EPOCH, Uuid::nil());
        while let Some(next) = self.queued_after(last).await? {
            last = (next.queued_at, next.id);
            let (incident, attempt) = (IncidentId(next.incident_id), AttemptId(next.id));
            let take = Take { incident, attempt, worker: worker.to_owned(), lease, handed: false };
            match self.submit(Place::Locked(incident), take).await {
                Ok(None) => {}
                // It stays where it is; those behind it are not to wait for whoever repairs it.
                Err(error) if error.is_of_what_is_stored() => {
                    tracing::error!(%incident, %attempt, %error, "an attempt cannot be taken");
                }
                taken => return Ok(taken?.map(|intended| intended.taken(None))),
            }
        }
        Ok(None)
    }

    /// Offers to take what is queued next on this server.
    pub fn offer(&self, worker: &str, lease: Duration) -> Offer {
        let (tell, intended) = oneshot::channel();
        let (answer, answered) = oneshot::channel();
        let offers = &self.inner.offers;
        let number = offers.count.fetch_add(1, Ordering::Relaxed);
        offers.open().push_back(Open { number, worker: worker.to_owned(), lease, tell, answer });
        Offer { store: self.clone(), number, intended: Some(intended), answered: Some(answered) }
    }

    async fn queued_after(&self, (at, id): (Timestamp, Uuid)) -> Result<Option<Queued>, StoreError> {
        const SQL: &str = "select queued_at, id, incident_id from attempts \
                           where state = 'queued' and (queued_at, id) > ($1, $2) order by queued_at, id limit 1";
        let mut reader = self.reader().await?;
        Ok(on_db!(reader.db(), |c| sqlx::query_as(SQL).bind(at).bind(id).fetch_optional(c).await)?)
    }
}

impl Offer {
    /// Waits until something is handed over, whose intent may not be committed yet; nothing where that was void. It may be
    /// dropped and asked again before.
    pub async fn accepted(&mut self) -> Result<Option<Taken>, StoreError> {
        if let Some(waiting) = &mut self.intended {
            let intended = waiting.await;
            self.intended = None;
            if let Ok(intended) = intended {
                return Ok(Some(intended.taken(self.answered.take())));
            }
        }
        let Some(waiting) = &mut self.answered else { return Ok(None) };
        let answered = waiting.await;
        self.answered = None;
        told(answered).map(|()| None)
    }

    /// Takes the offer back, and returns what was handed over before.
    pub async fn withdraw(mut self) -> Result<Option<Taken>, StoreError> {
        if self.remove() { Ok(None) } else { self.accepted().await }
    }

    fn remove(&self) -> bool {
        let mut open = self.store.inner.offers.open();
        let before = open.len();
        open.retain(|open| open.number != self.number);
        open.len() < before
    }
}

impl Drop for Offer {
    fn drop(&mut self) {
        self.remove();
    }
}

fn told(answered: Result<Told<Offered>, oneshot::error::RecvError>) -> Result<(), StoreError> {
    match answered {
        Ok(Ok(told)) => told,
        Ok(Err(panic)) => std::panic::resume_unwind(panic),
        Err(_) => Err(StoreError::Unavailable(sqlx::Error::WorkerCrashed)),
    }
}

/// An attempt whose intent is written, and not committed yet.
#[derive(Debug)]
pub(crate) struct Intended {
    claim: Claim,
    dispatched: Dispatched,
    since: Instant,
}

impl Intended {
    /// Goes with what tells that it is committed, where it may not be yet.
    fn taken(self, answered: Option<oneshot::Receiver<Told<Offered>>>) -> Taken {
        let Self { claim, dispatched, since } = self;
        let handed = answered.is_some();
        Taken { claim, dispatched, since, intent: Intent(answered), handed }
    }
}

/// The taking of one attempt for an offer.
pub(crate) struct Offered {
    take: Take,
    tell: oneshot::Sender<Intended>,
}

impl Job for Offered {
    type Done = ();
    type Error = StoreError;

    async fn run(self, batch: &mut Batch) -> Result<(), StoreError> {
        if let Some(intended) = self.take.run(batch).await? {
            // Whoever left the offer and is gone sends nothing.
            let _ = self.tell.send(intended);
        }
        Ok(())
    }
}

/// The taking of one attempt.
pub(crate) struct Take {
    incident: IncidentId,
    attempt: AttemptId,
    worker: String,
    lease: Duration,
    /// Whether it is queued in the very transaction that takes it.
    handed: bool,
}

impl Job for Take {
    /// Nothing where another has it, or it is void.
    type Done = Option<Intended>;
    type Error = StoreError;

    async fn run(self, batch: &mut Batch) -> Result<Self::Done, StoreError> {
        let since = Instant::now();
        let lease_until = after(batch.store.now(), self.lease);
        let Some(held) = self.hold(batch, lease_until).await? else { return Ok(None) };
        failpoint("claimed");
        let spec = match open_spec(batch.store.vault(), self.attempt, &held.spec) {
            Ok(spec) => spec,
            Err(error) => {
                tracing::error!(attempt = %self.attempt, %error, "what an attempt runs cannot be read");
                batch.ledger(self.incident).await?;
                append_void(batch, self.incident, self.attempt, FailureCode::ApprovalVoid).await?;
                return Ok(None);
            }
        };
        let Self { worker, lease, handed, .. } = self;
        let mut claim = Claim { spec, fencing_token: held.fencing_token, worker, lease_until, lease };
        let Some(dispatched) = intend(batch, &claim, &held, handed).await? else { return Ok(None) };
        failpoint("an intent that is not committed");
        claim.lease_until = dispatched.lease_until;
        Ok(Some(Intended { claim, dispatched, since }))
    }
}

impl Take {
    /// Claims the attempt; nothing where it is not queued any more.
    async fn hold(&self, batch: &mut Batch, lease_until: Timestamp) -> Result<Option<HeldRow>, StoreError> {
        const SQL: &str = "update attempts set state = 'claimed', worker = $2, lease_until = $3, \
                           fencing_token = fencing_token + 1 where id = $1 and state = 'queued' \
                           returning spec, digest, expires_at, cancel_requested, fencing_token";
        let held = on_db!(batch.write().await?.db(), |c| {
            let query = sqlx::query_as(SQL).bind(self.attempt.0).bind(&self.worker).bind(lease_until);
            query.fetch_optional(c).await
        })?;
        Ok(held)
    }
}
