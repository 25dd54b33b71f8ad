//! The command line as a stranger meets it: the real binary, real files.

mod fix;
mod graph;
mod import;
mod keys;
mod lint;
mod risk;
mod verify;

use std::path::Path;
use std::process::{Command, Output};

/// Runs `farol` in a folder.
fn farol(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_farol")).args(arguments).current_dir(folder).output().unwrap()
}

/// Whoever reads only the first lines, `head` for one, ends nothing in an error.
#[test]
fn a_closed_pipe_is_no_crash_for_any_command() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.md"), format!("# Many\n\n{}", "1. Restart the server\n".repeat(1000)))
        .unwrap();
    for arguments in [
        &["inspect", "a.md"][..],
        &["inspect", "--format", "json", "a.md"],
        &["graph", "a.md"],
        &["graph", "--format", "mermaid", "a.md"],
        &["lint", "a.md"],
        &["lint", "--format", "sarif", "a.md"],
        &["fix", "a.md"],
        &["import", "a.md"],
        &["migrate"],
        &["--help"],
        &["--version"],
    ] {
        let mut process = Command::new(env!("CARGO_BIN_EXE_farol"))
            .args(arguments)
            .current_dir(folder.path())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        drop(process.stdout.take());
        let ended = process.wait_with_output().unwrap();
        assert_eq!((ended.status.code(), complained(&ended).as_str()), (Some(0), ""), "{arguments:?}");
    }
}

/// A full disk is said, and nothing taken for written; that the complaint cannot be written either ends nothing.
#[test]
fn what_could_not_be_written_is_said() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.md"), "# A\n\n1. Look\n").unwrap();
    let full = || std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    for arguments in
        [&["inspect", "a.md"][..], &["graph", "a.md"], &["lint", "a.md"], &["fix", "-"], &["import", "a.md"]]
    {
        let mut farol = Command::new(env!("CARGO_BIN_EXE_farol"));
        farol.args(arguments).current_dir(folder.path()).stdin(std::process::Stdio::null()).stdout(full());
        if arguments == ["fix", "-"] {
            farol.stdin(std::fs::File::open(folder.path().join("a.md")).unwrap());
        }
        let ended = farol.output().unwrap();
        assert!(ended.status.code().is_some_and(|code| code == 1 || code == 2), "{arguments:?}: {ended:?}");
        assert!(complained(&ended).contains("No space left"), "{arguments:?}: {ended:?}");
        assert!(!complained(&ended).contains("panicked"), "{arguments:?}: {ended:?}");
        let silent = farol.stdin(std::process::Stdio::null()).stderr(full()).status().unwrap();
        assert!(silent.code().is_some_and(|code| code <= 2), "{arguments:?}: {silent:?}");
    }
}

/// What it printed for the one who reads on.
fn printed(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// What it complained of.
fn complained(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A runbook with a fence that nobody closed, on Windows line ends.
const BROKEN: &str =
    "# Fila parada\r\n\r\n1. Veja a fila\r\n\r\n```sql\r\nselect 1;\r\n\r\n## Depois\r\n\r\nFim à noite\r\n";
