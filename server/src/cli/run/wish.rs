//! The wish of whoever started it to stop: Ctrl-C, a pipeline's SIGTERM, a terminal that was closed.

use std::future::pending;
use std::io;

use futures::FutureExt;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Hears every wish from its making on: none is lost while something else is waited for.
pub(super) struct Wish {
    interrupt: Signal,
    terminate: Signal,
    hangup: Option<Signal>,
}

impl Wish {
    pub fn listen() -> io::Result<Self> {
        let hangup = if hangup_is_ignored() { None } else { Some(signal(SignalKind::hangup())?) };
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())?, hangup })
    }

    /// Waits for one. It may be dropped and asked again.
    pub async fn comes(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
            () = heard(self.hangup.as_mut()) => {}
        }
    }

    /// Whether one has come that nobody has waited for.
    pub fn has_come(&mut self) -> bool {
        self.comes().now_or_never().is_some()
    }
}

async fn heard(signal: Option<&mut Signal>) {
    match signal {
        Some(signal) => {
            signal.recv().await;
        }
        None => pending().await,
    }
}

/// Whoever started it with `nohup` wants it to go on without its terminal; listening would undo that.
fn hangup_is_ignored() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    // SIGHUP is the first of the signals, so the lowest bit.
    ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 1 == 1)
}
