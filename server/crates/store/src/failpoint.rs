//! Places where a test ends the process, as a power cut would. Release builds have none.

/// Ends the process here, where a test has asked for it: the variable `FAROL_KILL_AT` says at which place, counted from the
/// start of the process.
#[cfg(debug_assertions)]
pub fn failpoint(place: &'static str) {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU32, Ordering};

    static AT: OnceLock<Option<u32>> = OnceLock::new();
    static PASSED: AtomicU32 = AtomicU32::new(0);
    let at = AT.get_or_init(|| std::env::var("FAROL_KILL_AT").ok()?.parse().ok());
    let Some(at) = at else { return };
    if PASSED.fetch_add(1, Ordering::SeqCst) + 1 == *at {
        eprintln!("farol is ended at {place}");
        let _ = nix::sys::signal::raise(nix::sys::signal::Signal::SIGKILL);
    }
}

/// Does nothing: this is a build for use.
#[cfg(not(debug_assertions))]
#[inline]
pub const fn failpoint(_: &'static str) {}
