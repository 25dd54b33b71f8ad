//! Shell: values travel in the environment, and the token becomes their expansion.

use std::collections::BTreeMap;

use farol_api::graph::{Command, PlaceholderUse};

use super::shell_scan::{Place, Stand, scan};
use super::{BindError, Bound, Edit, among, apply, inside_quotes, look_up, not_a_value};
use crate::code::containers::{self, Containers};
use crate::code::options::{IN_CONTAINER, KUBECTL};

/// Programs that read a quoted argument, or their input, as code.
const INTERPRETERS: [&str; 36] = [
    "sh",
    "bash",
    "zsh",
    "dash",
    "ksh",
    "fish",
    "su",
    "psql",
    "mysql",
    "mariadb",
    "sqlite3",
    "mongosh",
    "mongo",
    "redis-cli",
    "python",
    "python2",
    "python3",
    "perl",
    "ruby",
    "node",
    "awk",
    "gawk",
    "mawk",
    "sed",
    "find",
    "php",
    "jq",
    "clickhouse-client",
    "cqlsh",
    "sqlcmd",
    "pgcli",
    "mycli",
    "powershell",
    "pwsh",
    "osascript",
    "rails",
];

/// Programs that hand all their arguments to another shell.
const FORWARDERS: [&str; 9] = ["ssh", "eval", "xargs", "watch", "parallel", "su", "script", "runuser", "tsh"];

/// Options whose argument is code.
const CODE_OPTIONS: [&str; 9] = ["-c", "-e", "--command", "--eval", "--execute", "-lc", "-ic", "-ce", "-tAc"];

/// Programs whose options of that spelling take a name, a number or a pattern.
const NAMING: [&str; 15] = [
    "grep", "egrep", "fgrep", "zgrep", "rg", "stern", "cdk", "gds", "eb", "ping", "head", "tail", "wc", "curl", "sops",
];

/// Binds values to a shell command.
pub fn bind(command: &Command, values: &BTreeMap<String, String>) -> Result<Bound, BindError> {
    let stands = scan(&command.text, &command.placeholders);
    if stands.len() != command.placeholders.len() {
        return Err(BindError::Malformed);
    }
    let filled = || command.placeholders.iter().zip(&stands).filter(|(_, s)| s.place != Place::Comment);
    look_up(filled().map(|(used, _)| used), values)?;
    let mut env = BTreeMap::new();
    let mut edits = without_terminal(&command.text, &command.placeholders);
    let reader = Reader::of(&command.text);
    for (used, stand) in filled() {
        check(&command.text, reader, used, *stand, values)?;
        let value = values.get(&used.parameter).cloned().unwrap_or_default();
        let own = own_variable(&used.token);
        let name = match own {
            Some(name) if !is_dangerous(name) => name.to_owned(),
            _ => {
                let name = variable(&used.parameter);
                let with = match stand.place {
                    // `$ENV` of the text is a name like any other, and stays as the author wrote it but for that.
                    _ if own.is_some() => format!("${{{name}}}"),
                    Place::Plain => format!("\"${{{name}}}\""),
                    Place::Single => format!("'\"${{{name}}}\"'"),
                    _ => format!("${{{name}}}"),
                };
                edits.push(Edit { range: used.span.start..used.span.end, with, shows: None });
                name
            }
        };
        // Two parameters whose names differ only in signs must not share a variable.
        if env.insert(name, value.clone()).is_some_and(|old| old != value) {
            return Err(BindError::Malformed);
        }
    }
    let loose = among::loose(&command.text, &command.placeholders, &stands, values);
    Ok(Bound { text: apply(&command.text, edits)?.0, env, loose, ..Bound::default() })
}

/// Who reads a command after the shell.
#[derive(Clone, Copy)]
struct Reader {
    /// Another shell, all of it.
    forwarded: bool,
    /// A program that takes a quoted argument, or its input, for code.
    interpreted: bool,
}

impl Reader {
    fn of(text: &str) -> Self {
        Self {
            forwarded: words(text).any(is_forwarder),
            interpreted: words(text).any(|word| INTERPRETERS.contains(&word)),
        }
    }
}

