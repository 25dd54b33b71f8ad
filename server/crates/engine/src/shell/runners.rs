//! The server's hold on its supervisor: starts it, replaces it when it is lost, and gets runners from it.

use std::io::{self, IoSlice};
use std::os::fd::{AsRawFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Weak};
use std::time::Duration;

use farol_api::confine::{Confinement, Machine};
use nix::sys::socket::{AddressFamily, ControlMessage, MsgFlags, SockFlag, SockType, sendmsg, socketpair};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::UnixStream;
use tokio::process::{Child, Command};
use tokio::sync::Mutex;
use tokio::time::{sleep, timeout};

use super::ahead::{Ahead, IDLE};
use super::groups::Bounds;
use super::hidden::Hidden;
use super::wire::{Place, Start};

/// How long a supervisor may take to say what this machine can do.
const PATIENCE: Duration = Duration::from_secs(20);

/// Gets a runner for every script. Clones share one supervisor.
#[derive(Clone, Debug)]
pub struct Runners(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    command: Vec<PathBuf>,
    hidden: Hidden,
    open: Vec<PathBuf>,
    bounds: Bounds,
    supervisor: Mutex<Option<Supervisor>>,
    ahead: Ahead,
}

/// A runner that was told its place, and that waits for its script.
pub(crate) struct Placed {
    pub stream: UnixStream,
    /// Whether it was there before there was a script for it.
    pub waited: bool,
}

#[derive(Debug)]
struct Supervisor {
    child: Child,
    orders: OwnedFd,
    machine: Machine,
}

impl Runners {
    /// Says which program becomes the supervisor (its first argument makes it call
    /// [`super::shell_supervisor_main`]), and which folders and files no script sees into.
    pub fn new(command: Vec<PathBuf>, hidden: Hidden) -> Self {
        Self::of(command, hidden, Vec::new(), Bounds::default())
    }

    /// Says which folders among the hidden ones are like any other all the same; before the first script only.
    #[must_use]
    pub fn with_open(self, open: Vec<PathBuf>) -> Self {
        Self::of(self.0.command.clone(), self.0.hidden.clone(), open, self.0.bounds)
    }

    /// Says what a script may use where the machine can bound it; before the first script only.
    #[must_use]
    pub fn with_bounds(self, bounds: Bounds) -> Self {
        Self::of(self.0.command.clone(), self.0.hidden.clone(), self.0.open.clone(), bounds)
    }

    fn of(command: Vec<PathBuf>, hidden: Hidden, open: Vec<PathBuf>, bounds: Bounds) -> Self {
        Self(Arc::new(Inner { command, hidden, open, bounds, supervisor: Mutex::default(), ahead: Ahead::default() }))
    }

    pub(crate) fn bounds(&self) -> Bounds {
        self.0.bounds
    }

    /// Returns what this machine can do; starts the supervisor where there is none.
    ///
    /// # Errors
    /// Fails where the supervisor cannot be started.
    pub async fn machine(&self) -> io::Result<Machine> {
        let mut held = self.0.supervisor.lock().await;
        Ok(self.living(&mut held).await?.machine.clone())
    }

    /// Returns folders and files that no script sees into, by the names that the kernel knows them under.
    ///
    /// # Errors
    /// Fails where what must be there cannot be found, and names it: then no script may run.
    pub fn hidden(&self) -> io::Result<Vec<PathBuf>> {
        self.0.hidden.find()
    }

    /// Returns folders among those that scripts see into all the same.
    pub(crate) fn open(&self) -> Vec<PathBuf> {
        // What is not there cannot be opened.
        self.0.open.iter().filter_map(|path| path.canonicalize().ok()).collect()
    }

    /// Returns a runner in a place: one that waits there, else a new one.
    pub(crate) async fn placed(&self, start: Start, place: &Place) -> io::Result<Placed> {
        match self.0.ahead.take(&start, place) {
            Some(stream) => Ok(Placed { stream, waited: true }),
            None => self.fresh(start, place).await,
        }
    }

    /// Returns a new runner in a place.
    pub(crate) async fn fresh(&self, start: Start, place: &Place) -> io::Result<Placed> {
        let mut stream = self.start(start).await?;
        let mut line = serde_json::to_vec(place)?;
        line.push(b'\n');
        // Where this fails the runner is gone already, and the missing last frame says so.
        let _ = timeout(PATIENCE, stream.write_all(&line)).await;
        Ok(Placed { stream, waited: false })
    }

