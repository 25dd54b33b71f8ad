//! Classification in a limited subprocess that is kept alive.
//!
//! One line of JSON in, a list of requests (`[{"dialect":"postgres","text":"select 1"}]`), as many lines out (a
//! [`RiskVerdict`] each), written at once. A team's table comes first: `{"table":"…"}`, answered by `true`. Parsers have been crashed and hung by hostile text; here that costs one subprocess and one
//! [`farol_api::risk::RiskClass::Unknown`].

use std::borrow::Cow;
use std::collections::VecDeque;
use std::io::{self, BufRead, Read, Write};
use std::os::fd::AsFd;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use farol_api::risk::{Dialect, RiskVerdict};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use serde::{Deserialize, Serialize};

use crate::finding::Finding;
use crate::{Table, TargetFunctions};

/// How long one text may take before the subprocess is replaced.
const TIME_LIMIT: Duration = Duration::from_secs(2);
/// The address space of the subprocess, in bytes; the stack for deep texts is part of it.
const ADDRESS_SPACE: u64 = 1536 * 1024 * 1024;
/// The processor time of the subprocess in seconds, over its whole life; a fresh one follows.
const PROCESSOR_TIME: u64 = 120;
/// What a pipe takes at once without blocking, once it says that it can be written.
const PIECE: usize = 4096;
/// The longest answer to one text that is read, in bytes.
const MOST_ANSWER: usize = 64 * 1024;
/// How many texts travel together at most, and how many bytes of text.
const MOST_TOGETHER: usize = 64;
const MOST_BYTES_TOGETHER: usize = 128 * 1024;

#[derive(Serialize, Deserialize)]
struct Request<'t> {
    dialect: Dialect,
    #[serde(borrow)]
    text: Cow<'t, str>,
    /// The functions of the target that it names.
    #[serde(default, skip_serializing_if = "TargetFunctions::is_empty")]
    functions: TargetFunctions,
}

/// A text that is asked about.
#[derive(Clone, Copy)]
struct Question<'t> {
    dialect: Dialect,
    text: &'t str,
    functions: Option<&'t TargetFunctions>,
}

impl<'t> Question<'t> {
    fn request(self) -> Request<'t> {
        let functions = self.functions.filter(|_| self.dialect == Dialect::Postgres);
        let functions = functions.map(|functions| functions.named_in(self.text)).unwrap_or_default();
        Request { dialect: self.dialect, text: self.text.into(), functions }
    }
}

/// A team's lines for the tables of commands.
#[derive(Serialize, Deserialize)]
struct Setup {
    table: String,
}

/// A classifier in a subprocess, which is replaced when it dies or hangs.
///
/// It answers one request after the other; a caller that wants more makes several classifiers.
#[derive(Debug)]
pub struct Classifier {
    exe: PathBuf,
    args: Vec<String>,
    table: String,
    version: String,
    waiting: Mutex<VecDeque<Arc<Ticket>>>,
    worker: Mutex<Option<Worker>>,
}

