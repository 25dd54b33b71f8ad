//! The migrations of both stores come in twos, and must not drift apart. (The words of both languages cannot: they stand
//! side by side in typed tables.)

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context, Result};

use crate::workspace::Workspace;

const MIGRATIONS: [&str; 2] = ["migrations/sqlite", "migrations/postgres"];

pub fn problems(workspace: &Workspace) -> Result<Vec<String>> {
    let [sqlite, postgres] = MIGRATIONS.map(|folder| stems(workspace, folder));
    let (sqlite, postgres) = (sqlite?, postgres?);
    let alone =
        |name: &String, here: &str, there: &str| format!("the migration {name} is in {here} and not in {there}");
    let [here, there] = MIGRATIONS;
    let mut problems: Vec<String> = sqlite.difference(&postgres).map(|name| alone(name, here, there)).collect();
    problems.extend(postgres.difference(&sqlite).map(|name| alone(name, there, here)));
    Ok(problems)
}

fn stems(workspace: &Workspace, folder: &str) -> Result<BTreeSet<String>> {
    let mut stems = BTreeSet::new();
    for entry in fs::read_dir(workspace.path(folder)).with_context(|| folder.to_owned())? {
        let path = entry?.path();
        stems.extend(path.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
    }
    Ok(stems)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_migration_on_one_side_only_fails() {
        let house = tempfile::tempdir().unwrap();
        let workspace = Workspace::at(house.path());
        let add = |file: &str| {
            let file = workspace.path("migrations").join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, "").unwrap();
        };
        add("sqlite/0001_start.sql");
        add("postgres/0001_start.sql");
        assert_eq!(problems(&workspace).unwrap(), Vec::<String>::new());
        add("sqlite/0002_more.sql");
        add("postgres/0003_other.sql");
        assert_eq!(
            problems(&workspace).unwrap(),
            [
                "the migration 0002_more is in migrations/sqlite and not in migrations/postgres",
                "the migration 0003_other is in migrations/postgres and not in migrations/sqlite",
            ]
        );
    }
}
