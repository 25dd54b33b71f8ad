//! Is this line typed by somebody, or is it configuration, a log, output or prose?

pub use super::assigning::{assignment, past_assignments};
use super::containers::{self, Containers};
use super::doubt;
use super::known::{self, Word};
use super::lookalikes;
use super::printed::{is_access_rule, is_cron, is_form, is_log, is_trace};
use super::sql;
use crate::words::{has_gap, lines, split, table, trim};

/// How a block's label makes its lines read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Said to be a shell script.
    Shell,
    /// Said to be a transcript.
    Console,
    /// Said to be SQL.
    Sql,
    /// PromQL, Redis and other consoles: shown, typed by people.
    OtherConsole,
    /// PowerShell and cmd: typed by people.
    Windows,
    /// No label, or one that says nothing.
    Unknown,
    /// Source or configuration, as its label says; labels lie.
    Source,
    /// Output, logs, diagrams: never typed.
    Never,
}

/// Reads a fence's label.
pub fn family(label: &str) -> Family {
    match label {
        "bash" | "sh" | "shell" | "zsh" | "ksh" | "fish" | "shellscript" | "sh-session-script" | "shel" | "!bash" => {
            Family::Shell
        }
        "console" | "shell-session" | "terminal" | "shellsession" | "session" | "bash-session" | "cli" | "cmdline" => {
            Family::Console
        }
        "sql" | "psql" | "postgresql" | "postgres" | "pgsql" | "plpgsql" | "mysql" | "mariadb" | "sqlite" | "tsql" => {
            Family::Sql
        }
        "promql" | "redis" | "logql" | "kql" | "kusto" | "cql" | "mongodb" | "mongo" | "mongosh" => {
            Family::OtherConsole
        }
        "powershell" | "ps1" | "pwsh" | "cmd" | "bat" | "batch" | "dos" => Family::Windows,
        "" | "text" | "txt" | "plain" | "plaintext" | "none" | "code" | "command" | "commands" => Family::Unknown,
        "log" | "logs" | "output" | "diff" | "mermaid" | "plantuml" | "dot" | "graphviz" | "ascii" | "markdown"
        | "md" | "html" | "xml" | "csv" | "cron" | "crontab" | "env" | "dotenv" | ".env" | "ini" | "toml"
        | "properties" | "conf" | "config" => Family::Never,
        _ => Family::Source,
    }
}

/// How sure it is that a line (or logical command) is typed by somebody.
pub fn line(text: &str) -> Word {
    let first = lines(text).next().unwrap_or("").trim();
    // `[ -d /srv ] && ls`, but neither `[ ] box` nor `[ INFO ] Started`.
    let tested = first.strip_prefix("[ ").and_then(|rest| rest.split_once(" ] "));
    if tested.is_some_and(|(_, then)| then.starts_with("&& ") || then.starts_with("|| ")) || is_shell_group(first) {
        return Word::Sure;
    }
    let gaps = has_gap(first);
    if is_log(first)
        || is_trace(first)
        || is_listed_command(first)
        || is_cron(first)
        || is_assignment_like_config(first)
        || is_indented_source(first)
        || is_form(first)
        || doubt::is_mount(first)
        || gaps && (doubt::is_status(first) || lookalikes::is_row(first))
    {
        return Word::No;
    }
    let apart = gaps || memchr::memchr(b'\t', first.as_bytes()).is_some();
    if apart
        && known::word(split(first).next().unwrap_or("")) == Word::Unknown
        && is_columns(doubt::before_remark(first))
    {
        return Word::No;
    }
    let (rest, assigned) = past_assignments(first);
    if rest.is_empty() || rest.starts_with('#') {
        return if assigned { Word::Unknown } else { Word::No };
    }
    // `( for x in a b; do ls; done )`
    let rest = rest.strip_prefix("( ").map_or(rest, str::trim_start);
    let word = split(rest).next().unwrap_or("");
    let after = rest[word.len()..].trim_start();
    if assigned && matches!(word, "\\" | ";" | "&&" | "|") {
        return Word::Unknown;
    }
    if matches!(word, "<" | ">") && !after.is_empty() {
        // `< list xargs rm`: a redirection may come first.
        let command = after.split_once(' ').map_or("", |(_, command)| command);
        return if known::word(command.split(' ').next().unwrap_or("")) == Word::Sure { Word::Sure } else { Word::No };
    }
    // `source VARCHAR(20)`: a column of a table.
    let column = word == "source" && after.contains('(') && after.starts_with(|c: char| c.is_ascii_uppercase());
    if column || (after.is_empty() || after.starts_with("# ")) && doubt::is_file(word) || doubt::is_gloss(word, first) {
        return Word::No;
    }
    if doubt::declares(word, after) || lookalikes::is_of_another(word, after) {
        return Word::No;
    }
    if word == "." {
        return doubt::script(split(after).next().unwrap_or(""));
    }
    if matches!(word, "sudo" | "time" | "nohup" | "env" | "watch" | "timeout") && !after.is_empty() {
        return if known::word(word) == Word::Sure || has_evidence(after) { Word::Sure } else { Word::Maybe };
    }
    let bare = word.trim_matches(|c| matches!(c, '"' | '\'' | ';'));
    let bare = bare.strip_prefix("(").unwrap_or(bare);
    match known::word(bare) {
        Word::No if is_variable_call(word) && !after.is_empty() => Word::Unknown,
        Word::Unknown if lookalikes::is_of_something_else(bare, after) => Word::No,
        judged => judged,
    }
}

