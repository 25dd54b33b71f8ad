use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use farol_api::event::{Actor, EventKind};
use farol_api::id::IncidentId;
use farol_api::incident::Severity;
use farol_record::bundle::{self, Counts};
use farol_record::{Checkpoint, Entry, SecretKey, Tree, Written};
use serde_json::{Value, json};

use crate::{complained, farol, printed};

const ORIGIN: &str = "farol/a-store/incidents/7";

fn secret() -> SecretKey {
    SecretKey::new("farol/a-store", &[9; 32]).unwrap()
}

fn entries() -> Vec<Entry> {
    let declared = EventKind::Declared {
        title: "Fila parada".into(),
        severity: Severity::Sev2,
        drill: false,
        runbook: None,
        target: None,
        rto_seconds: None,
        rpo_seconds: None,
    };
    let noted = EventKind::Noted { text: "É o disco\u{1b}[31m".into(), step: None };
    let events = [declared, noted.clone(), noted];
    let at = "2026-11-28T12:00:00Z".parse().unwrap();
    let written = (1..).zip(events).map(|(seq, kind)| Written {
        incident: IncidentId(7),
        seq,
        occurred_at: at,
        recorded_at: at,
        actor: serde_json::to_value(Actor::System).unwrap(),
        kind: serde_json::to_value(kind).unwrap(),
        late: false,
    });
    written.map(|written| Entry::of(written, [3; 32])).collect()
}

fn checkpoint(size: usize) -> String {
    let tree: Tree = entries().iter().take(size).map(Entry::hash).collect();
    Checkpoint::of(ORIGIN.into(), &tree).sign(&secret())
}

/// The bundle of a small incident, of which so many entries are signed.
fn record(signed: usize) -> String {
    let mut text = bundle::header(IncidentId(7), ORIGIN) + &bundle::checkpoint(&checkpoint(signed));
    text.extend(entries().iter().map(|entry| bundle::entry(entry, entry.hash())));
    text + &bundle::end(Counts { checkpoints: 1, entries: 3, outputs: 0 })
}

fn verify(folder: &Path, arguments: &[&str]) -> Output {
    farol(folder, &[&["verify"], arguments].concat())
}

#[test]
fn a_record_is_proved_in_words_and_as_json() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("r.ndjson"), record(3)).unwrap();
    let key = secret().public().to_string();
    let good = verify(folder.path(), &["r.ndjson", "--key", &key]);
    assert_eq!((good.status.code(), complained(&good).as_str()), (Some(0), ""), "{}", printed(&good));
    let said = printed(&good);
    assert!(
        said.starts_with("INC-7 (farol/a-store/incidents/7): 3 entries, 0 steps dispatched, 0 chunks of output\n"),
        "{said}"
    );
    assert!(said.contains("Proved: entries 1 to 3 are the record as it was signed."), "{said}");
    let good = verify(folder.path(), &["r.ndjson", "--key", &key, "--format", "json", "--lang", "pt-BR"]);
    let report: Value = serde_json::from_slice(&good.stdout).unwrap();
    assert_eq!((&report["verdict"], &report["proved"], &report["problems"]), (&json!("proved"), &json!(3), &json!([])));
    assert!(report["message"].as_str().unwrap().starts_with("Provado"), "{report:#}");
}

#[test]
fn what_is_not_proved_is_said_and_exits_1() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("r.ndjson"), record(2)).unwrap();
    let key = secret().public().to_string();
    let tail = verify(folder.path(), &["r.ndjson", "--key", &key]);
    assert_eq!(tail.status.code(), Some(1));
    assert!(printed(&tail).contains("not proved: Entries 3 to 3 are covered by no signature"), "{}", printed(&tail));

    let other = SecretKey::new("farol/a-store", &[8; 32]).unwrap().public().to_string();
    let strange = verify(folder.path(), &["r.ndjson", "--key", &other]);
    assert_eq!(strange.status.code(), Some(1));
    let said = printed(&strange);
    assert!(said.contains("Entries 1 to 3 are covered by no signature of a key that was named"), "{said}");
    assert!(said.contains(&format!("note: {} signed entries 1 to 2 too", secret().public().label())), "{said}");

    fs::write(folder.path().join("changed.ndjson"), record(3).replace("disco", "rede")).unwrap();
    let changed = verify(folder.path(), &["changed.ndjson", "--key", &key, "--lang", "pt-BR"]);
    assert_eq!(changed.status.code(), Some(1));
    let said = printed(&changed);
    assert!(said.contains("errado: A entrada 2 não é") && said.contains("errado: A entrada 3 não é"), "{said}");
}

#[test]
fn a_record_is_held_against_what_was_kept_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("r.ndjson"), record(3)).unwrap();
    let key = secret().public().to_string();
    let strange = Checkpoint::of("farol/a-store/incidents/8".into(), &Tree::default()).sign(&secret());
    fs::write(folder.path().join("kept.txt"), format!("{strange}\n{}", checkpoint(1))).unwrap();
    let good = verify(folder.path(), &["r.ndjson", "--key", &key, "--checkpoint", "kept.txt"]);
    assert_eq!(good.status.code(), Some(0), "{}", printed(&good));
    assert!(printed(&good).contains("in a checkpoint kept elsewhere"), "{}", printed(&good));
    let other: Tree = entries().iter().rev().map(Entry::hash).collect();
    fs::write(folder.path().join("kept.txt"), Checkpoint::of(ORIGIN.into(), &other).sign(&secret())).unwrap();
    let bad = verify(folder.path(), &["r.ndjson", "--key", &key, "--checkpoint", "kept.txt"]);
    assert_eq!(bad.status.code(), Some(1));
    assert!(printed(&bad).contains("wrong: Entries 1 to 3 are not those that were signed"), "{}", printed(&bad));
}

