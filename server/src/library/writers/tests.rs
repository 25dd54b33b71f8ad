use std::collections::HashSet;
use std::path::Path;
use std::process::Command;

use farol_api::editors::Untold;
use farol_store::Writers;

use super::{Question, commit, of};

/// A repository in a temporary folder.
struct Repository(tempfile::TempDir);

impl Repository {
    fn new() -> Self {
        let repository = Self(tempfile::tempdir().unwrap());
        repository.git("x", &["init", "--quiet", "--initial-branch=main"]);
        repository
    }

    fn git(&self, by: &str, arguments: &[&str]) {
        run(self.0.path(), by, arguments);
    }

    /// Writes a file and commits everything as somebody.
    fn commit(&self, by: &str, path: &str, text: &str) {
        let file = self.0.path().join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
        self.git(by, &["add", "--all"]);
        self.git(by, &["commit", "--quiet", "--message", "x"]);
    }

    fn ask(&self, path: &str, text: &str, earlier: &[&str]) -> Writers {
        ask(self.0.path(), path, text, earlier)
    }
}

fn run(folder: &Path, by: &str, arguments: &[&str]) {
    let mut command = Command::new("git");
    command.args(arguments).current_dir(folder);
    command.envs([("GIT_CONFIG_NOSYSTEM", "1"), ("GIT_CONFIG_GLOBAL", "/dev/null")]);
    for name in ["GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"] {
        command.env(name, by);
    }
    let done = command.output().expect("git is missing: `make test` installs it");
    assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
}

fn ask(root: &Path, path: &str, text: &str, earlier: &[&str]) -> Writers {
    let place = root.canonicalize().unwrap().join(path);
    let earlier: Vec<Vec<u8>> = earlier.iter().map(|text| text.as_bytes().to_vec()).collect();
    of(&[Question { place: &place, text, earlier: &earlier }]).remove(0)
}

fn told(people: &[&[&str]]) -> Writers {
    Writers::Told(people.iter().map(|one| one.iter().map(|&address| address.to_owned()).collect()).collect())
}

#[test]
fn everybody_since_the_text_before_wrote_it_and_nobody_earlier() {
    let repository = Repository::new();
    repository.commit("ana@x", "a.md", "# 1\n");
    repository.commit("bia@x", "a.md", "# 2\n");
    repository.commit("eva@x", "other.md", "# Other\n");
    repository.commit("caio@x", "a.md", "# 3\n");
    repository.commit("davi@x", "a.md", "# 4\n");
    assert_eq!(repository.ask("a.md", "# 4\n", &["# 2\n"]), told(&[&["davi@x"], &["caio@x"]]));
    assert_eq!(repository.ask("a.md", "# 4\n", &["# 3\n", "# 2\n"]), told(&[&["davi@x"]]));
    assert_eq!(repository.ask("a.md", "# 4\n", &[]), told(&[&["davi@x"]]), "the first time, whoever touched it last");
    let all = told(&[&["davi@x"], &["caio@x"], &["bia@x"], &["ana@x"]]);
    assert_eq!(repository.ask("a.md", "# 4\n", &["# Written elsewhere\n"]), all);
    assert_eq!(repository.ask("a.md", "# 5\n", &[]), Writers::Untold(Untold::Uncommitted));
    assert_eq!(repository.ask("new.md", "# 4\n", &[]), Writers::Untold(Untold::Uncommitted));
}

#[test]
fn a_text_that_is_taken_back_is_by_whoever_took_it_back() {
    let repository = Repository::new();
    repository.commit("ana@x", "a.md", "# 1\n");
    repository.commit("bia@x", "a.md", "# 2\n");
    repository.commit("caio@x", "a.md", "# 1\n");
    assert_eq!(repository.ask("a.md", "# 1\n", &["# 2\n"]), told(&[&["caio@x"]]));
}

#[test]
fn of_a_merge_both_sides_and_whoever_merged_wrote_it() {
    let repository = Repository::new();
    let text = |first: &str, last: &str| format!("{first}\n{}{last}\n", "\nmiddle\n".repeat(5));
    repository.commit("ana@x", "a.md", &text("1", "1"));
    repository.git("x", &["checkout", "--quiet", "-b", "side"]);
    repository.commit("bia@x", "a.md", &text("1", "2"));
    repository.git("x", &["checkout", "--quiet", "main"]);
    repository.commit("caio@x", "a.md", &text("2", "1"));
    repository.git("davi@x", &["merge", "--quiet", "--no-edit", "side"]);
    for earlier in [&[][..], &[&*text("1", "1")]] {
        let Writers::Told(mut people) = repository.ask("a.md", &text("2", "2"), earlier) else { panic!() };
        people.sort();
        assert_eq!(people, [["bia@x"], ["caio@x"], ["davi@x"]]);
    }
}

