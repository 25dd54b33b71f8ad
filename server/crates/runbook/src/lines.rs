//! Byte offsets to line numbers.

/// Where each line of a text starts.
pub struct LineIndex(Vec<usize>);

impl LineIndex {
    /// Indexes a text.
    pub fn new(text: &str) -> Self {
        let starts = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1);
        Self(std::iter::once(0).chain(starts).collect())
    }

    /// Returns the line of a byte offset, from 1.
    pub fn line(&self, offset: usize) -> usize {
        self.0.partition_point(|start| *start <= offset)
    }

    /// Returns how far into its line an offset is, in bytes.
    pub fn column(&self, offset: usize) -> usize {
        offset - self.0[self.line(offset).max(1) - 1]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_count_from_one() {
        let index = LineIndex::new("a\nbc\n");
        assert_eq!([0, 1, 2, 3, 5].map(|o| index.line(o)), [1, 1, 2, 2, 3]);
        assert_eq!(index.column(3), 1);
    }
}
