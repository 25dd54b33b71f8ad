//! Files named on the command line.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use farol_api::text::Localized;

use crate::library::file::{is_markdown, is_passed_over};

/// The largest file read, in bytes.
const LARGEST: u64 = 64 * 1024 * 1024;

/// A file's text, or that of standard input where the path is `-`; else a sentence on why there is none.
pub fn read(path: &Path) -> Result<String, Localized> {
    if path == Path::new("-") {
        return text(std::io::stdin().lock()).map_err(|why| about(&"standard input", &"a entrada padrão", &why));
    }
    let opened = if path.is_dir() {
        Err(Localized::new("is a folder; name the Markdown files in it", "é uma pasta; diga os arquivos Markdown dela"))
    } else {
        File::open(path).map_err(|error| unreadable(&error))
    };
    opened.and_then(text).map_err(|why| about(&path.display(), &path.display(), &why))
}

/// Why something cannot be read, without the name of it.
pub fn unreadable(error: &std::io::Error) -> Localized {
    match error.kind() {
        ErrorKind::NotFound => Localized::new("cannot be read: there is no such file", "não pode ser lido: não existe"),
        ErrorKind::PermissionDenied => Localized::new(
            "cannot be read: its permissions do not let you",
            "não pode ser lido: as permissões não deixam",
        ),
        _ => Localized::new(format!("cannot be read: {error}"), format!("não pode ser lido: {error}")),
    }
}

fn about(en: &impl std::fmt::Display, pt: &impl std::fmt::Display, why: &Localized) -> Localized {
    Localized::new(format!("{en}: {}", why.en), format!("{pt}: {}", why.pt))
}

/// What is read has an end, whatever length the file claims: devices and pipes claim none.
fn text(from: impl Read) -> Result<String, Localized> {
    let mut bytes = Vec::new();
    from.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > LARGEST) {
        return Err(Localized::new(
            "is larger than 64 MiB, which no runbook is",
            "é maior que 64 MiB, o que nenhum runbook é",
        ));
    }
    if bytes.contains(&0) {
        return Err(Localized::new("holds NUL bytes: this is no text", "contém bytes NUL: isto não é texto"));
    }
    String::from_utf8(bytes).map_err(|error| {
        let line = error.as_bytes()[..error.utf8_error().valid_up_to()].iter().filter(|b| **b == b'\n').count() + 1;
        let how = "iconv -f latin1 -t utf-8";
        Localized::new(
            format!("is not UTF-8 at line {line}; convert it, for example with {how}"),
            format!("não é UTF-8 na linha {line}; converta, por exemplo com {how}"),
        )
    })
}

/// What was found below the paths named.
#[derive(Debug, Default)]
pub struct Files {
    /// The files named, and the Markdown files below the folders named, sorted within each.
    pub paths: Vec<PathBuf>,
    /// Sentences on what could not be looked into, or holds no runbook.
    pub problems: Vec<Localized>,
    /// Sentences on what was passed over.
    pub notes: Vec<Localized>,
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
        let root = path.canonicalize().unwrap_or_else(|_| path.clone());
        walk(&root, path, 0, &mut files);
        if (files.paths.len(), files.problems.len()) == before {
            files.problem(
                path,
                &Localized::new(
                    "holds no file that ends with .md or .markdown",
                    "não contém arquivo que termine com .md ou .markdown",
                ),
            );
        }
    }
    files
}

impl Files {
    fn problem(&mut self, path: &Path, why: &Localized) {
        self.problems.push(about(&path.display(), &path.display(), why));
    }
}

fn walk(root: &Path, folder: &Path, depth: usize, files: &mut Files) {
    const DEEPEST: usize = 32;
    if depth > DEEPEST {
        let (en, pt) = ("is nested deeper than 32 folders", "está a mais de 32 pastas de profundidade");
        return files.problem(folder, &Localized::new(en, pt));
    }
    let entries = std::fs::read_dir(folder).and_then(Iterator::collect::<std::io::Result<Vec<_>>>);
    let mut entries = match entries {
        Ok(entries) => entries,
        Err(error) => return files.problem(folder, &unreadable(&error)),
    };
    entries.sort_by_key(std::fs::DirEntry::path);
    for entry in entries {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        match entry.file_type() {
            // What others wrote is neither the team's to lint nor to mend.
            Ok(kind) if kind.is_dir() && is_passed_over(&name) => {}
            Ok(kind) if kind.is_dir() => walk(root, &path, depth + 1, files),
            Ok(kind) if kind.is_file() && is_markdown(&name) => files.paths.push(path),
            Ok(kind) if kind.is_symlink() && !name.starts_with('.') => linked(root, path, &name, files),
            _ => {}
        }
    }
}

/// A link to a file is read as the file, unless the walk meets that anyway. One to a folder may lead in a circle.
fn linked(root: &Path, path: PathBuf, name: &str, files: &mut Files) {
    if path.is_dir() {
        let (en, pt) = ("is a link to a folder, and was not followed", "é um link para uma pasta, e não foi seguido");
        files.notes.push(about(&path.display(), &path.display(), &Localized::new(en, pt)));
    } else if is_markdown(name) && !path.canonicalize().is_ok_and(|place| place.starts_with(root)) {
        files.paths.push(path);
    }
}
