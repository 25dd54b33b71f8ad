//! The Dockerfile, as far as it can be checked without a container engine: what it copies, runs, exposes and sets exists.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use cargo_metadata::{MetadataCommand, TargetKind};

use crate::workspace::Workspace;

/// What the Dockerfile's words are held against.
struct House<'a> {
    workspace: &'a Workspace,
    /// Names of the programs that the workspace builds.
    programs: Vec<String>,
    /// The server's source text.
    code: String,
}

pub fn problems(workspace: &Workspace) -> Result<Vec<String>> {
    let metadata = MetadataCommand::new().current_dir(workspace.root()).no_deps().exec()?;
    let programs = metadata
        .workspace_packages()
        .iter()
        .flat_map(|package| &package.targets)
        .filter(|target| target.kind.contains(&TargetKind::Bin))
        .map(|target| target.name.clone())
        .collect();
    let mut code = String::new();
    read_code(&workspace.path("server/src"), &mut code)?;
    let dockerfile = fs::read_to_string(workspace.path("Dockerfile")).context("Dockerfile")?;
    Ok(judge(&dockerfile, &House { workspace, programs, code }))
}

fn read_code(folder: &Path, code: &mut String) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            read_code(&path, code)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            code.push_str(&fs::read_to_string(&path)?);
        }
    }
    Ok(())
}

fn judge(dockerfile: &str, house: &House<'_>) -> Vec<String> {
    let mut problems = Vec::new();
    let mut build_folder = "/".to_owned();
    let mut exposed = Vec::new();
    let mut user = None;
    for (instruction, rest) in instructions(dockerfile) {
        match instruction.as_str() {
            "FROM" => problems.extend(unpinned(&rest)),
            // The first stage's folder is the one that later stages copy from.
            "WORKDIR" if build_folder == "/" => build_folder = format!("{}/", rest.trim_end_matches('/')),
            "COPY" | "ADD" => problems.extend(missing_sources(&rest, &build_folder, house)),
            "EXPOSE" => exposed.extend(rest.split_whitespace().map(str::to_owned)),
            "ENV" => problems.extend(unknown_settings(&rest, house)),
            "ENTRYPOINT" => problems.extend(unknown_program(&rest, house)),
            "USER" => user = Some(rest),
            _ => {}
        }
    }
    for port in exposed.iter().filter(|port| !house.code.contains(port.as_str())) {
        problems.push(format!("Dockerfile exposes {port}, a port that the server's code does not name"));
    }
    if user.is_none_or(|user| user.starts_with("root") || user.starts_with('0')) {
        problems.push("Dockerfile must end as a user other than root".to_owned());
    }
    problems
}

/// The instructions with their continued lines joined and comments left out.
fn instructions(dockerfile: &str) -> Vec<(String, String)> {
    let text: String = dockerfile
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'))
        .flat_map(|line| match line.strip_suffix('\\') {
            Some(continued) => [continued, " "],
            None => [line, "\n"],
        })
        .collect();
    text.lines()
        .filter_map(|line| line.trim().split_once(' '))
        .map(|(name, rest)| (name.to_uppercase(), rest.trim().to_owned()))
        .collect()
}

fn unpinned(from: &str) -> Option<String> {
    let image = from.split_whitespace().next()?;
    let pinned = image.split_once(':').is_some_and(|(_, tag)| tag.contains(|digit: char| digit.is_ascii_digit()));
    (!pinned).then(|| format!("Dockerfile starts from {image}, which names no version"))
}

fn missing_sources(copy: &str, build_folder: &str, house: &House<'_>) -> Vec<String> {
    let from_stage = copy.contains("--from=");
    let mut sources: Vec<&str> = copy.split_whitespace().filter(|word| !word.starts_with("--")).collect();
    sources.pop();
    let exists = |source: &str| {
        let inside = if from_stage { source.strip_prefix(build_folder) } else { Some(source) };
        inside.is_some_and(|inside| match inside.strip_prefix("target/") {
            Some("site") => true,
            Some(built) => built.strip_prefix("release/").is_some_and(|name| house.programs.iter().any(|p| p == name)),
            None => house.workspace.path(inside).exists(),
        })
    };
    let missing = sources.into_iter().filter(|source| !exists(source));
    missing.map(|source| format!("Dockerfile copies {source}, which neither exists nor is built")).collect()
}

fn unknown_settings(env: &str, house: &House<'_>) -> Vec<String> {
    let names = env.split_whitespace().filter_map(|word| word.split_once('=')).map(|(name, _)| name);
    // The settings are read by a prefix and their own name in small letters.
    let known = |name: &str| {
        name.strip_prefix("FAROL_")
            .is_some_and(|setting| house.code.contains(&format!("\"{}\"", setting.to_lowercase())))
    };
    let unknown = names.filter(|name| !known(name));
    unknown.map(|name| format!("Dockerfile sets {name}, which the server's code does not read")).collect()
}

fn unknown_program(entrypoint: &str, house: &House<'_>) -> Option<String> {
    let program = entrypoint.trim_matches(['[', ']', '"']).split('"').next()?;
    let name = program.rsplit('/').next()?;
    (!house.programs.iter().any(|known| known == name))
        .then(|| format!("Dockerfile runs {program}, which is not built here"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "\
# comment
FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY . .
FROM debian:12.11-slim
COPY --from=build /src/target/release/farol /usr/local/bin/
COPY --from=build /src/target/site /usr/share/farol/site
ENV FAROL_LISTEN=0.0.0.0:3000 \\
    FAROL_DATA=/data
EXPOSE 3000
USER nobody
ENTRYPOINT [\"/usr/local/bin/farol\", \"serve\"]
";

    fn judge_text(dockerfile: &str) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let workspace = Workspace::at(folder.path());
        let code = "port 3000, only(&[\"listen\", \"data\"])".to_owned();
        judge(dockerfile, &House { workspace: &workspace, programs: vec!["farol".to_owned()], code })
    }

    #[test]
    fn a_good_file_passes() {
        assert_eq!(judge_text(GOOD), Vec::<String>::new());
    }

    #[test]
    fn each_wrong_word_fails() {
        for (good, bad) in [
            ("release/farol", "release/lighthouse"),
            ("COPY . .", "COPY no-such-file ."),
            ("/src/target/site", "/src/web/dist"),
            ("EXPOSE 3000", "EXPOSE 8080"),
            ("FAROL_DATA=", "FAROL_FOLDER="),
            ("FAROL_DATA=", "DATA="),
            ("bin/farol\", \"serve", "bin/lighthouse\", \"serve"),
            ("USER nobody", "USER root"),
            ("USER nobody\n", ""),
            ("debian:12.11-slim", "debian:bookworm"),
            ("debian:12.11-slim", "debian"),
        ] {
            assert_eq!(judge_text(&GOOD.replace(good, bad)).len(), 1, "{bad}");
        }
    }
}
