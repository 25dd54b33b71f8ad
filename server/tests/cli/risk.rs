use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::{complained, printed};

/// Runs `farol risk` with something on its standard input.
fn risk(folder: &Path, arguments: &[&str], input: &[u8]) -> Output {
    let mut process = Command::new(env!("CARGO_BIN_EXE_farol"))
        .arg("risk")
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // One that stops reading early closes the pipe.
    let _ = process.stdin.take().unwrap().write_all(input);
    process.wait_with_output().unwrap()
}

fn objects(output: &Output) -> Vec<serde_json::Value> {
    printed(output).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_person_reads_the_class_the_reason_and_the_place() {
    let folder = tempfile::tempdir().unwrap();
    let said = risk(folder.path(), &["--dialect", "postgres"], b"SELECT 1;\nDROP TABLE t;\n");
    assert_eq!(said.status.code(), Some(0), "{}", complained(&said));
    assert!(printed(&said).starts_with("D: `DROP TABLE` destroys"), "{}", printed(&said));
    assert!(printed(&said).ends_with("decided by, line 2, column 1: DROP TABLE\n"), "{}", printed(&said));
    let said = risk(folder.path(), &["--dialect", "shell", "--lang", "pt-BR"], "echo é; rm x".as_bytes());
    assert!(printed(&said).starts_with("destructive: `rm` destrói"), "{}", printed(&said));
    assert!(printed(&said).ends_with("decidido por, linha 1, coluna 9: rm\n"), "{}", printed(&said));
}

#[test]
fn a_program_gets_one_object_a_line_whatever_the_line_was() {
    let folder = tempfile::tempdir().unwrap();
    let long = format!("\"{}\"", "x".repeat(2_000_000));
    let lines = ["\"SELECT 1\"", "not json", "", "5", &long, "\"a\\u0000b\"", "\"DELETE FROM t\""].join("\n");
    let said = risk(folder.path(), &["--dialect", "sqlite", "--format", "json"], lines.as_bytes());
    assert_eq!(said.status.code(), Some(2));
    assert!(complained(&said).contains("3 lines of standard input are no JSON strings"), "{}", complained(&said));
    let classes: Vec<String> =
        objects(&said).iter().map(|object| object["class"].as_str().unwrap().to_owned()).collect();
    assert_eq!(classes, ["R", "U", "U", "U", "U", "U", "D"]);
    let last = &objects(&said)[6];
    assert_eq!((&last["span"]["start"], &last["span"]["end"]), (&0.into(), &6.into()));
    assert!(last["why"]["pt"].as_str().unwrap().contains("todas as linhas"), "{last}");
    let said = risk(folder.path(), &["--dialect", "shell", "--format", "json"], b"\"ls\"\n\xff\xfe\n\"rm x\"");
    assert_eq!(objects(&said).len(), 3);
    assert_eq!(objects(&said)[2]["class"], "destructive");
    let said = risk(folder.path(), &["--dialect", "shell", "--format", "json"], b"");
    assert_eq!((said.status.code(), printed(&said).as_str()), (Some(0), ""));
}

#[test]
fn what_is_no_text_is_said_to_be_none() {
    let folder = tempfile::tempdir().unwrap();
    let said = risk(folder.path(), &["--dialect", "mysql"], &[0xff, 0xfe, 0x00]);
    assert_eq!((said.status.code(), printed(&said).as_str()), (Some(2), ""));
    assert!(complained(&said).contains("is not UTF-8"), "{}", complained(&said));
    for input in [b"".to_vec(), b"\0".to_vec(), b"(".repeat(3_000_000), b"\xc3".repeat(3_000_000)] {
        let said = risk(folder.path(), &["--dialect", "mysql"], &input);
        assert_eq!(said.status.code(), Some(0), "{}", complained(&said));
        assert!(printed(&said).starts_with("U: "), "{}", printed(&said));
    }
    let said = risk(folder.path(), &["--dialect", "oracle"], b"SELECT 1");
    assert_eq!(said.status.code(), Some(2));
    assert!(complained(&said).contains("postgres, mysql, sqlite, shell"), "{}", complained(&said));
}

#[test]
fn a_team_s_table_counts_and_its_errors_are_said_with_file_and_line() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("ours.tsv"), "# ours\nshopctl\tread\tstatus\nrm\tread\n").unwrap();
    let with = ["--dialect", "shell", "--table", "ours.tsv"];
    assert!(printed(&risk(folder.path(), &with, b"shopctl status")).starts_with("read: "));
    assert!(printed(&risk(folder.path(), &with, b"rm x")).starts_with("destructive: "));
    fs::write(folder.path().join("ours.tsv"), "shopctl\tread\tstatus\nshopctl\tharmless\n").unwrap();
    let said = risk(folder.path(), &with, b"shopctl status");
    assert_eq!((said.status.code(), printed(&said).as_str()), (Some(2), ""));
    assert!(complained(&said).contains("ours.tsv:2: `harmless` is not one of"), "{}", complained(&said));
    fs::remove_file(folder.path().join("ours.tsv")).unwrap();
    let said = risk(folder.path(), &with, b"shopctl status");
    assert!(complained(&said).contains("the risk table ours.tsv cannot be read"), "{}", complained(&said));
    fs::write(folder.path().join("farol.toml"), "risk_table = \"ours.tsv\"\nlisten = \"127.0.0.1:0\"\n").unwrap();
    let refused = crate::farol(folder.path(), &["serve"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(complained(&refused).contains("the risk table ours.tsv cannot be read"), "{}", complained(&refused));
}

/// A reader that has seen enough is no failure.
#[test]
fn a_closed_pipe_ends_it_in_silence() {
    let mut process = Command::new(env!("CARGO_BIN_EXE_farol"))
        .args(["risk", "--dialect", "shell", "--format", "json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(process.stdout.take());
    let _ = process.stdin.take().unwrap().write_all(&b"\"ls\"\n".repeat(5_000));
    let ended = process.wait_with_output().unwrap();
    assert_eq!((ended.status.code(), complained(&ended).as_str()), (Some(0), ""));
}
