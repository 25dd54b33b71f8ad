//! Proofs that a leaf is in a tree, and that a tree only grew: made as RFC 6962 (2.1.1 and 2.1.2) defines them, checked
//! as RFC 9162 (2.1.3.2 and 2.1.4.2) says.

use crate::{Hash, Tree};

/// Makes the proof that the leaf at an index, from 0, is in the tree of all leaves; nothing where there is none.
pub fn inclusion(leaves: &[Hash], index: usize) -> Option<Vec<Hash>> {
    let mut path = Vec::new();
    let (mut rest, mut at) = (leaves.get(..).filter(|all| index < all.len())?, index);
    while rest.len() > 1 {
        let (left, right) = halves(rest);
        let (ours, other, within) = if at < left.len() { (left, right, at) } else { (right, left, at - left.len()) };
        path.push(root(other));
        (rest, at) = (ours, within);
    }
    path.reverse();
    Some(path)
}

/// Tells whether a leaf stands at an index, from 0, of the tree of a size and root.
pub fn includes(leaf: Hash, index: u64, size: u64, path: &[Hash], root: Hash) -> bool {
    if index >= size {
        return false;
    }
    let mut place = Place { first: index, last: size - 1 };
    let mut hash = leaf;
    for other in path {
        if place.last == 0 {
            return false;
        }
        hash = if place.is_right() { Hash::of_node(other, &hash) } else { Hash::of_node(&hash, other) };
        place.up();
    }
    place.last == 0 && hash == root
}

/// Makes the proof that the tree of the first `old` leaves became that of all; nothing where there are not so many.
pub fn consistency(leaves: &[Hash], old: usize) -> Option<Vec<Hash>> {
    if old > leaves.len() {
        return None;
    }
    let mut path = Vec::new();
    if old == 0 {
        return Some(path);
    }
    let (mut rest, mut within, mut is_whole) = (leaves, old, true);
    while within < rest.len() {
        let (left, right) = halves(rest);
        if within <= left.len() {
            path.push(root(right));
            rest = left;
        } else {
            path.push(root(left));
            within -= left.len();
            rest = right;
            is_whole = false;
        }
    }
    // The old root itself is known to whoever checks.
    if !is_whole {
        path.push(root(rest));
    }
    path.reverse();
    Some(path)
}

/// Tells whether the tree of one size and root grew into that of another.
pub fn is_consistent(old: (u64, Hash), new: (u64, Hash), path: &[Hash]) -> bool {
    let ((old_size, old_root), (new_size, new_root)) = (old, new);
    if old_size > new_size {
        return false;
    }
    if old_size == new_size {
        return path.is_empty() && old_root == new_root;
    }
    if old_size == 0 {
        return path.is_empty() && old_root == Tree::default().root();
    }
    let whole = old_size.is_power_of_two().then_some(old_root);
    let mut path = whole.into_iter().chain(path.iter().copied());
    let Some(seed) = path.next() else { return false };
    let mut place = Place { first: old_size - 1, last: new_size - 1 };
    while place.first & 1 == 1 {
        place = Place { first: place.first >> 1, last: place.last >> 1 };
    }
    let (mut ours, mut theirs) = (seed, seed);
    for other in path {
        if place.last == 0 {
            return false;
        }
        if place.is_right() {
            ours = Hash::of_node(&other, &ours);
            theirs = Hash::of_node(&other, &theirs);
        } else {
            theirs = Hash::of_node(&theirs, &other);
        }
        place.up();
    }
    place.last == 0 && ours == old_root && theirs == new_root
}

/// Where a node stands in its level, and where the level's last one does.
struct Place {
    first: u64,
    last: u64,
}

impl Place {
    const fn is_right(&self) -> bool {
        self.first & 1 == 1 || self.first == self.last
    }

    /// Goes to the level where this node's parent has a brother.
    const fn up(&mut self) {
        if self.is_right() {
            while self.first & 1 == 0 && self.first != 0 {
                self.first >>= 1;
                self.last >>= 1;
            }
        }
        self.first >>= 1;
        self.last >>= 1;
    }
}

/// Splits at the largest power of two below the length, which is at least 2.
fn halves(leaves: &[Hash]) -> (&[Hash], &[Hash]) {
    leaves.split_at(leaves.len().div_ceil(2).next_power_of_two())
}

fn root(leaves: &[Hash]) -> Hash {
    leaves.iter().copied().collect::<Tree>().root()
}
