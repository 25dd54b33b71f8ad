//! The server's side of a script: starts a runner process, tells it what to run and reads what it says.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use farol_api::capture::Withheld;
use farol_api::confine::{Confinement, Lack};
use farol_api::event::{FailureCode, Outcome};
use farol_api::output::OutputCap;
use farol_api::target::ShellSettings;
use farol_incident::spec::AttemptSpec;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use super::files::Rules;
use super::groups::Bounds;
use super::runners::{Placed, Runners};
use super::wire::{Begun, Exit, FrameKind, Killed, Place, RunSpec, Start, take_frame};
use super::{env, keep, tree};
use crate::ended::Ended;
use crate::output::{Limits, Printer, Stream};
use crate::workspace;

/// How long a script may take to end by itself after it was asked to.
const GRACE: Duration = Duration::from_secs(2);
/// How long a runner may take to say that it lives.
const BEGIN_WITHIN: Duration = Duration::from_secs(15);
/// How long the supervisor may take to end a runner that was let go of, and what that left.
const SEEN_OFF_WITHIN: Duration = Duration::from_secs(35);
/// How long after the longest possible run a runner is given up for lost.
const LOST_AFTER: Duration = Duration::from_secs(20);

/// Runs a script to its end, in the incident's own folder among the workspaces.
pub(crate) async fn run(
    spec: &AttemptSpec,
    settings: &ShellSettings,
    (runners, workspaces): (&Runners, &Path),
    printer: &mut Printer,
    cancel: &CancellationToken,
) -> Ended {
    let attempt = spec.attempt.to_string();
    let home = match workspace::open(workspaces, spec.incident) {
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
    let least = spec.asked.confinement.unwrap_or_default().max(settings.least_confinement);
    if let Some(message) = too_little(settings, least, runners).await {
        return refuse(printer, &message).await;
    }
    let order = match order(spec, settings, (runners, printer.limits()), (&home, cwd), &attempt) {
        Ok(order) => order,
        Err(message) => return refuse(printer, &message).await,
    };
    let (talk, exit) = match converse(&order, spec, runners, printer, cancel).await {
        Ok(talked) => talked,
        Err(error) => return refuse(printer, &format!("The runner cannot be started: {error}")).await,
    };
    let bounds = runners.bounds();
    printer.end_of_streams().await;
    let confined = talk.begun.map(|begun| begun.confined);
    let ended = match exit {
        Some(exit) => {
            let stop = talk.stop;
            let left = keep::read(&talk.left, &spec.asked.variables);
            drop(talk);
            let folder = take(&left, spec, &home, printer);
            runners.expect(order.start, order.next(folder)).await;
            ended(&exit, stop, bounds, printer).await
        }
        None => lost(talk, runners, &attempt, printer).await,
    };
    Ended { confined, ..ended }
}

/// All that is said to a runner.
struct Order {
    start: Start,
    place: Place,
    script: RunSpec,
    /// Variables that any shell of the target begins with in this workspace.
    common: BTreeMap<String, String>,
}

impl Order {
    /// Returns the place to which the next script of the incident is likely to come: there is nothing of this one in it.
    fn next(self, folder: Option<PathBuf>) -> Place {
        let Self { place, common, .. } = self;
        Place { env: common, cwd: folder.unwrap_or(place.cwd), ..place }
    }
}

/// Has a runner run the script, and listens until it is over.
async fn converse(
    order: &Order,
    spec: &AttemptSpec,
    runners: &Runners,
    printer: &mut Printer,
    cancel: &CancellationToken,
) -> io::Result<(Talk, Option<Exit>)> {
    let mut talk = Talk::begin(runners.placed(order.start, &order.place).await?, &order.script, spec).await?;
    let mut exit = talk.listen(runners, printer, cancel).await;
    if talk.came_to_nothing(exit.as_ref()).await {
        talk = Talk::begin(runners.fresh(order.start, &order.place).await?, &order.script, spec).await?;
        exit = talk.listen(runners, printer, cancel).await;
    }
    Ok((talk, exit))
}

/// Says why a script must not run on this machine, where it must not.
async fn too_little(settings: &ShellSettings, least: Confinement, runners: &Runners) -> Option<String> {
    let machine = match runners.machine().await {
        Ok(machine) => machine,
        Err(error) => return Some(format!("The runner cannot be started: {error}")),
    };
    let lacks = machine.refuses(settings, least)?;
    let words: Vec<_> = lacks.into_iter().map(|lack: Lack| lack.words().en).collect();
    Some(format!("The target demands more than this machine gives, which lacks {}. Nothing ran.", words.join(", ")))
}

fn start(settings: &ShellSettings, runners: &Runners) -> Start {
    Start { own_processes: !settings.no_namespaces, no_network: settings.no_network, bounds: runners.bounds() }
}

/// Notes what a script left, but for what must not be kept; returns the folder that it ended in, where that is known.
fn take(left: &keep::Left, spec: &AttemptSpec, home: &Path, printer: &mut Printer) -> Option<PathBuf> {
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
    let ended_in = folder.as_ref().map(|folder| home.join(folder));
    // Only what differs from the beginning of all is worth a record.
    if let Some(folder) = folder.filter(|folder| folder != "." || spec.asked.directory.is_some()) {
        printer.leave_folder(folder);
    }
    ended_in
}

/// Finds the folder that a script begins in. Where it is not there any more nothing runs: elsewhere the same text could
/// do something else.
fn folder(spec: &AttemptSpec, home: &Path) -> Result<PathBuf, String> {
    let Some(wanted) = &spec.asked.directory else { return Ok(home.to_owned()) };
    let folder = home.join(wanted);
    // It was told by its real name: where a link has that name by now, it leads elsewhere.
    if folder.is_dir() && folder.canonicalize().is_ok_and(|real| real == folder) {
        return Ok(folder);
    }
    Err(format!("The folder {wanted}, in which an earlier step ended, is not there any more. Nothing ran."))
}

fn order(
    spec: &AttemptSpec,
    settings: &ShellSettings,
    (runners, limits): (&Runners, &Limits),
    (home, cwd): (&Path, PathBuf),
    attempt: &str,
) -> Result<Order, String> {
    // A shell that a function is handed to does not know what its own shell keeps: an empty value there is worse than one seen.
    let keeps = !env::hands_on_functions(&spec.text);
    let is_secret = |name: &str| keeps && spec.is_secret(name);
    let env::Environment { common, told, kept, begun_with } =
        env::environment(settings, &spec.env, is_secret, home, attempt)
            .map_err(|name| format!("The variable {name} may not be set for a script."))?;
    let hidden = runners.hidden().map_err(|error| {
        tracing::error!(%error, "no script runs: what must be kept from it cannot be found");
        "A folder or file of Farol's own, which must be kept from scripts, cannot be found. Nothing ran. \
         The server's log says which."
    })?;
    let rules = Rules { reads_only: spec.class.only_reads(), own: home.to_owned(), hidden, open: runners.open() };
    let env = common.clone().into_iter().chain(begun_with).collect();
    let least = spec.asked.confinement.unwrap_or_default().max(settings.least_confinement);
    Ok(Order {
        start: start(settings, runners),
        place: Place { env, cwd, rules, least },
        script: RunSpec {
            script: spec.text.clone(),
            told,
            kept,
            timeout_ms: u64::from(spec.timeout_seconds) * 1_000,
            grace_ms: u64::try_from(GRACE.as_millis()).unwrap_or(u64::MAX),
            kept_bytes: limits.bytes,
            drained_bytes: limits.drained_bytes,
            leave: spec.asked.variables.clone(),
        },
        common,
    })
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
    stream: UnixStream,
    /// Whether the runner was there before its script.
    waited: bool,
    /// What the runner said first; where it never did, nothing ran.
    begun: Option<Begun>,
    /// What the script left, as far as it was told.
    left: Vec<u8>,
    stop: Option<Stop>,
    give_up: Instant,
    may_stop: bool,
    /// What was read and is no whole frame yet.
    buffer: Vec<u8>,
}

impl Talk {
    /// Gives a runner its script.
    async fn begin(placed: Placed, script: &RunSpec, spec: &AttemptSpec) -> io::Result<Self> {
        let Placed { mut stream, waited } = placed;
        let mut line = serde_json::to_vec(script)?;
        line.push(b'\n');
        // Where this fails the runner is gone already, and the missing last frame says so.
        let _ = timeout(BEGIN_WITHIN, stream.write_all(&line)).await;
        Ok(Self {
            stream,
            waited,
            begun: None,
            left: Vec::new(),
            stop: None,
            give_up: Instant::now() + Duration::from_secs(spec.timeout_seconds.into()) + GRACE + LOST_AFTER,
            may_stop: spec.class.only_reads(),
            buffer: Vec::new(),
        })
    }

    /// Tells whether a runner that had waited is gone and has begun nothing: then another one can run the script.
    async fn came_to_nothing(&mut self, exit: Option<&Exit>) -> bool {
        let failed = self.begun.is_none() && exit.is_none_or(|exit| exit.error.is_some());
        // The last that it says may be that it has begun.
        self.waited && failed && self.stop.is_none() && self.see_off().await && self.begun.is_none()
    }

    /// Reads frames until the last one; nothing where the runner fell silent without it.
    async fn listen(&mut self, runners: &Runners, printer: &mut Printer, cancel: &CancellationToken) -> Option<Exit> {
        let mut begin_within = Some(Instant::now() + BEGIN_WITHIN);
        loop {
            tokio::select! {
                biased;
                read = self.stream.read_buf(&mut self.buffer) => {
                    if read.ok()? == 0 {
                        return None;
                    }
                    while let Some((kind, payload)) = take_frame(&mut self.buffer).ok()? {
                        if let Some(exit) = self.take(kind, &payload, printer).await {
                            return exit;
                        }
                    }
                    begin_within = begin_within.filter(|_| self.begun.is_none());
                }
                () = cancel.cancelled(), if self.stop.is_none() => self.ask_to_stop(Stop::Cancelled).await,
                () = sleep_until(printer.due()) => printer.flush().await,
                () = sleep_until(begin_within.unwrap_or(self.give_up)), if begin_within.is_some() => {
                    begin_within = None;
                    if self.waited {
                        // Somebody has stopped it; another one can be had.
                        return None;
                    }
                    runners.replace().await;
                }
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

    /// Takes a frame; something where it is the last one, which may be unreadable.
    async fn take(&mut self, kind: FrameKind, payload: &[u8], printer: &mut Printer) -> Option<Option<Exit>> {
        match kind {
            FrameKind::Begun => self.begun = serde_json::from_slice(payload).ok(),
            FrameKind::Out => printer.bytes(Stream::Out, payload).await,
            FrameKind::Err => printer.bytes(Stream::Err, payload).await,
            FrameKind::Truncated => {
                let kept = printer.limits().bytes;
                printer.truncated(OutputCap::Bytes { kept }).await;
            }
            FrameKind::Left if self.left.len() < keep::ALL_MAX => self.left.extend(payload),
            FrameKind::Left => {}
            FrameKind::Exit => return Some(serde_json::from_slice(payload).ok()),
        }
        None
    }

    async fn ask_to_stop(&mut self, why: Stop) {
        self.stop = Some(why);
        let _ = self.stream.write_all(b"stop\n").await;
    }

    /// Lets go of a runner, and waits until the supervisor has ended it and all that it left; false where it did not in time.
    /// Heeds whether it says meanwhile that it has begun.
    async fn see_off(&mut self) -> bool {
        let _ = self.stream.shutdown().await;
        let all = async {
            while self.stream.read_buf(&mut self.buffer).await.is_ok_and(|count| count > 0) {
                while let Ok(Some((kind, payload))) = take_frame(&mut self.buffer) {
                    if kind == FrameKind::Begun {
                        self.begun = serde_json::from_slice(&payload).ok();
                    }
                }
            }
        };
        timeout(SEEN_OFF_WITHIN, all).await.is_ok()
    }
}

async fn ended(exit: &Exit, stop: Option<Stop>, bounds: Bounds, printer: &mut Printer) -> Ended {
    if let Some(error) = &exit.error {
        return refuse(printer, error).await;
    }
    // What is ended while the script still runs was not left by it.
    if exit.left_behind > 0 && exit.killed.is_none() {
        let count = exit.left_behind;
        printer.message(&format!("farol: {count} process(es) that the script had left running were ended.")).await;
    }
    if exit.survivors > 0 {
        let count = exit.survivors;
        printer.message(&format!("farol: {count} process(es) of the script could not be ended.")).await;
    }
    if exit.reached.memory {
        let most = bounds.memory >> 20;
        printer
            .message(&format!(
                "farol: the script was ended because it used more than {most} MiB of memory with all that it started."
            ))
            .await;
    }
    if exit.reached.processes {
        let most = bounds.processes;
        printer
            .message(&format!(
                "farol: the script wanted more than {most} processes at once; those beyond were refused."
            ))
            .await;
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

/// The runner died or hangs: what the script did is not known, unless nothing began. Ends whatever it left.
async fn lost(mut talk: Talk, runners: &Runners, attempt: &str, printer: &mut Printer) -> Ended {
    talk.see_off().await;
    // Where the supervisor was lost too, the next one ends the group that the script had.
    let _ = runners.machine().await;
    let Some(begun) = talk.begun else {
        return refuse(printer, "farol: the runner process was lost before the script began. Nothing ran.").await;
    };
    let attempt = attempt.to_owned();
    let _ = tokio::task::spawn_blocking(move || tree::end_orphans(begun.pid, &attempt)).await;
    printer.message("farol: the runner process was lost; what it left running was ended.").await;
    Ended::unknown(FailureCode::RunnerFailed)
}
