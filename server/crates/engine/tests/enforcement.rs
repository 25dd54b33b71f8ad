//! Every statement of the tables of risk, run as if it had been approved as a read, on real servers.
//!
//! The classifier may be wrong; then the database itself must refuse. What is compared before and after is the data,
//! the catalogue, the settings and the files beside them. So that this says something, the same statements are also
//! run with a superuser's credential on a database of their own: there many of them do what they say.

mod common;
#[path = "enforcement/mariadb.rs"]
mod mariadb;
#[path = "enforcement/postgres.rs"]
mod postgres;
#[path = "../../risk/tests/table/rows.rs"]
mod rows;
#[path = "enforcement/sqlite.rs"]
mod sqlite;

use farol_api::event::Outcome;
use farol_api::risk::RiskClass;
use farol_api::target::CredentialRole;
use farol_engine::job::ResolvedTarget;

/// A database whose whole state can be told.
trait World {
    /// The target with the credential that may only read.
    fn ro(&self) -> ResolvedTarget;
    /// The target with the strongest credential.
    fn superuser(&self) -> ResolvedTarget;
    /// Makes again what a statement took away.
    async fn mend(&mut self);
    /// All that a statement could change, as a text that differs where anything differs.
    async fn state(&mut self) -> String;
}

/// Reads the statements of tables of the form class, statement, and those of the acceptance table where it is at hand.
fn statements(dialect: &str, tables: &[&str]) -> Vec<String> {
    let own = tables.iter().flat_map(|table| rows::rows(table).into_iter().skip(1)).map(|row| row[1].clone());
    let repository = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    let folder =
        std::env::var_os("FAROL_ACCEPTANCE").map_or_else(|| repository.join("../shared/acceptance"), Into::into);
    let others = std::fs::read_to_string(folder.join("sql-risk.tsv")).unwrap_or_default();
    let others = rows::rows(&others).into_iter().filter(|row| row[0] == dialect).map(|row| row[2].clone());
    own.chain(others).filter(|text| !is_waiting(text)).collect()
}

/// A statement that does nothing but wait costs time and proves nothing.
fn is_waiting(text: &str) -> bool {
    let lower = text.to_lowercase();
    ["sleep", "benchmark("].iter().any(|word| lower.contains(word))
}

/// Runs each statement as an approved read of the freer class; fails for the first that changes anything.
async fn nothing_changes(world: &mut impl World, statements: &[String]) {
    let before = world.state().await;
    for text in statements {
        let mut spec = common::sql(text, RiskClass::SideEffect, CredentialRole::ReadOnly);
        spec.timeout_seconds = 2;
        common::run(&spec, &world.ro()).await;
        let after = world.state().await;
        assert_eq!(first_difference(&before, &after), None, "{text}");
    }
}

/// Runs each statement with the strongest credential, and returns how many changed something.
async fn changes(world: &mut impl World, statements: &[String]) -> usize {
    let mut changed = 0;
    let mut before = world.state().await;
    for text in statements.iter().filter(|text| !text.to_lowercase().contains("shutdown")) {
        let mut spec = common::sql(text, RiskClass::Administration, CredentialRole::Admin);
        spec.timeout_seconds = 2;
        let ran = common::run(&spec, &world.superuser()).await;
        if ran.result.outcome == Outcome::Succeeded && world.state().await != before {
            changed += 1;
            world.mend().await;
            before = world.state().await;
        }
    }
    changed
}

/// The first line in which two states differ.
fn first_difference(before: &str, after: &str) -> Option<String> {
    let mut pairs = before.lines().zip(after.lines());
    let differs = pairs.find(|(before, after)| before != after).map(|(before, after)| format!("{before} -> {after}"));
    differs.or_else(|| (before.lines().count() != after.lines().count()).then(|| "a line more or less".to_owned()))
}
