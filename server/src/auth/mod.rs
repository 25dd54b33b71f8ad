//! Who is asking: passwords, sessions and the slowing down of guesses.

pub mod caller;
pub mod password;
pub mod secret;
pub mod session;
pub mod throttle;
