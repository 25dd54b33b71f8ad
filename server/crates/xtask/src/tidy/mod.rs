//! The rules of the house, as a test: `cargo xtask tidy`, and `cargo test -p xtask`.
//!
//! Each rule is a function from what it looks at to a list of problems, so that its tests can show it a bad house.

mod arrows;
mod docker;
mod files;
mod twins;

use anyhow::{Result, bail};

use crate::workspace::Workspace;

/// Prints every problem and fails if there is one.
pub fn report(workspace: &Workspace) -> Result<()> {
    let problems = problems(workspace);
    for problem in &problems {
        println!("tidy: {problem}");
    }
    match problems.len() {
        0 => println!("tidy: arrows, files, twins and Dockerfile are in order"),
        count => bail!("{count} problems"),
    }
    Ok(())
}

/// Every rule is asked, even if another could not look at what it judges.
fn problems(workspace: &Workspace) -> Vec<String> {
    let rules = [arrows::problems, files::problems, twins::problems, docker::problems];
    rules
        .into_iter()
        .flat_map(|rule| {
            rule(workspace).unwrap_or_else(|error| vec![format!("a rule could not be checked: {error:#}")])
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_house_is_tidy() {
        let problems = problems(&Workspace::locate());
        assert!(problems.is_empty(), "\n{}", problems.join("\n"));
    }

    #[test]
    fn an_empty_folder_is_no_house() {
        let folder = tempfile::tempdir().unwrap();
        assert!(problems(&Workspace::at(folder.path())).len() >= 3);
    }
}
