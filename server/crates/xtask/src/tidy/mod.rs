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
    let problems = problems(workspace)?;
    for problem in &problems {
        println!("tidy: {problem}");
    }
    match problems.len() {
        0 => println!("tidy: arrows, files, twins and Dockerfile are in order"),
        count => bail!("{count} problems"),
    }
    Ok(())
}

fn problems(workspace: &Workspace) -> Result<Vec<String>> {
    let mut problems = arrows::problems(workspace)?;
    problems.extend(files::problems(workspace)?);
    problems.extend(twins::problems(workspace)?);
    problems.extend(docker::problems(workspace)?);
    Ok(problems)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_house_is_tidy() {
        let problems = problems(&Workspace::locate()).unwrap();
        assert!(problems.is_empty(), "\n{}", problems.join("\n"));
    }
}
