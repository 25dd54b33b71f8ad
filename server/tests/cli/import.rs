use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use sqlx::{Connection, PgConnection};

use crate::{complained, farol, printed};

const FAILOVER: &str = "---\nowner: Database on-call\n---\n# Failover\n\n1. Look\n\n```bash\ndf -h\n```\n";

fn import(folder: &Path, arguments: &[&str]) -> Output {
    farol(folder, &[&["import"], arguments].concat())
}

/// One report, and the files in it by their paths.
fn report(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

fn file<'r>(report: &'r Value, path: &str) -> &'r Value {
    let files = report["files"].as_array().unwrap();
    files.iter().find(|file| file["path"] == path).unwrap_or_else(|| panic!("no {path} in {report:#}"))
}

#[test]
fn two_files_whose_paths_become_one_are_not_imported_anew_each_time() {
    let folder = tempfile::tempdir().unwrap();
    let wiki = folder.path().join("wiki");
    fs::create_dir_all(wiki.join("a")).unwrap();
    fs::write(wiki.join("a/b.md"), "# B\n").unwrap();
    fs::write(wiki.join("a\\b.md"), "# Other\n").unwrap();
    let first = report(&import(folder.path(), &["wiki", "--format", "json"]));
    assert_eq!((&first["new"], &first["skipped"]), (&json!(1), &json!(1)));
    assert_eq!(first["files"][0]["reason"], "duplicate");
    let second = report(&import(folder.path(), &["wiki", "--format", "json"]));
    assert_eq!((&second["new"], &second["changed"], &second["unchanged"]), (&json!(0), &json!(0), &json!(1)));
}

#[test]
fn a_folder_is_imported_again_and_again() {
    let folder = tempfile::tempdir().unwrap();
    let wiki = folder.path().join("wiki");
    fs::create_dir_all(wiki.join("db")).unwrap();
    fs::create_dir_all(wiki.join("node_modules/x")).unwrap();
    fs::write(wiki.join("db/failover.md"), FAILOVER).unwrap();
    fs::write(wiki.join("about.md"), "# About\r\n\r\nNothing to do.  \r\n").unwrap();
    fs::write(wiki.join("latin.md"), b"# T\xedtulo\n").unwrap();
    fs::write(wiki.join("logo.png"), b"\x89PNG\0").unwrap();
    fs::write(wiki.join("node_modules/x/README.md"), "# x\n").unwrap();
    std::os::unix::fs::symlink("/etc/hostname", wiki.join("secret.md")).unwrap();

    let first = import(folder.path(), &["wiki", "--format", "json"]);
    assert_eq!(first.status.code(), Some(1), "two Markdown files were left out: {}", complained(&first));
    let said = report(&first);
    assert_eq!((&said["source"], &said["new"], &said["skipped"]), (&json!("wiki"), &json!(2), &json!(3)));
    let failover = file(&said, "db/failover.md");
    assert_eq!((&failover["outcome"], &failover["runbook"]), (&json!("new"), &json!("failover")));
    assert_eq!(failover["steps"], 1);
    assert!(file(&said, "about.md")["note"]["pt"].as_str().unwrap().contains("Não tem passos"));
    assert_eq!(file(&said, "latin.md")["reason"], "not_utf8");
    assert_eq!(file(&said, "secret.md")["reason"], "link");
    assert_eq!(file(&said, "logo.png")["reason"], "not_markdown");

    fs::remove_file(wiki.join("latin.md")).unwrap();
    fs::remove_file(wiki.join("secret.md")).unwrap();
    fs::write(wiki.join("db/failover.md"), FAILOVER.replace("df -h", "df -h /")).unwrap();
    fs::rename(wiki.join("about.md"), wiki.join("über uns.md")).unwrap();
    let second = import(folder.path(), &["wiki", "--lang", "pt-BR"]);
    assert_eq!(second.status.code(), Some(0), "{}", complained(&second));
    let said = printed(&second);
    assert!(said.contains("alterado    db/failover.md → failover (1 passo,"), "{said}");
    assert!(said.contains("renomeado   über uns.md → about") && said.contains("Era about.md."), "{said}");
    assert!(said.ends_with("wiki: 0 novos, 1 alterado, 1 renomeado, 0 sem mudança, 1 ignorado\n"), "{said}");

    fs::remove_file(wiki.join("über uns.md")).unwrap();
    let third = report(&import(folder.path(), &["wiki", "--format", "json"]));
    assert_eq!((&third["unchanged"], &third["gone"]), (&json!(1), &json!(["über uns.md"])));
}

