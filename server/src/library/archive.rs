//! Archives: `.zip`, `.tar`, `.tar.gz` and `.tgz`. Read whole before anything of them is imported.

use std::collections::HashSet;
use std::io::{Read, Seek, SeekFrom};

use farol_api::library::SkipReason;
use farol_api::text::Localized;
use flate2::read::MultiGzDecoder;
use zip::ZipArchive;

use super::file::{self, Batch, Found, MOST_BYTES, MOST_ENTRIES, Refused, Skipped};
use super::names;

/// What archives are read from.
pub trait Source: Read + Seek {}
impl<T: Read + Seek> Source for T {}

/// The kinds of archive, by the ends of their names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `.zip`
    Zip,
    /// `.tar`
    Tar,
    /// `.tar.gz` or `.tgz`
    TarGz,
}

impl Kind {
    /// Tells the kind of an archive from its name.
    pub fn of(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let ends = |ending: &str| name.ends_with(ending);
        if ends(".zip") {
            Some(Self::Zip)
        } else if ends(".tar.gz") || ends(".tgz") {
            Some(Self::TarGz)
        } else {
            ends(".tar").then_some(Self::Tar)
        }
    }
}

/// Unpacks the Markdown files of an archive; a folder that holds all of them is no part of their paths.
///
/// Refuses an archive that is broken or too large as a whole.
pub fn unpack(name: &str, kind: Kind, source: &mut dyn Source, largest: usize) -> Result<Batch, Refused> {
    let mut shelf = Shelf { files: Vec::new(), seen: HashSet::new(), bytes: 0 };
    match kind {
        Kind::Zip => unzip(source, largest, &mut shelf)?,
        Kind::Tar => untar(source, largest, &mut shelf)?,
        Kind::TarGz => untar(&mut MultiGzDecoder::new(source), largest, &mut shelf)?,
    }
    let mut files = shelf.files;
    drop_common_folder(&mut files);
    Ok(Batch { source: names::source(name), files, complete: true })
}

/// What was unpacked so far.
struct Shelf {
    files: Vec<Found>,
    seen: HashSet<String>,
    bytes: usize,
}

impl Shelf {
    /// Finds out whether an entry is to be read; says so on the shelf where it is not.
    fn wanted(&mut self, raw: &str, is_link: bool) -> Option<String> {
        let path = match file::clean_path(raw) {
            Ok(path) => path,
            Err(reason) => {
                self.skip(file::shown_path(raw), reason);
                return None;
            }
        };
        if path.split('/').any(file::is_passed_over) {
            return None;
        }
        let reason = if is_link {
            SkipReason::Link
        } else if !file::is_markdown(&path) {
            SkipReason::NotMarkdown
        } else if !self.seen.insert(path.clone()) {
            SkipReason::Duplicate
        } else {
            return Some(path);
        };
        self.skip(path, reason);
        None
    }

    fn skip(&mut self, path: String, reason: SkipReason) {
        self.files.push(Found { path, content: Err(Skipped::because(reason)), place: None });
    }

    fn add(&mut self, path: String, content: Result<Vec<u8>, Skipped>, largest: usize) -> Result<(), Refused> {
        self.bytes += content.as_ref().map_or(0, Vec::len);
        if self.bytes > MOST_BYTES {
            return Err(file::too_much());
        }
        self.files.push(Found { path, content: content.and_then(|bytes| file::text(bytes, largest)), place: None });
        Ok(())
    }
}

fn unzip(source: &mut dyn Source, largest: usize, shelf: &mut Shelf) -> Result<(), Refused> {
    let mut archive = ZipArchive::new(&mut *source).map_err(|error| broken(&error))?;
    if archive.len() > MOST_ENTRIES {
        return Err(file::too_many());
    }
    for index in 0..archive.len() {
        let name = archive.name_for_index(index).unwrap_or_default().to_owned();
        let mut entry = match archive.by_index(index) {
            Ok(entry) => entry,
            Err(error) => {
                // Encrypted, or packed in a way that is not known: the others can be read all the same.
                if let Some(path) = shelf.wanted(&name, false) {
                    shelf.add(path, Err(Skipped::unreadable(&error)), largest)?;
                }
                continue;
            }
        };
        if entry.is_dir() {
            continue;
        }
        let Some(path) = shelf.wanted(&name, entry.is_symlink()) else { continue };
        let content = bounded(&mut entry, largest).map_err(|error| Skipped::unreadable(&error));
        shelf.add(path, content, largest)?;
    }
    let start = archive.central_directory_start();
    drop(archive);
    for name in repeated(source, start) {
        shelf.skip(file::shown_path(&name), SkipReason::Duplicate);
    }
    Ok(())
}

