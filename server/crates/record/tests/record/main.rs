//! The tree, the notes, and what a bundle that somebody changed still proves.

mod erased;
mod meaning;
mod note;
mod story;
mod tamper;
mod tree;
mod verdict;
