//! Attempts, which are the job queue too: awaiting, queued, claimed, dispatching, running, finished.
//!
//! `claimed` was taken by a worker that has sent nothing; nobody sees it, because the transaction that claims goes on to the
//! intent. `dispatching` is committed before anything is sent, `running` by the first sign of life after that; from either
//! there is no way back to the queue.

mod claim;
mod dispatch;
mod evidence;
mod finish;
mod hold;
mod output;
mod pending;
mod sweep;
mod take;

use std::time::Duration;

use farol_api::approval::PendingApproval;
use farol_api::clock::Timestamp;
use farol_api::event::Event;
use farol_api::id::{AttemptId, RevisionId};
use farol_api::target::Target;
use farol_incident::spec::AttemptSpec;
use secrecy::SecretString;

use crate::StoreError;
use crate::writer::Failure;

pub use evidence::{Doubt, Finding};
pub use hold::Undo;
pub use output::output_digest;
pub use take::{Intent, Offer, Taken};

pub(crate) use hold::{mark_decided, undo_purpose};
pub(crate) use output::ChunkRow;
pub(crate) use take::Offers;

/// A worker's hold on one attempt.
#[derive(Clone, Debug)]
pub struct Claim {
    /// What is to run.
    pub spec: AttemptSpec,
    /// Grows with every claim of the attempt; writes with a stale one are refused.
    pub fencing_token: i64,
    /// Who holds it.
    pub worker: String,
    /// When the hold ends unless it is renewed.
    pub lease_until: Timestamp,
    /// How far each renewal, and the dispatch, reach.
    pub lease: Duration,
}

impl Claim {
    /// Returns the attempt.
    pub fn attempt(&self) -> AttemptId {
        self.spec.attempt
    }
}

/// What an attempt may be sent with, once, when its intent is committed.
#[derive(Debug)]
pub struct Dispatched {
    /// The event that says so.
    pub event: Event,
    /// The target of exactly the version that was approved.
    pub target: Target,
    /// Its credential of the approved role, read in the same transaction; absent where it has none.
    pub credential: Option<SecretString>,
    /// The values of the incident's secret parameters, for redaction.
    pub secrets: Vec<SecretString>,
    /// When the hold ends unless it is renewed.
    pub lease_until: Timestamp,
}

/// Why a running attempt's write was refused.
#[derive(Debug, thiserror::Error)]
pub enum LeaseError {
    /// The claim is not the latest, or the attempt is over.
    #[error("the claim was lost")]
    Lost,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Failure for LeaseError {
    fn of_store(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            Self::Lost => None,
        }
    }
}

/// A lease that was renewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Renewed {
    /// When it ends now.
    pub lease_until: Timestamp,
    /// Whether somebody asked to stop the attempt.
    pub cancel_requested: bool,
}

/// What a sweep did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Claimed, never dispatched, queued again.
    pub requeued: Vec<AttemptId>,
    /// Dispatched, and nobody knows how they ended.
    pub unknown: Vec<AttemptId>,
    /// Expired before they were dispatched.
    pub expired: Vec<AttemptId>,
}

/// An attempt that waits for other people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingAttempt {
    /// What the approvals page shows; `barred` is the caller's to fill, and is empty here.
    pub approval: PendingApproval,
    /// The runbook revision of its incident, whose editors may not approve.
    pub revision: Option<RevisionId>,
}
