//! The runner process: starts one script, reads what it prints, and ends its whole tree.
//!
//! It is a process of its own, single-threaded and without an async runtime, so that its children are nobody else's,
//! and so that it outlives a server that is killed just long enough to end them.

use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::process::Child;
use std::time::{Duration, Instant};

use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{SigSet, Signal, killpg};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use nix::sys::wait::WaitStatus;
use nix::unistd::Pid;

use super::groups::Group;
use super::ready::Ready;
use super::wire::{Begun, Exit, FrameKind, Killed, Place, RunSpec, push_frame};
use super::{confine, keep, raw, tree};

/// How much may wait for a server that reads slowly before the script is left waiting too.
const WAITING_MAX: usize = 256 << 10;
/// Most bytes of an order: the longest script, its variables and what is around them.
const ORDER_MAX: usize = 64 << 20;
/// How long the runner fights for the end of the tree.
const TREE_PATIENCE: Duration = Duration::from_secs(10);

/// Runs one script as told on a stream, and says there how it ended; true where it could say it.
///
/// What is told first is where, and a shell is started there; it runs nothing until it is told what.
///
/// The caller is a process of its own with one thread. `own_processes` says that it is the first of its view.
pub(super) fn run(server: UnixStream, own_processes: bool, group: Option<&Group>) -> bool {
    let mut server = server;
    match serve(&mut server, own_processes, group) {
        Ok(()) => true,
        Err(error) => {
            let exit = Exit { error: Some(error.to_string()), ..Exit::default() };
            let mut frame = Vec::new();
            push_frame(&mut frame, FrameKind::Exit, &serde_json::to_vec(&exit).unwrap_or_default());
            let _ = server.set_nonblocking(false);
            server.write_all(&frame).is_ok()
        }
    }
}

fn serve(server: &mut UnixStream, own_processes: bool, group: Option<&Group>) -> io::Result<()> {
    let mut orders = Orders::default();
    let place: Place = orders.next(server)?;
    // Fails only where the runner leads a session already.
    let _ = nix::unistd::setsid();
    confine::confine_self()?;
    raw::close_on_exec_from(3);
    let signals = catch_children()?;
    let mut ready = Ready::start(&place, own_processes, group)?;
    let Some(spec) = wait_for_script(server, &mut orders, &signals)? else {
        end_unused(ready, group);
        return Ok(());
    };
    if !ready.is_as_new() {
        end_unused(ready, group);
        ready = Ready::start(&place, own_processes, group)?;
    }
    if is_let_go(server)? {
        // Nobody waits for it any more: another one may have it by now.
        end_unused(ready, group);
        return Ok(());
    }
    let mut waiting = Vec::new();
    let begun = Begun { pid: (!own_processes).then(|| Pid::this().as_raw()), confined: ready.confined };
    push_frame(&mut waiting, FrameKind::Begun, &serde_json::to_vec(&begun)?);
    // Said before anything starts: where it is not heard, nothing ran.
    server.write_all(&waiting)?;
    let (child, left) = ready.go(&spec)?;
    let mut runner = Runner::new(&spec, (server, group), child, signals, left)?;
    if orders.more() {
        runner.ask_to_end(Killed::Stopped);
    }
    runner.run()
}

/// Waits for a script to run; nothing where the server let go before it had one.
fn wait_for_script(server: &mut UnixStream, orders: &mut Orders, signals: &SignalFd) -> io::Result<Option<RunSpec>> {
    while !orders.has_one() {
        let mut fds = [PollFd::new(server.as_fd(), PollFlags::POLLIN), PollFd::new(signals.as_fd(), PollFlags::POLLIN)];
        match poll(&mut fds, PollTimeout::NONE) {
            Ok(_) | Err(nix::errno::Errno::EINTR) => {}
            Err(error) => return Err(error.into()),
        }
        let (said, ended) = (fds[0].any() != Some(false), fds[1].any() != Some(false));
        if ended {
            return Err(io::Error::other("The shell ended before it had a script. Nothing ran."));
        }
        if said && !orders.read(server)? {
            return Ok(None);
        }
    }
    orders.next(server).map(Some)
}