#[test]
fn co_authors_and_those_whom_the_mailmap_means_wrote_it_too() {
    let repository = Repository::new();
    repository.commit("x", ".mailmap", "Ana <ana@work.example> <ana@home.example>\n");
    std::fs::write(repository.0.path().join("a.md"), "# 1\r\n").unwrap();
    repository.git("x", &["add", "--all"]);
    let message = "Change\n\nCo-authored-by: Bia <BIA@x>\nCo-authored-by: Caio <caio@x>\n";
    repository.git("Ana@Home.example", &["commit", "--quiet", "--message", message]);
    let expected = told(&[&["ana@home.example", "ana@work.example"], &["bia@x"], &["caio@x"]]);
    assert_eq!(repository.ask("a.md", "# 1\r\n", &[]), expected);
}

/// A clone that ends with a commit makes it look as if that one had written everything.
#[test]
fn the_last_commit_of_a_shallow_clone_is_not_taken_for_the_writer() {
    let repository = Repository::new();
    repository.commit("ana@x", "a.md", "# 1\n");
    repository.commit("bia@x", "b.md", "# 2\n");
    let clones = tempfile::tempdir().unwrap();
    let from = format!("file://{}", repository.0.path().display());
    run(clones.path(), "x", &["clone", "--quiet", "--depth=1", &from, "clone"]);
    let clone = clones.path().join("clone");
    assert_eq!(ask(&clone, "a.md", "# 1\n", &[]), Writers::Untold(Untold::Unreadable));
    run(&clone, "x", &["fetch", "--quiet", "--unshallow"]);
    assert_eq!(ask(&clone, "a.md", "# 1\n", &[]), told(&[&["ana@x"]]));
}

#[test]
fn packed_references_linked_work_trees_and_subfolders_are_read() {
    let repository = Repository::new();
    repository.commit("ana@x", "ops/db/a.md", "# 1\n");
    repository.git("x", &["pack-refs", "--all"]);
    repository.git("x", &["gc", "--quiet"]);
    assert_eq!(repository.ask("ops/db/a.md", "# 1\n", &[]), told(&[&["ana@x"]]));
    let beside = tempfile::tempdir().unwrap();
    let tree = beside.path().join("tree");
    repository.git("x", &["worktree", "add", "--quiet", "-b", "other", tree.to_str().unwrap()]);
    std::fs::write(tree.join("ops/db/a.md"), "# 2\n").unwrap();
    run(&tree, "bia@x", &["commit", "--quiet", "--all", "--message", "x"]);
    assert_eq!(ask(&tree, "ops/db/a.md", "# 2\n", &["# 1\n"]), told(&[&["bia@x"]]));
    run(&tree, "x", &["checkout", "--quiet", "--detach"]);
    assert_eq!(ask(&tree, "ops/db/a.md", "# 2\n", &[]), told(&[&["bia@x"]]));
}

#[test]
fn more_files_than_are_named_one_by_one_are_told_apart() {
    let repository = Repository::new();
    let paths: Vec<String> = (0..150).map(|n| format!("ops/[{n}] *.md")).collect();
    for (n, path) in paths.iter().enumerate() {
        let file = repository.0.path().join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, format!("# {n}\n")).unwrap();
    }
    repository.commit("ana@x", "ops/one.md", "# One\n");
    repository.commit("bia@x", &paths[7], "# Seven\n");
    let root = repository.0.path().canonicalize().unwrap();
    let places: Vec<_> = paths.iter().map(|path| root.join(path)).collect();
    let texts: Vec<_> = places.iter().map(|place| std::fs::read_to_string(place).unwrap()).collect();
    let asked = places.iter().zip(&texts).map(|(place, text)| Question { place, text, earlier: &[] });
    for (n, writers) in of(&asked.collect::<Vec<_>>()).into_iter().enumerate() {
        assert_eq!(writers, told(&[&[if n == 7 { "bia@x" } else { "ana@x" }]]), "{n}");
    }
}