/// Tells what a place lets in, given who reads it after the shell.
fn check(
    text: &str,
    reader: Reader,
    used: &PlaceholderUse,
    stand: Stand,
    values: &BTreeMap<String, String>,
) -> Result<(), BindError> {
    if stand.place == Place::Closed || stand.place == Place::Single && own_variable(&used.token).is_some() {
        return Err(inside_quotes(used));
    }
    if stand.commands || is_code_argument(text, used, stand) {
        return Err(not_a_value(used));
    }
    let inside = matches!(stand.place, Place::Single | Place::Double | Place::Heredoc) && !stand.alone;
    let value = values.get(&used.parameter).map_or("", String::as_str);
    let plain = || is_plain(value) || is_moment(value) && is_moment(&used.token);
    if (reader.forwarded || reader.interpreted && inside) && !plain() {
        return Err(BindError::NotPlain { parameter: used.parameter.clone() });
    }
    if value.starts_with('-') && is_open_argument(text, used, stand) {
        return Err(BindError::LooksLikeOption { parameter: used.parameter.clone() });
    }
    Ok(())
}

/// The words of a command, wherever they stand, without the folders of programs.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| c.is_whitespace() || ";|&()'\"`$".contains(c));
    words.map(|word| word.rsplit('/').next().unwrap_or(word))
}

fn is_forwarder(word: &str) -> bool {
    FORWARDERS.contains(&word) || word == "let"
}

/// Tells whether another program that a command starts may read its arguments as code.
pub fn reads_code(text: &str) -> bool {
    words(text).any(|word| is_forwarder(word) || INTERPRETERS.contains(&word))
}

/// Tells whether the token begins a word that a program may take as an option: not after `=`, and not after `--`.
fn is_open_argument(text: &str, used: &PlaceholderUse, stand: Stand) -> bool {
    if stand.place == Place::Heredoc {
        return false;
    }
    let before = text[..used.span.start].trim_end_matches(['"', '\'']);
    let begins = before.is_empty() || before.ends_with(|c: char| c.is_whitespace() || "(;|&".contains(c));
    let command = before.rsplit([';', '|', '&', '\n', '(']).next().unwrap_or(before);
    begins && !command.split_whitespace().any(|word| word == "--")
}

/// `bash -c <script>`: the whole argument would be code.
fn is_code_argument(text: &str, used: &PlaceholderUse, stand: Stand) -> bool {
    let before = text[..used.span.start].trim_end_matches(['"', '\'']).trim_end();
    let last = |word: &&str| {
        before.strip_suffix(*word).is_some_and(|rest| rest.is_empty() || rest.ends_with(char::is_whitespace))
    };
    let whole = stand.alone || stand.place == Place::Plain;
    whole && (CODE_OPTIONS.iter().any(last) && !takes_a_name(before) || last(&"eval"))
}

/// `kubectl logs web -c`, `grep -c`: behind the last option of these commands stands a name, a number or a pattern.
fn takes_a_name(before: &str) -> bool {
    let before = before.replace("\\\n", " ");
    let command = before.rsplit([';', '|', '&', '\n', '(', '`', '{']).next().unwrap_or_default();
    let lead =
        |word: &&str| word.contains('=') || matches!(*word, "sudo" | "time" | "env" | "then" | "do" | "else" | "!");
    let command: Vec<&str> = command.split_whitespace().skip_while(lead).collect();
    let Some((program, rest)) = command.split_first() else { return false };
    let program = program.rsplit('/').next().unwrap_or(program);
    if rest.iter().any(|word| *word == "--" || is_forwarder(word) || INTERPRETERS.contains(word)) {
        return false;
    }
    match containers::of(program) {
        Some(Containers::Cluster) => {
            let inside = rest.iter().position(|word| matches!(*word, "exec" | "rsh" | "run" | "debug"));
            // Behind the pod's name begins what is run in it.
            inside.is_none_or(|at| KUBECTL.plain(&rest[at + 1..]).len() <= 1)
        }
        Some(_) => false,
        None => NAMING.contains(&program) || program.ends_with(".sh"),
    }
}

/// A value that means the same in every language that may read it.
pub fn is_plain(value: &str) -> bool {
    let signs = value.chars().all(|c| c.is_ascii_alphanumeric() || "._:/@+,%-".contains(c));
    signs && !value.is_empty() && !value.starts_with('-') && !value.contains("--")
}

/// `2024-12-29 14:30:00`: a day and a time of it, with a gap between them.
fn is_moment(text: &str) -> bool {
    let Some((day, time)) = text.split_once(' ') else { return false };
    let number = |part: &str, digits: usize| part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
    let mut parts = day.split('-');
    let dated = [4, 2, 2].iter().all(|digits| parts.next().is_some_and(|part| number(part, *digits)));
    let begins = time.get(..3).is_some_and(|hour| hour.ends_with(':') && number(&hour[..2], 2));
    dated
        && parts.next().is_none()
        && begins
        && time.bytes().all(|byte| byte.is_ascii_digit() || b":.+-Z".contains(&byte))
}

