//! Tests that ask for more than the machine under them has.

use std::io::Write;

/// Says that the calling test, or a part of it, is skipped here, and why. The line is seen however the test ends.
///
/// # Panics
/// Panics where `FAROL_SKIPS` is `never`: for a machine of which it is known that it has everything.
pub fn skipped(why: &str) {
    let thread = std::thread::current();
    let test = thread.name().unwrap_or("a test");
    let never = std::env::var_os("FAROL_SKIPS").is_some_and(|wanted| wanted == "never");
    assert!(!never, "{test} may not be skipped: {why}");
    // What is printed by the macros is shown of failed tests only.
    let _ = writeln!(std::io::stderr(), "skipped: {test}: {why}");
}