#[test]
fn what_is_typed_wrong_imports_nothing_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.md"), "# A\n").unwrap();
    fs::write(folder.path().join("broken.zip"), "this is no archive").unwrap();
    for wrong in [
        &[][..],
        &["nowhere"],
        &["a.md", "nowhere.md"],
        &["broken.zip"],
        &["a.md", "--source", "a/b"],
        &["a.md", "--format", "xml"],
    ] {
        let output = import(folder.path(), wrong);
        assert_eq!(output.status.code(), Some(2), "{wrong:?}: {}", complained(&output));
        assert!(printed(&output).is_empty() && !complained(&output).is_empty(), "{wrong:?}");
    }
    assert!(
        !folder.path().join("data/farol.db").exists(),
        "a path that cannot be read stops before anything is imported"
    );
    let text = import(folder.path(), &["broken.zip", "a.md"]);
    assert!(complained(&text).starts_with("farol: broken.zip: The archive cannot be read"), "{}", complained(&text));
}

#[test]
fn a_text_from_standard_input_and_a_file_keep_their_names() {
    let folder = tempfile::tempdir().unwrap();
    let paste = |text: &str| {
        let mut child = Command::new(env!("CARGO_BIN_EXE_farol"))
            .args(["import", "-", "--name", "disk full.md", "--format", "json"])
            .current_dir(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        report(&child.wait_with_output().unwrap())
    };
    assert_eq!(file(&paste("# Disk\n\n1. Look\n"), "disk full.md")["runbook"], "disk-full");
    assert_eq!(file(&paste("# Disk\n\n1. Look twice\n"), "disk full.md")["outcome"], "changed");
    fs::create_dir(folder.path().join("wiki")).unwrap();
    fs::write(folder.path().join("wiki/one.md"), "# One\n").unwrap();
    let alone = report(&import(folder.path(), &["wiki/one.md", "--format", "json"]));
    assert_eq!((&alone["source"], &alone["new"]), (&json!("wiki"), &json!(1)));
    let whole = report(&import(folder.path(), &["wiki", "--format", "json"]));
    assert_eq!(whole["unchanged"], 1, "it is the same file as before");
}

#[test]
fn a_git_working_tree_is_read_as_git_sees_it_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let tree = folder.path().join("ops");
    fs::create_dir_all(tree.join(".git/hooks")).unwrap();
    fs::create_dir_all(tree.join("drafts")).unwrap();
    fs::write(tree.join(".git/hooks/README.md"), "# Hooks\n").unwrap();
    fs::write(tree.join(".gitignore"), "drafts/\n").unwrap();
    fs::write(tree.join("drafts/later.md"), "# Later\n").unwrap();
    fs::write(tree.join("now.md"), "# Now\n").unwrap();
    let said = report(&import(folder.path(), &["ops", "--format", "json"]));
    assert_eq!((&said["new"], said["files"].as_array().unwrap().len()), (&json!(1), 1), "{said:#}");
}

#[test]
fn a_postgres_store_takes_the_same_once_it_is_migrated() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("failover.md"), FAILOVER).unwrap();
    let server = farol_testkit::PostgresServer::shared();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let url = runtime.block_on(server.create_database("command_line"));
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_farol"));
        command.args(arguments).env("FAROL_STORE", &url).current_dir(folder.path()).output().unwrap()
    };
    let early = run(&["import", "failover.md"]);
    assert_eq!(early.status.code(), Some(1));
    assert!(complained(&early).contains("migrate"), "{}", complained(&early));
    assert!(run(&["migrate"]).status.success());
    let first = run(&["import", "failover.md", "--format", "json"]);
    assert_eq!(report(&first)["new"], 1, "{}", complained(&first));
    assert_eq!(report(&run(&["import", "failover.md", "--format", "json"]))["unchanged"], 1);
}

#[test]
fn postgres_knows_at_once_how_large_an_import_made_the_library() {
    let folder = tempfile::tempdir().unwrap();
    let wiki = folder.path().join("wiki");
    fs::create_dir(&wiki).unwrap();
    for n in 0..150 {
        fs::write(wiki.join(format!("{n}.md")), format!("# Runbook {n}\n\n1. Look\n")).unwrap();
    }
    let server = farol_testkit::PostgresServer::shared();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let url = runtime.block_on(server.create_database("grown"));
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_farol"));
        command.args(arguments).env("FAROL_STORE", &url).current_dir(folder.path()).output().unwrap()
    };
    assert!(run(&["migrate"]).status.success());
    assert_eq!(report(&run(&["import", "wiki", "--format", "json"]))["new"], 150);
    let planned_for: Vec<f32> = runtime.block_on(async {
        let mut store = PgConnection::connect(&url).await.unwrap();
        let sql = "select reltuples from pg_class where relname in ('library', 'library_words')";
        sqlx::query_scalar(sql).fetch_all(&mut store).await.unwrap()
    });
    assert_eq!(planned_for, [150.0, 150.0]);
}
