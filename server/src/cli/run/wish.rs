//! The wish of whoever started it to stop: Ctrl-C, or a pipeline's SIGTERM.

use std::io;

use futures::FutureExt;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Hears every wish from its making on: none is lost while something else is waited for.
pub(super) struct Wish {
    interrupt: Signal,
    terminate: Signal,
}

impl Wish {
    pub fn listen() -> io::Result<Self> {
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    /// Waits for one. It may be dropped and asked again.
    pub async fn comes(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }

    /// Whether one has come that nobody has waited for.
    pub fn has_come(&mut self) -> bool {
        self.comes().now_or_never().is_some()
    }
}
