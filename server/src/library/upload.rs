//! What a browser sends: files, a folder, an archive, or pasted text.

use std::io::Cursor;

use axum::body::Bytes;
use farol_api::library::SkipReason;
use farol_api::text::Localized;
use futures::stream;
use multer::{Constraints, Multipart, SizeLimit};

use super::archive::{self, Kind};
use super::file::{self, Batch, Found, MOST_ENTRIES, Skipped};
use super::names;
use crate::problem::ApiError;

/// One part of a form.
pub struct Part {
    /// The field.
    pub name: String,
    /// The file's name, for a folder's file with its path; nothing for a field that is no file.
    pub file: Option<String>,
    /// What was sent.
    pub bytes: Bytes,
}

/// Reads the parts of a form of `multipart/form-data`.
pub async fn parts(content_type: &str, body: Bytes) -> Result<Vec<Part>, ApiError> {
    let unreadable = |error: multer::Error| ApiError::Unreadable(error.to_string());
    let boundary = multer::parse_boundary(content_type).map_err(unreadable)?;
    let whole = u64::try_from(body.len()).unwrap_or(u64::MAX);
    let limits = Constraints::new().size_limit(SizeLimit::new().whole_stream(whole));
    let body = stream::iter([Ok::<_, std::convert::Infallible>(body)]);
    let mut form = Multipart::with_constraints(body, boundary, limits);
    let mut parts = Vec::new();
    while let Some(field) = form.next_field().await.map_err(unreadable)? {
        if parts.len() > MOST_ENTRIES {
            return Err(refused(file::too_many().0));
        }
        let name = field.name().unwrap_or_default().to_owned();
        let file = field.file_name().map(str::to_owned);
        let bytes = field.bytes().await.map_err(unreadable)?;
        parts.push(Part { name, file, bytes });
    }
    Ok(parts)
}

/// Tells what somebody sent to be imported: an archive, pasted text, or files. It may take seconds.
pub fn batch(parts: Vec<Part>, largest: usize) -> Result<Batch, ApiError> {
    let text = |name: &str| parts.iter().find(|part| part.name == name && part.file.is_none());
    if let Some(pasted) = text("text").filter(|part| !part.bytes.is_empty()) {
        let name = text("name").map(|part| String::from_utf8_lossy(&part.bytes).into_owned()).unwrap_or_default();
        return paste(&pasted.bytes, &name, largest);
    }
    // A browser sends an empty file for a field in which none was chosen.
    let files: Vec<Part> =
        parts.into_iter().filter(|part| part.file.as_ref().is_some_and(|name| !name.is_empty())).collect();
    match files.as_slice() {
        [] => Err(ApiError::Invalid(
            "files",
            Localized::new(
                "Choose a file, a folder or an archive, or paste a text.",
                "Escolha um arquivo, uma pasta ou um arquivo compactado, ou cole um texto.",
            ),
        )),
        [one] if kind_of(one).is_some() => unpack(one, largest),
        _ => Ok(loose(files, largest)),
    }
}

fn kind_of(part: &Part) -> Option<Kind> {
    Kind::of(part.file.as_deref().unwrap_or_default())
}

fn unpack(part: &Part, largest: usize) -> Result<Batch, ApiError> {
    let name = part.file.as_deref().unwrap_or_default();
    let kind = Kind::of(name).ok_or(ApiError::NotFound("archive"))?;
    let mut source = Cursor::new(&part.bytes);
    archive::unpack(name, kind, &mut source, largest).map_err(|error| refused(error.0))
}

/// Browsers send the line ends of a text field as CR LF, whatever was pasted: what the lines were like cannot be told.
fn paste(bytes: &[u8], name: &str, largest: usize) -> Result<Batch, ApiError> {
    let sent = String::from_utf8(bytes.to_vec()).map_err(|error| ApiError::Unreadable(error.to_string()))?;
    let text = sent.replace("\r\n", "\n");
    let name = match name.trim() {
        "" => {
            let title = farol_runbook::slug(&farol_runbook::parse(&text, None).title);
            if title.is_empty() { "pasted".to_owned() } else { title }
        }
        name => name.to_owned(),
    };
    let name = if file::is_markdown(&name) { name } else { format!("{name}.md") };
    let path = file::clean_path(&name).map_err(|reason| ApiError::Invalid("name", Skipped::because(reason).note))?;
    let content = file::text(text.into_bytes(), largest);
    Ok(Batch { source: "pasted".to_owned(), files: vec![Found { path, content, place: None }], complete: false })
}

/// Files of one folder, or files that somebody picked.
fn loose(files: Vec<Part>, largest: usize) -> Batch {
    let name = |part: &Part| part.file.clone().unwrap_or_default().replace('\\', "/");
    let folder = files.first().and_then(|part| name(part).split_once('/').map(|(folder, _)| folder.to_owned()));
    let folder = folder.filter(|folder| {
        let inside = format!("{folder}/");
        !matches!(folder.as_str(), "" | "." | "..") && files.iter().all(|part| name(part).starts_with(&inside))
    });
    let mut seen = std::collections::HashSet::new();
    let mut batch = Batch { complete: folder.is_some(), ..Batch::default() };
    batch.source = folder.as_deref().map_or_else(|| "uploads".to_owned(), names::source);
    let inside = folder.map_or(0, |folder| folder.len() + 1);
    for part in files {
        let raw = name(&part)[inside..].to_owned();
        let found = match file::clean_path(&raw) {
            Err(reason) => Found { path: file::shown_path(&raw), content: Err(Skipped::because(reason)), place: None },
            Ok(path) if path.split('/').any(file::is_passed_over) => continue,
            Ok(path) if !file::is_markdown(&path) => {
                Found { path, content: Err(Skipped::because(SkipReason::NotMarkdown)), place: None }
            }
            Ok(path) if !seen.insert(path.clone()) => {
                Found { path, content: Err(Skipped::because(SkipReason::Duplicate)), place: None }
            }
            Ok(path) => Found { path, content: file::text(part.bytes.to_vec(), largest), place: None },
        };
        batch.files.push(found);
    }
    batch
}

fn refused(why: Localized) -> ApiError {
    ApiError::Invalid("files", why)
}
