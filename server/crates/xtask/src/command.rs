//! Running other programs, with an error that says which one failed.

use std::io::Write;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

/// Runs a program with this terminal as its output.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| describe(command))?;
    ensure!(status.success(), "{} ended with {status}", describe(command));
    Ok(())
}

/// Runs a program and returns what it printed.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command.stderr(Stdio::inherit()).output().with_context(|| describe(command))?;
    ensure!(output.status.success(), "{} ended with {}", describe(command), output.status);
    Ok(String::from_utf8(output.stdout)?)
}

/// Runs a program as a filter: writes `input` to it and returns what it printed.
///
/// The program must read its whole input before it prints more than a pipe holds.
pub fn filter(command: &mut Command, input: &str) -> Result<String> {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().with_context(|| describe(command))?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input.as_bytes())?;
    }
    let output = child.wait_with_output()?;
    ensure!(output.status.success(), "{} ended with {}", describe(command), output.status);
    Ok(String::from_utf8(output.stdout)?)
}

fn describe(command: &Command) -> String {
    format!("could not run {}", command.get_program().display())
}