/// `: > list.txt` empties a file, `{ cat a; echo; } > b` writes what several commands say.
fn is_shell_group(line: &str) -> bool {
    if !matches!(line.as_bytes(), [b':' | b'{', b' ', ..]) {
        return false;
    }
    let group = line.strip_prefix("{ ").filter(|rest| rest.contains("; }"));
    line.starts_with(": >") && split(line).count() == 3
        || group.is_some_and(|rest| known::word(split(rest).next().unwrap_or("").trim_end_matches(';')) == Word::Sure)
}

/// Tells whether a line can be nothing but a command.
pub fn is_surely_typed(text: &str) -> bool {
    let looped = ["for ", "while ", "until ", "if "].iter().any(|w| text.starts_with(w));
    if looped && ["; do", "; then", "\ndo", "\nthen"].iter().any(|w| text.contains(w)) {
        return true;
    }
    // `A=1 \` over `./restore.sh`: what stands on the lines below is run.
    let text = match past_assignments(trim(text)) {
        (rest, true) if !rest.is_empty() && lines(text).next().is_some_and(|line| line.trim_end().ends_with('\\')) => {
            rest
        }
        _ => text,
    };
    let sure = match line(text) {
        Word::Sure => true,
        Word::Maybe => has_evidence(text) || !text.trim().contains(' '),
        _ => false,
    };
    sure && !is_prose(text)
}

/// Tells whether a line holds something that prose does not: an option, a path, a quote, a pipe.
pub fn has_evidence(text: &str) -> bool {
    let line = lines(text).next().unwrap_or("");
    let args = split(line).skip(1);
    let set_apart = |at: usize| line[..at].ends_with(' ') && line[at + 1..].starts_with(' ');
    memchr::memchr2_iter(b'|', b'>', line.as_bytes()).any(set_apart)
        || line.trim_end().ends_with('\\')
        || args.clone().any(|a| {
            a.starts_with('-') && a.len() > 1
                || a.contains('/')
                || a.contains('=')
                || a.starts_with(['$', '"', '\'', '<', '{', '~', '.', '*'])
                || a.contains('_')
                || a.contains(':') && !a.ends_with(':')
                || a.bytes().any(|b| b.is_ascii_digit())
                || a.split_once('.').is_some_and(|(_, end)| !end.is_empty())
        })
}

/// Words that sentences have and commands do not.
pub const SMALL_WORDS: [&str; 30] = [
    "the", "a", "an", "that", "is", "are", "with", "and", "or", "if", "you", "your", "this", "o", "os", "as", "um",
    "uma", "que", "el", "la", "los", "las", "del", "do", "da", "para", "com", "con", "de",
];

/// Tells whether a line reads like a sentence.
pub fn is_prose(text: &str) -> bool {
    let line = lines(text).next().unwrap_or("").trim();
    let words = || split(line).take(12);
    let few = words().take(3).count() < 3;
    if few || has_evidence(line) {
        // `cp notes .`, `go test ./...`
        let path = |w: &str| w.starts_with(['.', '/', '~', '"', '\'']) || w.ends_with("/..");
        let ends = line.ends_with(['.', ':', '!', '?']);
        return !few && ends && !line.contains(" -") && !words().last().is_some_and(path);
    }
    let plain = words().all(|w| w.chars().all(|c| c.is_alphabetic() || ",.!?'’()".contains(c)));
    let small = || words().any(|w| SMALL_WORDS.contains(&w.to_lowercase().as_str()));
    plain && words().count() >= 4 && (line.ends_with(['.', ':', '!', '?']) || small())
}

