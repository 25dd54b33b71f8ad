//! Calls that no script makes: those that reach into other processes, into the kernel, or around the other measures.
//!
//! A list of what is refused, not of what is allowed: steps call programs that nobody here has seen. What a script may
//! do to files is the business of the rules about files.

use libc::{BPF_ABS, BPF_JEQ, BPF_JGE, BPF_JMP, BPF_JSET, BPF_K, BPF_LD, BPF_RET, BPF_W, sock_filter};

/// Refused with "operation not permitted".
const REFUSED: &[libc::c_long] = &[
    // Other processes.
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_process_madvise,
    libc::SYS_pidfd_getfd,
    libc::SYS_kcmp,
    libc::SYS_perf_event_open,
    // The kernel.
    libc::SYS_bpf,
    libc::SYS_userfaultfd,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_delete_module,
    libc::SYS_kexec_load,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_kexec_file_load,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_iopl,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_ioperm,
    libc::SYS_reboot,
    libc::SYS_swapon,
    libc::SYS_swapoff,
    libc::SYS_acct,
    libc::SYS_quotactl,
    // Keys of the session and of the user, the server's among them.
    libc::SYS_add_key,
    libc::SYS_request_key,
    libc::SYS_keyctl,
    // Other views of files and processes, and files by number instead of by name.
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_pivot_root,
    libc::SYS_chroot,
    libc::SYS_move_mount,
    libc::SYS_open_tree,
    libc::SYS_fsopen,
    libc::SYS_fsconfig,
    libc::SYS_fsmount,
    libc::SYS_fspick,
    libc::SYS_mount_setattr,
    libc::SYS_setns,
    libc::SYS_unshare,
    libc::SYS_open_by_handle_at,
];

/// Answered as an older kernel would, so that a library goes another way: `clone3`, whose flags cannot be seen, and
/// queues whose entries pass by this filter.
const UNKNOWN: &[libc::c_long] =
    &[libc::SYS_clone3, libc::SYS_io_uring_setup, libc::SYS_io_uring_enter, libc::SYS_io_uring_register];

/// Flags of `clone` that make a namespace.
const NAMESPACES: u32 = (libc::CLONE_NEWNS
    | libc::CLONE_NEWCGROUP
    | libc::CLONE_NEWUTS
    | libc::CLONE_NEWIPC
    | libc::CLONE_NEWUSER
    | libc::CLONE_NEWPID
    | libc::CLONE_NEWNET)
    .cast_unsigned();
/// Requests of `ioctl` that type on a terminal.
const TYPING: [u32; 2] = [0x5412, 0x541C];

#[cfg(target_arch = "x86_64")]
const NATIVE: u32 = 0xC000_003E;
#[cfg(target_arch = "aarch64")]
const NATIVE: u32 = 0xC000_00B7;
/// Numbers from here on are those of another way to call the same kernel (x32).
const OTHER_NUMBERS: u32 = 0x4000_0000;

/// Where the number, the architecture and the low halves of the first two arguments stand in what the filter sees.
const NUMBER: u32 = 0;
const ARCHITECTURE: u32 = 4;
const FIRST: u32 = 16;
const SECOND: u32 = 24;

/// Returns the filter.
pub(super) fn filter() -> Vec<sock_filter> {
    let (allow, refuse) = (libc::SECCOMP_RET_ALLOW, error(libc::EPERM));
    let unknown = error(libc::ENOSYS);
    let mut filter = vec![
        load(ARCHITECTURE),
        jump(BPF_JEQ, NATIVE, 1, 0),
        give(unknown),
        load(NUMBER),
        jump(BPF_JGE, OTHER_NUMBERS, 0, 1),
        give(unknown),
    ];
    let lists = [(REFUSED, refuse), (UNKNOWN, unknown)];
    for (number, answer) in lists.iter().flat_map(|(list, answer)| list.iter().map(move |number| (*number, *answer))) {
        filter.extend([jump(BPF_JEQ, small(number), 0, 1), give(answer)]);
    }
    filter.extend([jump(BPF_JEQ, small(libc::SYS_clone), 0, 4), load(FIRST)]);
    filter.extend([jump(BPF_JSET, NAMESPACES, 0, 1), give(refuse), give(allow)]);
    filter.extend([jump(BPF_JEQ, small(libc::SYS_ioctl), 0, 4), load(SECOND)]);
    filter.extend([jump(BPF_JEQ, TYPING[0], 1, 0), jump(BPF_JEQ, TYPING[1], 0, 1), give(refuse)]);
    filter.push(give(allow));
    filter
}

fn error(number: i32) -> u32 {
    libc::SECCOMP_RET_ERRNO | number.cast_unsigned()
}

/// Numbers of calls are small; one that were not would match nothing.
fn small(number: libc::c_long) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn load(offset: u32) -> sock_filter {
    statement(BPF_LD | BPF_W | BPF_ABS, offset, 0, 0)
}

fn give(answer: u32) -> sock_filter {
    statement(BPF_RET | BPF_K, answer, 0, 0)
}

/// Skips so many statements where the comparison holds, or where it does not.
fn jump(comparison: u32, with: u32, holds: u8, else_: u8) -> sock_filter {
    statement(BPF_JMP | comparison | BPF_K, with, holds, else_)
}

fn statement(code: u32, k: u32, jt: u8, jf: u8) -> sock_filter {
    // Codes of this language have 16 bits.
    sock_filter { code: u16::try_from(code).unwrap_or(u16::MAX), jt, jf, k }
}
