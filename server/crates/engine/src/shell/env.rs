//! The variables that a script sees: an allow-list, never the server's own.

use std::collections::BTreeMap;
use std::path::Path;

use farol_api::target::ShellSettings;

use crate::workspace::TEMPORARY;

/// Where commands are looked for on a target that names no folders.
pub const SYSTEM_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// Variables that change how bash or the loader itself work; nobody may set them.
const REFUSED: [&str; 24] = [
    "BASH_ENV",
    "ENV",
    "IFS",
    "PS4",
    "SHELLOPTS",
    "BASHOPTS",
    "PROMPT_COMMAND",
    "CDPATH",
    "GLOBIGNORE",
    "HOME",
    "PATH",
    "SHELL",
    "BASH",
    "BASH_COMPAT",
    "BASH_LOADABLES_PATH",
    "BASH_XTRACEFD",
    "POSIXLY_CORRECT",
    "PS0",
    "PS1",
    "PS2",
    "TMPDIR",
    "EXECIGNORE",
    "FUNCNEST",
    "HISTFILE",
];
const REFUSED_PREFIXES: [&str; 4] = ["LD_", "GIT_", "BASH_FUNC_", "FAROL_ATTEMPT"];

/// Tells whether a target or an attempt may set a variable.
pub fn is_allowed(name: &str) -> bool {
    let mut bytes = name.bytes();
    let starts_well = bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_');
    starts_well
        && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && !REFUSED.contains(&name)
        && !REFUSED_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

/// Puts together what a script sees, or names the variable that is refused.
///
/// `own` are the attempt's parameters; they win over the target's.
pub(crate) fn environment(
    settings: &ShellSettings,
    own: &BTreeMap<String, String>,
    workspace: &Path,
    attempt: &str,
) -> Result<BTreeMap<String, String>, String> {
    let mut env = BTreeMap::new();
    for (name, value) in settings.env.iter().chain(own) {
        if !is_allowed(name) || value.contains('\0') {
            return Err(name.clone());
        }
        env.insert(name.clone(), value.clone());
    }
    let path = if settings.path.is_empty() { SYSTEM_PATH.to_owned() } else { settings.path.join(":") };
    for (name, value) in [("LANG", "C.UTF-8"), ("TERM", "dumb")] {
        env.entry(name.to_owned()).or_insert_with(|| value.to_owned());
    }
    env.insert("PATH".to_owned(), path);
    env.insert("HOME".to_owned(), workspace.to_string_lossy().into_owned());
    env.insert("TMPDIR".to_owned(), workspace.join(TEMPORARY).to_string_lossy().into_owned());
    env.insert("FAROL_ATTEMPT".to_owned(), attempt.to_owned());
    Ok(env)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_bash_itself_is_refused() {
        for name in [
            "LD_PRELOAD",
            "BASH_ENV",
            "ENV",
            "IFS",
            "PS4",
            "SHELLOPTS",
            "GIT_SSH_COMMAND",
            "BASH_FUNC_ls%%",
            "a b",
            "1a",
            "",
            "a=b",
        ] {
            assert!(!is_allowed(name), "{name}");
        }
        for name in ["PGHOST", "KUBECONFIG", "FAROL_P_pid", "_x"] {
            assert!(is_allowed(name), "{name}");
        }
    }

    #[test]
    fn a_script_sees_the_targets_folders_and_its_parameters_only() {
        let settings = ShellSettings {
            path: vec!["/opt/bin".into(), "/usr/bin".into()],
            env: BTreeMap::from([("PGHOST".into(), "db".into())]),
            ..ShellSettings::default()
        };
        let own = BTreeMap::from([("FAROL_P_pid".into(), "7".into())]);
        let env = environment(&settings, &own, Path::new("/w"), "id").unwrap();
        let names: Vec<_> = env.keys().map(String::as_str).collect();
        assert_eq!(names, ["FAROL_ATTEMPT", "FAROL_P_pid", "HOME", "LANG", "PATH", "PGHOST", "TERM", "TMPDIR"]);
        assert_eq!(env["PATH"], "/opt/bin:/usr/bin");
        let bad = BTreeMap::from([("LD_PRELOAD".into(), "x".into())]);
        assert_eq!(environment(&settings, &bad, Path::new("/w"), "id"), Err("LD_PRELOAD".to_owned()));
    }
}