fn is_variable_call(word: &str) -> bool {
    let name = word.trim_matches('"');
    name.starts_with('$') && name.len() > 2 && !name.starts_with("$(")
}

/// `key = value` and `key: value`.
fn is_assignment_like_config(line: &str) -> bool {
    let mut words = split(line);
    let (Some(first), second) = (words.next(), words.next().unwrap_or("")) else {
        return true;
    };
    if matches!(first, "const" | "let" | "var" | "import" | "total") && !first.contains('/') {
        return first != "import" || line.contains(" from ");
    }
    let access = matches!(first, "local" | "host" | "hostssl" | "hostnossl") && is_access_rule(line);
    // `local tries=60`: a line of a function, which no shell takes outside of one.
    let inside = first == "local" && assignment(second).is_some();
    inside
        || matches!(second, "=" | ":=" | "+=" | ":")
        || access
        || first.ends_with(':')
        || first.starts_with(['[', '{', '}', '|', '<', '-', '*', '•'])
            && !first.starts_with("[[")
            && first != "<"
            && !super::known::word(first).ge(&Word::Maybe)
}

/// `/chatops run …`: a slash and one word is no program, but what chats call their commands.
pub fn is_chat_command(text: &str) -> bool {
    let word = split(text).next().unwrap_or("");
    let name = word.strip_prefix('/').unwrap_or("");
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')
}

/// Cells set apart by tabs or by several spaces, more than once: a table that some command printed.
fn is_columns(line: &str) -> bool {
    let line = trim(line);
    let tabs = memchr::memchr_iter(b'\t', line.as_bytes()).count();
    tabs > 1 || has_gaps(line, 3) && !line.contains(" -") && !line.ends_with('\\') || lookalikes::has_wide_gaps(line)
}

/// Tells whether two blanks stand side by side so many times.
pub fn has_gaps(line: &str, times: usize) -> bool {
    let (mut found, mut rest) = (0, line.as_bytes());
    while let Some(at) = memchr::memchr(b' ', rest) {
        let gap = rest.get(at + 1) == Some(&b' ');
        found += usize::from(gap);
        if found >= times {
            return true;
        }
        rest = &rest[(at + 1 + usize::from(gap)).min(rest.len())..];
    }
    false
}

/// `if x > 1:`, `for a in b():`, `with x() as y:`: what begins a block of Python.
fn is_indented_source(line: &str) -> bool {
    if !["if ", "for ", "while ", "with ", "elif ", "def ", "class ", "async ", "else if "]
        .iter()
        .any(|word| line.starts_with(word))
    {
        return false;
    }
    let code = line.split(" #").next().unwrap_or("").trim_end();
    // `else if (done) {`: JavaScript.
    code.starts_with("else if (") && code.ends_with('{') || code.ends_with(':') && !code.contains("; ")
}

/// `cap production deploy`, `rake db:migrate`: tasks of Ruby, which people label with the language they are written in.
pub fn is_task(line: &str) -> bool {
    let mut words = split(line.split(" #").next().unwrap_or("").trim_end());
    let runner = words.next().is_some_and(|word| matches!(word, "cap" | "rake" | "mina" | "rails" | "bundle"));
    let mut rest = words.peekable();
    runner
        && rest.peek().is_some()
        && rest.all(|word| word.bytes().all(|b| b.is_ascii_alphanumeric() || b"_:-=./".contains(&b)))
}

/// Tells whether a line of a block that is labelled as source is what programs begin with.
pub fn is_program_text(line: &str) -> bool {
    let starts = ["function ", "export ", "import ", "async ", "await ", "return ", "class ", "const ", "let ", "var "];
    // `set :branch, 'main'`: a symbol of Ruby.
    let symbol = split(line)
        .nth(1)
        .is_some_and(|w| w.strip_prefix(':').is_some_and(|name| name.starts_with(|c: char| c.is_ascii_alphabetic())));
    // `gem "listen", "~> 3.8"`: a line of a Gemfile.
    let gem = line.starts_with("gem \"") || line.starts_with("gem '");
    (symbol || gem || starts.iter().any(|s| line.starts_with(s))) && !line.contains("$(")
}