/// What a stream says whose other end will write no more; nix has no name for it.
pub(super) fn let_go() -> PollFlags {
    PollFlags::from_bits_retain(libc::POLLRDHUP)
}

pub(super) fn is_let_go(stream: &UnixStream) -> io::Result<bool> {
    let mut fds = [PollFd::new(stream.as_fd(), let_go())];
    poll(&mut fds, PollTimeout::ZERO)?;
    // What came is a flag that nix has no name for.
    Ok(fds[0].any() != Some(false))
}

/// Ends a shell that gets no script.
fn end_unused(ready: Ready, group: Option<&Group>) {
    drop(ready);
    let _ = group.map(Group::kill);
    tree::end_descendants(TREE_PATIENCE, |_| {});
}

/// What the server said and nobody has taken yet.
#[derive(Default)]
struct Orders(Vec<u8>);

impl Orders {
    fn has_one(&self) -> bool {
        self.0.contains(&b'\n')
    }

    /// Whether there is more than what was taken.
    fn more(&self) -> bool {
        !self.0.is_empty()
    }

    /// Reads once; false at the end of all.
    fn read(&mut self, server: &mut UnixStream) -> io::Result<bool> {
        let mut buffer = [0_u8; 16 << 10];
        let count = server.read(&mut buffer)?;
        if self.0.len() > ORDER_MAX {
            return Err(io::ErrorKind::InvalidData.into());
        }
        self.0.extend_from_slice(&buffer[..count]);
        Ok(count > 0)
    }

    /// Takes the next line.
    fn next<T: serde::de::DeserializeOwned>(&mut self, server: &mut UnixStream) -> io::Result<T> {
        let mut looked = 0;
        loop {
            if let Some(end) = self.0[looked..].iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.0.drain(..=looked + end).collect();
                return Ok(serde_json::from_slice(&line)?);
            }
            looked = self.0.len();
            if !self.read(server)? {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }
}

/// Makes the end of a child something that can be polled for.
pub(super) fn catch_children() -> io::Result<SignalFd> {
    let mut mask = SigSet::empty();
    mask.add(Signal::SIGCHLD);
    mask.thread_block()?;
    Ok(SignalFd::with_flags(&mask, SfdFlags::SFD_NONBLOCK | SfdFlags::SFD_CLOEXEC)?)
}

/// What the main loop does next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Running,
    /// It was asked to end; at that instant it is made to.
    Ending(Instant),
    /// Its first process has ended, or it is to be made to end now.
    Over,
}

struct Runner<'s> {
    server: &'s mut UnixStream,
    group: Option<&'s Group>,
    child: i32,
    out: Option<OwnedFd>,
    err: Option<OwnedFd>,
    signals: SignalFd,
    /// What the script leaves.
    left: File,
    phase: Phase,
    exit: Exit,
    deadline: Instant,
    grace: Duration,
    kept_left: u64,
    drained_left: u64,
    cut: bool,
    /// Frames that the server has not read yet.
    waiting: Vec<u8>,
    server_gone: bool,
}

impl<'s> Runner<'s> {
    fn new(
        spec: &RunSpec,
        (server, group): (&'s mut UnixStream, Option<&'s Group>),
        mut child: Child,
        signals: SignalFd,
        left: File,
    ) -> io::Result<Self> {
        let out = child.stdout.take().map(OwnedFd::from);
        let err = child.stderr.take().map(OwnedFd::from);
        for fd in [out.as_ref(), err.as_ref()].into_iter().flatten() {
            set_nonblocking(fd.as_fd())?;
        }
        server.set_nonblocking(true)?;
        Ok(Self {
            server,
            group,
            child: child.id().cast_signed(),
            out,
            err,
            signals,
            left,
            phase: Phase::Running,
            exit: Exit::default(),
            deadline: Instant::now() + Duration::from_millis(spec.timeout_ms),
            grace: Duration::from_millis(spec.grace_ms),
            kept_left: spec.kept_bytes,
            drained_left: spec.drained_bytes,
            cut: false,
            waiting: Vec::new(),
            server_gone: false,
        })
    }

