//! A view of its own for a script: its own processes, and where it is wanted no network.
//!
//! The runner itself is the first process there. The kernel lets nobody in it signal the runner, and ends all that is
//! in it with the runner. Root makes such a view as it is; anybody else needs a user namespace around it, in which only
//! this one user has a name.

use std::io;
use std::path::Path;

use nix::mount::{MsFlags, mount};
use nix::sys::prctl;
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{Pid, Uid, getegid, geteuid};

use super::files::Rules;
use super::raw;

/// Returns the flags with which a runner is forked into a view of its own.
pub(super) fn flags(own_processes: bool, no_network: bool) -> libc::c_int {
    let mut flags = 0;
    if own_processes {
        flags |= libc::CLONE_NEWPID | libc::CLONE_NEWNS;
    }
    if no_network {
        flags |= libc::CLONE_NEWNET;
    }
    if flags != 0 && !geteuid().is_root() {
        flags |= libc::CLONE_NEWUSER;
    }
    flags
}

/// Settles into the view that the caller was forked into. `user` is who forked it.
pub(super) fn enter(flags: libc::c_int, user: (Uid, u32)) -> io::Result<()> {
    if flags & libc::CLONE_NEWUSER != 0 {
        name_user(user)?;
    }
    if flags & libc::CLONE_NEWNS != 0 {
        // Nothing that is mounted from here on is seen outside.
        mount(None::<&str>, "/", None::<&str>, MsFlags::MS_REC | MsFlags::MS_SLAVE, None::<&str>)?;
        let quiet = MsFlags::MS_NOSUID | MsFlags::MS_NODEV | MsFlags::MS_NOEXEC;
        mount(Some("proc"), "/proc", Some("proc"), quiet, None::<&str>)?;
    }
    Ok(())
}

/// Lets nothing in the view change who owns what the rules protect, its mode, its times and its extended attributes: the
/// rules about files do not know these, a mount that is read-only does.
pub(super) fn keep(rules: &Rules) -> io::Result<()> {
    if rules.reads_only {
        raw::set_read_only(Path::new("/"), true)?;
    } else {
        // What is not there has nothing that could be changed, and making it is refused by the rules.
        for path in rules.hidden.iter().filter(|path| path.exists()) {
            onto_itself(path)?;
            raw::set_read_only(path, true)?;
        }
    }
    let open = rules.open.iter().filter(|_| !rules.reads_only);
    for path in open.chain([&rules.own]) {
        onto_itself(path)?;
        raw::set_read_only(path, false)?;
    }
    Ok(())
}

/// Makes a mount of what lies at a path, with all that is mounted below it, so that it can be given rights of its own.
fn onto_itself(path: &Path) -> io::Result<()> {
    let flags = MsFlags::MS_BIND | MsFlags::MS_REC;
    mount(Some(path), path, None::<&str>, flags, None::<&str>).map_err(Into::into)
}

fn name_user((user, group): (Uid, u32)) -> io::Result<()> {
    // These files belong to root in a process that hides itself; it holds nothing yet that could be seen.
    prctl::set_dumpable(true)?;
    std::fs::write("/proc/self/setgroups", "deny")?;
    std::fs::write("/proc/self/uid_map", format!("{user} {user} 1"))?;
    std::fs::write("/proc/self/gid_map", format!("{group} {group} 1"))?;
    prctl::set_dumpable(false)?;
    Ok(())
}

/// Returns who the caller is, for the map of the view that it forks.
pub(super) fn me() -> (Uid, u32) {
    (geteuid(), getegid().as_raw())
}

/// Tries whether a view of its own can be made here; the caller must have one thread.
pub(super) fn probe(no_network: bool) -> bool {
    let (flags, user) = (flags(true, no_network), me());
    match raw::fork_with(flags) {
        Ok(None) => {
            let rules = Rules { reads_only: true, own: "/proc".into(), ..Rules::default() };
            let entered = enter(flags, user).and_then(|()| keep(&rules));
            raw::leave(i32::from(entered.is_err()))
        }
        Ok(Some(child)) => waitpid(Pid::from_raw(child), None) == Ok(WaitStatus::Exited(Pid::from_raw(child), 0)),
        Err(_) => false,
    }
}
