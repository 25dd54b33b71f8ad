//! The acceptance tables that live beside the repository, where they are at hand.

use std::path::PathBuf;

use farol_api::risk::Dialect;
use farol_risk::{class_word, classify};

mod table;

fn folder() -> Option<PathBuf> {
    let repository = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../..");
    let folder =
        std::env::var_os("FAROL_ACCEPTANCE").map_or_else(|| repository.join("../shared/acceptance"), PathBuf::from);
    folder.is_dir().then_some(folder)
}

fn dialect(name: &str) -> Dialect {
    match name {
        "postgres" => Dialect::Postgres,
        "mysql" => Dialect::Mysql,
        "sqlite" => Dialect::Sqlite,
        "shell" => Dialect::Shell,
        other => panic!("no dialect {other}"),
    }
}

#[test]
fn every_sql_row_comes_out_as_the_table_says() {
    let Some(folder) = folder() else {
        eprintln!("SKIPPED: no acceptance tables; set FAROL_ACCEPTANCE to check them");
        return;
    };
    let text = std::fs::read_to_string(folder.join("sql-risk.tsv")).expect("sql-risk.tsv");
    table::check(&text, |row| (dialect(&row[0]), row[2].clone(), row[1].clone()));
}

#[test]
fn every_shell_row_comes_out_as_the_table_says() {
    let Some(folder) = folder() else {
        eprintln!("SKIPPED: no acceptance tables; set FAROL_ACCEPTANCE to check them");
        return;
    };
    let text = std::fs::read_to_string(folder.join("shell-risk.tsv")).expect("shell-risk.tsv");
    table::check(&text, |row| (Dialect::Shell, row[1].clone(), row[0].clone()));
    assert_eq!(class_word(Dialect::Shell, classify(Dialect::Shell, "ls").class), "read");
}
