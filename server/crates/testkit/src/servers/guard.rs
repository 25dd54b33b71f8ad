//! The process that a server lives and dies with.

use std::fs;
use std::io::{self, Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nix::unistd::{User, geteuid};

/// How long a server may take to answer.
const START_TIMEOUT: Duration = Duration::from_secs(60);
/// How long to wait between two tries to connect.
const RETRY: Duration = Duration::from_millis(50);

/// Runs a server until the pipe at its standard input ends, which it does when the test process ends in whatever way;
/// then stops the server at once and removes its folder. A line is the name of a signal to end it with, and says when that
/// is done; an empty one starts it again.
const SCRIPT: &str = r#"
folder=$1; signal=$2; shift 2
"$@" >"$folder/log" 2>&1 </dev/null &
server=$!
while read -r order; do
  if [ -n "$order" ]; then
    kill -s "$order" "$server" 2>/dev/null
    wait "$server"
    echo stopped
  else
    "$@" >>"$folder/log" 2>&1 </dev/null &
    server=$!
  fi
done
kill -s "$signal" "$server" 2>/dev/null
wait "$server"
cd /
rm -rf "$folder"
"#;

/// Who runs a server, since the servers refuse root.
#[derive(Clone, Copy, Debug)]
pub(super) struct Account {
    uid: u32,
    gid: u32,
}

impl Account {
    /// Finds the account a server runs as: `name` for root, oneself otherwise.
    pub(super) fn of(name: &str) -> Self {
        if !geteuid().is_root() {
            let (uid, gid) = (geteuid(), nix::unistd::getegid());
            return Self { uid: uid.as_raw(), gid: gid.as_raw() };
        }
        let user = User::from_name(name).ok().flatten();
        let user = user.unwrap_or_else(|| panic!("no account {name}: run `make test-tools`"));
        Self { uid: user.uid.as_raw(), gid: user.gid.as_raw() }
    }

    /// Makes a temporary folder that belongs to the account; the guard removes it.
    pub(super) fn folder(self, prefix: &str) -> PathBuf {
        let folder = tempfile::Builder::new().prefix(prefix).tempdir();
        let folder = folder.expect("a temporary folder").keep();
        chown(&folder, Some(self.uid), Some(self.gid)).expect("the folder given away");
        folder
    }

    /// Makes a folder in one that belongs to the account.
    pub(super) fn subfolder(self, folder: &Path, name: &str) -> PathBuf {
        let made = folder.join(name);
        std::fs::create_dir(&made).expect("a folder in the temporary one");
        chown(&made, Some(self.uid), Some(self.gid)).expect("the folder given away");
        made
    }

    /// Prepares a program to run as the account, in a folder it may enter.
    pub(super) fn command(self, program: impl AsRef<std::ffi::OsStr>, folder: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(folder).env_remove("PGDATA");
        if geteuid().is_root() {
            command.uid(self.uid).gid(self.gid);
        }
        command
    }

    /// Runs a program to its end, and fails with its words if it fails.
    pub(super) fn run(self, mut command: Command) {
        let output = command.stdin(Stdio::null()).output();
        let output = output.unwrap_or_else(|e| panic!("{command:?}: {e}"));
        assert!(
            output.status.success(),
            "{command:?}\n{}\n{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
        );
    }
}

/// A running server. Dropped, or with the end of the process, it stops and its folder goes.
#[derive(Debug)]
pub(super) struct Guard {
    child: Child,
    folder: PathBuf,
}

impl Guard {
    /// Starts a server under a guard; `signal` stops it at once.
    pub(super) fn start(account: Account, folder: &Path, signal: &str, server: &[&std::ffi::OsStr]) -> Self {
        let mut command = account.command("sh", folder);
        command
            .args(["-c", SCRIPT, "guard"])
            .arg(folder)
            .arg(signal)
            .args(server)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            // A Ctrl-C goes to the tests; the guard sees their end.
            .process_group(0);
        Self { child: command.spawn().expect("a shell"), folder: folder.to_owned() }
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Ends the server with a signal, and returns when it is gone; its folder stays.
    pub(super) fn stop(&mut self, signal: &str) {
        self.order(signal);
        let mut said = [0; b"stopped\n".len()];
        let out = self.child.stdout.as_mut().expect("a pipe");
        out.read_exact(&mut said).expect("the guard's word");
    }

    /// Starts the server that was stopped; it does not answer yet.
    pub(super) fn start_again(&mut self) {
        self.order("");
    }

    fn order(&mut self, order: &str) {
        let orders = self.child.stdin.as_mut().expect("a pipe");
        writeln!(orders, "{order}").expect("a guard that listens");
    }

    /// Waits until a real connection is answered.
    pub(super) fn wait_until<E: std::fmt::Display>(&mut self, mut connect: impl FnMut() -> Result<(), E>) {
        let deadline = Instant::now() + START_TIMEOUT;
        loop {
            let error = match connect() {
                Ok(()) => return,
                Err(error) => error,
            };
            let log = || fs::read_to_string(self.folder.join("log")).unwrap_or_default();
            assert!(Instant::now() < deadline, "the server does not answer: {error}\n{}", log());
            std::thread::sleep(RETRY);
        }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _: io::Result<_> = self.child.wait();
    }
}

/// Finds a loopback port that is free at this moment.
pub(super) fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("its address").port()
}

/// Finds a program in folders, then on the PATH.
pub(super) fn program(name: &str, folders: &[PathBuf], package: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let mut candidates = folders.iter().chain(&on_path).map(|folder| folder.join(name));
    let found = candidates.find(|candidate| candidate.is_file());
    found.unwrap_or_else(|| panic!("`{name}` is missing: `make test-tools` installs it (Debian's package {package})"))
}

/// Runs something asynchronous from a place that must not be: a thread with a runtime of its own.
pub(super) fn blocking<T: Send>(work: impl Future<Output = T> + Send) -> T {
    std::thread::scope(|scope| {
        let thread = scope.spawn(|| {
            let mut runtime = tokio::runtime::Builder::new_current_thread();
            let runtime = runtime.enable_all().build().expect("a runtime");
            runtime.block_on(work)
        });
        thread.join().expect("the thread ends")
    })
}
