//! Groups of processes with bounds on what they use together (cgroups, version 2).
//!
//! Where a group was given over to Farol, it becomes three kinds: the one that was given, in which no process stays; in it
//! one for Farol's own processes; and one for each script that runs. A group is looked after as long as somebody holds its
//! lock, which a runner has from its supervisor: where both were killed, the next supervisor takes the lock and ends it.

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, AsRawFd, OwnedFd, RawFd};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use nix::fcntl::{OFlag, openat};
use nix::sys::stat::Mode;
use nix::unistd::{AccessFlags, Pid, UnlinkatFlags, access, geteuid, unlinkat};
use serde::{Deserialize, Serialize};

use super::{raw, tree};

/// The group of Farol's own processes.
const OWN: &str = "farol";
/// How the group of a script is called, before the supervisor's id and a number.
const STEP: &str = "step-";
/// What bounds a script: without these controllers there are no bounds.
const CONTROLLERS: [&str; 2] = ["memory", "pids"];
/// How long a group may take to be empty once all in it were killed.
const EMPTY_WITHIN: Duration = Duration::from_secs(2);
/// How long a script that begins waits for one that was lost: what hangs in the kernel is looked at again with the next.
const SWEPT_WITHIN: Duration = Duration::from_millis(50);

/// The most that a script uses, with all that it starts together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bounds {
    /// Bytes of memory, files in memory among them.
    pub memory: u64,
    /// Processes and threads at once.
    pub processes: u32,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { memory: 2 << 30, processes: 1_024 }
    }
}

/// Which bounds a script ran into.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Reached {
    pub memory: bool,
    pub processes: bool,
}

/// The place where the groups of scripts are made.
pub(super) struct Groups {
    folder: PathBuf,
    made: u64,
}

impl Groups {
    /// Finds the group that was given over to Farol, and makes it ready; nothing where there is none.
    pub fn find() -> Option<Self> {
        let own = own_group(&read("/proc/self/cgroup"), &read("/proc/self/mountinfo"))?;
        let folder = given_over(&own)?.to_owned();
        let mut groups = Self { folder, made: 0 };
        // A group that cannot be made or taken away again is none.
        groups.settle().and_then(|()| groups.make(Bounds::default())).and_then(|tried| tried.end()).ok()?;
        groups.sweep();
        Some(groups)
    }

    /// Moves Farol out of the group that was given, and lets the groups in it have bounds.
    fn settle(&self) -> io::Result<()> {
        let known = read_in(&self.folder, "cgroup.controllers");
        let known: Vec<_> = known.split_whitespace().collect();
        if !CONTROLLERS.iter().all(|controller| known.contains(controller)) {
            return Err(io::ErrorKind::Unsupported.into());
        }
        let server = Pid::parent().as_raw();
        let mut tries = 0;
        loop {
            let inside: BTreeSet<i32> = numbers(&read_in(&self.folder, "cgroup.procs"));
            if !inside.is_empty() {
                let mut ours = tree::descendants(server, &BTreeSet::new());
                ours.insert(server);
                // Whoever is there besides was put there by somebody who knows nothing of Farol.
                if !inside.is_subset(&ours) {
                    return Err(io::ErrorKind::ResourceBusy.into());
                }
                self.move_out(&inside)?;
            }
            match std::fs::write(self.folder.join("cgroup.subtree_control"), "+memory +pids") {
                // Somebody was forked meanwhile.
                Err(error) if error.kind() == io::ErrorKind::ResourceBusy && tries < 10 => tries += 1,
                done => return done,
            }
        }
    }

    fn move_out(&self, processes: &BTreeSet<i32>) -> io::Result<()> {
        let own = self.folder.join(OWN);
        match std::fs::create_dir(&own) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
        for process in processes {
            match std::fs::write(own.join("cgroup.procs"), process.to_string()) {
                Err(error) if error.raw_os_error() == Some(libc::ESRCH) => {}
                moved => moved?,
            }
        }
        Ok(())
    }

    /// Makes a group with bounds.
    pub fn make(&mut self, bounds: Bounds) -> io::Result<Group> {
        // Another supervisor may take a group away before its lock is held.
        self.try_to_make(bounds).or_else(|_| self.try_to_make(bounds))
    }

