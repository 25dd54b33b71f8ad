//! What a Git repository says of its files, asked of `git` without trusting the repository.
//!
//! A repository's own configuration may name programs (`core.fsmonitor`, text conversions, transports), so it is never
//! read: `git` is given an empty folder of ours as its repository, and the other's objects alone. No hook, no work tree,
//! no index and no transport is left, and the commit that is checked out is looked up here. What is allowed in time,
//! memory and output is bounded, because the objects may be hostile too.

use std::collections::HashSet;
use std::fs::OpenOptions;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Component, Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sha1::Digest as _;

/// The longest that one question may take.
const LONGEST: Duration = Duration::from_secs(20);
/// The largest file of references that is read.
const LARGEST: u64 = 64 * 1024 * 1024;
/// The longest entry in what `git` writes.
const LONGEST_ENTRY: u64 = 1024 * 1024;
/// How many symbolic references are followed, one to the next.
const LINKS: usize = 5;
/// Bounds memory (KiB) and processor time (s), then becomes `git`.
const BOUNDED: &str = "ulimit -v 4194304; ulimit -t 30; exec git \"$@\"";
/// More paths than this are asked for by the folder around them.
const MOST_PATHS: usize = 100;

/// A repository, at the commit that is checked out.
#[derive(Debug)]
pub struct Repository {
    /// The folder of its work tree.
    pub root: PathBuf,
    /// The commits that a clone ends with, of which it does not say what they changed.
    pub ends: HashSet<String>,
    objects: PathBuf,
    shallow: PathBuf,
    head: String,
    ours: tempfile::TempDir,
}

/// Why a repository tells nothing.
#[derive(Debug, thiserror::Error)]
pub enum Mute {
    /// `git` is not installed, failed, or took too long.
    #[error("git: {0}")]
    Git(String),
    /// What is there is no repository that can be read.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// Nothing was committed, or the commit cannot be told.
    #[error("no commit is checked out")]
    NoCommit,
}

/// Returns the folder of the work tree that a file is in.
pub fn root_of(file: &Path) -> Option<PathBuf> {
    file.ancestors().skip(1).find(|folder| folder.join(".git").symlink_metadata().is_ok()).map(Path::to_owned)
}

/// Returns where a work tree's repository is, and what it shares with other work trees.
pub fn places(root: &Path) -> std::io::Result<(PathBuf, PathBuf)> {
    let dot = root.join(".git");
    let own = if dot.is_dir() {
        dot
    } else {
        // A linked work tree, or a submodule.
        let text = small(&dot, 4096)?;
        let path = text.strip_prefix("gitdir:").ok_or_else(|| std::io::Error::other("no gitdir in .git"))?;
        root.join(path.trim())
    };
    let common = match small(&own.join("commondir"), 4096) {
        Ok(path) => own.join(path.trim()),
        Err(_) => own.clone(),
    };
    Ok((own, common))
}

impl Repository {
    /// Opens the repository of a work tree.
    pub fn open(root: &Path) -> Result<Self, Mute> {
        let (own, common) = places(root)?;
        let head = head(&own, &common).ok_or(Mute::NoCommit)?;
        let ours = tempfile::tempdir()?;
        for folder in ["objects", "refs"] {
            std::fs::create_dir(ours.path().join(folder))?;
        }
        std::fs::write(ours.path().join("HEAD"), "ref: refs/heads/none\n")?;
        let format = match head.len() {
            40 => "[core]\n\trepositoryformatversion = 0\n\tbare = true\n",
            _ => "[core]\n\trepositoryformatversion = 1\n\tbare = true\n[extensions]\n\tobjectformat = sha256\n",
        };
        std::fs::write(ours.path().join("config"), format)?;
        let (objects, shallow) = (common.join("objects"), common.join("shallow"));
        let ends = small(&shallow, LARGEST).unwrap_or_default().lines().map(str::to_owned).collect();
        Ok(Self { root: root.to_owned(), ends, objects, shallow, head, ours })
    }

