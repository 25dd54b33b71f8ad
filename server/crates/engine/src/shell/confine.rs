//! How far a script is confined. Today one rung, applied by the runner to itself before it starts bash, so that every
//! descendant inherits it. Landlock, seccomp, namespaces and cgroups get their rungs here.

use nix::sys::prctl;
use nix::sys::resource::{Resource, getrlimit, setrlimit};

use super::raw;

/// What a script is kept from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confinement {
    /// It gains no privileges by what it starts, sees none of the server's memory or environment, has bounds on files
    /// and processes, and its whole tree is ended with it. It can still do whatever the server's user can; where that
    /// is root, all but what needs the right to look into other processes or to load code into the kernel.
    Process,
}

impl Confinement {
    /// Returns the rung that every script of this version reaches: without it, none is started.
    pub const fn reached() -> Self {
        Self::Process
    }
}

/// Open files, processes of the user, and bytes in one file.
const BOUNDS: [(Resource, u64); 4] = [
    (Resource::RLIMIT_CORE, 0),
    (Resource::RLIMIT_NOFILE, 4_096),
    (Resource::RLIMIT_NPROC, 8_192),
    (Resource::RLIMIT_FSIZE, 1 << 40),
];

/// Confines the calling process and all that it will start; returns the rung that was reached.
///
/// # Errors
/// Fails where the kernel refuses a measure; then nothing may be started.
pub(crate) fn confine_self() -> nix::Result<Confinement> {
    prctl::set_child_subreaper(true)?;
    prctl::set_no_new_privs()?;
    prctl::set_dumpable(false)?;
    raw::drop_looking_in();
    for (resource, most) in BOUNDS {
        let (_, hard) = getrlimit(resource)?;
        let bound = most.min(hard);
        setrlimit(resource, bound, bound)?;
    }
    Ok(Confinement::reached())
}

/// Hides the calling process's memory and environment from processes of the same user; the server calls it first.
///
/// # Errors
/// Fails where the kernel refuses.
pub fn hide_self() -> std::io::Result<()> {
    prctl::set_dumpable(false).map_err(Into::into)
}
