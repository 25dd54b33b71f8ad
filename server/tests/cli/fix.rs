use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output, Stdio};

use crate::{BROKEN, complained, farol, printed};

#[test]
fn a_fix_closes_the_fence_keeps_all_other_bytes_and_the_rights_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("fila.md");
    fs::write(&file, BROKEN).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();

    let check = farol(folder.path(), &["fix", "--check", "."]);
    assert_eq!(check.status.code(), Some(1));
    assert!(printed(&check).contains("fila.md:5: unclosed-fence"), "{}", printed(&check));
    assert_eq!(fs::read_to_string(&file).unwrap(), BROKEN, "--check writes nothing");

    let fix = farol(folder.path(), &["fix", "fila.md"]);
    assert_eq!((fix.status.code(), printed(&fix).ends_with("1 file, 1 fixed\n")), (Some(0), true), "{}", printed(&fix));
    let mended = fs::read_to_string(&file).unwrap();
    let (before, after) = BROKEN.split_at(BROKEN.find("\r\n## Depois").unwrap());
    assert!(mended.starts_with(before) && mended.ends_with(after), "{mended:?}");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
    assert_eq!(farol(folder.path(), &["fix", "--check", "."]).status.code(), Some(0), "once is enough");
}

#[test]
fn what_cannot_be_read_is_said_and_the_rest_is_done() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.md"), BROKEN).unwrap();
    fs::write(folder.path().join("b.md"), b"\xff\xfe\x00").unwrap();
    let fix = farol(folder.path(), &["fix", "a.md", "b.md", "missing.md"]);
    assert_eq!(fix.status.code(), Some(2));
    assert!(complained(&fix).contains("b.md: ") && complained(&fix).contains("missing.md: "), "{}", complained(&fix));
    assert!(printed(&fix).contains("1 fixed"));
}

#[test]
fn what_never_ends_is_not_read_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let fix = farol(folder.path(), &["fix", "--check", "/dev/zero"]);
    assert_eq!(fix.status.code(), Some(2));
    assert!(complained(&fix).contains("/dev/zero: is larger than 64 MiB"), "{}", complained(&fix));
}

/// Runs `farol fix` with something on its standard input.
fn fix_input(arguments: &[&str], input: &[u8]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let mut process = Command::new(env!("CARGO_BIN_EXE_farol"))
        .args(["fix", "-"])
        .args(arguments)
        .current_dir(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    process.stdin.take().unwrap().write_all(input).unwrap();
    process.wait_with_output().unwrap()
}

#[test]
fn standard_input_is_mended_to_standard_output() {
    let mended = fix_input(&[], BROKEN.as_bytes());
    let (before, after) = BROKEN.split_at(BROKEN.find("\r\n## Depois").unwrap());
    let text = printed(&mended);
    assert!(text.starts_with(before) && text.ends_with(after) && text.len() > BROKEN.len(), "{text:?}");
    assert_eq!(complained(&mended), "-:5: unclosed-fence\n1 file, 1 fixed\n");
    assert_eq!(mended.status.code(), Some(0));
    let again = fix_input(&["--lang", "pt-BR"], text.as_bytes());
    assert_eq!((printed(&again), complained(&again)), (text, "1 arquivo, 0 correções feitas\n".to_owned()));
    let check = fix_input(&["--check", "--lang", "pt-BR"], BROKEN.as_bytes());
    assert_eq!(printed(&check), "-:5: unclosed-fence\n1 arquivo, 1 correção a fazer\n");
    assert_eq!(check.status.code(), Some(1));
    let binary = fix_input(&["--lang", "pt"], b"\x7fELF\0");
    assert_eq!((printed(&binary).as_str(), binary.status.code()), ("", Some(2)));
    assert!(complained(&binary).contains("a entrada padrão: contém bytes NUL"), "{}", complained(&binary));
}
