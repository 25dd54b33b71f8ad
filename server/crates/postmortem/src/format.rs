//! Times and durations, written one way only.

use chrono::{DateTime, Utc};
use farol_api::text::Locale;

/// Writes a time in UTC: `2026-11-22 03:14:09`. Fractions are cut, never rounded up.
pub fn stamp(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M:%S").to_string()
}

/// Writes whole seconds: `42 s`, `5 min 3 s`, `2 h 10 min`. Parts that are zero are left out.
pub fn span(seconds: u64) -> String {
    let parts = [(seconds / 86_400, "d"), (seconds / 3600 % 24, "h"), (seconds / 60 % 60, "min"), (seconds % 60, "s")];
    let said: Vec<String> =
        parts.iter().filter(|(number, _)| *number > 0).map(|(number, unit)| format!("{number} {unit}")).collect();
    if said.is_empty() { "0 s".to_owned() } else { said.join(" ") }
}

/// Writes milliseconds: `412 ms`, `1.204 s` (`1,204 s` in Portuguese), from a minute on as [`span`].
pub fn millis(ms: u64, locale: Locale) -> String {
    let point = match locale {
        Locale::En => '.',
        Locale::PtBr => ',',
    };
    match ms {
        0..1000 => format!("{ms} ms"),
        1000..60_000 => format!("{}{point}{:03} s", ms / 1000, ms % 1000),
        _ => span(ms / 1000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_keep_every_second() {
        assert_eq!(span(0), "0 s");
        assert_eq!(span(3600), "1 h");
        assert_eq!(span(90_061), "1 d 1 h 1 min 1 s");
        assert_eq!(millis(999, Locale::En), "999 ms");
        assert_eq!(millis(1204, Locale::PtBr), "1,204 s");
        assert_eq!(millis(61_900, Locale::En), "1 min 1 s");
    }
}
