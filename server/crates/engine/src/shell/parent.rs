//! The server's side of a script: starts a runner process, tells it what to run and reads what it says.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use farol_api::event::{FailureCode, Outcome};
use farol_api::output::OutputCap;
use farol_api::target::{CredentialRole, ShellSettings};
use farol_incident::spec::AttemptSpec;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use super::wire::{Exit, FrameKind, Killed, RunSpec, take_frame};
use super::{env, tree};
use crate::job::{Ended, RunConfig, only_reads};
use crate::output::{Printer, Stream};
use crate::workspace;

/// How long a script may take to end by itself after it was asked to.
const GRACE: Duration = Duration::from_secs(2);
/// How long after the longest possible run a runner is given up for lost.
const LOST_AFTER: Duration = Duration::from_secs(20);

/// Runs a script to its end.
pub(crate) async fn run(
    spec: &AttemptSpec,
    settings: &ShellSettings,
    config: &RunConfig,
    printer: &mut Printer,
    cancel: &CancellationToken,
) -> Ended {
    let attempt = spec.attempt.to_string();
    let order = match workspace::open(&config.workspaces, spec.incident)
        .map_err(|error| format!("The incident's workspace cannot be used: {error}"))
        .and_then(|cwd| order(spec, settings, config, cwd, &attempt))
    {
        Ok(order) => order,
        Err(message) => return refuse(printer, &message).await,
    };
    let mut child = match start(&config.runner) {
        Ok(child) => child,
        Err(error) => return refuse(printer, &format!("The runner cannot be started: {error}")).await,
    };
    let (Some(mut orders), Some(frames)) = (child.stdin.take(), child.stdout.take()) else {
        return refuse(printer, "The runner has no pipes.").await;
    };
    let mut line = serde_json::to_vec(&order).unwrap_or_default();
    line.push(b'\n');
    // Where this fails the runner is gone already, and the missing last frame says so.
    let _ = orders.write_all(&line).await;
    let mut talk = Talk {
        orders: Some(orders),
        frames,
        stop: None,
        give_up: Instant::now() + Duration::from_secs(spec.timeout_seconds.into()) + GRACE + LOST_AFTER,
        may_stop: only_reads(spec.class, CredentialRole::Admin),
    };
    let exit = talk.listen(printer, cancel).await;
    printer.end_of_streams().await;
    match exit {
        Some(exit) => {
            let stop = talk.stop;
            drop(talk);
            let _ = timeout(Duration::from_secs(5), child.wait()).await;
            ended(&exit, stop, printer).await
        }
        None => {
            drop(talk);
            lost(&mut child, &attempt, printer).await
        }
    }
}

fn order(
    spec: &AttemptSpec,
    settings: &ShellSettings,
    config: &RunConfig,
    cwd: PathBuf,
    attempt: &str,
) -> Result<RunSpec, String> {
    let env = env::environment(settings, &spec.env, &cwd, attempt)
        .map_err(|name| format!("The variable {name} may not be set for a script."))?;
    Ok(RunSpec {
        script: spec.text.clone(),
        env,
        cwd,
        timeout_ms: u64::from(spec.timeout_seconds) * 1_000,
        grace_ms: u64::try_from(GRACE.as_millis()).unwrap_or(u64::MAX),
        kept_bytes: config.limits.bytes,
        drained_bytes: config.limits.drained_bytes,
    })
}

