//! White space of a text, joined into single spaces.

use std::borrow::Cow;

use super::trim;

/// Joins all white space of a text into single spaces, and takes it off both ends.
pub fn squeeze(text: &str) -> Cow<'_, str> {
    let text = trim(text);
    if is_plain(text.as_bytes()) || is_squeezed(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    Cow::Owned(out)
}

/// Tells whether a text has no two blanks side by side, and nothing else that may be white space. There is no early end, so
/// that many pairs are looked at in one step.
#[expect(clippy::cast_possible_wrap, reason = "what is not ASCII is less than a space then, as controls are")]
fn is_plain(text: &[u8]) -> bool {
    let odd = |byte: u8| (byte as i8) < b' ' as i8;
    let pairs = text.iter().zip(text.iter().skip(1));
    !pairs.fold(text.last().is_some_and(|last| odd(*last)), |found, (a, b)| {
        found | odd(*a) | ((*a == b' ') & (*b == b' '))
    })
}

/// Tells whether all words of a text stand apart by single spaces already.
fn is_squeezed(text: &str) -> bool {
    const STEP: usize = 8;
    let bytes = text.as_bytes();
    if bytes.first() == Some(&b' ') || bytes.last() == Some(&b' ') {
        return false;
    }
    // One look at all bytes of a part, which most parts need no second after.
    let (parts, rest) = bytes.as_chunks::<STEP>();
    let (mut at, mut space) = (0, 0);
    for part in parts {
        let word = u64::from_le_bytes(*part);
        let spaces = bytes_of(word, b' ');
        if spaces & (spaces << 8 | space) != 0 {
            return false;
        }
        if is_odd(word) && is_doubtful(word) && !is_squeezed_from(text, at, at + STEP) {
            return false;
        }
        space = spaces >> 56;
        at += STEP;
    }
    // What is left is filled up with a letter.
    let word = rest.iter().rev().fold(u64::from(b'a') * EACH, |word, byte| word << 8 | u64::from(*byte));
    let spaces = bytes_of(word, b' ');
    spaces & (spaces << 8 | space) == 0
        && !(is_odd(word) && is_doubtful(word) && !is_squeezed_from(text, at, bytes.len()))
}

const EACH: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x80 * EACH;

/// The highest bit of each byte of a word that is the one looked for.
#[inline(always)]
const fn bytes_of(word: u64, byte: u8) -> u64 {
    let other = word ^ (EACH * byte as u64);
    !(((other & !HIGH) + !HIGH) | other | !HIGH)
}

/// Tells whether a byte of a word may be a control or is not ASCII.
#[inline(always)]
const fn is_odd(word: u64) -> bool {
    (word.wrapping_sub(0x20 * EACH) | word) & HIGH != 0
}

/// Tells whether a word may hold white space that is no space: controls, the lead bytes of what is white space beyond ASCII.
const fn is_doubtful(word: u64) -> bool {
    let controls = !(word & !HIGH).wrapping_add(0x60 * EACH) & !word & HIGH;
    controls | bytes_of(word, 0xc2) | bytes_of(word & (0xf0 * EACH), 0xe0) != 0
}

fn is_squeezed_from(text: &str, start: usize, end: usize) -> bool {
    let mut space = start > 0 && text.as_bytes()[start - 1] == b' ';
    for (at, byte) in text.as_bytes()[..end].iter().enumerate().skip(start) {
        let blank = match byte {
            b' ' if space => return false,
            b'\t'..=b'\r' => return false,
            // Dashes, quotes, bullets and arrows are common, and are none.
            0xe2 if matches!(text.as_bytes()[at + 1..], [0x80, 0x90..=0xa7, ..] | [0x86..=0xbf, ..]) => false,
            // The lead bytes of all white space beyond ASCII.
            0xc2 | 0xe1..=0xe3 => text[at..].starts_with(char::is_whitespace),
            _ => false,
        };
        if blank {
            return false;
        }
        space = *byte == b' ';
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_of_every_kind_is_squeezed() {
        for c in ('\0'..='\u{ffff}').filter(|c| c.is_whitespace()) {
            assert_eq!(squeeze(&format!("a{c}{c}b{c}")), "a b", "{c:?}");
        }
        for at in 0..40 {
            let (before, behind) = ("a".repeat(at), "b".repeat(40 - at));
            assert_eq!(
                squeeze(&format!("{before} \u{e9}  {behind}")),
                format!("{before} \u{e9} {behind}").trim(),
                "{at}"
            );
            assert_eq!(squeeze(&format!("{before}  {behind}")), format!("{before} {behind}").trim(), "{at}");
        }
        assert!(matches!(squeeze("não é — nada, e mais nada depois disso"), Cow::Borrowed(_)));
        assert!(matches!(squeeze(" a "), Cow::Borrowed("a")));
    }
}
