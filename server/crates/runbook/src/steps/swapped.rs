//! Blocks of which one takes the other's place in a file: "Change: … To: …".

use crate::doc::{Doc, LeafKind};
use crate::words::fold;

/// Words that stand alone between the two.
const BETWEEN: [&str; 6] = ["to", "with", "por", "para", "com", "con"];

/// Tells whether the block of a leaf is the old text or the new one.
pub fn is_swapped(doc: &Doc<'_>, leaf: usize) -> bool {
    let is_code = |at: Option<usize>| at.and_then(|at| doc.leaves.get(at)).is_some_and(|leaf| leaf.kind.is_code());
    let between = |at: usize| {
        let paragraph = doc.leaves.get(at).is_some_and(|leaf| matches!(leaf.kind, LeafKind::Paragraph));
        paragraph && doc.plain(at).len() < 12 && BETWEEN.contains(&fold(doc.plain(at)).trim_matches([':', ' ', '*']))
    };
    let second = leaf.checked_sub(1).is_some_and(between) && is_code(leaf.checked_sub(2));
    second || between(leaf + 1) && is_code(Some(leaf + 2))
}
