//! Runs one attempt, whatever its kind.

use std::time::Duration;

use farol_api::event::{AttemptResult, FailureCode};
use farol_api::graph::CommandLanguage;
use farol_incident::spec::AttemptSpec;
use farol_store::failpoint;
use tokio_util::sync::CancellationToken;

use crate::ended::Ended;
use crate::hold::Desk;
use crate::intent::Intent;
use crate::job::{Ran, ResolvedTarget, RunConfig};
use crate::output::{OutputSink, Printer};
use crate::redact::Secrets;
use crate::spool::result_file;
use crate::{shell, sql};

/// Runs an attempt whose intent is committed as [`run_held`] does, with nobody to decide about what is held.
pub async fn run(
    spec: &AttemptSpec,
    target: &ResolvedTarget,
    config: &RunConfig,
    sink: OutputSink,
    cancel: &CancellationToken,
) -> AttemptResult {
    run_held(spec, target, config, sink, cancel, &Desk::empty(), &Intent::of_now()).await.result
}

/// Runs an attempt to its end and returns what is known then; its output goes to the sink, redacted.
///
/// The caller commits the intent, and says so. Before that nothing of it runs, and it does not end; a read on Postgres alone is
/// made ready. Cancelling asks the target to stop, waits for proof, and says what it knows;
/// dropping the future instead leaves a database to its own timeout, and ends a script's whole tree. What a change is held
/// with goes to the desk; a wish to stop it then is the desk's to answer.
pub async fn run_held(
    spec: &AttemptSpec,
    target: &ResolvedTarget,
    config: &RunConfig,
    sink: OutputSink,
    cancel: &CancellationToken,
    desk: &Desk,
    intent: &Intent,
) -> Ran {
    let result_file = result_file(&config.results, spec.attempt);
    let mut printer = Printer::new(sink, config.limits.clone(), secrets(spec, target), result_file).of(spec);
    let door = sql::Door::of(target.database, target.url.as_ref(), target.witness.as_ref());
    if !door.is_some_and(|door| sql::can_be_made_ready(spec, door)) {
        intent.committed().await;
    }
    let ended = match spec.language {
        CommandLanguage::Sql => match door {
            Some(_) if sql::is_own(target.database, target.url.as_ref(), &config.runners) => {
                Ended::failed(FailureCode::OwnStore)
            }
            Some(door) => sql::run(spec, door, &config.warm, &mut printer, cancel, desk, intent).await,
            None => Ended::failed(FailureCode::NoCredential),
        },
        CommandLanguage::Shell => match &target.shell {
            Some(settings) => {
                let place = (&config.runners, config.workspaces.as_path());
                shell::run(spec, settings, place, &mut printer, cancel).await
            }
            None => refuse(&mut printer, "The target runs no scripts.").await,
        },
        CommandLanguage::Http | CommandLanguage::Other => {
            refuse(&mut printer, "Only SQL statements and scripts can be run.").await
        }
    };
    failpoint("something that ran to its end");
    let printed = printer.finish().await;
    let started = intent.committed().await;
    Ran::of(ended, printed, milliseconds(started.elapsed()))
}

async fn refuse(printer: &mut Printer, message: &str) -> Ended {
    printer.message(message).await;
    Ended::failed(FailureCode::RunnerFailed)
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// Collects what must not show: secret parameters, wherever they are passed, and the credential.
fn secrets(spec: &AttemptSpec, target: &ResolvedTarget) -> Secrets {
    let binds = spec.binds.iter().filter(|bind| spec.is_secret(&bind.parameter)).map(|bind| bind.value.clone());
    let literals = spec.literals.iter().map(|literal| literal.bind.value.clone());
    let env = spec.env.iter().filter(|(name, _)| spec.is_secret(name));
    let url = target.url.iter().flat_map(|url| url.secrets());
    let env = env.map(|(_, value)| value.clone());
    let known = target.secrets.iter().map(|secret| secret.0.clone());
    let values: Vec<String> = binds.chain(literals).chain(env).chain(url).chain(known).collect();
    Secrets::new(values.iter().map(String::as_str))
}
