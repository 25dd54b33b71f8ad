//! A clock that is wound by hand.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Duration};
use farol_api::clock::{Clock, Timestamp, truncate};
use uuid::Uuid;

/// Where a new clock stands, in seconds since 1970: 2026-01-05 09:00 UTC, a Monday.
const START: i64 = 1_767_603_600;

/// Stands still until it is wound. Its ids count from 1.
#[derive(Debug)]
pub struct TestClock {
    hands: Mutex<Hands>,
}

#[derive(Debug)]
struct Hands {
    now: Timestamp,
    ids: u128,
}

impl Default for TestClock {
    fn default() -> Self {
        Self { hands: Mutex::new(Hands { now: DateTime::from_timestamp(START, 0).unwrap_or_default(), ids: 0 }) }
    }
}

impl TestClock {
    /// Winds the clock on.
    pub fn advance(&self, by: Duration) {
        let mut hands = self.hands();
        hands.now += by;
    }

    /// Sets the clock, back too.
    pub fn set(&self, now: Timestamp) {
        self.hands().now = truncate(now);
    }

    fn hands(&self) -> std::sync::MutexGuard<'_, Hands> {
        self.hands.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        self.hands().now
    }

    fn new_uuid(&self) -> Uuid {
        let mut hands = self.hands();
        hands.ids += 1;
        Uuid::from_u128(hands.ids)
    }
}
