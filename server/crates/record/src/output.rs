//! The digest over what an attempt printed.

use sha2::{Digest as _, Sha256};

use crate::Hash;

/// Hashes the chunks of one attempt's output, in order: each as the JSON it is stored as, followed by a newline.
#[derive(Clone, Debug, Default)]
pub struct OutputHasher {
    hasher: Sha256,
    any: bool,
}

impl OutputHasher {
    /// Adds a chunk.
    pub fn add(&mut self, json: &str) {
        self.any = true;
        self.hasher.update(json.as_bytes());
        self.hasher.update(b"\n");
    }

    /// Returns the digest; nothing without output.
    pub fn finish(self) -> Option<Hash> {
        self.any.then(|| Hash::from_bytes(self.hasher.finalize().into()))
    }
}
