//! The pages under docs/diagnostics are the ones that the catalogue writes.

use std::fs;
use std::path::Path;

use farol_runbook::diagnose::{catalogue::ALL, page};

/// `FAROL_WRITE_PAGES=1 cargo test -p farol-runbook --test pages` writes them anew.
#[test]
fn every_diagnostic_has_its_page_and_there_is_no_other() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../docs/diagnostics");
    let mut pages: Vec<_> = ALL.iter().map(|entry| (format!("{}.md", entry.code), page::page(entry))).collect();
    pages.push(("README.md".to_owned(), page::index()));
    if std::env::var_os("FAROL_WRITE_PAGES").is_some() {
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        pages.iter().for_each(|(name, text)| fs::write(folder.join(name), text).unwrap());
    }
    for (name, text) in &pages {
        let there = fs::read_to_string(folder.join(name)).unwrap_or_default();
        assert_eq!(&there, text, "{name} is not as the catalogue says: FAROL_WRITE_PAGES=1 writes it anew");
    }
    assert_eq!(fs::read_dir(&folder).unwrap().count(), pages.len(), "a page without its diagnostic");
}