/// `/deploy  - starts the wizard`, `/hi → greets`: a list of what a chat knows.
fn is_listed_command(line: &str) -> bool {
    is_chat_command(line) && [" → ", " -> ", "  - ", "    "].iter().any(|gap| line.trim_end().contains(gap))
}

/// Tells whether a code span that the text tells to run is one, though it is a single word.
pub fn is_bare_command(span: &str) -> bool {
    let text = span.trim().trim_end_matches(';');
    if text.is_empty() || text.contains(char::is_whitespace) || text.len() > 200 {
        return false;
    }
    let script = [".sh", ".bat", ".ps1", ".cmd"].iter().any(|end| text.ends_with(end));
    let name = text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'));
    let read = [".md", ".json", ".yml", ".yaml", ".txt", ".ts", ".tsx", ".html", ".css", ".csv", ".sql", ".log"];
    text.starts_with("./") && !read.iter().any(|end| text.ends_with(end))
        || (script || name)
            && match known::word(text) {
                Word::Sure => true,
                Word::No => false,
                Word::Maybe | Word::Unknown => script || matches!(text, "top" | "free" | "w"),
            }
}

/// Tells whether a code span is a whole command that somebody could type.
pub fn is_inline_command(span: &str) -> bool {
    let text = trim(span);
    if text.starts_with('\\') {
        return super::prompt::is_asked_of_psql(text);
    }
    // One word alone is none, whatever it is; most spans are one.
    let one = text.bytes().fold(true, |one, byte| one & byte.is_ascii_graphic());
    if one
        || text.len() > 2000
        || memchr::memchr(b'\n', text.as_bytes()).is_some()
        || !text.contains(char::is_whitespace)
    {
        return false;
    }
    // What goes on behind it is not there.
    if matches!(text.as_bytes(), [.., b'|' | b'\\'] | [.., b'&', b'&']) {
        return false;
    }
    if sql::is_surely_sql(text) {
        return is_whole_statement(text);
    }
    let text = text.strip_prefix("$ ").unwrap_or(text);
    // What a command says, kept for the next ones.
    if text.contains("=$(") && matches!(past_assignments(text), ("", true)) {
        return true;
    }
    let Some((first, rest)) = text.split_once(char::is_whitespace) else { return false };
    // Behind a plain word that is no program nothing makes it one, nor behind one that goes on with a loop: `do not run it`.
    let plain = !matches!(first, "" | ".") && first.bytes().all(|byte| PLAIN[usize::from(byte)]);
    if plain && (known::word(first) < Word::Maybe || matches!(first, "do" | "then" | "else" | "done" | "fi" | "esac")) {
        return false;
    }
    let option = |word: &str| word.len() > 1 && word.starts_with('-');
    if assignment(first).is_some() && rest.trim().is_empty() || known::is_plugin(first) && !split(rest).any(option) {
        return false;
    }
    let compares = |w: &str| matches!(w, "=" | "==" | "===" | "!=" | "!==" | "<=" | ">=" | "=>" | "→" | "←");
    if split(rest).take(2).any(compares) {
        return false;
    }
    // `function shows(Order $order)`, `test orders table`, `exit 1`: code, and words.
    let holds = |mark: u8, piece: &str| memchr::memchr(mark, rest.as_bytes()).is_some() && rest.contains(piece);
    let code = holds(b'(', "?: (") || holds(b'(', " CHECK (") || holds(b'N', " NOT NULL") || rest.ends_with(" PK");
    if doubt::is_of_a_language(first, rest) || doubt::wrecks_everything(text) {
        return false;
    }
    // `if (x) { ... }` is no shell's.
    let bracketed = matches!(first, "if" | "for" | "while") && rest.starts_with('(') && !rest.starts_with("((");
    let declares = first == "function" && rest.contains('(') && !rest.contains('{') || code || bracketed;
    if is_unfinished(text)
        || doubt::lacks_operands(text)
        || doubt::is_only_dots(text)
        || doubt::names_a_family(text)
        || declares
        || first == "test" && !has_evidence(text)
    {
        return false;
    }
    match line(text) {
        Word::Sure => !is_http(text),
        Word::Maybe => has_evidence(text) || split(rest).count() <= 2 && !is_prose(text),
        _ => false,
    }
}

