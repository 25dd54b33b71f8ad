//! Links from one runbook of the library to another.

use std::collections::BTreeMap;

use farol_api::id::RunbookId;
use farol_api::runbook::Runbook;
use farol_store::Store;
use percent_encoding::percent_decode_str;

use super::file::{clean_path, is_markdown};
use crate::problem::ApiError;

/// The pages that links of a runbook lead to, by the links' destinations.
pub type Links = BTreeMap<String, String>;

/// Finds the runbooks that links of one mean: files beside its own, or, where it comes from no file, runbooks of that name.
pub async fn links_of(store: &Store, id: &RunbookId, reading: &Runbook) -> Result<Links, ApiError> {
    let mut links = Links::new();
    let mut files = None;
    for destination in reading.references.iter().map(|reference| reference.destination.as_str()) {
        let (path, anchor) = destination.split_once('#').unwrap_or((destination, ""));
        if path.contains(':') || !is_markdown(path) || links.contains_key(destination) {
            continue;
        }
        if files.is_none() {
            files = Some(store.files_of(id).await?);
        }
        if let Some(runbook) = meant(store, files.as_deref().unwrap_or_default(), path).await? {
            let anchor = if anchor.is_empty() { String::new() } else { format!("#{anchor}") };
            links.insert(destination.to_owned(), format!("{}{anchor}", farol_api::paths::runbook(&runbook)));
        }
    }
    Ok(links)
}

async fn meant(store: &Store, files: &[(String, String)], link: &str) -> Result<Option<RunbookId>, ApiError> {
    let link = percent_decode_str(link).decode_utf8_lossy();
    for (source, file) in files {
        if let Some(path) = beside(file, &link)
            && let Some(runbook) = store.runbook_of(source, &path).await?
        {
            return Ok(Some(runbook));
        }
    }
    if !files.is_empty() {
        return Ok(None);
    }
    let stem = link.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map_or("", |(stem, _)| stem);
    let Ok(id) = stem.to_ascii_lowercase().parse::<RunbookId>() else { return Ok(None) };
    Ok(store.runbook(&id).await?.map(|found| found.id))
}

/// The path that a link means which stands in a file; nothing where it leads out of the source.
fn beside(file: &str, link: &str) -> Option<String> {
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    if link.starts_with('/') {
        parts.clear();
    }
    for part in link.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    clean_path(&parts.join("/")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_resolved_from_where_it_stands() {
        assert_eq!(beside("db/failover.md", "lag.md").as_deref(), Some("db/lag.md"));
        assert_eq!(beside("db/pg/failover.md", "../../kafka/./lag.md").as_deref(), Some("kafka/lag.md"));
        assert_eq!(beside("db/failover.md", "/lag.md").as_deref(), Some("lag.md"));
        assert_eq!(beside("db/failover.md", "../../lag.md"), None);
    }
}