/// Names that the directory of a zip file holds more than once: the reader shows but the last of each.
fn repeated(source: &mut dyn Source, start: u64) -> Vec<String> {
    const HEADER: usize = 46;
    let mut again = Vec::new();
    let mut seen = HashSet::new();
    if source.seek(SeekFrom::Start(start)).is_err() {
        return again;
    }
    let mut reader = std::io::BufReader::new(source);
    let mut header = [0; HEADER];
    while reader.read_exact(&mut header).is_ok() && header.starts_with(b"PK\x01\x02") {
        let length = |at: usize| usize::from(u16::from_le_bytes([header[at], header[at + 1]]));
        let mut rest = vec![0; length(28) + length(30) + length(32)];
        if reader.read_exact(&mut rest).is_err() {
            break;
        }
        rest.truncate(length(28));
        if !seen.insert(rest.clone()) {
            again.push(String::from_utf8_lossy(&rest).into_owned());
        }
    }
    again
}

fn untar(source: &mut dyn Read, largest: usize, shelf: &mut Shelf) -> Result<(), Refused> {
    let mut limited = Limited { source, left: MOST_BYTES, spent: false };
    let read = entries(&mut limited, largest, shelf);
    // What the reader says of the limit is that the archive ends too early.
    if limited.spent { Err(file::too_much()) } else { read }
}

fn entries(source: &mut dyn Read, largest: usize, shelf: &mut Shelf) -> Result<(), Refused> {
    let mut archive = tar::Archive::new(source);
    for (count, entry) in archive.entries().map_err(|error| broken(&error))?.enumerate() {
        if count >= MOST_ENTRIES {
            return Err(file::too_many());
        }
        let mut entry = entry.map_err(|error| broken(&error))?;
        let kind = entry.header().entry_type();
        if kind.is_dir() || kind.is_pax_global_extensions() {
            continue;
        }
        let Ok(name) = String::from_utf8(entry.path_bytes().into_owned()) else {
            let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
            shelf.skip(file::shown_path(&name), SkipReason::HostilePath);
            continue;
        };
        let Some(path) = shelf.wanted(&name, kind.is_symlink() || kind.is_hard_link()) else { continue };
        if !(kind.is_file() || kind.is_contiguous()) {
            shelf.skip(path, SkipReason::NotAFile);
            continue;
        }
        let bytes = bounded(&mut entry, largest).map_err(|error| broken(&error))?;
        shelf.add(path, Ok(bytes), largest)?;
    }
    Ok(())
}

/// Unpacks no more than one byte beyond the largest runbook.
fn bounded(entry: &mut dyn Read, largest: usize) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    entry.take(u64::try_from(largest).unwrap_or(u64::MAX).saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Ends after so many unpacked bytes, however few they were packed.
struct Limited<'s> {
    source: &'s mut dyn Read,
    left: usize,
    spent: bool,
}

impl Read for Limited<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.left == 0 {
            self.spent = true;
            return Err(std::io::Error::other("too much"));
        }
        let most = buffer.len().min(self.left);
        let read = self.source.read(&mut buffer[..most])?;
        self.left -= read;
        Ok(read)
    }
}

fn drop_common_folder(files: &mut [Found]) {
    let first = files.first().and_then(|found| found.path.split_once('/')).map(|(folder, _)| format!("{folder}/"));
    let Some(folder) = first else { return };
    // A path that cannot be one says nothing about the others.
    let placed =
        |found: &&mut Found| !matches!(&found.content, Err(skipped) if skipped.reason == SkipReason::HostilePath);
    if files.iter_mut().filter(placed).all(|found| found.path.starts_with(&folder)) {
        for found in files.iter_mut().filter(placed) {
            found.path.drain(..folder.len());
        }
    }
}

fn broken(error: &impl std::fmt::Display) -> Refused {
    Refused(Localized::new(
        format!("The archive cannot be read: {error}. Nothing of it was imported."),
        format!("O arquivo compactado não pode ser lido: {error}. Nada dele foi importado."),
    ))
}

#[cfg(test)]
mod tests;
