//! Whether an attempt may be sent.

use tokio::sync::SetOnce;
use tokio::time::Instant;

/// The intent to send an attempt: nothing of it may be done on its target before that is committed, but by
/// [`crate::run_held`]'s word. Whoever runs it says when it is; where it never will be, they drop the run.
#[derive(Debug, Default)]
pub struct Intent(SetOnce<Instant>);

impl Intent {
    /// Returns one that is committed.
    pub fn of_now() -> Self {
        let intent = Self::default();
        intent.commit();
        intent
    }

    /// Says that it is committed.
    pub fn commit(&self) {
        let _ = self.0.set(Instant::now());
    }

    /// Waits until it is committed, and returns when that was.
    pub async fn committed(&self) -> Instant {
        *self.0.wait().await
    }
}
