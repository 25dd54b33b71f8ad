//! Durations in words.

use super::{Category, Lexicon};
use crate::words::{fold, starts_with_phrase};

const UNITS: [(Category, u64); 5] = [
    (Category::Seconds, 1),
    (Category::Minutes, 60),
    (Category::Hours, 3600),
    (Category::Days, 86_400),
    (Category::Weeks, 604_800),
];

/// Reads a duration in seconds: `1 hora`, `30 min`, `1h30`, `15-45 minutes` (the upper bound).
pub fn seconds(lexicon: &Lexicon, text: &str) -> Option<u64> {
    let folded = fold(text);
    let mut rest = folded.trim_start_matches(|c: char| "~<≤<= ".contains(c));
    let (mut total, mut found) = (0u64, false);
    while let Some((value, after)) = number(rest) {
        let after = after.trim_start();
        // A range counts with its upper end.
        let joined = ["-", "–", "a ", "to ", "e ", "ate "].iter().find_map(|j| after.strip_prefix(j));
        if let Some(upper) = joined.map(str::trim_start).filter(|u| number(u).is_some()) {
            rest = upper;
            continue;
        }
        let Some((factor, tail)) = unit(lexicon, after) else {
            // `1h30`: what follows hours without a unit is minutes.
            return (found && value < 60.0).then(|| total + (value * 60.0) as u64).or(found.then_some(total));
        };
        total = total.saturating_add((value * factor as f64) as u64);
        found = true;
        rest = tail.trim_start().trim_start_matches(['e', 'y', ',']).trim_start();
    }
    found.then_some(total)
}

/// Finds "after 15 minutes" or the like anywhere in a sentence, in minutes.
pub fn minutes_after(lexicon: &Lexicon, folded: &str) -> Option<u32> {
    // Most sentences hold no number: all bytes are looked at in a few steps, without an early end.
    if !folded.bytes().fold(false, |any, byte| any | byte.is_ascii_digit()) {
        return None;
    }
    let mut at = 0;
    while let Some(found) = folded.as_bytes()[at..].iter().position(u8::is_ascii_digit) {
        let start = at + found;
        let words = folded[..start].trim_end();
        let led = lexicon.own[Category::After as usize].all().any(|phrase| {
            words.strip_suffix(phrase).is_some_and(|w| w.is_empty() || w.ends_with(' ') || w.ends_with('('))
        });
        if led && let Some(value) = seconds(lexicon, &folded[start..ceil(folded, start + 24)]) {
            return u32::try_from(value / 60).ok();
        }
        let digits = folded[start..].bytes().take_while(u8::is_ascii_digit).count();
        at = start + digits;
    }
    None
}

fn ceil(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}

fn number(text: &str) -> Option<(f64, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let value = text[..end].trim_end_matches('.').parse().ok()?;
    (end > 0 && end < 10).then(|| (value, &text[end..]))
}

fn unit<'a>(lexicon: &Lexicon, text: &'a str) -> Option<(u64, &'a str)> {
    for (category, factor) in UNITS {
        for phrase in lexicon.all[category as usize].all() {
            let glued = text.strip_prefix(phrase).filter(|r| r.starts_with(|c: char| c.is_ascii_digit()));
            if starts_with_phrase(text, phrase) {
                return Some((factor, &text[phrase.len()..]));
            }
            if let Some(rest) = glued {
                return Some((factor, rest));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Language;

    #[test]
    fn durations_are_read_in_three_languages() {
        let lexicon = Lexicon::of(Some(Language::Pt));
        for (text, want) in [
            ("1 hora (ultimo backup)", Some(3600)),
            ("15-45 minutos", Some(2700)),
            ("30 min", Some(1800)),
            ("1h30", Some(5400)),
            ("1h30min", Some(5400)),
            ("2 horas e 15 minutos", Some(8100)),
            ("< 5 minutes", Some(300)),
            ("10 a 20 minutos", Some(1200)),
            ("Critical", None),
            ("15", None),
        ] {
            assert_eq!(seconds(lexicon, text), want, "{text}");
        }
    }

    #[test]
    fn the_minutes_of_an_escalation_are_found() {
        let lexicon = Lexicon::of(Some(Language::Pt));
        let text = "se nao houver recuperacao em 15 minutos: acionar";
        assert_eq!(minutes_after(lexicon, text), Some(15));
        assert_eq!(minutes_after(lexicon, "por mais de 2 horas"), Some(120));
        assert_eq!(minutes_after(lexicon, "porta 5432"), None);
        for pad in 0..24 {
            let text = format!("apos 3{} \u{2014} \u{2014} \u{2014} \u{2014} \u{2014}", "x".repeat(pad));
            assert_eq!(minutes_after(lexicon, &text), None, "a wide character where the look ahead ends");
        }
    }
}