/// Tells whether a code span of SQL says all that it does, and not only which kind of statement is meant.
fn is_whole_statement(text: &str) -> bool {
    let last = text.rsplit(' ').next().unwrap_or("").to_ascii_lowercase();
    let unfinished = matches!(
        last.as_str(),
        "into" | "explain" | "from" | "table" | "on" | "set" | "index" | "concurrently" | "exists"
    );
    let kinds = ["database", "schema", "view", "user", "role", "extension", "function", "trigger", "sequence"];
    let unfinished = unfinished || split(text).count() == 2 && kinds.contains(&last.as_str()) && !is_shown(text);
    let explains = last == "analyze" && text.to_ascii_lowercase().starts_with("explain");
    let clause = text.to_ascii_lowercase().starts_with("select for ");
    split(text).count() > 1
        && !unfinished
        && !explains
        && !clause
        && !doubt::is_mark_of_a_key(text)
        && !sql::names_nothing(text)
}

/// What a word is made of that is judged by itself, whatever stands behind it.
const PLAIN: [bool; 256] = table(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:");

/// `docker push`, `kubectl apply`: names of what programs do, which say nothing alone.
fn is_unfinished(text: &str) -> bool {
    let mut words = split(text);
    let (Some(program), Some(verb), None) = (words.next(), words.next(), words.next()) else { return false };
    let verbs = match (program, containers::of(program)) {
        (_, Some(Containers::Engine)) => {
            "push pull tag build run exec save rm rmi cp inspect start stop kill logs restart rename commit"
        }
        (_, Some(Containers::Cluster)) => {
            "apply get exec logs describe delete scale patch edit rollout create port-forward cp drain cordon uncordon \
             taint label annotate expose set debug wait replace attach run"
        }
        ("helm", _) => "install upgrade uninstall rollback status history template pull push get",
        ("kind", _) => "load",
        ("systemctl", _) => "start stop restart reload enable disable mask unmask kill",
        // `git reset` alone unstages what was added.
        ("git", _) => "clone checkout switch cherry-pick revert add rm mv",
        (_, Some(Containers::Compose)) => "exec run",
        _ => return false,
    };
    verbs.split_ascii_whitespace().any(|known| known == verb)
}

/// `SHOW ROLE`: whole, though `DROP ROLE` is not.
fn is_shown(text: &str) -> bool {
    text.get(..5).is_some_and(|word| word.eq_ignore_ascii_case("show "))
}

/// `GET /health`.
pub fn is_http(text: &str) -> bool {
    let text = trim(text);
    if !matches!(text.as_bytes().first(), Some(b'G' | b'P' | b'D' | b'H' | b'O')) {
        return false;
    }
    let Some((method, rest)) = text.split_once(' ') else { return false };
    matches!(method, "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS")
        && (rest.starts_with('/') || rest.starts_with("http"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn configuration_logs_and_prose_are_not_commands() {
        for no in [
            "kubeletHealthzPollingInterval = 30 * time.Second",
            "I0428 02:23:13.498282   11418 daemon.go:1250] Enabling",
            "1 drain_controller.go:173] node x: initiating drain",
            "Failed calling webhook, failing open vault",
            "0 3 * * * /usr/local/bin/backup.sh",
            "shared_buffers: 8GB",
            "2024-01-01 12:00:00 ERROR x",
            "┌────┐",
        ] {
            assert_eq!(line(no), Word::No, "{no}");
        }
        assert!(is_prose("find the pod that is failing"));
        assert!(!is_prose("find /var -name x"));
    }

    #[test]
    fn inline_commands_are_whole_commands() {
        for yes in [
            "ceph status",
            "psql \"$URL\" -c \"select 1\"",
            "EXPLAIN ANALYZE <query>",
            "rm -rf .terraform",
            "terraform init",
            "git reset",
            "curl -o /tmp/x https://x/health",
            "curl --unix-socket /run/x.sock http://x/health",
            "REINDEX INDEX CONCURRENTLY orders_at",
            "kubectl delete pod ...",
            "pg_restore --list a.dump",
            "pg_restore --version",
        ] {
            assert!(is_inline_command(yes), "{yes}");
        }
        for no in [
            "GET /health",
            "status=degraded",
            "psql",
            "docs/x.md",
            "permission denied for table",
            "DROP DATABASE",
            "make sure that it works",
            "X=1",
            "do not run in production",
            "CREATE INDEX CONCURRENTLY",
            "DROP TABLE IF EXISTS",
            "curl /health",
            "curl -s /v1/me",
            "grep -vE ...",
            "pg_restore --list",
        ] {
            assert!(!is_inline_command(no), "{no}");
        }
    }
}
