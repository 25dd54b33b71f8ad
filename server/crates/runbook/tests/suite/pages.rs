//! The pages under docs/diagnostics are the ones that the catalogue writes.

use std::fs;
use std::path::Path;

use farol_api::graph::Node;
use farol_runbook::diagnose::{self, catalogue::ALL, page};

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

/// Codes that only who knows the day, the folder, the risk or regular expressions can say.
fn said_elsewhere(code: &str, text: &str) -> Option<bool> {
    let runbook = farol_runbook::parse(text, None);
    let today = "2026-01-01".parse().unwrap();
    let others = ["database-failover.md".to_owned()];
    Some(match code {
        "stale-review" => diagnose::stale_review(&runbook, today).is_some(),
        "invalid-pattern" => !diagnose::invalid_pattern(&runbook, |pattern| pattern != "[0-9+").is_empty(),
        "broken-runbook-link" => {
            let exists = |path: &str| others.iter().any(|other| other == path);
            let missing = diagnose::missing_runbooks(text, &runbook, exists, |_, _| None, &others);
            missing.iter().any(|found| found.fix.as_ref().is_some_and(|fix| fix.replacement == others[0]))
        }
        "broken-section-link" => {
            let anchors = vec!["promote-the-replica".to_owned()];
            let lacking = |_: &str, anchor: &str| (anchor != anchors[0]).then(|| anchors.clone());
            let broken = diagnose::missing_runbooks(text, &runbook, |_| true, lacking, &others);
            broken.iter().any(|found| {
                let fix = found.fix.as_ref().map(|fix| fix.replacement.as_str());
                fix == Some("database-failover.md#promote-the-replica")
            })
        }
        "destructive-without-verification" => {
            let drops = |node: &Node| node.command.as_ref().is_some_and(|c| c.text.starts_with("DROP"));
            !diagnose::destructive_without_verification(&runbook.graph, drops).is_empty()
        }
        _ => return None,
    })
}

#[test]
fn every_example_shows_its_diagnostic_and_its_mended_form_does_not() {
    for entry in ALL.iter().filter(|entry| !entry.example.is_empty()) {
        let said = |text: &str| {
            said_elsewhere(entry.code, text)
                .unwrap_or_else(|| farol_runbook::parse(text, None).diagnostics.iter().any(|d| d.code == entry.code))
        };
        assert!(said(entry.example), "{} is not said of its example", entry.code);
        assert!(!said(entry.mended), "{} is said of its mended example", entry.code);
    }
}

#[test]
fn what_is_fixed_is_fixed_as_the_page_shows() {
    let sure = ["unclosed-fence", "fence-label-mismatch", "unknown-attribute", "smart-quotes"];
    for entry in ALL {
        let (mended, found) = farol_runbook::mend(entry.example);
        let want = if sure.contains(&entry.code) { entry.mended } else { entry.example };
        assert_eq!((mended.as_str(), found.len()), (want, usize::from(sure.contains(&entry.code))), "{}", entry.code);
    }
}
