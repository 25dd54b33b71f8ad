//! The supervisor: a small process with one thread, started once, that forks a runner for every script.
//!
//! The server is large and has many threads; to fork it is slow, and to start a program anew for every script too. What
//! is forked here has everything in memory already. The supervisor never talks for a runner: each has a stream of its
//! own to the server, which goes on where the supervisor itself is lost. It is the child subreaper of its runners: where
//! one is killed, what that leaves becomes the supervisor's, which ends it and only then lets the stream end.

use std::collections::BTreeMap;
use std::io::{self, IoSliceMut, Write};
use std::os::fd::{AsFd, AsRawFd, OwnedFd, RawFd};
use std::os::unix::net::UnixStream;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use farol_api::confine::{Lack, Machine};
use nix::fcntl::OFlag;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::prctl;
use nix::sys::signal::{Signal, kill};
use nix::sys::signalfd::SignalFd;
use nix::sys::socket::{ControlMessageOwned, MsgFlags, recvmsg};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

use super::confine;
use super::groups::{Bounds, Group, Groups};
use super::runner::{is_let_go, let_go};
use super::wire::Start;
use super::{namespaces, raw, runner, tree};

/// How long a runner may take to end its tree after the server has let go of it.
const LET_GO_PATIENCE: Duration = Duration::from_secs(15);
/// How long the supervisor fights for the end of what a killed runner left.
const TREE_PATIENCE: Duration = Duration::from_secs(10);

