//! The server's side of a script: starts a runner process, tells it what to run and reads what it says.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use farol_api::capture::Withheld;
use farol_api::event::{FailureCode, Outcome};
use farol_api::output::OutputCap;
use farol_api::target::{CredentialRole, ShellSettings};
use farol_incident::spec::AttemptSpec;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use super::wire::{Exit, FrameKind, Killed, RunSpec, take_frame};
use super::{env, keep, tree};
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
    let home = match workspace::open(&config.workspaces, spec.incident) {
        Ok(home) => home,
        Err(error) => return refuse(printer, &format!("The incident's workspace cannot be used: {error}")).await,
    };
    let cwd = match folder(spec, &home) {
        Ok(cwd) => cwd,
        Err(message) => {
            // Else every later script would be refused too: the next one begins in the workspace, and is seen to.
            printer.leave_folder(".".to_owned());
            return refuse(printer, &message).await;
        }
    };
    let order = match order(spec, settings, config, (&home, cwd), &attempt) {
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
        left: Vec::new(),
        stop: None,
        give_up: Instant::now() + Duration::from_secs(spec.timeout_seconds.into()) + GRACE + LOST_AFTER,
        may_stop: only_reads(spec.class, CredentialRole::Admin),
    };
    let exit = talk.listen(printer, cancel).await;
    printer.end_of_streams().await;
    match exit {
        Some(exit) => {
            let stop = talk.stop;
            let left = keep::read(&talk.left, &spec.asked.variables);
            drop(talk);
            take(&left, spec, &home, printer);
            let _ = timeout(Duration::from_secs(5), child.wait()).await;
            ended(&exit, stop, printer).await
        }
        None => {
            drop(talk);
            lost(&mut child, &attempt, printer).await
        }
    }
}

/// Notes what a script left, but for what must not be kept.
fn take(left: &keep::Left, spec: &AttemptSpec, home: &Path, printer: &mut Printer) {
    for name in &spec.asked.variables {
        let value = left.variables.iter().find(|(known, _)| known == name);
        match value {
            Some((name, value)) => printer.leave(name, value),
            None if left.cut => printer.withhold(name, Withheld::TooLong),
            None => {}
        }
    }
    // A folder that is gone already cannot be begun in.
    let folder = left.folder.as_ref().map(|folder| keep::recorded(folder, home).unwrap_or_else(|| ".".to_owned()));
    // Only what differs from the beginning of all is worth a record.
    if let Some(folder) = folder.filter(|folder| folder != "." || spec.asked.directory.is_some()) {
        printer.leave_folder(folder);
    }
}

/// Finds the folder that a script begins in. Where it is not there any more nothing runs: elsewhere the same text could
/// do something else.
fn folder(spec: &AttemptSpec, home: &Path) -> Result<PathBuf, String> {
    let Some(wanted) = &spec.asked.directory else { return Ok(home.to_owned()) };
    let folder = home.join(wanted);
    if folder.is_dir() {
        return Ok(folder);
    }
    Err(format!("The folder {wanted}, in which an earlier step ended, is not there any more. Nothing ran."))
}

fn order(
    spec: &AttemptSpec,
    settings: &ShellSettings,
    config: &RunConfig,
    (home, cwd): (&Path, PathBuf),
    attempt: &str,
) -> Result<RunSpec, String> {
    let env = env::environment(settings, &spec.env, home, attempt)
        .map_err(|name| format!("The variable {name} may not be set for a script."))?;
    Ok(RunSpec {
        script: spec.text.clone(),
        env,
        cwd,
        timeout_ms: u64::from(spec.timeout_seconds) * 1_000,
        grace_ms: u64::try_from(GRACE.as_millis()).unwrap_or(u64::MAX),
        kept_bytes: config.limits.bytes,
        drained_bytes: config.limits.drained_bytes,
        leave: spec.asked.variables.clone(),
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
    /// What the script left, as far as it was told.
    left: Vec<u8>,
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
                            FrameKind::Left if self.left.len() < keep::ALL_MAX => self.left.extend(payload),
                            FrameKind::Left => {}
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