fn start(runner: &[PathBuf]) -> std::io::Result<Child> {
    let (program, args) = runner.split_first().ok_or(std::io::ErrorKind::NotFound)?;
    Command::new(program)
        .args(args)
        .env_clear()
        .current_dir(Path::new("/"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
}

async fn refuse(printer: &mut Printer, message: &str) -> Ended {
    printer.message(message).await;
    Ended::failed(FailureCode::RunnerFailed)
}

/// Why the server asked a script to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stop {
    Cancelled,
    OutputNotStored,
}

struct Talk {
    orders: Option<ChildStdin>,
    frames: ChildStdout,
    stop: Option<Stop>,
    give_up: Instant,
    may_stop: bool,
}

impl Talk {
    /// Reads frames until the last one; nothing where the runner fell silent without it.
    async fn listen(&mut self, printer: &mut Printer, cancel: &CancellationToken) -> Option<Exit> {
        let mut buffer = Vec::new();
        loop {
            tokio::select! {
                biased;
                read = self.frames.read_buf(&mut buffer) => {
                    if read.ok()? == 0 {
                        return None;
                    }
                    while let Some((kind, payload)) = take_frame(&mut buffer).ok()? {
                        match kind {
                            FrameKind::Out => printer.bytes(Stream::Out, &payload).await,
                            FrameKind::Err => printer.bytes(Stream::Err, &payload).await,
                            FrameKind::Truncated => {
                                let kept = printer.limits().bytes;
                                printer.truncated(OutputCap::Bytes { kept }).await;
                            }
                            FrameKind::Exit => return serde_json::from_slice(&payload).ok(),
                        }
                    }
                }
                () = cancel.cancelled(), if self.stop.is_none() => self.ask_to_stop(Stop::Cancelled).await,
                () = sleep_until(printer.due()) => printer.flush().await,
                () = sleep_until(self.give_up) => return None,
            }
            // A flood keeps the first arm busy; whoever asks to stop must be heard all the same.
            if self.stop.is_none() && cancel.is_cancelled() {
                self.ask_to_stop(Stop::Cancelled).await;
            }
            if self.stop.is_none() && printer.broken() && self.may_stop {
                self.ask_to_stop(Stop::OutputNotStored).await;
            }
        }
    }

    async fn ask_to_stop(&mut self, why: Stop) {
        self.stop = Some(why);
        if let Some(orders) = &mut self.orders {
            let _ = orders.write_all(b"stop\n").await;
        }
    }
}

async fn ended(exit: &Exit, stop: Option<Stop>, printer: &mut Printer) -> Ended {
    if let Some(error) = &exit.error {
        return refuse(printer, error).await;
    }
    if exit.left_behind > 0 {
        let count = exit.left_behind;
        printer.message(&format!("farol: {count} process(es) that the script had left running were ended.")).await;
    }
    if exit.survivors > 0 {
        let count = exit.survivors;
        printer.message(&format!("farol: {count} process(es) of the script could not be ended.")).await;
    }
    let exit_code = exit.code.or(exit.signal.map(|signal| 128 + signal));
    let end = match (exit.killed, stop) {
        (Some(Killed::Stopped), Some(Stop::OutputNotStored)) => Ended::failed(FailureCode::OutputNotStored),
        (Some(Killed::Stopped), _) => Ended::of(Outcome::Cancelled),
        (Some(Killed::Timeout), _) => Ended::of(Outcome::TimedOut),
        (Some(Killed::Flood), _) => {
            printer.message("farol: the script was ended because it printed without end.").await;
            Ended::failed(FailureCode::Signal)
        }
        (None, _) if exit.signal.is_some() => Ended::failed(FailureCode::Signal),
        (None, _) if exit.code == Some(0) => Ended::succeeded(None),
        (None, _) => Ended::failed(FailureCode::ExitCode),
    };
    Ended { exit_code, ..end }
}

/// The runner died or hangs: what the script did is not known. Ends whatever it left.
async fn lost(child: &mut Child, attempt: &str, printer: &mut Printer) -> Ended {
    // The id stays taken until the runner is reaped, so that no stranger is hit.
    if let Some(pid) = child.id() {
        let _ = child.start_kill();
        let (pid, attempt) = (pid.cast_signed(), attempt.to_owned());
        let _ = tokio::task::spawn_blocking(move || tree::end_orphans(pid, &attempt)).await;
    }
    let _ = timeout(Duration::from_secs(5), child.wait()).await;
    printer.message("farol: the runner process was lost; what it left running was ended.").await;
    Ended::unknown(FailureCode::RunnerFailed)
}