    fn try_to_make(&mut self, bounds: Bounds) -> io::Result<Group> {
        self.made += 1;
        let name = format!("{STEP}{}-{}", Pid::this(), self.made);
        std::fs::create_dir(self.folder.join(&name))?;
        let group = self.open(name)?;
        let bound = || {
            group.write("memory.max", &bounds.memory.to_string())?;
            group.write("pids.max", &bounds.processes.to_string())?;
            // A script of which a part is gone does not go on as if nothing were.
            group.write("memory.oom.group", "1")?;
            // Where the machine swaps: memory that was bounded is not had from there.
            let _ = group.write("memory.swap.max", "0");
            group.openat("cgroup.kill", OFlag::O_WRONLY).map(drop)
        };
        match bound() {
            Ok(()) => Ok(group),
            Err(error) => {
                let _ = group.remove();
                Err(error)
            }
        }
    }

    /// Opens a group and takes its lock.
    fn open(&self, name: String) -> io::Result<Group> {
        let open = |path: &Path| OpenOptions::new().read(true).custom_flags(libc::O_DIRECTORY).open(path);
        let folder = open(&self.folder.join(&name))?;
        folder.try_lock()?;
        Ok(Group { folder, parent: open(&self.folder)?, name })
    }

    /// Ends groups that nobody looks after any more.
    pub fn sweep(&self) {
        let Ok(entries) = std::fs::read_dir(&self.folder) else { return };
        for entry in entries.flatten() {
            let Ok(name) = entry.file_name().into_string() else { continue };
            if name.starts_with(STEP) {
                // Where the lock is held, the one who holds it ends it.
                let _ = self.open(name).and_then(|group| {
                    group.kill()?;
                    group.remove_within(SWEPT_WITHIN)
                });
            }
        }
    }
}

/// The group of one script.
pub(super) struct Group {
    folder: File,
    parent: File,
    name: String,
}

impl Group {
    /// Returns the descriptors that it consists of.
    pub fn descriptors(&self) -> [RawFd; 2] {
        [self.folder.as_raw_fd(), self.parent.as_raw_fd()]
    }

    /// Opens the door through which a process comes in that writes `0` to it.
    pub fn door(&self) -> io::Result<OwnedFd> {
        self.openat("cgroup.procs", OFlag::O_WRONLY)
    }

    /// Kills all that is in it, at once, and tells how many there were.
    pub fn kill(&self) -> io::Result<u32> {
        let inside = numbers(&self.read("cgroup.procs")?).len();
        self.write("cgroup.kill", "1")?;
        Ok(u32::try_from(inside).unwrap_or(u32::MAX))
    }

    /// Tells which of its bounds were reached.
    pub fn reached(&self) -> Reached {
        let happened = |name, event| count_of(&self.read(name).unwrap_or_default(), event) > 0;
        // The machine's own shortage of memory kills too, and is no bound of the script's.
        let memory = happened("memory.events", "oom") && happened("memory.events", "oom_kill");
        Reached { memory, processes: happened("pids.events", "max") }
    }

    /// Ends all that is in it, and takes it away.
    pub fn end(&self) -> io::Result<()> {
        self.kill()?;
        self.remove()
    }

    /// Takes it away, once what was killed is gone.
    pub fn remove(&self) -> io::Result<()> {
        self.remove_within(EMPTY_WITHIN)
    }

