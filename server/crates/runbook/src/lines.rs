//! Byte offsets to line numbers.

use std::cell::OnceCell;

/// How many bytes of a text lie in a block; no more than a byte can count.
const BLOCK: usize = 128;

/// How many lines end before each block of a text, as soon as somebody asks.
pub struct LineIndex<'a> {
    text: &'a str,
    ended: OnceCell<Vec<u32>>,
}

impl<'a> LineIndex<'a> {
    /// Indexes a text of less than 4 GB.
    pub const fn new(text: &'a str) -> Self {
        Self { text, ended: OnceCell::new() }
    }

    /// Returns the line of a byte offset, from 1.
    pub fn line(&self, offset: usize) -> usize {
        let (bytes, offset) = (self.text.as_bytes(), offset.min(self.text.len()));
        let block = offset / BLOCK;
        let ended = self.ended.get_or_init(|| ended(bytes))[block] as usize;
        1 + ended + usize::from(ends(&bytes[block * BLOCK..offset]))
    }
}

fn ended(text: &[u8]) -> Vec<u32> {
    let mut lines = 0;
    let mut ended = Vec::with_capacity(text.len() / BLOCK + 2);
    ended.push(lines);
    ended.extend(text.chunks(BLOCK).map(|block| {
        lines += u32::from(ends(block));
        lines
    }));
    ended
}

/// How many lines end in a block. Lines are short: a search for each end costs more than a look at all bytes in a few steps.
fn ends(block: &[u8]) -> u8 {
    block.iter().fold(0, |ends, byte| ends + u8::from(*byte == b'\n'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_count_from_one() {
        let index = LineIndex::new("a\nbc\n");
        assert_eq!([0, 1, 2, 3, 5, 9].map(|o| index.line(o)), [1, 1, 2, 2, 3, 3]);
        for text in ["", &"\n".repeat(BLOCK), &"abc\n\n".repeat(BLOCK)] {
            let index = LineIndex::new(text);
            for offset in 0..=text.len() {
                assert_eq!(index.line(offset), 1 + text[..offset].matches('\n').count(), "{offset}");
            }
        }
    }
}
