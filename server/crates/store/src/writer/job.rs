//! One thing to write, and who waits for it.

use std::any::Any;

use farol_api::id::IncidentId;
use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::sync::oneshot;

use super::Batch;
use crate::StoreError;

/// Where a job is written.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place {
    /// In an incident, whose row is locked before anything else of the batch happens.
    Locked(IncidentId),
    /// Beside the incidents: it waits for nobody who holds one, and touches the row of one attempt and no other.
    Beside,
    /// In an incident that it makes.
    New,
}

/// Something to write beside others, in one transaction.
pub(crate) trait Job: Sized + Send + 'static {
    type Done: Send + 'static;
    type Error: Failure;

    /// Writes it. Where it fails, nothing of it stays, and those beside it are not touched.
    fn run(self, batch: &mut Batch) -> impl Future<Output = Result<Self::Done, Self::Error>> + Send;
}

/// Why something was not written: by the rules, or because the store failed.
pub(crate) trait Failure: From<StoreError> + Send + 'static {
    fn of_store(&self) -> Option<&StoreError>;
}

impl Failure for StoreError {
    fn of_store(&self) -> Option<&StoreError> {
        Some(self)
    }
}

/// What somebody is told: a panic of what they had the writer do is theirs.
pub(crate) type Told<J> = Result<Result<<J as Job>::Done, <J as Job>::Error>, Box<dyn Any + Send>>;

/// A job in the line.
pub(super) struct Item<J: Job> {
    pub place: Place,
    pub job: J,
    pub answer: oneshot::Sender<Told<J>>,
}

pub(super) trait Waiting: Send {
    fn locks(&self) -> Option<IncidentId>;
    fn run<'b>(self: Box<Self>, batch: &'b mut Batch) -> BoxFuture<'b, Box<dyn Answer>>;
    fn fail(self: Box<Self>, error: StoreError);
}

/// What somebody is told after the commit.
pub(super) trait Answer: Send {
    fn give(self: Box<Self>, failed: Option<&StoreError>);
}

impl<J: Job> Waiting for Item<J> {
    fn locks(&self) -> Option<IncidentId> {
        match self.place {
            Place::Locked(incident) => Some(incident),
            Place::Beside | Place::New => None,
        }
    }

    fn run<'b>(self: Box<Self>, batch: &'b mut Batch) -> BoxFuture<'b, Box<dyn Answer>> {
        let Self { job, answer, .. } = *self;
        Box::pin(async move {
            let ran = std::panic::AssertUnwindSafe(job.run(batch)).catch_unwind().await;
            match &ran {
                Ok(Ok(_)) => batch.keep().await,
                Ok(Err(error)) => batch.undo(error.of_store()).await,
                Err(_) => batch.undo(None).await,
            }
            Box::new(Answered::<J> { told: ran, answer }) as Box<dyn Answer>
        })
    }

    fn fail(self: Box<Self>, error: StoreError) {
        // Whoever does not wait any more is told nothing.
        let _ = self.answer.send(Ok(Err(error.into())));
    }
}

struct Answered<J: Job> {
    told: Told<J>,
    answer: oneshot::Sender<Told<J>>,
}

impl<J: Job> Answer for Answered<J> {
    fn give(self: Box<Self>, failed: Option<&StoreError>) {
        // What was refused was refused on what was not committed: nobody knows whether it would be again.
        let told = match (failed, self.told) {
            (Some(_), Err(panic)) => Err(panic),
            (Some(error), Ok(_)) => Ok(Err(error.again().into())),
            (None, told) => told,
        };
        let _ = self.answer.send(told);
    }
}