    fn remove_within(&self, patience: Duration) -> io::Result<()> {
        let until = Instant::now() + patience;
        loop {
            match unlinkat(&self.parent, self.name.as_str(), UnlinkatFlags::RemoveDir) {
                Err(nix::errno::Errno::EBUSY) if Instant::now() < until => {
                    std::thread::sleep(Duration::from_millis(1));
                }
                Ok(()) | Err(nix::errno::Errno::ENOENT) => return Ok(()),
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn openat(&self, name: &str, flags: OFlag) -> io::Result<OwnedFd> {
        Ok(openat(self.folder.as_fd(), name, flags | OFlag::O_CLOEXEC, Mode::empty())?)
    }

    fn write(&self, name: &str, text: &str) -> io::Result<()> {
        File::from(self.openat(name, OFlag::O_WRONLY)?).write_all(text.as_bytes())
    }

    fn read(&self, name: &str) -> io::Result<String> {
        let mut text = String::new();
        File::from(self.openat(name, OFlag::O_RDONLY)?).read_to_string(&mut text)?;
        Ok(text)
    }
}

/// Returns the folder of the caller's group, from what the kernel says of both.
fn own_group(groups: &str, mounts: &str) -> Option<PathBuf> {
    let own = groups.lines().find_map(|line| line.strip_prefix("0::"))?;
    mounts.lines().find_map(|line| {
        let (of_mount, of_system) = line.split_once(" - ")?;
        if !of_system.starts_with("cgroup2 ") {
            return None;
        }
        let mut fields = of_mount.split(' ').skip(3);
        let (root, point) = (fields.next()?, fields.next()?);
        Some(Path::new(point).join(Path::new(own).strip_prefix(root).ok()?))
    })
}

/// Returns the group that was given over, which is the caller's or the one around it.
fn given_over(own: &Path) -> Option<&Path> {
    let around = own.parent()?;
    let named = own.file_name().is_some_and(|name| name == OWN);
    // Where systemd puts the service into a part of what it gives over, and where Farol has moved out already.
    if is_group(around) && (says_given(around) || (named && writable(around))) {
        return Some(around);
    }
    // Under systemd one may write to much that is not one's own; a boundary of rights says as much as its word.
    let of_systemd =
        own.extension().is_some_and(|kind| ["service", "scope", "slice"].iter().any(|known| kind == *known));
    let boundary = !geteuid().is_root() && !writable(around);
    (is_group(own) && writable(own) && (says_given(own) || boundary || !of_systemd)).then_some(own)
}

/// Tells whether a folder is a group that can be given over: the machine's first has no kind.
fn is_group(folder: &Path) -> bool {
    read_in(folder, "cgroup.type").trim() == "domain"
}

fn says_given(folder: &Path) -> bool {
    ["user.delegate", "trusted.delegate"]
        .iter()
        .any(|name| raw::attribute(folder, name).is_some_and(|said| said == b"1"))
}

fn writable(folder: &Path) -> bool {
    [folder.to_owned(), folder.join("cgroup.procs"), folder.join("cgroup.subtree_control")]
        .iter()
        .all(|path| access(path, AccessFlags::W_OK).is_ok())
}

fn read(path: &str) -> String {
    std::fs::read_to_string(path).unwrap_or_default()
}

fn read_in(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).unwrap_or_default()
}

fn numbers(text: &str) -> BTreeSet<i32> {
    text.lines().filter_map(|line| line.parse().ok()).collect()
}

/// Returns how often an event happened, from lines of a name and a number.
fn count_of(events: &str, event: &str) -> u64 {
    let mut lines = events.lines().filter_map(|line| line.split_once(' '));
    lines.find(|(name, _)| *name == event).and_then(|(_, count)| count.parse().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_own_group_is_found_where_it_is_mounted() {
        let machine = "25 30 0:22 / /sys rw - sysfs sysfs rw\n\
                       31 25 0:27 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n";
        let found = own_group("0::/system.slice/farol.service\n", machine);
        assert_eq!(found.as_deref(), Some(Path::new("/sys/fs/cgroup/system.slice/farol.service")));
        // A container without a view of its own sees a part, under the name of the whole.
        let part = "31 25 0:27 /docker/abc /sys/fs/cgroup rw - cgroup2 cgroup rw\n";
        assert_eq!(own_group("0::/docker/abc/in\n", part).as_deref(), Some(Path::new("/sys/fs/cgroup/in")));
        assert_eq!(own_group("0::/elsewhere\n", part), None);
        // Both versions at once, and the first version alone.
        let mixed = "40 25 0:30 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n\
                     41 25 0:31 / /sys/fs/cgroup/unified rw - cgroup2 cgroup rw\n";
        let found = own_group("4:memory:/a\n0::/b\n", mixed);
        assert_eq!(found.as_deref(), Some(Path::new("/sys/fs/cgroup/unified/b")));
        assert_eq!(own_group("4:memory:/a\n", mixed), None);
        assert_eq!(own_group("", ""), None);
    }

    #[test]
    fn what_happened_is_counted_by_its_whole_name() {
        let events = "low 0\nmax 7\noom 2\noom_kill 1\n";
        assert_eq!((count_of(events, "oom_kill"), count_of(events, "max"), count_of(events, "oom_")), (1, 7, 0));
        assert_eq!(count_of("", "max"), 0);
    }
}
