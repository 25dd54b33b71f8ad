//! The Merkle tree, kept as the roots of its perfect subtrees.

use crate::Hash;

/// The Merkle tree of RFC 6962 over leaves appended one after the other.
///
/// Only the roots of its perfect subtrees are kept, the largest first: one for each bit set in the number of leaves. An
/// append and the root cost O(log n), and no leaf is read again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    size: u64,
    peaks: Vec<Hash>,
}

impl Tree {
    /// Puts a tree together again from its size and [`Tree::peaks`]; nothing where they do not fit each other.
    pub fn from_peaks(size: u64, peaks: &[u8]) -> Option<Self> {
        let (hashes, rest) = peaks.as_chunks::<32>();
        let fits = rest.is_empty() && hashes.len() == size.count_ones() as usize;
        fits.then(|| Self { size, peaks: hashes.iter().copied().map(Hash::from_bytes).collect() })
    }

    /// Returns the number of leaves.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Returns the roots of its perfect subtrees, the largest first, 32 bytes each.
    pub fn peaks(&self) -> Vec<u8> {
        self.peaks.iter().flat_map(|peak| *peak.as_bytes()).collect()
    }

    /// Appends a leaf by its hash.
    pub fn append(&mut self, leaf: Hash) {
        let (mut node, mut size) = (leaf, self.size);
        // Each bit set at the low end is a subtree as large as the one in hand: the two become one.
        while size & 1 == 1
            && let Some(left) = self.peaks.pop()
        {
            node = Hash::of_node(&left, &node);
            size >>= 1;
        }
        self.peaks.push(node);
        self.size += 1;
    }

    /// Returns the root; that of no leaves is the hash of nothing.
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev();
        let Some(smallest) = peaks.next() else { return Hash::of(b"") };
        peaks.fold(*smallest, |right, left| Hash::of_node(left, &right))
    }
}

impl FromIterator<Hash> for Tree {
    fn from_iter<I: IntoIterator<Item = Hash>>(leaves: I) -> Self {
        let mut tree = Self::default();
        leaves.into_iter().for_each(|leaf| tree.append(leaf));
        tree
    }
}
