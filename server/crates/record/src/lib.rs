#![doc = include_str!("../README.md")]

pub mod bundle;
pub mod canonical;
pub mod proof;
pub mod verify;

mod checkpoint;
mod entry;
mod hash;
mod key;
mod note;
mod output;
mod tree;

pub use checkpoint::Checkpoint;
pub use entry::{Entry, Leaf, Opened, SALT_LEN, Salt, Written};
pub use hash::Hash;
pub use key::{InvalidKey, PublicKey, SecretKey};
pub use note::{InvalidNote, Note, Signature};
pub use output::OutputHasher;
pub use tree::Tree;
pub use verify::Verifier;
