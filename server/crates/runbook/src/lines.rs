//! Byte offsets to line numbers.

/// Where each line of a text starts.
pub struct LineIndex(Vec<u32>);

impl LineIndex {
    /// Indexes a text of less than 4 GB.
    #[expect(clippy::cast_possible_truncation, reason = "no text is longer")]
    pub fn new(text: &str) -> Self {
        let mut starts = Vec::with_capacity(text.len() / 32 + 1);
        starts.push(0);
        starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at as u32 + 1));
        Self(starts)
    }

    /// Returns the line of a byte offset, from 1.
    pub fn line(&self, offset: usize) -> usize {
        self.0.partition_point(|start| *start as usize <= offset)
    }

    /// Returns where a line starts that is counted from 1.
    pub fn start(&self, line: usize) -> Option<usize> {
        self.0.get(line.checked_sub(1)?).map(|start| *start as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_count_from_one() {
        let index = LineIndex::new("a\nbc\n");
        assert_eq!([0, 1, 2, 3, 5].map(|o| index.line(o)), [1, 1, 2, 2, 3]);
        assert_eq!([0, 1, 2, 3, 4].map(|line| index.start(line)), [None, Some(0), Some(2), Some(5), None]);
    }
}
