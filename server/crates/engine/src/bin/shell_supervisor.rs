//! The supervisor of scripts as a program of its own, for this crate's tests; the server carries it as a hidden subcommand.

use std::process::ExitCode;

fn main() -> ExitCode {
    farol_engine::shell::shell_supervisor_main()
}
