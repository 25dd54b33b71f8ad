//! Which crate of the workspace may use which. A new arrow is a decision: argue it in ARCHITECTURE.md, then add it here.

use anyhow::Result;
use cargo_metadata::{DependencyKind, MetadataCommand};

use crate::workspace::Workspace;

/// From each crate to those it may use; the same list stands in ARCHITECTURE.md.
const ALLOWED: [(&str, &[&str]); 14] = [
    ("farol-api", &[]),
    ("farol-runbook", &["farol-api"]),
    ("farol-risk", &["farol-api"]),
    ("farol-diagram", &["farol-api"]),
    ("farol-incident", &["farol-api"]),
    ("farol-record", &["farol-api"]),
    ("farol-postmortem", &["farol-api", "farol-runbook"]),
    ("farol-store", &["farol-api", "farol-incident", "farol-record"]),
    ("farol-engine", &["farol-api", "farol-store", "farol-incident", "farol-risk"]),
    ("farol-testkit", &["farol-api", "farol-incident", "farol-store"]),
    ("farol-web", &["farol-api"]),
    ("farol-hydrate", &["farol-web"]),
    ("xtask", &[]),
    (
        "farol",
        &[
            "farol-api",
            "farol-runbook",
            "farol-risk",
            "farol-diagram",
            "farol-incident",
            "farol-record",
            "farol-postmortem",
            "farol-store",
            "farol-engine",
            "farol-web",
        ],
    ),
];

/// Only tests use it, and any crate's tests may.
const TESTKIT: &str = "farol-testkit";

/// What only tests and examples use: pictures are drawn of graphs that were read.
const FOR_TESTS: [(&str, &str); 1] = [("farol-diagram", "farol-runbook")];

/// The browser shows what the API hands it: neither a runtime nor a database is linked into the interface.
const NOT_IN_WEB: [&str; 3] = ["tokio", "sqlx", "axum"];

/// One crate of the workspace uses another crate.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Arrow {
    from: String,
    to: String,
    only_tests: bool,
}

pub fn problems(workspace: &Workspace) -> Result<Vec<String>> {
    let metadata = MetadataCommand::new().current_dir(workspace.root()).no_deps().exec()?;
    let mut arrows = Vec::new();
    for package in metadata.workspace_packages() {
        for dependency in &package.dependencies {
            arrows.push(Arrow {
                from: package.name.to_string(),
                to: dependency.name.clone(),
                only_tests: dependency.kind == DependencyKind::Development,
            });
        }
    }
    let members: Vec<String> = metadata.workspace_packages().iter().map(|package| package.name.to_string()).collect();
    Ok(judge(&members, &arrows))
}

fn judge(members: &[String], arrows: &[Arrow]) -> Vec<String> {
    let mut problems: Vec<String> = members
        .iter()
        .filter(|member| allowed_from(member).is_none())
        .map(|member| format!("{member} is a new crate: say what it may use in tidy/arrows.rs and ARCHITECTURE.md"))
        .collect();
    for arrow in arrows {
        if members.contains(&arrow.to) && !is_allowed(arrow) {
            problems.push(format!(
                "{} must not use {} (ARCHITECTURE.md says which arrows there are)",
                arrow.from, arrow.to
            ));
        }
        if arrow.from == "farol-web" && NOT_IN_WEB.contains(&arrow.to.as_str()) {
            problems.push(format!("farol-web must not use {}: the interface shows what the API hands it", arrow.to));
        }
    }
    problems
}

fn is_allowed(arrow: &Arrow) -> bool {
    if arrow.to == TESTKIT {
        return arrow.only_tests;
    }
    if FOR_TESTS.contains(&(arrow.from.as_str(), arrow.to.as_str())) {
        return arrow.only_tests;
    }
    allowed_from(&arrow.from).is_some_and(|to| to.contains(&arrow.to.as_str()))
}

fn allowed_from(from: &str) -> Option<&'static [&'static str]> {
    ALLOWED.iter().find(|(name, _)| *name == from).map(|(_, to)| *to)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge_one(from: &str, to: &str, only_tests: bool) -> Vec<String> {
        let members: Vec<String> = ALLOWED.iter().map(|(name, _)| (*name).to_owned()).collect();
        judge(&members, &[Arrow { from: from.to_owned(), to: to.to_owned(), only_tests }])
    }

    #[test]
    fn known_arrows_and_foreign_crates_pass() {
        assert_eq!(judge_one("farol", "farol-engine", false), Vec::<String>::new());
        assert_eq!(judge_one("farol-store", "sqlx", false), Vec::<String>::new());
        assert_eq!(judge_one("farol-store", "farol-testkit", true), Vec::<String>::new());
    }

    #[test]
    fn a_new_arrow_fails() {
        assert_eq!(judge_one("farol-web", "farol-store", false).len(), 1);
        assert_eq!(judge_one("farol-risk", "farol-runbook", true).len(), 1);
        assert_eq!(judge_one("farol", "xtask", false).len(), 1);
    }

    #[test]
    fn the_test_kit_is_for_tests() {
        assert_eq!(judge_one("farol", "farol-testkit", false).len(), 1);
    }

    #[test]
    fn some_arrows_are_for_tests() {
        assert_eq!(judge_one("farol-diagram", "farol-runbook", true), Vec::<String>::new());
        assert_eq!(judge_one("farol-diagram", "farol-runbook", false).len(), 1);
    }

    #[test]
    fn the_interface_sees_no_runtime() {
        assert_eq!(judge_one("farol-web", "tokio", false).len(), 1);
    }

    #[test]
    fn an_unknown_crate_fails() {
        assert_eq!(judge(&["farol-new".to_owned()], &[]).len(), 1);
    }
}
