//! Which bytes of a text belong to words, for many of them in one step.

/// As many bytes are looked at in one step.
pub const WINDOW: usize = 64;

const EACH: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x80 * EACH;

/// A text that has to be looked at otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAscii;

/// Which bytes of a text, from one on, are letters or digits: one bit for each, the lowest for the first.
#[inline(always)]
pub fn inked(bytes: &[u8], from: usize) -> Result<u64, NotAscii> {
    let (eights, rest) = bytes[from..bytes.len().min(from + WINDOW)].as_chunks::<8>();
    let mut all = if rest.is_empty() { 0 } else { last_few(bytes, rest.len()) };
    let mut bits = if rest.is_empty() { 0 } else { inked_of(all) };
    for eight in eights.iter().rev() {
        let eight = u64::from_le_bytes(*eight);
        all |= eight;
        bits = bits << 8 | inked_of(eight);
    }
    if all & HIGH == 0 { Ok(bits) } else { Err(NotAscii) }
}

/// The same of eight bytes, of which the first is the lowest; of no meaning where they are not ASCII.
#[inline(always)]
const fn inked_of(eight: u64) -> u64 {
    let small = eight | (0x20 * EACH);
    // The highest bit of each byte that is no less than the first of a kind, and of each that is more than the last.
    let from_a = small.wrapping_add(EACH * (0x80 - b'a' as u64));
    let past_z = small.wrapping_add(EACH * (0x7f - b'z' as u64));
    let from_0 = eight.wrapping_add(EACH * (0x80 - b'0' as u64));
    let past_9 = eight.wrapping_add(EACH * (0x7f - b'9' as u64));
    // Each of these bits comes to stand beside the others in the highest byte.
    ((from_a & !past_z | from_0 & !past_9) & HIGH).wrapping_mul(0x0002_0408_1020_4081) >> 56
}

/// The last few bytes of a text, less than eight, of which the first is the lowest.
fn last_few(bytes: &[u8], few: usize) -> u64 {
    match bytes.last_chunk() {
        Some(eight) => u64::from_le_bytes(*eight) >> (64 - 8 * few),
        None => bytes.iter().rev().fold(0, |eight, byte| eight << 8 | u64::from(*byte)),
    }
}

/// The first bytes of a text, of which the first is the highest.
pub fn head_of(bytes: &[u8]) -> u64 {
    match bytes.first_chunk() {
        Some(eight) => u64::from_be_bytes(*eight),
        None => bytes.iter().rev().fold(0, |eight, byte| eight >> 8 | u64::from(*byte) << 56),
    }
}

/// The last bytes of a word in lower case, of which the last is the lowest; `head` is that of the whole text.
#[inline(always)]
pub fn word_of(bytes: &[u8], head: u64, start: usize, end: usize) -> u64 {
    const MASKS: [u64; 9] = {
        let mut masks = [0; 9];
        let mut len = 1;
        while len < 9 {
            masks[len] = u64::MAX >> (64 - 8 * len);
            len += 1;
        }
        masks
    };
    let last = match bytes[..end].last_chunk() {
        Some(eight) => u64::from_be_bytes(*eight),
        None => head >> (64 - 8 * end),
    };
    // Digits have this bit anyway.
    (last | (0x20 * EACH)) & MASKS[(end - start).min(8)]
}

/// Looks at where letters or digits stand behind none, in order, until something is found.
///
/// # Errors
///
/// Where a text is not ASCII up to there, it says so.
#[inline(always)]
pub fn at_word_starts<T>(bytes: &[u8], mut look: impl FnMut(usize) -> Option<T>) -> Result<Option<T>, NotAscii> {
    let (mut at, mut open) = (0, 0);
    while at < bytes.len() {
        let inked = inked(bytes, at)?;
        let mut starts = inked & !(inked << 1 | open);
        open = inked >> (WINDOW - 1);
        while starts != 0 {
            if let Some(found) = look(at + starts.trailing_zeros() as usize) {
                return Ok(Some(found));
            }
            starts &= starts - 1;
        }
        at += WINDOW;
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_digits_of_ascii_are_inked() {
        let all: Vec<u8> = (0..128).collect();
        for len in 0..=all.len() {
            for from in [0, 1, 7, 60].into_iter().filter(|from| *from <= len) {
                let bits = inked(&all[..len], from).unwrap();
                for at in 0..WINDOW {
                    let byte = all[..len].get(from + at);
                    assert_eq!(bits >> at & 1 == 1, byte.is_some_and(u8::is_ascii_alphanumeric), "{byte:?}");
                }
            }
        }
    }

    #[test]
    fn what_is_not_ascii_is_told_apart() {
        for at in 0..100 {
            let mut text = [b' '; 100];
            text[at] = 0xc3;
            assert_eq!(inked(&text, at / WINDOW * WINDOW), Err(NotAscii), "{at}");
            let seen = |look: usize| at_word_starts(&text, |at| (at == look).then_some(()));
            assert_eq!(seen(0), Err(NotAscii));
        }
        let mut places = Vec::new();
        let none = at_word_starts(b"2 pods, no-op", |at| {
            places.push(at);
            None::<()>
        });
        assert_eq!((none, places), (Ok(None), vec![0, 2, 8, 11]));
        assert_eq!(at_word_starts(b"a b", Some), Ok(Some(0)));
    }

    #[test]
    fn the_end_of_a_word_is_a_number() {
        let number = |word: &str| word.bytes().fold(0, |number, byte| number << 8 | u64::from(byte));
        let of = |text: &str, start, end| word_of(text.as_bytes(), head_of(text.as_bytes()), start, end);
        assert_eq!(of("The 2", 0, 3), number("the"));
        assert_eq!(of("x Restarting", 2, 12), number("starting"));
        assert_eq!(of("a restart of it", 2, 9), number("restart"));
    }
}
