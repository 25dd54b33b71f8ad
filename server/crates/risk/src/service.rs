//! Classification in a limited subprocess that is kept alive.
//!
//! One line of JSON in (`{"dialect":"postgres","text":"select 1"}`), one line out (a [`RiskVerdict`]). Parsers have
//! been crashed and hung by hostile text; here that costs one subprocess and one [`RiskClass::Unknown`].

use std::io::{self, BufRead, Read, Write};
use std::os::fd::AsFd;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use farol_api::risk::{Dialect, RiskClass, RiskVerdict};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use serde::{Deserialize, Serialize};

use crate::finding::Finding;

/// How long one text may take before the subprocess is replaced.
const TIME_LIMIT: Duration = Duration::from_secs(2);
/// The address space of the subprocess, in bytes; the stack for deep texts is part of it.
const ADDRESS_SPACE: u64 = 1536 * 1024 * 1024;
/// The processor time of the subprocess in seconds, over its whole life; a fresh one follows.
const PROCESSOR_TIME: u64 = 120;
/// What a pipe takes at once without blocking, once it says that it can be written.
const PIECE: usize = 4096;
/// The longest answer that is read, in bytes.
const MOST_ANSWER: usize = 64 * 1024;

#[derive(Serialize, Deserialize)]
struct Request<'t> {
    dialect: Dialect,
    #[serde(borrow)]
    text: std::borrow::Cow<'t, str>,
}

/// A classifier in a subprocess, which is replaced when it dies or hangs.
///
/// Requests are answered one after the other; a caller that wants more makes several classifiers.
#[derive(Debug)]
pub struct Classifier {
    exe: PathBuf,
    args: Vec<String>,
    worker: Mutex<Option<Worker>>,
}

#[derive(Debug)]
struct Worker {
    child: Child,
    input: ChildStdin,
    output: ChildStdout,
    used: bool,
}

/// Why a subprocess gave no answer.
#[derive(Debug)]
enum Failure {
    /// It ended.
    Died,
    /// It took longer than the limit.
    Slow,
    /// It could not be started, or what it said was no answer.
    Other(String),
}

impl Classifier {
    /// Starts the subprocess: `exe args…` must call [`limit_self`] and then [`serve`].
    ///
    /// # Errors
    /// Fails where the program cannot be started.
    pub fn spawn(exe: PathBuf, args: Vec<String>) -> io::Result<Self> {
        let worker = Worker::start(&exe, &args)?;
        Ok(Self { exe, args, worker: Mutex::new(Some(worker)) })
    }

    /// Returns the risk class of a text; blocks for at most a few seconds. Any failure is `Unknown` with the reason.
    pub fn classify(&self, dialect: Dialect, text: &str) -> RiskVerdict {
        // What is refused for its size need not travel.
        if let Some(refusal) = crate::bounds::refusal(text, dialect == Dialect::Shell) {
            return refusal.into_verdict(text);
        }
        self.ask(dialect, text).unwrap_or_else(|failure| {
            let (en, pt) = match failure {
                Failure::Died => {
                    ("the classifier died of it".to_owned(), "o classificador morreu ao ler o texto".to_owned())
                }
                Failure::Slow => {
                    ("it took the classifier too long".to_owned(), "o classificador demorou demais".to_owned())
                }
                Failure::Other(cause) => {
                    (format!("the classifier failed: {cause}"), format!("o classificador falhou: {cause}"))
                }
            };
            Finding::unknown(
                None,
                format!("It could not be classified: {en}."),
                format!("Não foi possível classificar: {pt}."),
            )
            .into_verdict(text)
        })
    }

    /// Returns the id of the subprocess that waits for requests, if there is one.
    pub fn process_id(&self) -> Option<u32> {
        self.worker.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(|worker| worker.child.id())
    }

    /// Asks the subprocess. One that dies while it is not fresh may have died of old age: a fresh one is asked again.
    fn ask(&self, dialect: Dialect, text: &str) -> Result<RiskVerdict, Failure> {
        let request = Request { dialect, text: text.into() };
        let mut line = serde_json::to_vec(&request).map_err(|error| Failure::Other(error.to_string()))?;
        line.push(b'\n');
        let mut slot = self.worker.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let mut worker = match slot.take() {
                Some(worker) => worker,
                None => Worker::start(&self.exe, &self.args).map_err(|error| Failure::Other(error.to_string()))?,
            };
            let fresh = !std::mem::replace(&mut worker.used, true);
            match worker.exchange(&line, text) {
                Ok(verdict) => {
                    *slot = Some(worker);
                    return Ok(verdict);
                }
                Err(Failure::Died) if !fresh => {}
                Err(failure) => return Err(failure),
            }
        }
    }
}