    /// Returns the name that `git` gives to a file's bytes.
    pub fn blob(&self, bytes: &[u8]) -> String {
        let head = format!("blob {}\0", bytes.len());
        if self.head.len() == 40 {
            hex(&sha1::Sha1::new().chain_update(head).chain_update(bytes).finalize())
        } else {
            use sha2::Digest as _;
            hex(&sha2::Sha256::new().chain_update(head).chain_update(bytes).finalize())
        }
    }

    /// Hands on each file of the commit that is checked out, with the name of its bytes.
    pub fn files(&self, paths: &[&Path], mut each: impl FnMut(&[u8], &str)) -> Result<(), Mute> {
        let mut asked = Asked::of(self.command(&["ls-tree", "-r", "-z", &self.head, "--"], paths))?;
        while let Some(entry) = asked.next()? {
            let Some(tab) = entry.iter().position(|byte| *byte == b'\t') else { continue };
            let (about, path) = (String::from_utf8_lossy(&entry[..tab]).into_owned(), &entry[tab + 1..]);
            each(path, about.rsplit(' ').next().unwrap_or_default());
        }
        asked.done()
    }

    /// Hands on each entry of the history, newest first, until it is told to stop.
    pub fn history(&self, paths: &[&Path], mut each: impl FnMut(Entry<'_>) -> bool) -> Result<(), Mute> {
        let format = "--format=%x01%H%x02%ae%x03%aE%x02%ce%x03%cE%x02\
                      %(trailers:key=Co-authored-by,valueonly,unfold,separator=%x02)";
        let fixed = [
            "log",
            "-c",
            "--raw",
            "-z",
            "--no-abbrev",
            "--no-renames",
            "--no-color",
            "--no-ext-diff",
            "--no-textconv",
            "--no-notes",
            "--no-show-signature",
            format,
            &self.head,
            "--",
        ];
        let mut asked = Asked::of(self.command(&fixed, paths))?;
        while let Some(entry) = asked.next()? {
            let text = entry.strip_prefix(b"\n").unwrap_or(&entry);
            let goes_on = match text.first() {
                Some(1) => each(Entry::Commit(&String::from_utf8_lossy(&text[1..]))),
                Some(b':') => {
                    let about = String::from_utf8_lossy(text).into_owned();
                    let Some(path) = asked.next()? else { break };
                    each(Entry::Change(&about, &path))
                }
                _ => true,
            };
            if !goes_on {
                return Ok(());
            }
        }
        asked.done()
    }

    fn command(&self, arguments: &[&str], paths: &[&Path]) -> Command {
        let mailmap = format!("mailmap.blob={}:.mailmap", self.head);
        let mut command = Command::new("/bin/sh");
        command.args(["-c", BOUNDED, "git", "--no-pager", "--literal-pathspecs"]);
        command.args(["-c", "core.packedGitWindowSize=16m", "-c", "core.packedGitLimit=256m", "-c", &mailmap]);
        command.args(arguments);
        if paths.len() <= MOST_PATHS {
            command.args(paths);
        } else if let Some(folder) = around(paths) {
            command.arg(folder);
        }
        command.env_clear();
        command.envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
        command.env("GIT_DIR", self.ours.path()).env("GIT_OBJECT_DIRECTORY", &self.objects);
        command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_ATTR_NOSYSTEM", "1");
        command.env("GIT_NO_REPLACE_OBJECTS", "1").env("GIT_NO_LAZY_FETCH", "1").env("GIT_ALLOW_PROTOCOL", "none");
        command.env("GIT_TERMINAL_PROMPT", "0").env("GIT_OPTIONAL_LOCKS", "0").env("LC_ALL", "C.UTF-8");
        if self.shallow.is_file() {
            command.env("GIT_SHALLOW_FILE", &self.shallow);
        }
        command.current_dir(self.ours.path()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        command
    }
}

/// What a history is made of.
#[derive(Debug)]
pub enum Entry<'a> {
    /// A commit: its name and its people, parted by `\x02`, each with addresses parted by `\x03` or as `Name <address>`.
    Commit(&'a str),
    /// What it did to a file: `:MODE MODE OLD NEW M`, with a colon, a mode and a name more for each further parent.
    Change(&'a str, &'a [u8]),
}

/// `git`, while it answers; stopped when it takes too long, or nobody listens any more.
struct Asked {
    child: Arc<Mutex<Child>>,
    out: BufReader<ChildStdout>,
    /// What waits for it to take too long ends with this.
    over: Option<Sender<()>>,
}

impl Asked {
    fn of(mut command: Command) -> Result<Self, Mute> {
        let mut child = command.spawn()?;
        let out = child.stdout.take().ok_or_else(|| Mute::Git("it has no output".to_owned()))?;
        let child = Arc::new(Mutex::new(child));
        let (over, waits) = channel::<()>();
        let late = Arc::clone(&child);
        std::thread::spawn(move || {
            if waits.recv_timeout(LONGEST) == Err(RecvTimeoutError::Timeout) {
                let _ = late.lock().unwrap_or_else(PoisonError::into_inner).kill();
            }
        });
        Ok(Self { child, out: BufReader::new(out), over: Some(over) })
    }

    /// Returns the next of what is parted by NUL.
    fn next(&mut self) -> Result<Option<Vec<u8>>, Mute> {
        let mut entry = Vec::new();
        self.out.by_ref().take(LONGEST_ENTRY).read_until(0, &mut entry)?;
        if entry.pop_if(|last| *last == 0).is_none() && !entry.is_empty() {
            return Err(Mute::Git("an entry was cut off, or is too long".to_owned()));
        }
        Ok((!entry.is_empty() || !self.out.fill_buf()?.is_empty()).then_some(entry))
    }

    /// Waits for its end, which has to be a good one.
    fn done(&self) -> Result<(), Mute> {
        let ended = self.child.lock().unwrap_or_else(PoisonError::into_inner).wait()?;
        if ended.success() { Ok(()) } else { Err(Mute::Git(ended.to_string())) }
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        self.over = None;
        let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = child.kill();
        let _ = child.wait();
    }
}

/// Looks up the commit that is checked out.
fn head(own: &Path, common: &Path) -> Option<String> {
    let mut text = small(&own.join("HEAD"), 4096).ok()?;
    for _ in 0..LINKS {
        let Some(name) = text.strip_prefix("ref:").map(|name| name.trim().to_owned()) else { break };
        let below = Path::new(&name).components().all(|part| matches!(part, Component::Normal(_)));
        if !below || !name.starts_with("refs/") {
            return None;
        }
        text = match small(&own.join(&name), 4096).or_else(|_| small(&common.join(&name), 4096)) {
            Ok(text) => text,
            Err(_) => packed(common, &name)?,
        };
    }
    let id = text.trim();
    let is_id = matches!(id.len(), 40 | 64) && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_id.then(|| id.to_ascii_lowercase())
}

fn packed(common: &Path, name: &str) -> Option<String> {
    let text = small(&common.join("packed-refs"), LARGEST).ok()?;
    text.lines().find_map(|line| line.strip_suffix(name)?.strip_suffix(' ').map(str::to_owned))
}

/// Reads a file of text; a pipe in its place is not waited for.
fn small(path: &Path, most: u64) -> std::io::Result<String> {
    let file = OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK).open(path)?;
    if !file.metadata()?.is_file() {
        return Err(std::io::Error::other("not a file"));
    }
    let mut text = String::new();
    file.take(most).read_to_string(&mut text)?;
    Ok(text)
}

/// The folder that all paths are in; nothing where that is the root.
fn around(paths: &[&Path]) -> Option<PathBuf> {
    let (first, others) = paths.split_first()?;
    let holds = |folder: &&Path| others.iter().all(|path| path.starts_with(folder));
    let folder = first.ancestors().skip(1).find(holds)?;
    (!folder.as_os_str().is_empty()).then(|| folder.to_owned())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
