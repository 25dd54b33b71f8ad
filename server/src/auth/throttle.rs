//! Slows down whoever guesses passwords.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chrono::Duration;
use farol_api::clock::Timestamp;

/// Failures that are let through in a window.
const ALLOWED: usize = 10;
/// The window, in minutes.
const WINDOW_MINUTES: i64 = 10;
/// The most keys kept; beyond it the oldest go.
const MOST_KEYS: usize = 10_000;

/// Counts failed logins by account and by address.
///
/// In memory: a restart forgives, and several servers count on their own, so the bound is per server.
#[derive(Debug, Default)]
pub struct LoginThrottle(Mutex<HashMap<String, Vec<Timestamp>>>);

impl LoginThrottle {
    /// Counts a try under each key, as a failure until it turns out to be none; false where one of them failed too often, and
    /// then nothing is counted.
    ///
    /// What is tried at the same time is so counted before any of it has failed.
    pub fn begin(&self, keys: &[String], now: Timestamp) -> bool {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if keys.iter().any(|key| failures.get(key).is_some_and(|times| recent(times, now) >= ALLOWED)) {
            return false;
        }
        if failures.len() >= MOST_KEYS {
            make_room(&mut failures, now);
        }
        for key in keys {
            let times = failures.entry(key.clone()).or_default();
            times.retain(|at| now - *at < Duration::minutes(WINDOW_MINUTES));
            times.push(now);
        }
        true
    }

    /// Takes back what was counted of a try that worked or that could not be looked at, under each key.
    pub fn take_back(&self, keys: &[String], begun: Timestamp) {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for key in keys {
            let Some(times) = failures.get_mut(key) else { continue };
            if let Some(at) = times.iter().rposition(|at| *at == begun) {
                times.remove(at);
            }
            if times.is_empty() {
                failures.remove(key);
            }
        }
    }

    /// Forgets an account's failures after a login that worked.
    pub fn succeeded(&self, account: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(account);
    }
}

/// Forgets what is over, and where that is not enough the half that failed longest ago.
fn make_room(failures: &mut HashMap<String, Vec<Timestamp>>, now: Timestamp) {
    failures.retain(|_, times| recent(times, now) > 0);
    if failures.len() < MOST_KEYS {
        return;
    }
    let mut last: Vec<Timestamp> = failures.values().filter_map(|times| times.last().copied()).collect();
    last.sort_unstable();
    let from = last.get(last.len() / 2).copied().unwrap_or(now);
    failures.retain(|_, times| times.last().is_some_and(|at| *at > from));
}

fn recent(times: &[Timestamp], now: Timestamp) -> usize {
    times.iter().filter(|at| now - **at < Duration::minutes(WINDOW_MINUTES)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guesses_are_stopped_and_forgiven_after_the_window() {
        let throttle = LoginThrottle::default();
        let start = Timestamp::from_timestamp_micros(1_000_000_000_000_000).unwrap();
        let key = ["a@example.com".to_owned()];
        for _ in 0..ALLOWED {
            assert!(throttle.begin(&key, start));
        }
        assert!(!throttle.begin(&key, start));
        assert!(throttle.begin(&["b@example.com".to_owned()], start));
        throttle.take_back(&key, start);
        assert!(throttle.begin(&key, start) && !throttle.begin(&key, start), "one of them was none");
        assert!(throttle.begin(&key, start + Duration::minutes(WINDOW_MINUTES)));
    }

    #[test]
    fn whoever_tries_many_accounts_fills_no_memory() {
        let throttle = LoginThrottle::default();
        let start = Timestamp::from_timestamp_micros(1_000_000_000_000_000).unwrap();
        for number in 0..3 * MOST_KEYS {
            let at = start + Duration::microseconds(i64::try_from(number).unwrap());
            assert!(throttle.begin(&[format!("{number}@example.com")], at));
        }
        assert!(throttle.0.lock().unwrap().len() <= MOST_KEYS);
    }
}
