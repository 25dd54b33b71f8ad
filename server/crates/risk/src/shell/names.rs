//! Names of commands and of variables: which can be looked up, and which change what others do.

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

/// Tells whether a variable changes what other words or commands do.
pub(super) fn dangerous_variable(name: &str) -> bool {
    const NAMES: [&str; 37] = [
        "PATH",
        "BASH_ENV",
        "ENV",
        "IFS",
        "PS4",
        "PS1",
        "SHELLOPTS",
        "BASHOPTS",
        "PROMPT_COMMAND",
        "CDPATH",
        "GLOBIGNORE",
        "EDITOR",
        "VISUAL",
        "PAGER",
        "MANPAGER",
        "PSQL_PAGER",
        "PSQL_EDITOR",
        "PSQLRC",
        "LESSOPEN",
        "LESSCLOSE",
        "BROWSER",
        "NODE_OPTIONS",
        "PERL5LIB",
        "PERL5OPT",
        "PYTHONPATH",
        "PYTHONSTARTUP",
        "PYTHONHOME",
        "RUBYOPT",
        "RUBYLIB",
        "JAVA_TOOL_OPTIONS",
        "JDK_JAVA_OPTIONS",
        "_JAVA_OPTIONS",
        "TAR_OPTIONS",
        "KUBE_EDITOR",
        "KUBECTL_EXTERNAL_DIFF",
        "GCONV_PATH",
        "SHELL",
    ];
    // `RSYNC_RSH`, `SSH_ASKPASS`, `BORG_PASSCOMMAND`: what another program starts.
    const ENDS: [&str; 4] = ["_RSH", "ASKPASS", "PASSCOMMAND", "PASSWORD_COMMAND"];
    let base = name.split('[').next().unwrap_or(name);
    NAMES.contains(&base)
        || ENDS.iter().any(|end| base.ends_with(end))
        || base.starts_with("LD_")
        || base.starts_with("DYLD_")
        || base.starts_with("GIT_")
        || base.starts_with("BASH_FUNC")
}
