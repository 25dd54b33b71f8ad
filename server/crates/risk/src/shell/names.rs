//! Names of commands and of variables: which can be looked up, and which change what others do.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::words::MARK;

/// Returns the name of a command that can be looked up: a bare name, or a path into a folder of the system.
pub(super) fn known_name(value: &str) -> Option<&str> {
    const FOLDERS: [&str; 6] = ["/bin", "/usr/bin", "/sbin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin"];
    match value.rsplit_once('/') {
        None => Some(value),
        Some((folder, name)) => (FOLDERS.contains(&folder) || of_package(folder)).then_some(name),
    }
}

/// Tells whether a folder is where the packages of a database put its programs.
fn of_package(folder: &str) -> bool {
    const FOLDERS: [&str; 7] = [
        "/usr/local/pgsql/bin",
        "/usr/local/mysql/bin",
        "/opt/gitlab/embedded/bin",
        "/opt/gitlab/bin",
        "/opt/kafka/bin",
        "/opt/homebrew/bin",
        "/snap/bin",
    ];
    // `/usr/lib/postgresql/16/bin`, `/usr/pgsql-16/bin`, `/opt/bitnami/redis/bin`
    const AROUND: [&str; 3] = ["/usr/lib/postgresql/", "/usr/pgsql-", "/opt/bitnami/"];
    let one = |middle: &str| !middle.is_empty() && !middle.contains(['/', MARK]) && !middle.starts_with('.');
    FOLDERS.contains(&folder)
        || AROUND
            .iter()
            .any(|start| folder.strip_prefix(start).and_then(|rest| rest.strip_suffix("/bin")).is_some_and(one))
}

/// Returns the name that a word assigns to.
pub(super) fn assignment(word: &str) -> Option<&str> {
    let (name, _) = word.split_once('=')?;
    let plain = !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'+' | b'[' | b']'));
    plain.then_some(name)
}

/// Tells whether a variable changes what other words or commands do; `variables.txt` names them.
pub(super) fn dangerous_variable(name: &str) -> bool {
    let base = name.split('[').next().unwrap_or(name);
    VARIABLES.names.contains(base)
        || VARIABLES.starts.iter().any(|start| base.starts_with(start))
        || VARIABLES.ends.iter().any(|end| base.ends_with(end))
}

/// The names of `variables.txt`: whole ones, and what others begin or end with.
struct Variables {
    names: HashSet<&'static str>,
    starts: Vec<&'static str>,
    ends: Vec<&'static str>,
}

static VARIABLES: LazyLock<Variables> = LazyLock::new(|| {
    let mut variables = Variables { names: HashSet::new(), starts: Vec::new(), ends: Vec::new() };
    let lines = include_str!("variables.txt").lines().filter(|line| !line.starts_with('#'));
    for name in lines.flat_map(str::split_whitespace) {
        match (name.strip_suffix('*'), name.strip_prefix('*')) {
            (Some(start), _) => variables.starts.push(start),
            (None, Some(end)) => variables.ends.push(end),
            (None, None) => {
                variables.names.insert(name);
            }
        }
    }
    variables
});
