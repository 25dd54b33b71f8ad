//! What is not to be run, or only under care: prohibitions, warnings, titles that call what stands below bad.

pub mod bad;
pub mod forbid;
pub mod heeds;
pub mod looks;
pub mod mistakes;
pub mod places;
pub mod running;
pub mod stance;
pub mod turned;
pub mod unread;
pub mod variants;
pub mod warned;
