//! Checkpoints (C2SP `tlog-checkpoint`): the size and root of a tree, as the text of a signed note.

use farol_api::id::IncidentId;

use crate::key::is_name;
use crate::{Hash, SecretKey, Tree};

/// A tree's head: what one signature stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Whose tree it is: [`Checkpoint::origin`].
    pub origin: String,
    /// The number of leaves.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
}

impl Checkpoint {
    /// Returns the name of an incident's tree among all trees: the store's name, then the incident.
    pub fn origin(store: &str, incident: IncidentId) -> String {
        format!("{store}/incidents/{incident}")
    }

    /// Describes a tree as it is now.
    pub fn of(origin: String, tree: &Tree) -> Self {
        Self { origin, size: tree.size(), root: tree.root() }
    }

    /// Writes the text that is signed: three lines.
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, self.root.to_base64())
    }

    /// Reads a text; lines after the third belong to what was signed and mean nothing here.
    pub fn read(text: &str) -> Option<Self> {
        let mut lines = text.strip_suffix('\n')?.split('\n');
        let (origin, size, root) = (lines.next()?, lines.next()?, lines.next()?);
        let number: u64 = size.parse().ok()?;
        let is_plain = is_name(origin) && number.to_string() == size && lines.all(|line| !line.is_empty());
        is_plain.then_some(())?;
        Some(Self { origin: origin.to_owned(), size: number, root: Hash::from_base64(root)? })
    }

    /// Signs it: the whole note.
    pub fn sign(&self, key: &SecretKey) -> String {
        let text = self.text();
        let signature = key.sign(&text);
        format!("{text}\n{signature}")
    }
}