/// Forks runners as asked on standard input, a socket; the body of the hidden subcommand `shell-supervisor`.
///
/// Call it first in `main`, before any thread is started. It says on standard output what this machine can do, and ends
/// when the socket has ended and its last runner too.
pub fn shell_supervisor_main() -> ExitCode {
    if Supervisor::new().and_then(Supervisor::serve).is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

struct Runner {
    /// Its end of the stream to the server: as long as this is open, the server does not believe that it is over.
    stream: UnixStream,
    /// Since when the server does not listen any more.
    let_go: Option<Instant>,
    /// The group that its script has, and its lock.
    group: Option<Group>,
}

struct Supervisor {
    machine: Machine,
    groups: Option<Groups>,
    signals: SignalFd,
    runners: BTreeMap<i32, Runner>,
    server_gone: bool,
}

impl Supervisor {
    fn new() -> io::Result<Self> {
        // A terminal's signals are the server's business.
        let _ = nix::unistd::setsid();
        prctl::set_child_subreaper(true)?;
        prctl::set_dumpable(false)?;
        let (machine, groups) = confine::probe();
        let mut said = serde_json::to_vec(&machine)?;
        said.push(b'\n');
        io::stdout().write_all(&said)?;
        io::stdout().flush()?;
        // Its end tells the server that this is all.
        let nothing = nix::fcntl::open("/dev/null", OFlag::O_RDWR | OFlag::O_CLOEXEC, nix::sys::stat::Mode::empty())?;
        nix::unistd::dup2_stdout(&nothing)?;
        let signals = runner::catch_children()?;
        Ok(Self { machine, groups, signals, runners: BTreeMap::new(), server_gone: false })
    }

    fn serve(mut self) -> io::Result<()> {
        while !self.server_gone || !self.runners.is_empty() {
            self.wait()?;
            while matches!(self.signals.read_signal(), Ok(Some(_))) {}
            self.reap();
            self.take_orders()?;
            self.look_after()?;
        }
        Ok(())
    }

    /// Sleeps until something happens.
    fn wait(&self) -> io::Result<()> {
        let stdin = io::stdin();
        let mut fds = vec![PollFd::new(self.signals.as_fd(), PollFlags::POLLIN)];
        if !self.server_gone {
            fds.push(PollFd::new(stdin.as_fd(), PollFlags::POLLIN));
        }
        let heard = self.runners.values().filter(|runner| runner.let_go.is_none());
        fds.extend(heard.map(|runner| PollFd::new(runner.stream.as_fd(), let_go())));
        let waits = self.runners.values().any(|runner| runner.let_go.is_some());
        let timeout = if waits { PollTimeout::from(500_u16) } else { PollTimeout::NONE };
        match poll(&mut fds, timeout) {
            Ok(_) | Err(nix::errno::Errno::EINTR) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Forks a runner for every order that has come.
    fn take_orders(&mut self) -> io::Result<()> {
        while !self.server_gone {
            let mut bytes = [0_u8; 1024];
            let (count, stream) = match receive(&mut bytes) {
                Ok(received) => received,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Err(_) => (0, None),
            };
            if count == 0 {
                self.server_gone = true;
            } else if let (Some(stream), Ok(start)) = (stream, serde_json::from_slice(&bytes[..count])) {
                // Where it fails the stream ends before its first frame, and the server knows that nothing ran.
                let _ = self.fork(stream, start);
            }
        }
        Ok(())
    }

    fn fork(&mut self, stream: OwnedFd, start: Start) -> io::Result<()> {
        let own_processes = start.own_processes && self.machine.has(Lack::Namespaces);
        let (flags, user) = (namespaces::flags(own_processes, start.no_network), namespaces::me());
        let group = self.group(start.bounds);
        match raw::fork_with(flags) {
            Err(error) => {
                group.iter().for_each(take_away);
                Err(error)
            }
            Ok(Some(pid)) => {
                self.runners.insert(pid, Runner { stream: UnixStream::from(stream), let_go: None, group });
                Ok(())
            }
            Ok(None) => {
                let group = group.as_ref();
                let mut kept = vec![stream.as_raw_fd()];
                kept.extend(group.iter().flat_map(|group| group.descriptors()));
                raw::close_all_but(&kept);
                let well = settle(flags, user).is_ok() && runner::run(UnixStream::from(stream), own_processes, group);
                raw::leave(i32::from(!well))
            }
        }
    }

    /// Makes a group for a script; where none can be made now, the level that the runner tells is lower.
    fn group(&mut self, bounds: Bounds) -> Option<Group> {
        let groups = self.groups.as_mut()?;
        groups.sweep();
        groups.make(bounds).ok()
    }

    /// Takes leave of runners that have ended, and ends what those left that were killed.
    fn reap(&mut self) {
        let (mut over, mut lost) = (Vec::new(), false);
        while let Ok(status) = waitpid(None, Some(WaitPidFlag::WNOHANG)) {
            let Some(pid) = status.pid() else { break };
            // What it left stays open until that has ended too.
            if let Some(runner) = self.runners.remove(&pid.as_raw()) {
                runner.group.iter().for_each(take_away);
                over.push(runner);
                lost |= !matches!(status, WaitStatus::Exited(_, 0));
            }
        }
        if lost {
            let known = self.runners.keys().copied().collect();
            tree::end_strangers(&known, TREE_PATIENCE);
        }
    }

    /// Sees to runners that the server has let go of: they end by themselves, unless somebody has stopped them.
    fn look_after(&mut self) -> io::Result<()> {
        for (pid, runner) in &mut self.runners {
            let pid = Pid::from_raw(*pid);
            match runner.let_go {
                None if is_let_go(&runner.stream)? => {
                    runner.let_go = Some(Instant::now());
                    let _ = kill(pid, Signal::SIGCONT);
                }
                Some(since) if since.elapsed() > LET_GO_PATIENCE => {
                    let _ = kill(pid, Signal::SIGKILL);
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// Ends a group with all that is in it. A runner that came to its end has done so already.
fn take_away(group: &Group) {
    let _ = group.end();
}

/// Puts a forked runner into its place: nothing of the supervisor's, and its own view.
fn settle(flags: libc::c_int, user: (nix::unistd::Uid, u32)) -> io::Result<()> {
    let nothing = nix::fcntl::open("/dev/null", OFlag::O_RDWR | OFlag::O_CLOEXEC, nix::sys::stat::Mode::empty())?;
    nix::unistd::dup2_stdin(&nothing)?;
    nix::unistd::dup2_stderr(&nothing)?;
    namespaces::enter(flags, user)
}

/// Receives an order and the descriptor that came with it.
fn receive(bytes: &mut [u8]) -> io::Result<(usize, Option<OwnedFd>)> {
    let mut space = nix::cmsg_space!([RawFd; 1]);
    let mut parts = [IoSliceMut::new(bytes)];
    let flags = MsgFlags::MSG_DONTWAIT | MsgFlags::MSG_CMSG_CLOEXEC;
    let message = recvmsg::<()>(io::stdin().as_raw_fd(), &mut parts, Some(&mut space), flags)?;
    let mut stream = None;
    for part in message.cmsgs()? {
        if let ControlMessageOwned::ScmRights(descriptors) = part {
            for descriptor in descriptors {
                stream = Some(raw::own(descriptor));
            }
        }
    }
    Ok((message.bytes, stream))
}
