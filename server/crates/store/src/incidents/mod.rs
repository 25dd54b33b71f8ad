//! Incidents: their events, what follows from them, and the lists.

mod append;
mod declare;
mod lists;
mod parameters;
mod read;

pub use append::AppendError;
pub use declare::Declaration;
