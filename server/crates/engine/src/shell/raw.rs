//! The calls of supervisor and runner that nix has no safe form for.
#![expect(unsafe_code, reason = "clone, prctl, seccomp, Landlock and close_range have no safe wrapper")]

use std::ffi::CString;
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use nix::errno::Errno;

/// Linux's numbers of the capabilities that let root look into other processes, directly or through the kernel:
/// `SYS_MODULE`, `SYS_RAWIO`, `SYS_PTRACE`, `SYS_ADMIN`, `PERFMON`, `BPF`.
const LOOKING_IN: [libc::c_ulong; 6] = [16, 17, 19, 21, 38, 39];

/// Takes the right to look into hidden processes from all that is started later, where the caller has it (root): with
/// it, a script could read the server's environment.
pub(super) fn drop_looking_in() {
    for capability in LOOKING_IN {
        // SAFETY: PR_CAPBSET_DROP reads its integer argument only. Without CAP_SETPCAP it fails and changes nothing,
        // and then there is no such capability to lose either.
        unsafe {
            libc::prctl(libc::PR_CAPBSET_DROP, capability, 0, 0, 0);
        }
    }
}

/// Marks every descriptor from `first` as not inherited by what is started.
pub(super) fn close_on_exec_from(first: u32) {
    // SAFETY: CLOSE_RANGE_CLOEXEC closes nothing now and touches no memory. A kernel that does not know it returns an
    // error; Rust opens every descriptor close-on-exec by itself, so that this is a second line only.
    unsafe {
        libc::syscall(libc::SYS_close_range, first, u32::MAX, libc::CLOSE_RANGE_CLOEXEC);
    }
}

/// Forks the calling process, which must have one thread, with more flags of `clone`; returns the child's id, or nothing
/// in the child.
///
/// The child must end by [`leave`]: what the parent owns is not its to drop.
pub(super) fn fork_with(flags: libc::c_int) -> io::Result<Option<i32>> {
    let flags = libc::c_long::from(flags | libc::SIGCHLD);
    // SAFETY: without CLONE_VM and without a stack this is a fork: the child goes on here on a copy of everything. The
    // caller has one thread, so that no lock is held by a thread that the child does not have.
    let pid = unsafe { libc::syscall(libc::SYS_clone, flags, 0, 0, 0, 0) };
    let pid = Errno::result(pid)?;
    Ok(i32::try_from(pid).ok().filter(|pid| *pid != 0))
}

/// Ends a forked child at once: nothing is dropped or flushed a second time.
pub(super) fn leave(code: i32) -> ! {
    // SAFETY: it ends the process and touches no memory.
    unsafe { libc::_exit(code) }
}

/// Closes every descriptor of a forked child but the first three and some more.
pub(super) fn close_all_but(kept: &[RawFd]) {
    let mut kept: Vec<u32> = kept.iter().map(|descriptor| descriptor.unsigned_abs()).collect();
    kept.sort_unstable();
    let mut first = 3;
    for last in kept.iter().map(|kept| kept.saturating_sub(1)).chain([u32::MAX]) {
        if first <= last {
            // SAFETY: the child ends by `leave`, so that nothing that owned one of them uses or closes it again.
            unsafe {
                libc::syscall(libc::SYS_close_range, first, last, 0);
            }
        }
        first = last.saturating_add(2);
    }
}

/// Returns what hangs on a file under a name; nothing where that is nothing, or more than a word.
pub(super) fn attribute(path: &Path, name: &str) -> Option<Vec<u8>> {
    let (path, name) = (CString::new(path.as_os_str().as_bytes()).ok()?, CString::new(name).ok()?);
    let mut value = vec![0_u8; 64];
    // SAFETY: the kernel reads two texts that live until the call returns, and writes at most so many bytes.
    let length = unsafe { libc::getxattr(path.as_ptr(), name.as_ptr(), value.as_mut_ptr().cast(), value.len()) };
    value.truncate(usize::try_from(length).ok()?);
    Some(value)
}

/// Makes the mount at a path read-only, and all that are mounted below it; or makes it one that can be written to.
pub(super) fn set_read_only(path: &Path, read_only: bool) -> io::Result<()> {
    let path = CString::new(path.as_os_str().as_bytes())?;
    let read_only_flag = libc::MOUNT_ATTR_RDONLY;
    let (set, clear) = if read_only { (read_only_flag, 0) } else { (0, read_only_flag) };
    let wanted = libc::mount_attr { attr_set: set, attr_clr: clear, propagation: 0, userns_fd: 0 };
    let flags = libc::AT_SYMLINK_NOFOLLOW | if read_only { libc::AT_RECURSIVE } else { 0 };
    let size = size_of::<libc::mount_attr>();
    // SAFETY: the kernel reads the path and so many bytes of the structure, both of which live until the call returns.
    let answer = unsafe {
        libc::syscall(libc::SYS_mount_setattr, libc::AT_FDCWD, path.as_ptr(), flags, &raw const wanted, size)
    };
    Errno::result(answer).map(drop).map_err(Into::into)
}

/// What a script's first process takes on between fork and exec.
#[derive(Debug, Default)]
pub(super) struct Armour {
    /// The door into the group whose bounds it has.
    pub group: Option<OwnedFd>,
    /// Rules about files.
    pub files: Option<OwnedFd>,
    /// The filter of calls.
    pub filter: Vec<libc::sock_filter>,
}

/// Makes a command take on its armour before it is started; where that fails, it is not.
pub(super) fn arm(command: &mut Command, armour: Armour) {
    // SAFETY: between fork and exec only system calls are made, and on memory that was prepared before.
    unsafe {
        command.pre_exec(move || armour.put_on());
    }
}

impl Armour {
    fn put_on(&self) -> io::Result<()> {
        if let Some(door) = &self.group {
            // SAFETY: the call reads one byte of a text that lives for ever. `0` is whoever writes it.
            Errno::result(unsafe { libc::write(door.as_raw_fd(), c"0".as_ptr().cast(), 1) })?;
        }
        if let Some(rules) = &self.files {
            // SAFETY: the call reads its two integers only.
            Errno::result(unsafe { libc::syscall(libc::SYS_landlock_restrict_self, rules.as_raw_fd(), 0) })?;
        }
        if !self.filter.is_empty() {
            let program = libc::sock_fprog {
                len: u16::try_from(self.filter.len()).unwrap_or(u16::MAX),
                filter: self.filter.as_ptr().cast_mut(),
            };
            let mode = libc::c_ulong::from(libc::SECCOMP_MODE_FILTER);
            // SAFETY: the kernel copies the program, which lives until the call returns, and writes nothing to it.
            Errno::result(unsafe { libc::prctl(libc::PR_SET_SECCOMP, mode, &raw const program) })?;
        }
        Ok(())
    }
}

/// Tells whether the kernel filters calls: it then reports a filter that is nowhere, before it refuses it.
pub(super) fn filters_calls() -> bool {
    let mode = libc::c_ulong::from(libc::SECCOMP_MODE_FILTER);
    // SAFETY: the kernel checks the null pointer and sets no filter.
    let answer = unsafe { libc::prctl(libc::PR_SET_SECCOMP, mode, std::ptr::null::<libc::sock_fprog>()) };
    answer == -1 && Errno::last() == Errno::EFAULT
}

/// Takes over a descriptor that was just received.
pub(super) fn own(descriptor: RawFd) -> OwnedFd {
    // SAFETY: the kernel has just made this descriptor for this process, and nobody else has heard of it.
    unsafe { OwnedFd::from_raw_fd(descriptor) }
}
