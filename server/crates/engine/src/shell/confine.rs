//! How far a script is confined: what this machine can do, and what one script gets of it.

use farol_api::confine::{Confinement, Lack, Machine};
use nix::sys::prctl;
use nix::sys::resource::{Resource, getrlimit, setrlimit};

use super::basis::Basis;
use super::files::{self, Rules};
use super::groups::{Group, Groups};
use super::raw::{self, Armour};
use super::{namespaces, syscalls};

/// Tries each measure; the caller must have one thread.
pub(super) fn probe() -> (Machine, Option<Groups>) {
    let groups = Groups::find();
    let tried = [
        (Lack::Landlock, files::prepare(&Rules::default(), &mut Basis::default()).is_some()),
        (Lack::Seccomp, raw::filters_calls()),
        (Lack::Namespaces, namespaces::probe(false)),
        (Lack::NetworkNamespaces, namespaces::probe(true)),
        (Lack::Cgroup, groups.is_some()),
    ];
    let lacks = tried.into_iter().filter(|(_, works)| !works).map(|(lack, _)| lack).collect();
    (Machine::lacking(lacks), groups)
}

/// Open files, processes of the user, and bytes in one file.
const BOUNDS: [(Resource, u64); 4] = [
    (Resource::RLIMIT_CORE, 0),
    (Resource::RLIMIT_NOFILE, 4_096),
    (Resource::RLIMIT_NPROC, 8_192),
    (Resource::RLIMIT_FSIZE, 1 << 40),
];

/// Confines the calling process and all that it will start, to the least level.
///
/// # Errors
/// Fails where the kernel refuses a measure; then nothing may be started.
pub(super) fn confine_self() -> nix::Result<()> {
    prctl::set_child_subreaper(true)?;
    prctl::set_no_new_privs()?;
    prctl::set_dumpable(false)?;
    raw::drop_looking_in();
    for (resource, most) in BOUNDS {
        let (_, hard) = getrlimit(resource)?;
        let bound = most.min(hard);
        setrlimit(resource, bound, bound)?;
    }
    Ok(())
}

/// Prepares what a script's first process takes on, and tells the level that it has then.
pub(super) fn armour(rules: &Rules, own_view: bool, group: Option<&Group>, basis: &mut Basis) -> (Armour, Confinement) {
    let group = group.and_then(|group| group.door().ok());
    let files = files::prepare(rules, basis);
    let filter = if raw::filters_calls() { syscalls::filter() } else { Vec::new() };
    let level = match (files.is_some() && !filter.is_empty(), own_view, group.is_some()) {
        (false, ..) => Confinement::Process,
        (true, false, _) => Confinement::Files,
        (true, true, false) => Confinement::Processes,
        (true, true, true) => Confinement::Resources,
    };
    (Armour { group, files, filter }, level)
}

/// Hides the calling process's memory and environment from processes of the same user; the server calls it first.
///
/// # Errors
/// Fails where the kernel refuses.
pub fn hide_self() -> std::io::Result<()> {
    prctl::set_dumpable(false).map_err(Into::into)
}