/// `$NAME` and `${NAME}` keep their own name; `${db-host-name}` has none that a variable could have.
fn own_variable(token: &str) -> Option<&str> {
    let name = token.strip_prefix('$')?;
    let name = name.strip_prefix('{').and_then(|n| n.strip_suffix('}')).unwrap_or(name);
    Some(name).filter(|name| !name.contains('-'))
}

fn variable(parameter: &str) -> String {
    let signs = parameter.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' });
    format!("FAROL_P_{}", signs.collect::<String>())
}

/// Variables that change how the shell, the loader or git work.
pub fn is_dangerous(name: &str) -> bool {
    let prefixes = ["LD_", "DYLD_", "GIT_", "BASH", "FAROL_", "PERL5", "GCONV_", "PROMPT_"];
    // `PYTHONPATH` and `RUBYOPT` are theirs, `PYTHON_VERSION` is anybody's.
    let of_language =
        |name: &str| ["PYTHON", "RUBY"].iter().filter_map(|p| name.strip_prefix(p)).any(|rest| !rest.starts_with('_'));
    let names = [
        "PATH",
        "ENV",
        "IFS",
        "PS0",
        "PS1",
        "PS2",
        "PS4",
        "SHELLOPTS",
        "CDPATH",
        "GLOBIGNORE",
        "HOME",
        "SHELL",
        "EDITOR",
        "VISUAL",
        "PAGER",
        "LESSOPEN",
        "TMPDIR",
        "HISTFILE",
        "INPUTRC",
        "MAILPATH",
        "JAVA_TOOL_OPTIONS",
        "NODE_OPTIONS",
        "NODE_PATH",
        "NODE_EXTRA_CA_CERTS",
        "NODE_TLS_REJECT_UNAUTHORIZED",
        "NODE_REPL_EXTERNAL_MODULE",
        "NODE_REPL_HISTORY",
        "NODE_COMPILE_CACHE",
        "NODE_V8_COVERAGE",
        "NODE_REDIRECT_WARNINGS",
        "PYTHON_HISTORY",
        "RUBY_CRASH_REPORT",
        "PSQLRC",
        "PGSERVICEFILE",
        "PGSYSCONFDIR",
        "MYSQL_HOME",
        "KUBECONFIG",
        "DOCKER_HOST",
    ];
    let valid = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    !valid || prefixes.iter().any(|p| name.starts_with(p)) || of_language(name) || names.contains(&name)
}

/// Takes off what asks for a terminal, which a step does not have: `-it` becomes `-i`, `-t` and `--tty` go.
///
/// Only before the name of the container, or before `--` of `kubectl`: `psql -t` is another option.
pub fn without_terminal(text: &str, uses: &[PlaceholderUse]) -> Vec<Edit> {
    let (mut cluster, mut runs, mut executes, mut own) = (false, false, false, false);
    // Whether the container has its name by now, and whether the word at hand is the value of an option.
    let (mut named, mut value) = (false, false);
    let (mut at, mut edits) = (0, Vec::new());
    for word in text.split_inclusive(char::is_whitespace) {
        let bare = word.trim_end();
        let filled = || {
            let next = uses.partition_point(|used| used.span.end <= at);
            uses.get(next).is_some_and(|used| used.span.start <= at)
        };
        match bare {
            "" => {}
            // `docker compose` is looked at once more.
            "compose" => (runs, cluster) = (true, false),
            _ if let Some(kind) = containers::of(bare) => (runs, cluster) = (true, kind == Containers::Cluster),
            "exec" | "run" if runs && !executes => {
                (executes, named) = (true, false);
                own = !cluster || text[at..].contains(" -- ");
            }
            "--" | "|" | "&&" | "||" | ";" => (runs, executes) = (false, false),
            "-it" | "-ti" if executes && !filled() => {
                edits.push(Edit { range: at..at + bare.len(), with: "-i".to_owned(), shows: None });
            }
            "-t" | "--tty" | "--tty=true" if executes && own && !filled() => {
                // With the blank behind it, but never with the end of the line.
                let blank = usize::from(word.len() > bare.len() && word.ends_with(' '));
                edits.push(Edit { range: at..at + bare.len() + blank, with: String::new(), shows: None });
            }
            _ if bare.contains(['"', '\'']) && !value => (runs, executes) = (false, false),
            _ if executes && !value && !bare.starts_with('-') && bare != "\\" => (own, named) = (own && cluster, true),
            _ => {}
        }
        let takes = if cluster { &KUBECTL } else { &IN_CONTAINER };
        value = executes && !named && takes.next(bare) || value && bare.is_empty();
        at += word.len();
    }
    edits
}
