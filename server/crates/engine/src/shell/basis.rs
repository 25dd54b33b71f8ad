//! What a runner's rules and mounts were made from, and whether it is still so.
//!
//! A runner that waits for its script made its rules before: from the entries of some folders, from what lay at some
//! paths, and from what was mounted. Whoever changes one of these meanwhile makes them rules for something else.

use std::fs::{File, Metadata};
use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::memfd::{MFdFlags, memfd_create};

use super::files::Rules;

/// Two changes of a folder that are no farther apart may carry the same time, in nanoseconds: the kernel's clock for files
/// has ticks.
const TICK: i128 = 50_000_000;

/// What was seen, in the order in which it was looked at. The default has seen nothing, and holds for nothing.
#[derive(Debug, Default)]
pub(super) struct Basis {
    /// The kernel's list of mounts, which says of itself when it has changed.
    mounts: Option<File>,
    /// When this began, by the clock that files carry.
    began: Option<i128>,
    seen: Vec<(PathBuf, Option<Seen>)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Seen {
    what: (u64, u64),
    /// When its entries changed last, where these count.
    changed: Option<i128>,
}

impl Basis {
    /// Begins, before anything is made, with the paths that the rules name. Own mounts come before.
    pub fn begin(rules: &Rules) -> Self {
        let began = memfd_create("now", MFdFlags::MFD_CLOEXEC).ok().and_then(|now| File::from(now).metadata().ok());
        let mounts = File::open("/proc/self/mounts").ok();
        let mut basis = Self { mounts, began: began.as_ref().map(changed), seen: Vec::new() };
        for path in rules.hidden.iter().chain(&rules.open).chain([&rules.own]) {
            basis.seen.push((path.clone(), look(path, false)));
        }
        basis
    }

    /// Notes that what lies in a folder decides, before that is read.
    pub fn lists(&mut self, folder: &Path) {
        self.seen.push((folder.to_owned(), look(folder, true)));
    }

    /// Tells whether all is as it was. Where that cannot be told it is not.
    pub fn holds(&self) -> bool {
        let Some(mounts) = &self.mounts else { return false };
        let mut fds = [PollFd::new(mounts.as_fd(), PollFlags::POLLPRI)];
        if poll(&mut fds, PollTimeout::ZERO) != Ok(0) {
            return false;
        }
        self.seen.iter().all(|(path, seen)| {
            let counts = seen.and_then(|seen| seen.changed);
            // What changed just before it was read may have changed just after too, and say the same.
            let settled = counts.is_none_or(|at| self.began.is_some_and(|began| at + TICK < began));
            settled && look(path, counts.is_some()) == *seen
        })
    }
}

fn look(path: &Path, entries: bool) -> Option<Seen> {
    let known = path.symlink_metadata().ok()?;
    Some(Seen { what: (known.dev(), known.ino()), changed: entries.then(|| changed(&known)) })
}

fn changed(known: &Metadata) -> i128 {
    i128::from(known.mtime()) * 1_000_000_000 + i128::from(known.mtime_nsec())
}

#[cfg(test)]
mod tests {
    use std::fs::FileTimes;
    use std::time::UNIX_EPOCH;

    use super::*;

    /// A folder that has not changed for long.
    fn old_folder(path: &Path) {
        std::fs::create_dir_all(path).unwrap();
        age(path);
    }

    fn age(path: &Path) {
        let long_ago = FileTimes::new().set_modified(UNIX_EPOCH + std::time::Duration::from_secs(1_000_000));
        File::open(path).unwrap().set_times(long_ago).unwrap();
    }

    fn basis(root: &Path) -> Basis {
        let rules = Rules { own: root.join("own"), hidden: vec![root.join("perhaps")], ..Rules::default() };
        let mut basis = Basis::begin(&rules);
        basis.lists(&root.join("listed"));
        basis
    }

    #[test]
    fn it_holds_until_something_that_counts_has_changed() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        old_folder(&root.join("listed"));
        old_folder(&root.join("own"));
        let fresh = basis(root);
        assert!(fresh.holds() && !Basis::default().holds());
        // What a step writes in its own folder is not what the rules are made from.
        std::fs::write(root.join("own/file"), "").unwrap();
        assert!(fresh.holds());
        let changes: [&dyn Fn(); 4] = [
            &|| std::fs::write(root.join("listed/new"), "").unwrap(),
            &|| {
                std::fs::rename(root.join("own"), root.join("was")).unwrap();
                std::fs::create_dir(root.join("own")).unwrap();
            },
            &|| std::fs::write(root.join("perhaps"), "").unwrap(),
            &|| {
                std::fs::rename(root.join("listed"), root.join("elsewhere")).unwrap();
                old_folder(&root.join("listed"));
            },
        ];
        for (number, change) in changes.into_iter().enumerate() {
            age(&root.join("listed"));
            let before = basis(root);
            assert!(before.holds(), "before change {number}");
            change();
            assert!(!before.holds(), "after change {number}");
        }
    }

    #[test]
    fn a_folder_that_was_just_changed_is_no_basis() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("listed")).unwrap();
        assert!(!basis(folder.path()).holds());
    }
}
