//! Finds and ends every descendant of a process, however it forked.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

/// One process as `/proc` shows it.
#[derive(Clone, Copy, Debug)]
struct Process {
    parent: i32,
    session: i32,
    zombie: bool,
}

/// Reads all processes; those that end meanwhile are left out.
fn processes() -> BTreeMap<i32, Process> {
    let Ok(entries) = std::fs::read_dir("/proc") else { return BTreeMap::new() };
    let pids = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok());
    pids.filter_map(|pid| Some((pid, read_process(pid)?))).collect()
}

fn read_process(pid: i32) -> Option<Process> {
    let stat = std::fs::read(format!("/proc/{pid}/stat")).ok()?;
    // The name in parentheses may hold anything, parentheses too: the fields start after the last one.
    let after = stat.iter().rposition(|byte| *byte == b')')? + 2;
    let fields = String::from_utf8_lossy(stat.get(after..)?).into_owned();
    let mut fields = fields.split(' ');
    let zombie = matches!(fields.next()?, "Z" | "X");
    let parent = fields.next()?.parse().ok()?;
    let session = fields.nth(1)?.parse().ok()?;
    Some(Process { parent, session, zombie })
}

/// Returns the descendants of `root` that still run, but for those in `apart` and theirs.
pub(super) fn descendants(root: i32, apart: &BTreeSet<i32>) -> BTreeSet<i32> {
    let mut processes = processes();
    processes.retain(|pid, _| !apart.contains(pid));
    let mut found = BTreeSet::from([root]);
    loop {
        let more: Vec<i32> = processes
            .iter()
            .filter(|(pid, process)| found.contains(&process.parent) && !found.contains(pid))
            .map(|(pid, _)| *pid)
            .collect();
        if more.is_empty() {
            break;
        }
        found.extend(more);
    }
    found.remove(&root);
    found.retain(|pid| processes.get(pid).is_some_and(|process| !process.zombie));
    found
}

/// How the end of a tree went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct TreeEnd {
    /// Processes that were ended.
    pub killed: u32,
    /// Processes that were still there when the patience ended.
    pub survivors: u32,
}

/// Ends every descendant of the calling process, which must be a child subreaper, and reaps them all.
///
/// All are stopped first, until a look finds none that is new: what is stopped cannot fork, and so a fork bomb is
/// outrun. `on_reaped` learns of every child that ended.
pub(crate) fn end_descendants(patience: Duration, mut on_reaped: impl FnMut(WaitStatus)) -> TreeEnd {
    // Whoever has no children has no descendants: what had lost its parent would be one. Most scripts leave nothing.
    if reap(&mut on_reaped) {
        return TreeEnd::default();
    }
    end_all(&BTreeSet::new(), patience, || reap(&mut on_reaped))
}

/// Ends every descendant of the calling process but some of its children, and what is theirs; reaps none of those.
pub(crate) fn end_strangers(known: &BTreeSet<i32>, patience: Duration) -> TreeEnd {
    end_all(known, patience, || {
        let zombies = processes()
            .into_iter()
            .filter(|(pid, process)| process.zombie && process.parent == Pid::this().as_raw() && !known.contains(pid));
        for (pid, _) in zombies {
            let _ = waitpid(Pid::from_raw(pid), Some(WaitPidFlag::WNOHANG));
        }
        true
    })
}

fn end_all(apart: &BTreeSet<i32>, patience: Duration, mut reap: impl FnMut() -> bool) -> TreeEnd {
    let (me, until) = (Pid::this().as_raw(), Instant::now() + patience);
    let mut killed = BTreeSet::new();
    loop {
        let mut stopped = BTreeSet::new();
        loop {
            let new: Vec<i32> = descendants(me, apart).difference(&stopped).copied().collect();
            if new.is_empty() || Instant::now() > until {
                break;
            }
            new.iter().for_each(|pid| send(*pid, Signal::SIGSTOP));
            stopped.extend(new);
        }
        stopped.iter().for_each(|pid| send(*pid, Signal::SIGKILL));
        killed.extend(stopped.iter().copied());
        let childless = reap();
        let left = descendants(me, apart);
        if (childless && left.is_empty()) || Instant::now() > until {
            return TreeEnd { killed: count(&killed), survivors: count(&left) };
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn count(pids: &BTreeSet<i32>) -> u32 {
    u32::try_from(pids.len()).unwrap_or(u32::MAX)
}

fn send(pid: i32, signal: Signal) {
    // It may be gone already; the next look tells.
    let _ = kill(Pid::from_raw(pid), signal);
}

/// Reaps every child that has ended; tells whether no child is left.
pub(crate) fn reap(mut on_reaped: impl FnMut(WaitStatus)) -> bool {
    loop {
        match waitpid(None, Some(WaitPidFlag::WNOHANG)) {
            Ok(WaitStatus::StillAlive) => return false,
            Ok(status) => on_reaped(status),
            Err(Errno::EINTR) => {}
            Err(_) => return true,
        }
    }
}

/// Ends what a runner left that was killed together with its supervisor: its session, and whatever carries the
/// attempt's mark in its environment. The last line of defence; a supervisor that lives does better.
pub(crate) fn end_orphans(session: Option<i32>, attempt: &str) -> u32 {
    let mark = format!("FAROL_ATTEMPT={attempt}");
    let mut ended = BTreeSet::new();
    for _ in 0..50 {
        let processes = processes();
        let found: Vec<i32> = processes
            .iter()
            .filter(|(pid, process)| !process.zombie && (session == Some(process.session) || marked(**pid, &mark)))
            .map(|(pid, _)| *pid)
            .collect();
        if found.is_empty() {
            break;
        }
        found.iter().for_each(|pid| send(*pid, Signal::SIGKILL));
        ended.extend(found);
        std::thread::sleep(Duration::from_millis(2));
    }
    count(&ended)
}

fn marked(pid: i32, mark: &str) -> bool {
    let environment = std::fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
    environment.split(|byte| *byte == 0).any(|variable| variable == mark.as_bytes())
}
