//! Time and ids are passed in, so that tests decide them and domain code stays pure.

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// A point in time, UTC, with microsecond precision.
pub type Timestamp = DateTime<Utc>;

/// Gives the time and fresh ids. The server has one over the system; tests have one they wind by hand.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// Returns the present, truncated to microseconds (Postgres keeps no more, SQLite would).
    fn now(&self) -> Timestamp;

    /// Returns an id never given before.
    fn new_uuid(&self) -> Uuid;
}

/// Cuts a time to whole microseconds.
pub fn truncate(at: Timestamp) -> Timestamp {
    DateTime::from_timestamp_micros(at.timestamp_micros()).unwrap_or(at)
}
