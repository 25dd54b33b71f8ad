//! Incidents: their events, what follows from them, and the lists.

mod append;
mod break_glass;
mod declare;
mod follow;
mod kept;
mod ledger;
mod lists;
mod parameters;
mod read;
mod rows;

pub use append::AppendError;
pub use declare::Declaration;

pub(crate) use follow::{Ending, follow, spec_purpose};
pub(crate) use kept::Kept;
pub(crate) use ledger::{Ledger, Mark, Rest};
pub(crate) use parameters::{forget_left, keep_left, secret_purpose, secret_values};
pub(crate) use rows::{ForRows, load_events, pieces, write_ledgers};