/// A text whose caller waits for the subprocess.
#[derive(Debug)]
struct Ticket {
    dialect: Dialect,
    text: String,
    verdict: OnceLock<RiskVerdict>,
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
        Self::spawn_with(exe, args, Table::shipped())
    }

    /// Starts the subprocess as [`Classifier::spawn`] does; it classifies with a team's commands.
    ///
    /// # Errors
    /// Fails where the program cannot be started, or does not take the table.
    pub fn spawn_with(exe: PathBuf, args: Vec<String>, table: &Table) -> io::Result<Self> {
        let (version, table) = (table.version(), table.extension().to_owned());
        let classifier = Self { exe, args, table, version, waiting: Mutex::default(), worker: Mutex::new(None) };
        let worker = classifier.start()?;
        *lock(&classifier.worker) = Some(worker);
        Ok(classifier)
    }

    /// Names the rules behind its verdicts, as [`Table::version`] does.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Returns the risk class of a text; blocks for at most a few seconds. Any failure is `Unknown` with the reason.
    ///
    /// Callers that wait for the subprocess at the same time are sent together by the first of them that gets it.
    pub fn classify(&self, dialect: Dialect, text: &str) -> RiskVerdict {
        // What is refused for its size need not travel.
        if let Some(refusal) = refusal(dialect, text) {
            return refusal.into_verdict(text);
        }
        let ticket = Arc::new(Ticket { dialect, text: text.to_owned(), verdict: OnceLock::new() });
        lock(&self.waiting).push_back(Arc::clone(&ticket));
        let mut slot = lock(&self.worker);
        loop {
            if let Some(verdict) = ticket.verdict.get() {
                return verdict.clone();
            }
            let tickets = self.next_tickets();
            if tickets.is_empty() {
                // Whoever took the ticket panicked.
                return refused(&Failure::Died).into_verdict(text);
            }
            let texts: Vec<_> =
                tickets.iter().map(|one| Question { dialect: one.dialect, text: &one.text, functions: None }).collect();
            for (one, verdict) in tickets.iter().zip(self.together(&mut slot, &texts)) {
                // Each ticket is taken from the queue once, so nobody has answered it.
                let _ = one.verdict.set(verdict);
            }
        }
    }

    /// Returns the risk classes of many texts in their order, as [`Classifier::classify`] does for each, many times
    /// as fast: they travel together. What hangs or kills the subprocess costs only its own verdict.
    pub fn classify_many(&self, texts: &[(Dialect, &str)]) -> Vec<RiskVerdict> {
        let question = |&(dialect, text)| Question { dialect, text, functions: None };
        self.answer(&texts.iter().map(question).collect::<Vec<_>>())
    }

    /// Does the same, knowing the functions of the target that each text is for, as [`crate::classify_for_target`] does.
    pub fn classify_many_on(&self, texts: &[(Dialect, &str, &TargetFunctions)]) -> Vec<RiskVerdict> {
        let question = |&(dialect, text, functions)| Question { dialect, text, functions: Some(functions) };
        self.answer(&texts.iter().map(question).collect::<Vec<_>>())
    }

    fn answer(&self, questions: &[Question<'_>]) -> Vec<RiskVerdict> {
        let mut verdicts = Vec::with_capacity(questions.len());
        let mut rest = questions;
        while !rest.is_empty() {
            let (group, later) = rest.split_at(fitting(rest.iter().map(|question| question.text.len())));
            verdicts.extend(self.together(&mut lock(&self.worker), group));
            rest = later;
        }
        verdicts
    }

    /// Takes the tickets that travel together from the front of the queue.
    fn next_tickets(&self) -> Vec<Arc<Ticket>> {
        let mut waiting = lock(&self.waiting);
        let count = fitting(waiting.iter().map(|ticket| ticket.text.len()));
        waiting.drain(..count).collect()
    }

    /// Asks for a group at once, and where that fails for each alone.
    fn together(&self, slot: &mut Option<Worker>, group: &[Question<'_>]) -> Vec<RiskVerdict> {
        self.group(slot, group).unwrap_or_else(|failure| match group {
            [alone] => vec![refused(&failure).into_verdict(alone.text)],
            _ => group.iter().flat_map(|one| self.together(slot, std::slice::from_ref(one))).collect(),
        })
    }

    fn group(&self, slot: &mut Option<Worker>, group: &[Question<'_>]) -> Result<Vec<RiskVerdict>, Failure> {
        let refusals: Vec<Option<Finding>> = group.iter().map(|one| refusal(one.dialect, one.text)).collect();
        let asked: Vec<Request<'_>> = group
            .iter()
            .zip(&refusals)
            .filter(|(_, refusal)| refusal.is_none())
            .map(|(question, _)| question.request())
            .collect();
        let answers = if asked.is_empty() { Vec::new() } else { self.ask(slot, &to_line(&asked)?, asked.len())? };
        let mut lines = answers.split_inclusive(|byte| *byte == b'\n');
        group
            .iter()
            .zip(refusals)
            .map(|(question, refusal)| match refusal {
                Some(refusal) => Ok(refusal.into_verdict(question.text)),
                None => verdict(lines.next().unwrap_or_default(), question.text),
            })
            .collect()
    }

    /// Returns the id of the subprocess that waits for requests, if there is one.
    pub fn process_id(&self) -> Option<u32> {
        lock(&self.worker).as_ref().map(|worker| worker.child.id())
    }

    fn start(&self) -> io::Result<Worker> {
        let mut worker = Worker::start(&self.exe, &self.args)?;
        if self.table.is_empty() {
            return Ok(worker);
        }
        let taken = to_line(&Setup { table: self.table.clone() }).and_then(|line| worker.exchange(&line, 1));
        match taken {
            Ok(answer) if answer == b"true\n" => Ok(worker),
            _ => Err(io::Error::other("the subprocess does not take the table of commands")),
        }
    }

    /// Asks the subprocess. One that dies while it is not fresh may have died of old age: a fresh one is asked again.
    fn ask(&self, slot: &mut Option<Worker>, line: &[u8], answers: usize) -> Result<Vec<u8>, Failure> {
        loop {
            let mut worker = match slot.take() {
                Some(worker) => worker,
                None => self.start().map_err(|error| Failure::Other(error.to_string()))?,
            };
            let fresh = !std::mem::replace(&mut worker.used, true);
            match worker.exchange(line, answers) {
                Ok(answer) => {
                    *slot = Some(worker);
                    return Ok(answer);
                }
                Err(Failure::Died) if !fresh => {}
                Err(failure) => return Err(failure),
            }
        }
    }
}

/// How many texts of these lengths travel together: at least one, where there is one.
fn fitting(lengths: impl ExactSizeIterator<Item = usize>) -> usize {
    let most = lengths.len().min(1);
    let mut bytes = 0;
    let fitting = lengths.take(MOST_TOGETHER).take_while(|length| {
        bytes += length;
        bytes <= MOST_BYTES_TOGETHER
    });
    fitting.count().max(most)
}

fn refusal(dialect: Dialect, text: &str) -> Option<Finding> {
    crate::bounds::refusal(text, dialect == Dialect::Shell)
}

/// A panic elsewhere leaves nothing half done behind these locks.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn to_line(value: &impl Serialize) -> Result<Vec<u8>, Failure> {
    let mut line = serde_json::to_vec(value).map_err(|error| Failure::Other(error.to_string()))?;
    line.push(b'\n');
    Ok(line)
}

/// Reads an answer; a place outside the text is none.
fn verdict(answer: &[u8], text: &str) -> Result<RiskVerdict, Failure> {
    let verdict: RiskVerdict = serde_json::from_slice(answer).map_err(|error| Failure::Other(error.to_string()))?;
    let fits = verdict.span.is_none_or(|span| text.get(span.start..span.end).is_some());
    if fits { Ok(verdict) } else { Err(Failure::Other("its answer points outside the text".to_owned())) }
}

fn refused(failure: &Failure) -> Finding {
    let (en, pt) = match failure {
        Failure::Died => ("the classifier died of it".to_owned(), "o classificador morreu ao ler o texto".to_owned()),
        Failure::Slow => ("it took the classifier too long".to_owned(), "o classificador demorou demais".to_owned()),
        Failure::Other(cause) => {
            (format!("the classifier failed: {cause}"), format!("o classificador falhou: {cause}"))
        }
    };
    Finding::unknown(None, format!("It could not be classified: {en}."), format!("Não foi possível classificar: {pt}."))
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

    /// Sends a line and reads as many lines of answers.
    fn exchange(&mut self, line: &[u8], answers: usize) -> Result<Vec<u8>, Failure> {
        let deadline = Instant::now() + TIME_LIMIT;
        for (index, piece) in line.chunks(PIECE).enumerate() {
            // The pipe is empty: all that was asked before has been answered.
            if index > 0 {
                ready(self.input.as_fd(), PollFlags::POLLOUT, deadline)?;
            }
            self.input.write_all(piece).map_err(|_| Failure::Died)?;
        }
        let mut answer = Vec::new();
        let mut buffer = [0_u8; 4 * PIECE];
        let mut lines = 0;
        while lines < answers {
            ready(self.output.as_fd(), PollFlags::POLLIN, deadline)?;
            let count = self.output.read(&mut buffer).map_err(|_| Failure::Died)?;
            if count == 0 {
                return Err(Failure::Died);
            }
            lines += buffer[..count].iter().filter(|byte| **byte == b'\n').count();
            answer.extend_from_slice(&buffer[..count]);
            if answer.len() > MOST_ANSWER * answers {
                return Err(Failure::Other("its answer is too long".to_owned()));
            }
        }
        if lines == answers && answer.last() == Some(&b'\n') {
            return Ok(answer);
        }
        Err(Failure::Other("it said more than it was asked".to_owned()))
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
    let mut table = Cow::Borrowed(Table::shipped());
    let mut line = String::new();
    loop {
        line.clear();
        if input.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let mut answer = Vec::new();
        if line.starts_with('[') {
            for request in serde_json::from_str::<Vec<Request<'_>>>(&line)? {
                answer_one(&table, &request, &mut answer)?;
            }
        } else {
            let setup = serde_json::from_str::<Setup>(&line)?;
            table = Cow::Owned(Table::extended(&setup.table).map_err(io::Error::other)?);
            answer.extend_from_slice(b"true\n");
        }
        output.write_all(&answer)?;
        output.flush()?;
    }
}

fn answer_one(table: &Table, request: &Request<'_>, answer: &mut Vec<u8>) -> io::Result<()> {
    let functions = Some(&request.functions).filter(|functions| !functions.is_empty());
    serde_json::to_writer(&mut *answer, &crate::classify_here(table, functions, request.dialect, &request.text))?;
    answer.push(b'\n');
    Ok(())
}
