//! Where things are in the checkout.

use std::path::{Path, PathBuf};

/// The checkout that a task works on.
pub struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// Finds the checkout that this program was built from.
    pub fn locate() -> Self {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = manifest.ancestors().nth(3).unwrap_or(manifest);
        Self { root: root.to_owned() }
    }

    /// Treats a folder as the checkout; for tests.
    #[cfg(test)]
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A path inside the checkout, given with forward slashes.
    pub fn path(&self, inside: &str) -> PathBuf {
        self.root.join(inside)
    }
}
