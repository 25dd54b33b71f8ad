//! What makes an incident's record provable: the tree over its events, signed checkpoints, and its export.

mod checkpoints;
mod export;
mod keys;
mod leaves;

pub use checkpoints::{BrokenRecord, CheckpointError};
pub use export::{RecordHead, Recorded, StoredOutput};
pub use keys::StoredKey;

pub(crate) use keys::signing_purpose;
pub(crate) use leaves::{erase_payload, leaf, lock_rows, tree_of};