impl Worker {
    fn start(exe: &PathBuf, args: &[String]) -> io::Result<Self> {
        let mut child = Command::new(exe)
            .args(args)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        match (child.stdin.take(), child.stdout.take()) {
            (Some(input), Some(output)) => Ok(Self { child, input, output, used: false }),
            _ => Err(io::Error::other("the subprocess has no pipes")),
        }
    }

    fn exchange(&mut self, line: &[u8], text: &str) -> Result<RiskVerdict, Failure> {
        let deadline = Instant::now() + TIME_LIMIT;
        for piece in line.chunks(PIECE) {
            ready(self.input.as_fd(), PollFlags::POLLOUT, deadline)?;
            self.input.write_all(piece).map_err(|_| Failure::Died)?;
        }
        let mut answer = Vec::new();
        let mut buffer = [0_u8; PIECE];
        while answer.last() != Some(&b'\n') {
            ready(self.output.as_fd(), PollFlags::POLLIN, deadline)?;
            let count = self.output.read(&mut buffer).map_err(|_| Failure::Died)?;
            if count == 0 {
                return Err(Failure::Died);
            }
            answer.extend_from_slice(&buffer[..count]);
            if answer.len() > MOST_ANSWER {
                return Err(Failure::Other("its answer is too long".to_owned()));
            }
        }
        let verdict: RiskVerdict =
            serde_json::from_slice(&answer).map_err(|error| Failure::Other(error.to_string()))?;
        let fits = verdict.span.is_none_or(|span| text.get(span.start..span.end).is_some());
        if fits { Ok(verdict) } else { Err(Failure::Other("its answer points outside the text".to_owned())) }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // Killing one that is gone fails, and that is fine; waiting leaves no zombie.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits until a pipe can be used.
fn ready(pipe: std::os::fd::BorrowedFd<'_>, flags: PollFlags, deadline: Instant) -> Result<(), Failure> {
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        let timeout = PollTimeout::try_from(left).unwrap_or(PollTimeout::ZERO);
        match poll(&mut [PollFd::new(pipe, flags)], timeout) {
            Ok(0) => return Err(Failure::Slow),
            Ok(_) => return Ok(()),
            Err(nix::errno::Errno::EINTR) => {}
            Err(error) => return Err(Failure::Other(error.to_string())),
        }
    }
}

/// Applies the limits of the subprocess to the calling process: address space, processor time, no files, no core dump.
///
/// # Errors
/// Fails where the operating system refuses a limit.
pub fn limit_self() -> io::Result<()> {
    use rlimit::Resource;
    Resource::AS.set(ADDRESS_SPACE, ADDRESS_SPACE)?;
    Resource::CPU.set(PROCESSOR_TIME, PROCESSOR_TIME)?;
    Resource::FSIZE.set(0, 0)?;
    Resource::CORE.set(0, 0)
}

/// Answers requests, one JSON line in and one out, until the input ends: the subprocess's whole life.
///
/// # Errors
/// Fails where a stream fails, or where no thread with a deep stack can be started.
pub fn serve(input: impl BufRead + Send, output: impl Write + Send) -> io::Result<()> {
    std::thread::scope(|scope| {
        let thread =
            std::thread::Builder::new().stack_size(crate::STACK).spawn_scoped(scope, || answer_all(input, output))?;
        thread.join().unwrap_or_else(|_| Err(io::Error::other("the classifier's thread panicked")))
    })
}

fn answer_all(mut input: impl BufRead, mut output: impl Write) -> io::Result<()> {
    let mut line = String::new();
    loop {
        line.clear();
        if input.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let verdict = match serde_json::from_str::<Request<'_>>(&line) {
            Ok(request) => crate::classify_here(crate::Table::shipped(), request.dialect, &request.text),
            Err(error) => Finding::new(
                RiskClass::Unknown,
                None,
                format!("The request is no request: {error}."),
                format!("O pedido não é um pedido: {error}."),
            )
            .into_verdict(""),
        };
        let mut answer = serde_json::to_vec(&verdict)?;
        answer.push(b'\n');
        output.write_all(&answer)?;
        output.flush()?;
    }
}
