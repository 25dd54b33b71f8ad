//! Files named on the command line.

use std::fmt::Display;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// The largest file read, in bytes.
const LARGEST: u64 = 64 * 1024 * 1024;

/// A file's text, or why there is none, in a sentence.
pub fn read(path: &Path) -> Result<String, String> {
    let name = path.display();
    if path.is_dir() {
        return Err(format!("{name}: is a folder; name the Markdown files in it"));
    }
    let opened = File::open(path).map_err(|error| format!("{name}: cannot be read: {error}"))?;
    text(&name, opened)
}

/// The text of a file, or of standard input where the path is `-`.
pub fn read_one(path: &Path) -> Result<String, String> {
    if path != Path::new("-") {
        return read(path);
    }
    text(&"standard input", std::io::stdin().lock())
}

/// What is read has an end, whatever length the file claims: devices and pipes claim none.
fn text(name: &impl Display, from: impl Read) -> Result<String, String> {
    let mut bytes = Vec::new();
    from.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|error| format!("{name}: cannot be read: {error}"))?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > LARGEST) {
        return Err(format!("{name}: is larger than 64 MiB, which no runbook is"));
    }
    if bytes.contains(&0) {
        return Err(format!("{name}: holds NUL bytes: this is no text"));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text),
        Err(error) => {
            let line = error.as_bytes()[..error.utf8_error().valid_up_to()].iter().filter(|b| **b == b'\n').count() + 1;
            Err(format!("{name}: is not UTF-8 at line {line}; convert it, for example with iconv -f latin1 -t utf-8"))
        }
    }
}

/// What was found below the paths named.
#[derive(Debug, Default)]
pub struct Files {
    /// The files named, and the Markdown files below the folders named, sorted within each.
    pub paths: Vec<PathBuf>,
    /// Sentences on what could not be looked into, or holds no runbook.
    pub problems: Vec<String>,
}

/// Finds the files named, and the Markdown files below the folders named.
pub fn below(paths: &[PathBuf]) -> Files {
    let mut files = Files::default();
    for path in paths {
        if !path.is_dir() {
            files.paths.push(path.clone());
            continue;
        }
        let before = (files.paths.len(), files.problems.len());
        walk(path, 0, &mut files);
        if (files.paths.len(), files.problems.len()) == before {
            files.problems.push(format!("{}: holds no file that ends with .md or .markdown", path.display()));
        }
    }
    files
}

fn walk(folder: &Path, depth: usize, files: &mut Files) {
    const DEEPEST: usize = 32;
    if depth > DEEPEST {
        files.problems.push(format!("{}: is nested deeper than {DEEPEST} folders", folder.display()));
        return;
    }
    let entries = std::fs::read_dir(folder).and_then(Iterator::collect::<std::io::Result<Vec<_>>>);
    let mut entries = match entries {
        Ok(entries) => entries,
        Err(error) => return files.problems.push(format!("{}: cannot be read: {error}", folder.display())),
    };
    entries.sort_by_key(std::fs::DirEntry::path);
    for entry in entries {
        let path = entry.path();
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        let kind = entry.file_type();
        let is = |wanted: fn(&std::fs::FileType) -> bool| kind.as_ref().is_ok_and(wanted);
        if is(std::fs::FileType::is_dir) && !hidden {
            walk(&path, depth + 1, files);
        } else if is(std::fs::FileType::is_file) && path.extension().is_some_and(|e| e == "md" || e == "markdown") {
            files.paths.push(path);
        }
    }
}