/// A repository's own settings may name programs; whoever can change them would run commands as Farol.
#[test]
fn no_program_that_a_repository_names_is_run() {
    let repository = Repository::new();
    repository.commit("ana@x", ".gitattributes", "*.md diff=evil filter=evil\n");
    repository.commit("ana@x", "a.md", "# 1\n");
    let (root, mark) = (repository.0.path().canonicalize().unwrap(), repository.0.path().join("ran"));
    let evil = root.join("evil.sh");
    std::fs::write(&evil, format!("#!/bin/sh\ntouch {}\n", mark.display())).unwrap();
    let made = Command::new("chmod").arg("+x").arg(&evil).status().unwrap();
    assert!(made.success());
    let names = [
        "core.fsmonitor",
        "core.pager",
        "pager.log",
        "core.sshCommand",
        "core.editor",
        "core.alternateRefsCommand",
        "diff.external",
        "diff.evil.textconv",
        "diff.evil.command",
        "filter.evil.clean",
        "filter.evil.smudge",
        "gpg.program",
        "alias.log",
        "alias.ls-tree",
        "remote.origin.uploadpack",
        "credential.helper",
    ];
    for name in names {
        repository.git("x", &["config", name, evil.to_str().unwrap()]);
    }
    for (name, value) in [
        ("log.showSignature", "true"),
        ("core.hooksPath", root.to_str().unwrap()),
        ("protocol.allow", "always"),
        ("extensions.partialClone", "origin"),
        ("core.repositoryFormatVersion", "1"),
        ("remote.origin.promisor", "true"),
        ("remote.origin.url", "ext::evil"),
        ("protocol.ext.allow", "always"),
    ] {
        repository.git("x", &["config", name, value]);
    }
    let index = std::fs::read(root.join(".git/index")).unwrap();
    assert_eq!(repository.ask("a.md", "# 1\n", &[]), told(&[&["ana@x"]]));
    // An object that is not there is not fetched.
    for folder in std::fs::read_dir(root.join(".git/objects")).unwrap().flatten() {
        if folder.file_name().len() == 2 {
            std::fs::remove_dir_all(folder.path()).unwrap();
        }
    }
    assert_eq!(repository.ask("a.md", "# 1\n", &[]), Writers::Untold(Untold::Unreadable));
    assert!(!mark.exists(), "a program of the repository ran");
    assert_eq!(std::fs::read(root.join(".git/index")).unwrap(), index, "the repository is only read");
}

#[test]
fn what_is_no_repository_or_a_broken_one_names_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    assert_eq!(ask(root, "a.md", "# 1\n", &[]), Writers::Untold(Untold::NoHistory));
    for dot in ["gitdir: /nowhere", "nonsense", "gitdir: .git"] {
        std::fs::write(root.join(".git"), dot).unwrap();
        assert!(matches!(ask(root, "a.md", "# 1\n", &[]), Writers::Untold(_)), "{dot}");
    }
    std::fs::remove_file(root.join(".git")).unwrap();
    for head in ["ref: ../../etc/passwd", "ref: refs/heads/../../config", "ref: refs/heads/main", "--output=x", ""] {
        std::fs::create_dir_all(root.join(".git/refs/heads")).unwrap();
        std::fs::write(root.join(".git/HEAD"), head).unwrap();
        assert_eq!(ask(root, "a.md", "# 1\n", &[]), Writers::Untold(Untold::Uncommitted), "{head}");
    }
    std::fs::write(root.join(".git/HEAD"), "0123456789012345678901234567890123456789\n").unwrap();
    assert_eq!(ask(root, "a.md", "# 1\n", &[]), Writers::Untold(Untold::Unreadable));
}

#[test]
fn everybody_whom_a_commit_names_is_a_writer_of_it_and_a_button_is_nobody() {
    let ends = HashSet::from(["c2".to_owned()]);
    let text =
        "c1\u{2}Ana@X.org\u{3}ana@work.example\u{2}noreply@github.com\u{3}noreply@github.com\u{2}Bia <BIA@x.org>\u{2}";
    let (people, is_end) = commit(text, &ends);
    assert_eq!(people, [vec!["ana@x.org", "ana@work.example"], vec!["bia@x.org"]]);
    assert!(!is_end);
    assert!(commit("c2\u{2}a@x\u{3}a@x", &ends).1);
}