    /// Says where the next script is likely to run; a runner is started there after [`Self::attempt_ended`].
    pub(crate) async fn expect(&self, start: Start, place: Place) {
        // Without rules about files a script could reach into a shell that waits.
        if self.machine().await.is_ok_and(|machine| machine.level >= Confinement::Files) {
            self.0.ahead.want(start, place);
        }
    }

    /// The end of an attempt is recorded: runners are started for those that may follow.
    pub fn attempt_ended(&self) {
        let wanted = self.0.ahead.wanted();
        for (start, place) in wanted.places {
            let runners = self.clone();
            tokio::spawn(async move {
                if let Ok(placed) = runners.fresh(start, &place).await {
                    runners.0.ahead.put((start, place), placed.stream, wanted.era);
                    tokio::spawn(expire(Arc::downgrade(&runners.0)));
                }
            });
        }
    }

    /// Lets go of runners that wait: what they were started for has changed.
    pub fn forget(&self) {
        self.0.ahead.forget();
    }

    /// Lets go of runners that wait, and starts no more ahead of time.
    pub fn close(&self) {
        self.0.ahead.close();
    }

    /// Returns the stream to a new runner. A supervisor that was lost is replaced.
    async fn start(&self, start: Start) -> io::Result<UnixStream> {
        let mut held = self.0.supervisor.lock().await;
        for _ in 0..2 {
            let supervisor = self.living(&mut held).await?;
            let (mine, runners) = std::os::unix::net::UnixStream::pair()?;
            if supervisor.send(start, &runners).is_ok() {
                mine.set_nonblocking(true)?;
                return UnixStream::from_std(mine);
            }
            self.give_up(&mut held).await;
        }
        Err(io::Error::other("the supervisor takes no orders"))
    }

    /// Ends a supervisor that does not do what it is told; the next script gets another.
    pub(crate) async fn replace(&self) {
        self.give_up(&mut *self.0.supervisor.lock().await).await;
    }

    async fn give_up(&self, held: &mut Option<Supervisor>) {
        // Nobody would end what these leave, should they be killed.
        self.0.ahead.forget();
        if let Some(mut supervisor) = held.take() {
            tracing::warn!("the supervisor of scripts was lost; another takes its place");
            let _ = timeout(PATIENCE, supervisor.child.kill()).await;
        }
    }

    async fn living<'h>(&self, held: &'h mut Option<Supervisor>) -> io::Result<&'h mut Supervisor> {
        if held.as_mut().is_some_and(|supervisor| !matches!(supervisor.child.try_wait(), Ok(None))) {
            self.give_up(held).await;
        }
        match held {
            Some(supervisor) => Ok(supervisor),
            None => Ok(held.insert(Supervisor::start(&self.0.command).await?)),
        }
    }
}

/// Lets go of a runner once it has waited too long.
async fn expire(inner: Weak<Inner>) {
    sleep(IDLE).await;
    if let Some(inner) = inner.upgrade() {
        inner.ahead.expire();
    }
}

impl Supervisor {
    async fn start(command: &[PathBuf]) -> io::Result<Self> {
        let (program, args) = command.split_first().ok_or(io::ErrorKind::NotFound)?;
        let kind = (AddressFamily::Unix, SockType::SeqPacket);
        let (orders, taken) = socketpair(kind.0, kind.1, None, SockFlag::SOCK_CLOEXEC)?;
        // Nothing of this process is copied for it: the program is started anew.
        let mut child = Command::new(program)
            .args(args)
            .env_clear()
            .current_dir(Path::new("/"))
            .stdin(Stdio::from(taken))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let said = child.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
        let mut line = String::new();
        timeout(PATIENCE, BufReader::new(said).read_line(&mut line)).await??;
        Ok(Self { child, orders, machine: serde_json::from_str(&line)? })
    }

    fn send(&self, start: Start, stream: &std::os::unix::net::UnixStream) -> io::Result<()> {
        let bytes = serde_json::to_vec(&start)?;
        let descriptors = [stream.as_raw_fd()];
        let rights = [ControlMessage::ScmRights(&descriptors)];
        let flags = MsgFlags::MSG_DONTWAIT | MsgFlags::MSG_NOSIGNAL;
        sendmsg::<()>(self.orders.as_raw_fd(), &[IoSlice::new(&bytes)], &rights, flags, None)?;
        Ok(())
    }
}
