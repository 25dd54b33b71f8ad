//! Stores output as it comes.

use std::time::Duration;

use farol_api::output::OutputContent;
use farol_store::{Claim, LeaseError, Store, StoreError, failpoint};
use tokio::sync::{mpsc, watch};
use tokio::time::{sleep, timeout};

/// Most chunks stored in one transaction.
const BATCH: usize = 64;
/// How long to wait before each further try where the store is busy or away.
const RETRIES: [Duration; 3] = [Duration::from_millis(100), Duration::from_millis(500), Duration::from_secs(2)];

/// How long output waits for the end of its attempt: nobody sees the difference, and most steps end within it.
const MOMENT: Duration = Duration::from_millis(3);
/// More chunks than a step has that is over within a moment: its columns, its first row, and as many rows as a chunk takes.
/// With the fourth there is more to come, and who looks on sees the first rows of a long result now.
const MORE_THAN_A_FEW: usize = 4;

/// Whether all output was stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stored {
    All,
    /// Some was lost; what ran goes on.
    Partly,
}

/// Stores chunks until there are no more, or until one cannot be stored; then the sender sees its receiver go.
///
/// The last chunks are returned instead: they are stored with the end, in one transaction. `stored` is told how many are stored so far.
pub(super) async fn store_all(
    store: &Store,
    claim: &Claim,
    mut chunks: mpsc::Receiver<OutputContent>,
    stored: watch::Sender<u64>,
) -> (Stored, Vec<OutputContent>) {
    let mut batch = Vec::new();
    loop {
        if chunks.recv_many(&mut batch, BATCH).await == 0 || closes(&mut chunks, &mut batch).await {
            return (Stored::All, batch);
        }
        let more = batch.len() as u64;
        if !store_batch(store, claim, std::mem::take(&mut batch)).await {
            return (Stored::Partly, Vec::new());
        }
        stored.send_modify(|so_far| *so_far += more);
    }
}

/// Gathers more for a moment; true where there is no more to come.
async fn closes(chunks: &mut mpsc::Receiver<OutputContent>, batch: &mut Vec<OutputContent>) -> bool {
    let gather = async {
        while batch.len() < MORE_THAN_A_FEW {
            if chunks.recv_many(batch, BATCH - batch.len()).await == 0 {
                return true;
            }
        }
        false
    };
    timeout(MOMENT, gather).await.unwrap_or(false)
}

async fn store_batch(store: &Store, claim: &Claim, batch: Vec<OutputContent>) -> bool {
    let mut retries = RETRIES.into_iter();
    loop {
        match store.append_output(claim, batch.clone()).await {
            Ok(_) => {
                failpoint("output that is stored");
                return true;
            }
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
