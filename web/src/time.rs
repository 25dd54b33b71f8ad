//! Times and durations as people read them; the same on both sides, always UTC.

use chrono::{DateTime, Datelike, Timelike, Utc};

/// `03:14:09`.
pub fn clock(at: DateTime<Utc>) -> String {
    format!("{:02}:{:02}:{:02}", at.hour(), at.minute(), at.second())
}

/// `2026-11-22`.
pub fn date(at: DateTime<Utc>) -> String {
    format!("{:04}-{:02}-{:02}", at.year(), at.month(), at.day())
}

/// `2026-11-22 03:14`.
pub fn stamp(at: DateTime<Utc>) -> String {
    format!("{} {:02}:{:02}", date(at), at.hour(), at.minute())
}

/// `2026-11-22T03:14:09Z`, for machines.
pub fn machine(at: DateTime<Utc>) -> String {
    format!("{}T{}Z", date(at), clock(at))
}

/// A running clock: `00:41:18`, hours beyond 99 as they are.
pub fn running(seconds: i64) -> String {
    let seconds = seconds.max(0);
    format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// A span: `12 s`, `1 m 12 s`, `1 h 03 m`, `2 d 4 h`.
pub fn span(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => match seconds % 60 {
            0 => format!("{} m", seconds / 60),
            rest => format!("{} m {rest:02} s", seconds / 60),
        },
        3600..86_400 => match seconds / 60 % 60 {
            0 => format!("{} h", seconds / 3600),
            rest => format!("{} h {rest:02} m", seconds / 3600),
        },
        _ => format!("{} d {} h", seconds / 86_400, seconds / 3600 % 24),
    }
}

/// A short span of a machine: `41 ms`, `1.8 s`, then as [`span`].
pub fn millis(ms: u64) -> String {
    match ms {
        0..1000 => format!("{ms} ms"),
        1000..60_000 => format!("{}.{} s", ms / 1000, ms % 1000 / 100),
        _ => span(ms / 1000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_short_and_exact_where_it_matters() {
        assert_eq!(span(59), "59 s");
        assert_eq!(span(72), "1 m 12 s");
        assert_eq!(span(3600), "1 h");
        assert_eq!(span(3780), "1 h 03 m");
        assert_eq!(span(90_000), "1 d 1 h");
        assert_eq!((millis(41).as_str(), millis(1850).as_str()), ("41 ms", "1.8 s"));
        assert_eq!(running(2478), "00:41:18");
        assert_eq!(running(-5), "00:00:00");
    }

    #[test]
    fn a_time_is_written_the_same_way_everywhere() {
        let at = DateTime::from_timestamp(1_795_230_849, 0).unwrap();
        assert_eq!(machine(at), format!("{}T{}Z", date(at), clock(at)));
        assert!(stamp(at).starts_with(&date(at)));
    }
}