    fn run(mut self) -> io::Result<()> {
        while self.phase != Phase::Over {
            self.wait()?;
            self.read_orders();
            self.read_pipes();
            self.reap();
            self.write_frames();
            self.check_clock();
        }
        self.end_tree();
        // What was printed before the end is still in the pipes; nobody is left to print more.
        self.read_pipes_to_end();
        self.hand_over()?;
        let exit = serde_json::to_vec(&self.exit)?;
        push_frame(&mut self.waiting, FrameKind::Exit, &exit);
        self.write_all_frames()
    }

    /// Sleeps until something happens.
    fn wait(&self) -> io::Result<()> {
        let until = match self.phase {
            Phase::Ending(kill_at) => kill_at,
            _ => self.deadline,
        };
        let left = until.saturating_duration_since(Instant::now()) + Duration::from_millis(1);
        let timeout = PollTimeout::try_from(left.min(Duration::from_secs(60))).unwrap_or(PollTimeout::MAX);
        let mut fds = vec![PollFd::new(self.signals.as_fd(), PollFlags::POLLIN)];
        if !self.server_gone {
            let writes = if self.waiting.is_empty() { PollFlags::empty() } else { PollFlags::POLLOUT };
            fds.push(PollFd::new(self.server.as_fd(), PollFlags::POLLIN | writes));
        }
        if self.waiting.len() < WAITING_MAX {
            let pipes = [self.out.as_ref(), self.err.as_ref()].into_iter().flatten();
            fds.extend(pipes.map(|fd| PollFd::new(fd.as_fd(), PollFlags::POLLIN)));
        }
        match poll(&mut fds, timeout) {
            Ok(_) | Err(nix::errno::Errno::EINTR) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Reads from the server: any line asks to stop, the end says that the server is gone.
    fn read_orders(&mut self) {
        let mut buffer = [0_u8; 256];
        match self.server.read(&mut buffer) {
            Ok(0) => {
                self.server_gone = true;
                self.kill_now(Killed::Stopped);
            }
            Ok(_) => self.ask_to_end(Killed::Stopped),
            Err(error) if would_block(&error) => {}
            Err(_) => self.kill_now(Killed::Stopped),
        }
    }

    fn read_pipes(&mut self) {
        for kind in [FrameKind::Err, FrameKind::Out] {
            if self.waiting.len() < WAITING_MAX {
                self.read_pipe(kind);
            }
        }
    }

    /// Reads once; tells whether there may be more.
    fn read_pipe(&mut self, kind: FrameKind) -> bool {
        let pipe = if kind == FrameKind::Out { &mut self.out } else { &mut self.err };
        let Some(fd) = pipe else { return false };
        let mut buffer = [0_u8; 32 << 10];
        match nix::unistd::read(&*fd, &mut buffer) {
            Ok(0) => {
                *pipe = None;
                false
            }
            Ok(count) => {
                self.keep(kind, &buffer[..count]);
                true
            }
            Err(nix::errno::Errno::EINTR) => true,
            Err(nix::errno::Errno::EAGAIN) => false,
            Err(_) => {
                *pipe = None;
                false
            }
        }
    }

    /// Keeps output up to the cap, marks the cut, and ends a script that floods.
    fn keep(&mut self, kind: FrameKind, bytes: &[u8]) {
        let kept = usize::try_from(self.kept_left).unwrap_or(usize::MAX).min(bytes.len());
        if kept > 0 {
            push_frame(&mut self.waiting, kind, &bytes[..kept]);
            self.kept_left -= kept as u64;
        }
        let thrown = (bytes.len() - kept) as u64;
        if thrown == 0 {
            return;
        }
        if !std::mem::replace(&mut self.cut, true) {
            push_frame(&mut self.waiting, FrameKind::Truncated, &[]);
        }
        self.drained_left = self.drained_left.saturating_sub(thrown);
        if self.drained_left == 0 {
            self.kill_now(Killed::Flood);
        }
    }

    fn reap(&mut self) {
        while matches!(self.signals.read_signal(), Ok(Some(_))) {}
        let (child, exit) = (self.child, &mut self.exit);
        let mut over = false;
        tree::reap(|status| over |= note_exit(status, child, exit));
        if over {
            self.phase = Phase::Over;
        }
    }

    fn check_clock(&mut self) {
        let now = Instant::now();
        match self.phase {
            Phase::Running if now >= self.deadline => self.ask_to_end(Killed::Timeout),
            Phase::Ending(kill_at) if now >= kill_at => self.phase = Phase::Over,
            _ => {}
        }
    }

    fn ask_to_end(&mut self, why: Killed) {
        if self.phase == Phase::Running {
            self.exit.killed = Some(why);
            let _ = killpg(Pid::from_raw(self.child), Signal::SIGTERM);
            self.phase = Phase::Ending(Instant::now() + self.grace);
        }
    }

    fn kill_now(&mut self, why: Killed) {
        self.exit.killed.get_or_insert(why);
        self.phase = Phase::Over;
    }

    fn end_tree(&mut self) {
        let (child, mut exit) = (self.child, std::mem::take(&mut self.exit));
        let known = exit.code.is_some() || exit.signal.is_some();
        // The group ends all of it at once, whatever it is about to fork; what follows reaps it.
        let inside = self.group.and_then(|group| group.kill().ok()).unwrap_or_default();
        let end = tree::end_descendants(TREE_PATIENCE, |status| {
            note_exit(status, child, &mut exit);
        });
        let killed = end.killed.max(inside);
        exit.left_behind = if known { killed } else { killed.saturating_sub(1) };
        exit.survivors = end.survivors;
        if let Some(group) = self.group {
            exit.reached = group.reached();
            // Where this fails the supervisor tries again.
            let _ = group.remove();
        }
        self.exit = exit;
    }

    fn read_pipes_to_end(&mut self) {
        for kind in [FrameKind::Err, FrameKind::Out] {
            // A pipe holds at most a megabyte; a survivor must not keep the runner here.
            for _ in 0..64 {
                if self.server_gone || !self.read_pipe(kind) {
                    break;
                }
            }
        }
    }

    /// Hands over what a script left that ended well.
    fn hand_over(&mut self) -> io::Result<()> {
        if self.exit.code != Some(0) || self.exit.killed.is_some() {
            return Ok(());
        }
        let mut left = Vec::new();
        self.left.rewind()?;
        (&self.left).take(keep::ALL_MAX as u64).read_to_end(&mut left)?;
        if !left.is_empty() {
            push_frame(&mut self.waiting, FrameKind::Left, &left);
        }
        Ok(())
    }

    /// Writes what the server takes without waiting.
    fn write_frames(&mut self) {
        if self.waiting.is_empty() {
            return;
        }
        match nix::unistd::write(&*self.server, &self.waiting) {
            Ok(count) => {
                self.waiting.drain(..count);
            }
            Err(nix::errno::Errno::EAGAIN | nix::errno::Errno::EINTR) => {}
            Err(_) => {
                self.server_gone = true;
                self.kill_now(Killed::Stopped);
            }
        }
    }

    fn write_all_frames(&mut self) -> io::Result<()> {
        while !self.waiting.is_empty() && !self.server_gone {
            let mut fds = [PollFd::new(self.server.as_fd(), PollFlags::POLLOUT)];
            if poll(&mut fds, PollTimeout::from(60_000_u16)) == Ok(0) {
                return Err(io::ErrorKind::TimedOut.into());
            }
            self.write_frames();
        }
        Ok(())
    }
}

/// Notes how the script itself ended; tells whether this was its end.
fn note_exit(status: WaitStatus, child: i32, exit: &mut Exit) -> bool {
    match status {
        WaitStatus::Exited(pid, code) if pid.as_raw() == child => exit.code = Some(code),
        WaitStatus::Signaled(pid, signal, _) if pid.as_raw() == child => exit.signal = Some(signal as i32),
        _ => return false,
    }
    true
}

fn set_nonblocking(fd: BorrowedFd<'_>) -> io::Result<()> {
    let flags = OFlag::from_bits_truncate(fcntl(fd, FcntlArg::F_GETFL)?);
    fcntl(fd, FcntlArg::F_SETFL(flags | OFlag::O_NONBLOCK))?;
    Ok(())
}

fn would_block(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted)
}
