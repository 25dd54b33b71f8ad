//! The `farol` binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    // No other process of this user may read the memory that credentials pass through.
    if let Err(error) = farol_engine::shell::hide_self() {
        eprintln!("farol: cannot hide this process's memory: {error}");
        return ExitCode::FAILURE;
    }
    // The subprocesses are single-threaded from their first instruction on: they come before everything else.
    match std::env::args().nth(1).as_deref() {
        Some("shell-supervisor") => farol_engine::shell::shell_supervisor_main(),
        Some("risk-worker") => risk_worker(),
        _ => farol::cli::main(),
    }
}

fn risk_worker() -> ExitCode {
    let limited = farol_risk::service::limit_self();
    let served =
        limited.and_then(|()| farol_risk::service::serve(std::io::BufReader::new(std::io::stdin()), std::io::stdout()));
    if served.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
