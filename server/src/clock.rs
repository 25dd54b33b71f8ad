//! The system's clock and random ids: the one place that asks for either.

use chrono::Utc;
use farol_api::clock::{Clock, Timestamp, truncate};
use uuid::Uuid;

/// The clock of a running server.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is where the time comes from")]
    fn now(&self) -> Timestamp {
        truncate(Utc::now())
    }

    #[expect(clippy::disallowed_methods, reason = "this is where ids come from")]
    fn new_uuid(&self) -> Uuid {
        Uuid::now_v7()
    }
}
