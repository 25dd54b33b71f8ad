//! A row that grows without being copied, and that is let go of part by part while it is consumed.
//!
//! What a reading makes of a long text is many times its size; a row that doubles would hold it three times over.

use std::iter::Flatten;
use std::ops::{Index, IndexMut};
use std::vec;

/// How many lie side by side.
const SIZE: usize = 32;

/// A row of values.
pub struct Chunks<T>(Vec<Vec<T>>);

impl<T> Default for Chunks<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Chunks<T> {
    /// Appends a value.
    pub fn push(&mut self, value: T) {
        match self.0.last_mut().filter(|chunk| chunk.len() < SIZE) {
            Some(chunk) => chunk.push(value),
            None => {
                let mut chunk = Vec::with_capacity(SIZE);
                chunk.push(value);
                self.0.push(chunk);
            }
        }
    }

    /// Returns how many there are.
    pub fn len(&self) -> usize {
        self.0.last().map_or(0, |last| (self.0.len() - 1) * SIZE + last.len())
    }

    /// Returns the last one.
    pub fn last(&self) -> Option<&T> {
        self.0.last()?.last()
    }

    /// Returns all of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.0.iter().flatten()
    }
}

impl<T> Extend<T> for Chunks<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, values: I) {
        values.into_iter().for_each(|value| self.push(value));
    }
}

impl<T> Index<usize> for Chunks<T> {
    type Output = T;

    fn index(&self, index: usize) -> &T {
        &self.0[index / SIZE][index % SIZE]
    }
}

impl<T> IndexMut<usize> for Chunks<T> {
    fn index_mut(&mut self, index: usize) -> &mut T {
        &mut self.0[index / SIZE][index % SIZE]
    }
}

impl<T> IntoIterator for Chunks<T> {
    type Item = T;
    type IntoIter = Flatten<vec::IntoIter<Vec<T>>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_in_comes_out_in_order() {
        let mut row = Chunks::default();
        assert_eq!((row.len(), row.last()), (0, None));
        row.extend(0..100);
        row[70] += 1000;
        assert_eq!((row.len(), row.last(), row[69], row[70]), (100, Some(&99), 69, 1070));
        assert_eq!(row.iter().count(), 100);
        assert!(row.into_iter().map(|value| value % 1000).eq(0..100));
    }
}
