//! Stores output as it comes.

use std::time::Duration;

use farol_api::output::OutputContent;
use farol_store::{Claim, LeaseError, Store, StoreError};
use tokio::sync::mpsc;
use tokio::time::sleep;

/// Most chunks stored in one transaction.
const BATCH: usize = 64;
/// How long to wait before each further try where the store is busy or away.
const RETRIES: [Duration; 3] = [Duration::from_millis(100), Duration::from_millis(500), Duration::from_secs(2)];

/// Whether all output was stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stored {
    All,
    /// Some was lost; what ran goes on.
    Partly,
}

/// Stores chunks until there are no more, or until one cannot be stored; then the sender sees its receiver go.
pub(super) async fn store_all(store: Store, claim: Claim, mut chunks: mpsc::Receiver<OutputContent>) -> Stored {
    let mut batch = Vec::new();
    while chunks.recv_many(&mut batch, BATCH).await > 0 {
        if !store_batch(&store, &claim, std::mem::take(&mut batch)).await {
            return Stored::Partly;
        }
    }
    Stored::All
}

async fn store_batch(store: &Store, claim: &Claim, batch: Vec<OutputContent>) -> bool {
    let mut retries = RETRIES.into_iter();
    loop {
        match store.append_output(claim, batch.clone()).await {
            Ok(_) => return true,
            Err(LeaseError::Lost) => return false,
            Err(LeaseError::Store(error)) => {
                let again = matches!(error, StoreError::Busy(_) | StoreError::Unavailable(_));
                let Some(pause) = retries.next().filter(|_| again) else {
                    tracing::error!(attempt = %claim.attempt(), %error, "output cannot be stored");
                    return false;
                };
                sleep(pause).await;
            }
        }
    }
}
