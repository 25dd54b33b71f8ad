//! What a script may read and write: rules that the kernel holds it to (Landlock), whoever it runs as.
//!
//! Landlock knows only what is allowed, with all below it. Keeping a folder back therefore means to allow everything
//! beside its way from the root: each neighbour of each folder on that way. What does not lie on it is one rule.

use std::fs::OpenOptions;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use landlock::{
    ABI, Access, AccessFs, BitFlags, CompatLevel, Compatible, PathBeneath, Ruleset, RulesetAttr, RulesetCreated,
    RulesetCreatedAttr, Scope,
};
use serde::{Deserialize, Serialize};

use super::basis::Basis;

/// What a script may reach beside the machine's own rights.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Rules {
    /// Whether it writes in its own folder only.
    pub reads_only: bool,
    /// Its own folder.
    pub own: PathBuf,
    /// Folders and files that it never sees into, its own folder excepted.
    pub hidden: Vec<PathBuf>,
    /// Folders among those that are like any other all the same.
    pub open: Vec<PathBuf>,
}

/// The least that a kernel must know of (Linux 6.2): before it, no rule keeps a file from being cut off.
const OLDEST: ABI = ABI::V3;
/// Rights to files that newer kernels know are taken too, where the kernel is as new.
const NEWEST: ABI = ABI::V6;
/// Devices that everybody may use; a disk would show what the rules hide.
const DEVICES: [&str; 11] = ["null", "zero", "full", "random", "urandom", "tty", "ptmx", "pts", "kmsg", "net", "dri"];
/// Settings of the kernel that a step which changes things may write, where its user may: none that runs a program.
const SETTINGS: [&str; 3] = ["/proc/sys/vm", "/proc/sys/net", "/proc/sys/fs"];

/// Makes the rules, to be held by whoever restricts itself with them; nothing where the kernel has no Landlock, or too old a one.
/// The basis learns what they were made from.
pub(super) fn prepare(rules: &Rules, basis: &mut Basis) -> Option<OwnedFd> {
    // No error leads here but those of the machine, and without rules the level says so.
    build(rules, basis).ok().flatten()
}

fn build(rules: &Rules, basis: &mut Basis) -> Result<Option<OwnedFd>, landlock::RulesetError> {
    let all = AccessFs::from_all(NEWEST);
    let ruleset = Ruleset::default().set_compatibility(CompatLevel::HardRequirement);
    let ruleset = ruleset.handle_access(AccessFs::from_all(OLDEST))?;
    let ruleset = ruleset.set_compatibility(CompatLevel::BestEffort).handle_access(all)?;
    let ruleset = ruleset.scope(Scope::Signal)?;
    let mut allowed = Allowed { ruleset: ruleset.create()?, rules, basis };
    let read = AccessFs::from_read(NEWEST);
    allowed.add(Path::new("/"), AccessFs::ReadDir.into())?;
    allowed.around(Path::new("/"))?;
    allowed.add(&rules.own, all & !devices())?;
    for open in &rules.open {
        allowed.add(open, allowed.rights(open))?;
    }
    for device in DEVICES {
        allowed.add(&Path::new("/dev").join(device), read | AccessFs::WriteFile | AccessFs::IoctlDev)?;
    }
    if !rules.reads_only {
        allowed.add(Path::new("/dev/shm"), all & !devices())?;
        for setting in SETTINGS {
            allowed.add(Path::new(setting), read | AccessFs::WriteFile)?;
        }
    }
    Ok(allowed.ruleset.into())
}

/// Rights that would make a way around the rules.
fn devices() -> BitFlags<AccessFs> {
    AccessFs::MakeBlock | AccessFs::MakeChar
}

struct Allowed<'r> {
    ruleset: RulesetCreated,
    rules: &'r Rules,
    basis: &'r mut Basis,
}

impl Allowed<'_> {
    /// Allows all that lies in a folder, but for what is hidden and the way to it.
    fn around(&mut self, folder: &Path) -> Result<(), landlock::RulesetError> {
        self.basis.lists(folder);
        let Ok(entries) = std::fs::read_dir(folder) else { return Ok(()) };
        for entry in entries.flatten() {
            // What a link leads to is allowed where it lies, or not.
            if entry.file_type().is_ok_and(|kind| kind.is_symlink()) {
                continue;
            }
            let path = entry.path();
            if self.rules.hidden.contains(&path) || path == Path::new("/dev") {
                continue;
            }
            if self.rules.hidden.iter().any(|hidden| hidden.starts_with(&path)) {
                self.around(&path)?;
            } else {
                self.add(&path, self.rights(&path))?;
            }
        }
        Ok(())
    }

    fn rights(&self, path: &Path) -> BitFlags<AccessFs> {
        // What the kernel shows as files can undo the rest: a cgroup is left, a program is run on a crash.
        let of_kernel = path == Path::new("/proc") || path == Path::new("/sys");
        if self.rules.reads_only || of_kernel {
            AccessFs::from_read(NEWEST)
        } else {
            AccessFs::from_all(NEWEST) & !devices()
        }
    }

    fn add(&mut self, path: &Path, rights: BitFlags<AccessFs>) -> Result<(), landlock::RulesetError> {
        let mut options = OpenOptions::new();
        let flags = libc::O_PATH | libc::O_NOFOLLOW | libc::O_CLOEXEC;
        // What is gone already, or must not be looked at, is allowed nothing.
        let Ok(file) = options.read(true).custom_flags(flags).open(path) else { return Ok(()) };
        let is_folder = file.metadata().is_ok_and(|known| known.is_dir());
        let rights = if is_folder { rights } else { rights & AccessFs::from_file(NEWEST) };
        (&mut self.ruleset).add_rule(PathBeneath::new(file.as_fd(), rights)).map(drop)
    }
}
