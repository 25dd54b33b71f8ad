//! Where a change waits that is held before it is committed, and who is asked what becomes of it.

use farol_api::hold::{HeldLock, HeldStatement, NoUndo, RolledBack};
use farol_store::Undo;
use tokio::sync::{mpsc, oneshot};

/// What was seen of a change that is held.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Its statements in their order.
    pub statements: Vec<HeldStatement>,
    /// The locks that it holds, as far as the database tells.
    pub locks: Vec<HeldLock>,
    /// How many other sessions wait for it.
    pub waiting: Option<u64>,
    /// What would put it back, or why nothing would.
    pub undo: Result<Undo, NoUndo>,
}

/// What becomes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is committed: a person said so, and that is recorded.
    Commit,
    /// It is rolled back: a person said so where no reason is given.
    RollBack(Option<RolledBack>),
}

/// A question, and where its answer goes. Whoever asked is gone where the answer cannot be sent.
#[derive(Debug)]
pub struct Question {
    /// What was seen.
    pub seen: Seen,
    /// How many chunks of output came before: among them stand the rows that whoever decides is to see.
    pub chunks: u64,
    /// Takes the answer.
    pub answer: oneshot::Sender<Verdict>,
}

/// Takes what a run holds to whoever decides.
#[derive(Clone, Debug)]
pub struct Desk(mpsc::Sender<Question>);

impl Desk {
    /// Makes a desk, and the end at which the questions are answered.
    pub fn open() -> (Self, mpsc::Receiver<Question>) {
        let (sender, receiver) = mpsc::channel(1);
        (Self(sender), receiver)
    }

    /// Makes a desk at which nobody sits: all that is held is rolled back.
    pub fn empty() -> Self {
        Self::open().0
    }

    /// Asks, and returns where the answer comes. Where nobody is there, that place is closed.
    pub(crate) async fn ask(&self, seen: Seen, chunks: u64) -> oneshot::Receiver<Verdict> {
        let (answer, place) = oneshot::channel();
        // Without a receiver the question is dropped, and with it the sender of the answer.
        let _ = self.0.send(Question { seen, chunks, answer }).await;
        place
    }
}