#[test]
fn what_a_stranger_does_wrong_gets_a_sentence_and_exit_code_2() {
    let folder = tempfile::tempdir().unwrap();
    let whole = record(3);
    let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
    fs::create_dir(folder.path().join("folder")).unwrap();
    write("r.ndjson", whole.as_bytes());
    write("cut.ndjson", &whole.as_bytes()[..whole.len() - 40]);
    write("cut-between.ndjson", whole.rsplit_once("\n{\"end\"").unwrap().0.as_bytes());
    write("lines.ndjson", format!("{}\n", whole.lines().take(3).collect::<Vec<_>>().join("\n")).as_bytes());
    write("twice.ndjson", whole.repeat(2).as_bytes());
    write("letter.md", b"# Dear auditor\n\nHere it is.\n");
    write("object.json", b"{\"incident\": 7}\n");
    write("binary", b"\x7fELF\0\x01\xff\n\xfe");
    write("empty", b"");
    write("newer.ndjson", b"{\"farol_record\":9,\"incident\":7,\"origin\":\"x\"}\n");
    write("garbled.ndjson", whole.replace("{\"end\"", "{\"fim\"").as_bytes());
    for (file, sentence) in [
        ("missing.ndjson", "missing.ndjson: cannot be read"),
        ("folder", "folder: is a folder; name a file in it"),
        ("cut.ndjson", "cut.ndjson: it ends after line 6 without its last line: it was cut short"),
        ("cut-between.ndjson", "it was cut short"),
        ("lines.ndjson", "it ends after line 3 without its last line"),
        ("twice.ndjson", "it goes on after its last line"),
        ("letter.md", "letter.md: this is no record of an incident"),
        ("object.json", "this is no record of an incident"),
        ("binary", "this is no record of an incident"),
        ("empty", "this is no record of an incident"),
        ("newer.ndjson", "its format is version 9"),
        ("garbled.ndjson", "line 6 is none of a record"),
    ] {
        let output = verify(folder.path(), &[file]);
        assert_eq!(output.status.code(), Some(2), "{file}");
        assert!(complained(&output).contains(sentence), "{file}: {}", complained(&output));
        assert_eq!(printed(&output), "", "{file}");
    }
    write("no.keys", b"# nothing\n");
    write("no.txt", b"hello\n");
    for (arguments, sentence) in [
        (["--key", "farol/a+b+c"], "farol/a+b+c: is neither a key"),
        (["--key", "no.keys"], "no.keys: is no file of keys"),
        (["--key", "no.txt"], "no.txt: is no file of keys"),
        (["--key", "binary"], "binary: cannot be read"),
        (["--key", "folder"], "folder: is a folder"),
        (["--checkpoint", "no.txt"], "no.txt: holds something that is no checkpoint"),
        (["--checkpoint", "empty"], "empty: holds no checkpoint"),
        (["--checkpoint", "missing.txt"], "missing.txt: cannot be read"),
    ] {
        let output = verify(folder.path(), &["r.ndjson", arguments[0], arguments[1]]);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(complained(&output).contains(sentence), "{arguments:?}: {}", complained(&output));
    }
    assert_eq!(verify(folder.path(), &[]).status.code(), Some(2));
    let json = verify(folder.path(), &["cut.ndjson", "--format", "json"]);
    let said: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!((json.status.code(), &said["verdict"], &said["code"]), (Some(2), &json!("unreadable"), &json!("cut")));
}

#[test]
fn standard_input_is_read_and_a_closed_pipe_is_no_crash() {
    let start = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_farol"));
        command.args(["verify", "-", "--key", &secret().public().to_string()]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let mut child = start();
    child.stdin.take().unwrap().write_all(record(3).as_bytes()).unwrap();
    let read = child.wait_with_output().unwrap();
    assert_eq!(read.status.code(), Some(0), "{}", complained(&read));
    let mut child = start();
    drop(child.stdout.take());
    child.stdin.take().unwrap().write_all(record(3).as_bytes()).unwrap();
    let left = child.wait_with_output().unwrap();
    assert_eq!((left.status.code(), complained(&left).as_str()), (Some(0), ""));
}

#[test]
fn keys_and_checkpoints_are_asked_of_a_store_that_is_there() {
    let folder = tempfile::tempdir().unwrap();
    for command in ["keys", "checkpoint"] {
        let output = farol(folder.path(), &[command]);
        assert_eq!(output.status.code(), Some(1), "{command}");
        assert!(complained(&output).contains("there is no store at data/farol.db"), "{}", complained(&output));
    }
    assert!(!folder.path().join("data").exists(), "nothing is made by asking");
    let odd = farol(folder.path(), &["checkpoint", "twelve"]);
    assert_eq!(odd.status.code(), Some(2));
    assert!(complained(&odd).contains("as 12 or INC-12"), "{}", complained(&odd));
}
