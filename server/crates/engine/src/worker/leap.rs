//! Notices a clock that was set forward: every lease seems to have ended then, also of attempts that run on.

use std::time::Duration;

use farol_api::clock::Timestamp;
use tokio::time::Instant;

/// What the clock said last, and when that was by the time that only passes.
pub(super) struct Leap {
    wall: Timestamp,
    at: Instant,
    lease: Duration,
    /// Until when leases are not judged.
    doubted_until: Option<Instant>,
}

impl Leap {
    pub fn new(wall: Timestamp, at: Instant, lease: Duration) -> Self {
        Self { wall, at, lease, doubted_until: None }
    }

    /// Tells whether leases can be judged by the clock: not for as long as one lasts after the clock ran ahead. By then
    /// whoever is alive has renewed.
    ///
    /// Two thirds of a lease are left to whoever renews in time, so that a smaller leap ends none.
    pub fn believes(&mut self, wall: Timestamp, at: Instant) -> bool {
        // A clock that was set back went nowhere.
        let told = (wall - self.wall).to_std().unwrap_or_default();
        if told > at.duration_since(self.at) + self.lease / 3 {
            self.doubted_until = Some(at + self.lease);
        }
        (self.wall, self.at) = (wall, at);
        self.doubted_until.is_none_or(|until| until <= at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEASE: Duration = Duration::from_secs(30);

    #[test]
    fn leases_are_judged_again_once_whoever_lives_has_renewed() {
        let at = Instant::now();
        let told = |seconds: i64| Timestamp::from_timestamp(1_000_000_000 + seconds, 0).unwrap();
        let mut leap = Leap::new(told(0), at, LEASE);
        // (seconds that passed, what the clock says beside, whether leases are judged)
        let looks = [
            (10, 0, true),
            (20, 9, true),
            (30, 3_600, false),
            (40, 3_600, false),
            (59, 3_600, false),
            (60, 3_600, true),
            (70, 0, true),
        ];
        for (passed, ahead, judged) in looks {
            let now = at + Duration::from_secs(passed);
            assert_eq!(leap.believes(told(passed.cast_signed() + ahead), now), judged, "after {passed} seconds");
        }
    }
}
