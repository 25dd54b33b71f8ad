//! One attempt, from its intent to its end.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use farol_api::event::{AttemptResult, FailureCode, Outcome};
use farol_api::output::OutputContent;
use farol_store::{Claim, Dispatched, LeaseError, Store, StoreError, Taken, failpoint};
use futures::FutureExt;
use secrecy::ExposeSecret;
use tokio::sync::watch;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use super::lease::{Keeper, Stop};
use super::writer::{Stored, store_all};
use super::{Shared, hold};
use crate::hold::Desk;
use crate::intent::Intent;
use crate::job::{Ran, ResolvedTarget};
use crate::output::OutputSink;
use crate::secret::{SecretText, SecretUrl};
use crate::sql::Witness;

/// How many chunks may wait to be stored before the run waits too.
const CHUNKS_WAITING: usize = 64;
/// The pause before another try to record an end.
const FINISH_AGAIN: Duration = Duration::from_millis(500);

/// Runs an attempt once its intent is committed, stores its output and records its end. What only makes ready for it is done
/// meanwhile; an attempt whose intent is not committed leaves nothing.
pub(super) async fn run(shared: &Shared, taken: Taken) {
    let Taken { claim, dispatched, since, intent: underway, .. } = taken;
    let asked = Instant::from_std(since);
    let intent = Intent::default();
    let target = resolve(shared, &claim, dispatched);
    let (sink, chunks) = OutputSink::channel(CHUNKS_WAITING);
    let (told, stored) = watch::channel(0);
    let store_all = store_all(&shared.store, &claim, chunks, told);
    let stop = CancellationToken::new();
    let why = Arc::<OnceLock<Stop>>::default();
    let (desk, questions) = Desk::open();
    let sit = hold::sit(hold::Sitter::of(shared, &claim, &stop, &why, stored), questions);
    let mut keeper = Keeper {
        store: &shared.store,
        claim: &claim,
        stop: &stop,
        ending: &shared.ending,
        ends: asked + claim.lease,
        why: why.clone(),
    };
    let run = async {
        let run = crate::run_held(&claim.spec, &target, &shared.config.run, sink, &stop, &desk, &intent);
        let ran = survived(run).await.unwrap_or_else(|| panicked(asked));
        // Nothing ends before, however early it does.
        intent.committed().await;
        // Nothing is asked any more.
        drop(desk);
        ran
    };
    let work = async {
        // What is held is closed in the record before the attempt ends there.
        // All on this task: handing over between threads takes longer than what most steps do.
        let (ran, output, _) = tokio::join!(run, survived(store_all), survived(sit));
        let (stored, rest) = output.unwrap_or((Stored::Partly, Vec::new()));
        (ran, stored, rest)
    };
    let hold = async {
        if let Err(error) = underway.committed().await {
            return tracing::warn!(attempt = %claim.attempt(), %error, "an attempt was not sent: its intent was not committed");
        }
        failpoint("an intent that is committed, and nothing sent");
        intent.commit();
        keeper.keep().await;
        tracing::error!(attempt = %claim.attempt(), "a lease ended while its attempt ran; the attempt was let go");
    };
    let (Ran { result, sealed }, stored, rest) = tokio::select! {
        biased;
        // The run is dropped here: connections close, a script's tree is ended.
        () = hold => return,
        ended = work => ended,
    };
    let result = with_reason(result, stored, why.get().copied());
    tokio::select! {
        () = finish(&shared.store, &claim, rest, Ran { result, sealed }) => {}
        () = keep_on(&mut keeper) => {}
    }
}

/// Returns what something came to; nothing where it panicked, which ends nothing beside it.
async fn survived<T>(work: impl Future<Output = T>) -> Option<T> {
    AssertUnwindSafe(work).catch_unwind().await.ok()
}

fn resolve(shared: &Shared, claim: &Claim, dispatched: Dispatched) -> ResolvedTarget {
    ResolvedTarget {
        database: dispatched.target.database,
        url: dispatched.credential.map(|url| SecretUrl::new(url.expose_secret())),
        shell: dispatched.target.shell,
        secrets: dispatched.secrets.iter().map(|secret| SecretText(secret.expose_secret().to_owned())).collect(),
        witness: Some(Witness { store: shared.store.clone(), claim: claim.clone() }),
    }
}

/// A bug in a runner: what the target did is not known.
fn panicked(since: Instant) -> Ran {
    let result = AttemptResult {
        duration_ms: u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX),
        ..AttemptResult::ended(Outcome::OutcomeUnknown, Some(FailureCode::RunnerFailed))
    };
    Ran { result, sealed: Vec::new() }
}

/// Adds what the runner could not know: that output was lost, and that no person wanted the stop.
fn with_reason(mut result: AttemptResult, stored: Stored, why: Option<Stop>) -> AttemptResult {
    if result.outcome == Outcome::Cancelled && matches!(why, Some(Stop::Fence | Stop::Shutdown)) {
        result.outcome = Outcome::Failed;
        result.failure = Some(FailureCode::ServerLost);
    }
    if stored == Stored::Partly {
        result.truncated = true;
        result.failure = result.failure.or(Some(FailureCode::OutputNotStored));
    }
    result
}

/// Records the end with the last of the output; tries again until it is recorded, or somebody else has recorded that nobody
/// knew.
async fn finish(store: &Store, claim: &Claim, mut rest: Vec<OutputContent>, ran: Ran) {
    let Ran { mut result, sealed } = ran;
    loop {
        match store.finish_with(claim, rest.clone(), result.clone(), sealed.clone()).await {
            Ok(_) => {
                failpoint("an end that is recorded");
                return;
            }
            Err(LeaseError::Lost) => {
                tracing::error!(attempt = %claim.attempt(), outcome = ?result.outcome, "an end came too late to be recorded");
                return;
            }
            Err(LeaseError::Store(error)) => {
                tracing::error!(attempt = %claim.attempt(), %error, "an end is not recorded yet; trying again");
                // What the store does not take must not keep the end from being known.
                if !rest.is_empty() && !matches!(error, StoreError::Busy(_) | StoreError::Unavailable(_)) {
                    rest.clear();
                    result = with_reason(result, Stored::Partly, None);
                }
            }
        }
        sleep(FINISH_AGAIN).await;
    }
}

/// Renews while the end is being recorded. Past the lease only the store decides, so that this never returns.
async fn keep_on(keeper: &mut Keeper<'_>) {
    keeper.keep().await;
    std::future::pending::<()>().await;
}
