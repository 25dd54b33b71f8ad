//! A folder on this machine, for example a repository's working tree. It is only read.

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::Read;
use std::os::fd::AsRawFd;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use farol_api::library::SkipReason;
use farol_api::text::Localized;
use ignore::{DirEntry, WalkBuilder};

use super::file::{self, Batch, Found, MOST_BYTES, MOST_ENTRIES, Refused, Skipped};
use super::names;

/// How deep folders are gone into.
const DEEPEST: usize = 64;

/// Reads the Markdown files below a folder.
///
/// Hidden files, what `.gitignore` names, and folders of other people's code are passed over; links are not followed.
pub fn read(folder: &Path, largest: usize) -> Result<Batch, Refused> {
    let root = folder.canonicalize().map_err(|error| unreadable(folder, &error))?;
    let mut batch = Batch { source: names::source(&name_of(&root)), files: Vec::new(), complete: true };
    let (mut bytes, mut seen) = (0, HashSet::new());
    for (entries, entry) in walk(&root).enumerate() {
        if entries > MOST_ENTRIES {
            return Err(file::too_many());
        }
        let found = match entry {
            Ok(entry) => one(&root, &entry, largest),
            Err(error) if error.depth() == Some(0) => return Err(unreadable(folder, &error)),
            Err(error) => {
                Some(Found { path: place_of(&root, &error), content: Err(Skipped::unreadable(&error)), place: None })
            }
        };
        let Some(mut found) = found else { continue };
        // A name with a backslash in it is brought into the form of a folder and a name.
        if found.content.is_ok() && !seen.insert(found.path.clone()) {
            found.content = Err(Skipped::because(SkipReason::Duplicate));
        }
        bytes += found.content.as_ref().map_or(0, String::len);
        if bytes > MOST_BYTES {
            return Err(file::too_much());
        }
        batch.files.push(found);
    }
    Ok(batch)
}

/// Reads one file.
pub fn read_file(path: &Path, largest: usize) -> Result<String, Skipped> {
    let file = open(path).map_err(|error| Skipped::unreadable(&error))?;
    text_of(file, largest)
}

/// Returns the folders below one that are gone into, itself included.
pub fn folders(root: &Path) -> Vec<PathBuf> {
    let entries = walk(root).take(MOST_ENTRIES).filter_map(Result::ok);
    let folders = entries.filter(|entry| entry.file_type().is_some_and(|kind| kind.is_dir()));
    folders.map(DirEntry::into_path).collect()
}

fn walk(root: &Path) -> ignore::Walk {
    WalkBuilder::new(root)
        .follow_links(false)
        .max_depth(Some(DEEPEST))
        .parents(false)
        .git_global(false)
        .ignore(false)
        .sort_by_file_name(Ord::cmp)
        .filter_entry(|entry| entry.depth() == 0 || !file::is_passed_over(&entry.file_name().to_string_lossy()))
        .build()
}

fn one(root: &Path, entry: &DirEntry, largest: usize) -> Option<Found> {
    let kind = entry.file_type()?;
    if kind.is_dir() {
        return None;
    }
    let below = entry.path().strip_prefix(root).ok()?;
    let Some(path) = below.to_str().and_then(|path| file::clean_path(path).ok()) else {
        let path = file::shown_path(&below.to_string_lossy());
        return Some(Found { path, content: Err(Skipped::because(SkipReason::HostilePath)), place: None });
    };
    let place = entry.path().to_owned();
    let content = if kind.is_symlink() {
        Err(Skipped::because(SkipReason::Link))
    } else if !kind.is_file() {
        Err(Skipped::because(SkipReason::NotAFile))
    } else if !file::is_markdown(&path) {
        Err(Skipped::because(SkipReason::NotMarkdown))
    } else {
        read_below(root, entry.path(), largest)
    };
    Some(Found { path, content, place: Some(place) })
}

/// Reads a file, and makes sure that it is where the walk saw it: a folder may have become a link meanwhile.
fn read_below(root: &Path, path: &Path, largest: usize) -> Result<String, Skipped> {
    let file = open(path).map_err(|error| Skipped::unreadable(&error))?;
    let place = std::fs::read_link(format!("/proc/self/fd/{}", file.as_raw_fd()));
    if !place.map_err(|error| Skipped::unreadable(&error))?.starts_with(root) {
        return Err(Skipped::because(SkipReason::Link));
    }
    text_of(file, largest)
}

/// A pipe in place of a file would be waited for for ever.
fn open(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().read(true).custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK).open(path)
}

fn text_of(file: File, largest: usize) -> Result<String, Skipped> {
    if !file.metadata().is_ok_and(|about| about.is_file()) {
        return Err(Skipped::because(SkipReason::NotAFile));
    }
    let mut bytes = Vec::new();
    let limit = u64::try_from(largest).unwrap_or(u64::MAX).saturating_add(1);
    file.take(limit).read_to_end(&mut bytes).map_err(|error| Skipped::unreadable(&error))?;
    file::text(bytes, largest)
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn place_of(root: &Path, error: &ignore::Error) -> String {
    let ignore::Error::WithPath { path, .. } = error else { return file::shown_path(&error.to_string()) };
    file::shown_path(&path.strip_prefix(root).unwrap_or(path).to_string_lossy())
}

fn unreadable(folder: &Path, error: &impl std::fmt::Display) -> Refused {
    let folder = folder.display();
    Refused(Localized::new(
        format!("{folder} cannot be read: {error}."),
        format!("{folder} não pode ser lida: {error}."),
    ))
}
