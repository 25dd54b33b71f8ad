//! Cells of a table that say from where to where something holds: `> 80 %`, `80–150`, "mais de 10 min".

use std::borrow::Cow;

use crate::words::{fold, past_marks, shorten};

/// How something is compared, in front of a number.
const COMPARES: [&str; 30] = [
    "above",
    "below",
    "over",
    "under",
    "more than",
    "less than",
    "greater than",
    "at least",
    "at most",
    "up to",
    "between",
    "acima de",
    "abaixo de",
    "mais de",
    "mais que",
    "maior que",
    "menor que",
    "menos de",
    "menos que",
    "pelo menos",
    "ate",
    "entre",
    "superior a",
    "inferior a",
    "por encima de",
    "por debajo de",
    "mas de",
    "mayor que",
    "al menos",
    "hasta",
];

/// The longest cell that is looked at.
const LONGEST: usize = 48;

/// Finds the first of some columns whose cells are thresholds, most of them and at least two.
pub fn column<'c, C: Iterator<Item = Cow<'c, str>>>(columns: usize, cells: impl Fn(usize) -> C) -> Option<usize> {
    (0..columns).find(|column| {
        let (mut all, mut told) = (0, 0);
        for cell in cells(*column) {
            all += 1;
            told += usize::from(is_threshold(&fold(shorten(&cell, 2 * LONGEST))));
        }
        told > 1 && told * 2 > all
    })
}

/// Tells whether a folded cell says where something begins or ends.
pub fn is_threshold(folded: &str) -> bool {
    let cell = folded.trim_matches(['`', '*', '"', ' ']);
    if cell.len() > LONGEST || !cell.bytes().any(|byte| byte.is_ascii_digit()) {
        return false;
    }
    if let Some(rest) = cell.strip_prefix(['<', '>', '≤', '≥', '=']) {
        return begins_with_number(rest.trim_start_matches(['=', ' ']));
    }
    if let Some(word) = COMPARES.iter().find(|word| cell.starts_with(**word)) {
        return begins_with_number(cell[word.len()..].trim_start());
    }
    begins_with_number(cell) && {
        let behind = past_number(cell);
        let ranges = ["-", "–", "—", "a ", "to ", "ate ", "e ", ".."].iter().find_map(|word| behind.strip_prefix(word));
        // "90%", "100+"
        behind.is_empty() && cell.ends_with('%')
            || behind == "+"
            || ranges.map(past_marks).is_some_and(|rest| begins_with_number(rest) && past_number(rest).is_empty())
    }
}

fn begins_with_number(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

/// What follows a number and its unit.
fn past_number(text: &str) -> &str {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ','));
    let unit = rest.trim_start().trim_start_matches('%');
    let letters = unit.bytes().take_while(u8::is_ascii_alphabetic).count();
    // "80 a 150": one letter more is no unit.
    let word = &unit[..letters];
    let unit = if letters < 4 && !matches!(word, "a" | "to" | "e" | "ate") { &unit[letters..] } else { unit };
    unit.trim_start()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_are_told_from_values_and_words() {
        for cell in [
            "> 80%",
            ">=10s",
            "< 80",
            "≥ 5 min",
            "80 - 150",
            "80–150",
            "10s a 60s",
            "90%",
            "100+",
            "acima de 80%",
            "mais de 10 minutos",
            "between 10 and 20",
            "entre 10 e 20",
            "`> 5`",
            "10 to 20 ms",
        ] {
            assert!(is_threshold(cell), "{cell}");
        }
        for cell in
            ["", "5432", "2025-03-01", "10.0.0.1", "sev1", "3 pods", "over the limit", "1. reinicie", "v1.2 - x"]
        {
            assert!(!is_threshold(cell), "{cell}");
        }
    }
}
