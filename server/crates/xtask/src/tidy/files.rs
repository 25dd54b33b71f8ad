//! What no tracked file may hold: too many lines, leftovers of unfinished work, paths of one machine.

use std::fs;
use std::process::Command;

use anyhow::Result;

use crate::command::output;
use crate::workspace::Workspace;

const MOST_LINES: usize = 500;

/// Written in two halves, so that this file passes its own rule.
const LEFTOVERS: [(&str, &[&str]); 7] = [
    (concat!("todo", "!("), &["rs"]),
    (concat!("unimplemented", "!("), &["rs"]),
    (concat!("#[ig", "nore"), &["rs"]),
    // A skip that nobody sees: `farol_testkit::skipped` is seen.
    (concat!("println!(\"skip", "ped"), &["rs"]),
    (concat!(".on", "ly("), &["ts", "js", "mjs"]),
    (concat!(".sk", "ip("), &["ts", "js", "mjs"]),
    (concat!(".fix", "me("), &["ts", "js", "mjs"]),
];

/// Folders that are somebody's own machine.
const MACHINE_PATHS: [&str; 2] = [concat!("/wo", "rk/"), concat!("/ro", "ot/")];

pub fn problems(workspace: &Workspace) -> Result<Vec<String>> {
    let mut problems = Vec::new();
    for name in names(workspace)? {
        // A file that was deleted and not yet committed has no text, nor has a picture.
        if let Ok(text) = fs::read_to_string(workspace.path(&name)) {
            problems.extend(judge(&name, &text));
        }
    }
    Ok(problems)
}

/// What git tracks, and what it would track.
fn names(workspace: &Workspace) -> Result<Vec<String>> {
    let listed = output(Command::new("git").current_dir(workspace.root()).args([
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]))?;
    Ok(listed.split('\0').filter(|name| !name.is_empty()).map(str::to_owned).collect())
}

fn judge(name: &str, text: &str) -> Vec<String> {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let mut problems = Vec::new();
    let lines = text.lines().count();
    if ["rs", "css", "ts", "js", "mjs", "sh"].contains(&extension) && lines > MOST_LINES {
        problems.push(format!("{name} has {lines} lines: more than {MOST_LINES} is two rooms in one"));
    }
    for (number, line) in (1..).zip(text.lines()) {
        for (leftover, extensions) in LEFTOVERS {
            if extensions.contains(&extension) && line.contains(leftover) {
                problems.push(format!("{name}:{number} holds {leftover}"));
            }
        }
        if let Some(path) = MACHINE_PATHS.iter().find(|path| names_folder(line, path)) {
            problems.push(format!("{name}:{number} names a folder of one machine: {path}"));
        }
    }
    problems
}

/// Whether a line holds the path from its root on, rather than as the middle of a longer one.
fn names_folder(line: &str, path: &str) -> bool {
    line.match_indices(path)
        .any(|(at, _)| !line[..at].ends_with(|before: char| before.is_alphanumeric() || "._-~*}]>".contains(before)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_clean_file_passes() {
        assert_eq!(judge("a.rs", "fn main() {}\n"), Vec::<String>::new());
        assert_eq!(judge("a.md", "https://example.org/work/ and ../work/x\n"), Vec::<String>::new());
    }

    #[test]
    fn a_long_file_fails() {
        assert_eq!(judge("a.css", &"a{}\n".repeat(501)).len(), 1);
        assert_eq!(judge("a.css", &"a{}\n".repeat(500)).len(), 0);
        assert_eq!(judge("a.json", &"1\n".repeat(501)).len(), 0);
    }

    #[test]
    fn each_leftover_fails_in_its_language() {
        for (leftover, extensions) in LEFTOVERS {
            for extension in extensions {
                assert_eq!(judge(&format!("a.{extension}"), &format!("x {leftover}1)")).len(), 1, "{leftover}");
            }
            assert_eq!(judge("a.md", leftover).len(), 0);
        }
    }

    #[test]
    fn a_path_of_one_machine_fails() {
        for path in MACHINE_PATHS {
            assert_eq!(judge("a.md", &format!("cd {path}main")), judge("a.md", &format!("cd \"{path}main")));
            assert_eq!(judge("a.md", &format!("cd {path}main")).len(), 1);
        }
    }
}
