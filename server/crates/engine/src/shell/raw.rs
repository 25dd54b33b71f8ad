//! The calls of the shell runner that nix has no safe form for.
#![expect(unsafe_code, reason = "prctl(PR_CAPBSET_DROP) and close_range are plain system calls without a safe wrapper")]

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
