#![doc = include_str!("../README.md")]

mod attempts;
mod codec;
mod dialect;
mod direct;
mod erasures;
mod error;
mod failpoint;
mod idempotency;
mod incidents;
mod live;
mod migrate;
mod people;
mod place;
mod pool;
mod record;
mod reseal;
mod runbooks;
mod store;
mod targets;
mod turns;
mod vault;
mod writer;

pub use attempts::{
    Claim, Dispatched, Doubt, Finding, Intent, LeaseError, Offer, PendingAttempt, Renewed, Swept, Taken, Undo,
    output_digest,
};
pub use dialect::OPEN_LOCK;
pub use error::StoreError;
pub use failpoint::failpoint;
pub use idempotency::{Begun, IdempotencyKey, StoredResponse};
pub use incidents::{AppendError, Declaration};
pub use people::{AcceptError, ChangeUserError, CreateUserError, NewSession, NewUser, PasswordHash, SetUpError};
pub use place::sqlite_file;
pub use record::{BrokenRecord, CheckpointError, RecordHead, Recorded, StoredKey, StoredOutput};
pub use runbooks::{
    Catalogue, FileSaved, KnownFile, LibraryQuery, Loose, NewFile, NewRevision, RunbookFacts, RunbookOrder,
    SaveRevisionError, Saved, StoredRevision, Tie, Words, Writers,
};
pub use store::{Durability, Store, StoreOptions};
pub use targets::DeleteTargetError;
pub use vault::{Unopenable, Vault};
