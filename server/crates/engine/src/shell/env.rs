//! The variables that a script sees: an allow-list, never the server's own.

use std::collections::BTreeMap;
use std::path::Path;

use farol_api::target::ShellSettings;

use crate::workspace::TEMPORARY;
use farol_incident::parameter::PARAMETER_PREFIX;

/// The variable that says which attempt a process belongs to.
const ATTEMPT: &str = "FAROL_ATTEMPT";

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

/// What a script sees.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Environment {
    /// What every script of the target sees in its workspace.
    pub common: BTreeMap<String, String>,
    /// The attempt's own, told to a shell that is there already.
    pub told: BTreeMap<String, String>,
    /// The same, but for no program that the script starts: its secret parameters.
    pub kept: BTreeMap<String, String>,
    /// The attempt's own that a shell has to begin with.
    pub begun_with: BTreeMap<String, String>,
}

/// Puts together what a script sees, or names the variable that is refused.
///
/// `own` are the attempt's parameters; they win over the target's. `is_secret` says of which of them no program is to know
/// that does not get them from the script.
pub(crate) fn environment(
    settings: &ShellSettings,
    own: &BTreeMap<String, String>,
    is_secret: impl Fn(&str) -> bool,
    workspace: &Path,
    attempt: &str,
) -> Result<Environment, String> {
    let mut env = Environment::default();
    let plain = !settings.env.keys().chain(own.keys()).any(|name| name == "LANG" || name.starts_with("LC_"));
    for (name, value) in settings.env.iter().chain(own) {
        if !is_allowed(name) || value.contains('\0') {
            return Err(name.clone());
        }
    }
    env.common.extend(settings.env.clone());
    for (name, value) in own {
        let of = match can_be_told(name, value, plain) {
            true if is_secret(name) => &mut env.kept,
            true => &mut env.told,
            false => &mut env.begun_with,
        };
        of.insert(name.clone(), value.clone());
    }
    let path = if settings.path.is_empty() { SYSTEM_PATH.to_owned() } else { settings.path.join(":") };
    for (name, value) in [("LANG", "C.UTF-8"), ("TERM", "dumb")] {
        env.common.entry(name.to_owned()).or_insert_with(|| value.to_owned());
    }
    env.common.insert("PATH".to_owned(), path);
    env.common.insert("HOME".to_owned(), workspace.to_string_lossy().into_owned());
    env.common.insert("TMPDIR".to_owned(), workspace.join(TEMPORARY).to_string_lossy().into_owned());
    env.told.insert(ATTEMPT.to_owned(), attempt.to_owned());
    Ok(env)
}

/// Tells whether a shell that is there already can be told a variable, and nobody can see a difference.
///
/// Parameters alone: other names may mean something to bash when it begins. `plain` says that the target leaves the
/// language alone: in another encoding a byte of a letter could pass for the quote that ends a value.
fn can_be_told(name: &str, value: &str, plain: bool) -> bool {
    let is_quiet = |c: char| !c.is_control() || matches!(c, '\n' | '\t');
    name.starts_with(PARAMETER_PREFIX) && value.chars().all(is_quiet) && (plain || value.is_ascii())
}

/// Tells whether functions of a script may be called by a shell that it starts, to which its own variables are nothing: it exports
/// them, or hands on their text.
pub(crate) fn hands_on_functions(script: &str) -> bool {
    let is_end = |c: char| c.is_whitespace() || matches!(c, ';' | '&' | '|' | '(' | ')' | '`' | '"');
    let words: Vec<&str> = script.split(is_end).filter(|word| !word.is_empty()).collect();
    (0..words.len()).any(|at| {
        let options = || words[at + 1..].iter().take_while(|word| word.starts_with(['-', '+']));
        let has = |letter: char| options().any(|option| option.contains(letter));
        match words[at] {
            "export" | "declare" | "typeset" => has('f'),
            "set" => has('a') || words[at + 1..].first() == Some(&"-o") && words.get(at + 2) == Some(&"allexport"),
            _ => false,
        }
    })
}

/// Returns the line that tells bash a variable of its own; nothing where the name is none.
pub(super) fn keep(name: &str, value: &str) -> Option<String> {
    let value = value.replace('\'', r"'\''");
    (name == ATTEMPT || is_allowed(name)).then(|| format!("{name}='{value}'\n"))
}

/// The same for one that the programs which bash starts know too.
pub(super) fn tell(name: &str, value: &str) -> Option<String> {
    keep(name, value).map(|line| format!("export {line}"))
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
        let env = environment(&settings, &own, |_| false, Path::new("/w"), "id").unwrap();
        let names: Vec<_> = env.common.keys().map(String::as_str).collect();
        assert_eq!(names, ["HOME", "LANG", "PATH", "PGHOST", "TERM", "TMPDIR"]);
        assert_eq!(env.common["PATH"], "/opt/bin:/usr/bin");
        let told = BTreeMap::from([("FAROL_ATTEMPT".to_owned(), "id".to_owned()), ("FAROL_P_pid".into(), "7".into())]);
        assert_eq!((env.told, env.begun_with), (told, BTreeMap::new()));
        let bad = BTreeMap::from([("LD_PRELOAD".into(), "x".into())]);
        assert_eq!(environment(&settings, &bad, |_| false, Path::new("/w"), "id"), Err("LD_PRELOAD".to_owned()));
    }

    #[test]
    fn a_shell_that_waits_is_told_parameters_and_nothing_that_bash_could_take_otherwise() {
        let told = |name: &str, value: &str, settings: &ShellSettings| {
            let own = BTreeMap::from([(name.to_owned(), value.to_owned())]);
            environment(settings, &own, |_| false, Path::new("/w"), "id").unwrap().told.contains_key(name)
        };
        let plain = ShellSettings::default();
        assert!(told("FAROL_P_a", "it's $x `y`\n\té", &plain));
        for (name, value) in
            [("UID", "5"), ("LC_ALL", "C"), ("BACKUP", "a"), ("FAROL_P_a", "\u{1}"), ("FAROL_P_a", "\r")]
        {
            assert!(!told(name, value, &plain), "{name}={value:?}");
        }
        let japanese =
            ShellSettings { env: BTreeMap::from([("LC_ALL".into(), "ja_JP.SJIS".into())]), ..ShellSettings::default() };
        assert!(told("FAROL_P_a", "a'b", &japanese) && !told("FAROL_P_a", "é", &japanese));
    }

    #[test]
    fn functions_that_another_shell_may_call_are_noticed() {
        for script in [
            "f() { rm \"${FAROL_P_x}\"; }; export -f f; ls | xargs -I{} bash -c 'f {}'",
            "declare -fx f",
            "bash -c \"$(declare -f f); f\"",
            "typeset -x -f f",
            "set -ea",
            "set -o allexport",
        ] {
            assert!(hands_on_functions(script), "{script}");
        }
        for script in ["export PGHOST=f", "declare -x A=f", "set -e -o pipefail", "f() { ls -f; }; f", "sed -f x"] {
            assert!(!hands_on_functions(script), "{script}");
        }
    }

    #[test]
    fn no_value_becomes_code() {
        assert_eq!(tell("FAROL_P_a", "x'; id; '").unwrap(), "export FAROL_P_a='x'\\''; id; '\\'''\n");
        assert_eq!((tell("a;id", ""), tell("IFS", "x")), (None, None));
    }
}
