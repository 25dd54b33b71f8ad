//! Prompts in front of what was typed.

use super::doubt;
use super::known::{self, Word};
use crate::words::{find as find_piece, split};

/// Whose prompt it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prompt {
    /// A shell's.
    Shell,
    /// A database client's.
    Sql,
    /// Of a console that is not driven from here.
    Other,
}

/// A line with its prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prompted {
    /// Whose prompt it is.
    pub prompt: Prompt,
    /// Where the typed text starts, in bytes of the line.
    pub start: usize,
}

/// Which marks are prompts in the block at hand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// `# ` is root's.
    pub hash: bool,
    /// `> ` is somebody's.
    pub angle: bool,
    /// `~ ` is somebody's.
    pub tilde: bool,
}

/// Finds the prompt of a line.
pub fn find(line: &str, style: Style) -> Option<Prompted> {
    if !is_marked(line) {
        return None;
    }
    let indent = line.len() - line.trim_start().len();
    let body = &line[indent..];
    let at = |len: usize, prompt| {
        let spaces = body[len..].len() - body[len..].trim_start_matches(' ').len();
        Some(Prompted { prompt, start: indent + len + spaces })
    };
    let named = body.starts_with("% ") || style.tilde && body.starts_with("~ ");
    if body.starts_with("$ ") || named && known_command(&body[2..]) {
        return at(2, Prompt::Shell);
    }
    if let Some(mark) = ["❯ ", "➜ ", "λ ", "╰─$ ", "└─$ ", "$> "].iter().find(|m| body.starts_with(**m)) {
        // "➜  Local:   http://localhost:5173/": programs draw that arrow too.
        let rest = body[mark.len()..].trim_start();
        let arrow = matches!(*mark, "❯ " | "➜ ");
        let plausible = || {
            let labelled = split(rest).next().is_some_and(|word| word.ends_with(':'));
            let signs = ["git:(", " -"].iter().any(|sign| rest.contains(sign)) && !labelled;
            typed(rest) || rest.starts_with(['.', '/', '~']) || signs
        };
        let placed = if arrow { past_place(rest) } else { rest };
        return if arrow && !plausible() { None } else { at(body.len() - placed.len(), Prompt::Shell) };
    }
    if let Some(placed) = named_arrow(body) {
        return at(body.len() - placed.len(), Prompt::Shell);
    }
    if style.hash && body.starts_with("# ") && typed(&body[2..])
        || style.angle && body.starts_with("> ") && known_command(&body[2..])
    {
        return at(2, Prompt::Shell);
    }
    if let Some(len) = host_prompt(body).filter(|_| style.hash) {
        return at(len, Prompt::Shell);
    }
    if style.angle && body.strip_prefix("> ").is_some_and(|rest| is_redis(rest) || is_mongo(rest)) {
        return at(2, Prompt::Other);
    }
    // A comment, unless it is one on what a console showed.
    if body.starts_with("# ") && memchr::memchr(b'>', body.as_bytes()).is_none() {
        return None;
    }
    if let Some(len) = windows_prompt(body).or_else(|| other_prompt(body)) {
        return at(len, Prompt::Other);
    }
    if let Some(len) = sql_prompt(body) {
        return at(len, Prompt::Sql);
    }
    shell_prompt(body).and_then(|len| at(len, Prompt::Shell))
}

/// `~ ls`, `shop git:(main) ✗ ls`: what is typed behind the place that a prompt names.
fn past_place(rest: &str) -> &str {
    let Some((place, after)) = rest.split_once(' ') else { return rest };
    let after = after.trim_start();
    if let Some((_, typed)) = after.strip_prefix("git:(").and_then(|branch| branch.split_once(')')) {
        return typed.trim_start_matches([' ', '✗', '✔']);
    }
    let home = place == "~" || place.starts_with("~/");
    let folder = || known::word(place) <= Word::Unknown && known_command(after);
    if home && !after.is_empty() || folder() { after } else { rest }
}

/// `web ➜  ~ ls`: the arrow behind a host's name.
fn named_arrow(body: &str) -> Option<&str> {
    if body.is_ascii() {
        return None;
    }
    let (host, rest) = body.split_once(" ➜ ")?;
    let named = |b: u8| b.is_ascii_alphanumeric() || b"-._@".contains(&b);
    let host = host.trim_end();
    let placed = past_place(rest.trim_start());
    ((1..40).contains(&host.len()) && host.bytes().all(named) && known_command(placed)).then_some(placed)
}

/// Tells whether a line may hold a prompt: a mark with a blank behind it, the mark of a shell at its start, a drive.
fn is_marked(line: &str) -> bool {
    let body = line.trim_start();
    let bytes = body.as_bytes();
    let rooted = matches!(bytes, [b'A'..=b'Z', b':', b'\\', ..]) || body.starts_with("PS>");
    let marks = || memchr::memchr3_iter(b'$', b'#', b'>', bytes).any(|at| bytes.get(at + 1) == Some(&b' '));
    body.starts_with(['$', '%', '[', '~']) || rooted || !body.is_ascii() || marks()
}

/// Tells whether a line, or any of several, holds the signs that prompts end in; most do not.
pub fn may_have_prompt(text: &str) -> bool {
    text.bytes().fold(false, |any, b| any | matches!(b, b'$' | b'#' | b'>' | b'%') | !b.is_ascii())
        || crate::words::has(text, "~ ")
}

/// Tells whether what follows a `> ` is a command of a shell or of Redis.
pub fn types(rest: &str) -> bool {
    known_command(rest) || is_redis(rest) || is_mongo(rest)
}

/// `db.orders.count()`, `load('orders.js')`, `show dbs`.
fn is_mongo(rest: &str) -> bool {
    calls_mongo(rest)
        || rest.starts_with("load(")
        || matches!(rest.trim_end_matches(';').trim(), "show dbs" | "show collections" | "show databases")
}

/// `db.orders.find(…)`, `rs.status()`.
pub fn calls_mongo(rest: &str) -> bool {
    ["db.", "rs.", "sh."].iter().any(|start| rest.starts_with(start)) && rest.contains('(')
}

fn typed(rest: &str) -> bool {
    known_command(rest) || rest.starts_with("for ") && rest.contains(" in ")
}

/// Returns the length of a database client's continuation prompt, as `db-> ` and `    -> `.
pub fn continuation(line: &str) -> Option<usize> {
    let arrow = line.find("-> ").map(|at| at + 3).or_else(|| line.find("-# ").map(|at| at + 3))?;
    let name = line[..arrow - 3].trim();
    name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_').then_some(arrow)
}

fn known_command(rest: &str) -> bool {
    let word = split(rest).next().unwrap_or("");
    matches!(known::word(word), Word::Sure) || known::word(word) == Word::Maybe && rest.trim() != word
}

/// `slowlog get 10`, `CONFIG SET x y`.
pub fn is_redis(rest: &str) -> bool {
    let mut words = split(rest);
    let (first, second) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    let lower = first.to_ascii_lowercase();
    let alone = ["info", "ping", "dbsize", "role", "monitor", "bgsave", "bgrewriteaof", "flushall", "flushdb"];
    let pair = ["config", "slowlog", "latency", "client", "cluster", "memory", "info", "get", "del", "keys", "scan"];
    let more = ["ttl", "llen", "type", "scard", "zcard", "hgetall", "lrange", "auth", "select", "sentinel", "debug"];
    alone.contains(&lower.as_str()) && (second.is_empty() || split(rest).count() == 2)
        || (pair.contains(&lower.as_str()) || more.contains(&lower.as_str())) && !second.is_empty()
}

/// `PS C:\> `, `C:\dir> `.
fn windows_prompt(body: &str) -> Option<usize> {
    let window = head_of(body, 100);
    if window.starts_with("PS ") || window.starts_with("PS>") {
        return window.find("> ").map(|at| at + 2);
    }
    let drive = window.as_bytes().get(..3)?;
    let rooted = drive[0].is_ascii_uppercase() && &drive[1..] == b":\\";
    // `C:\Users\<name>\` is a path.
    let end = window.find('>').filter(|at| rooted && !window[..*at].contains([' ', '<']))?;
    Some(end + 1)
}

/// Redis, MongoDB, Python, Ruby: their prompts end in `> `.
fn other_prompt(body: &str) -> Option<usize> {
    // What is set in behind it is a mark beside lines that are new.
    if let Some(typed) = body.strip_prefix(">>> ") {
        return (!typed.starts_with(' ')).then_some(4);
    }
    // `1> SELECT 1;` of sqlcmd, whose next lines count on.
    if body.strip_prefix("1> ").is_some_and(|rest| super::sql::starts_statement(rest) || is_batch_end(rest)) {
        return Some(3);
    }
    let window = head_of(body, 80);
    // `MySQL  localhost:3306 ssl  JS > ` of mysqlsh.
    if window.starts_with("MySQL ") && [" JS > ", " SQL > ", " Py > "].iter().any(|mode| window.contains(mode)) {
        return find_piece(window, " > ").map(|at| at + 3);
    }
    let end = find_piece(window, "> ")?;
    let head = &window[..end];
    let port = head.rsplit_once(':').is_some_and(|(host, port)| {
        let port = port.split(['[', '(']).next().unwrap_or("");
        !host.is_empty() && !host.contains([' ', '/']) && (4..6).contains(&port.len()) && all_digits(port)
    });
    let replica =
        head.contains(':') && ["PRIMARY", "SECONDARY", "ARBITER", "RECOVERING"].iter().any(|r| head.ends_with(r));
    let shell = head.contains("[direct: ") || head.contains("pry(") || head.starts_with("irb(");
    let named =
        matches!(head, "redis" | "redis-cli" | "mongo" | "mongosh" | "test" | "admin" | "redis-sentinel" | "RMAN");
    let named = named || matches!(head, "sftp" | "irb" | "pry" | "ftp" | "lftp");
    (port || replica || shell || named).then_some(end + 2)
}

/// `GO`, `EXIT`: what ends a batch of sqlcmd, or all of it.
fn is_batch_end(rest: &str) -> bool {
    ["go", "exit", "quit"].iter().any(|word| rest.trim().eq_ignore_ascii_case(word))
}

/// The lines of a batch of sqlcmd from its `1> ` on, which count on: where they end, and their words without the counts.
pub fn batch(text: &str, start: usize) -> Option<(usize, String)> {
    let mut words = String::new();
    let mut end = start;
    for (at, line) in text[start..].split_inclusive('\n').enumerate() {
        let Some(typed) = line.trim_start().strip_prefix(&*format!("{}> ", at + 1)) else { break };
        end += line.len();
        words.push_str(typed.trim_end());
        if is_batch_end(typed) {
            break;
        }
        words.push('\n');
    }
    let words = words.trim_end().to_owned();
    (!words.is_empty()).then_some((end, words))
}

/// The first bytes of a line, up to a whole character.
fn head_of(body: &str, max: usize) -> &str {
    let end = (0..=max.min(body.len())).rev().find(|at| body.is_char_boundary(*at)).unwrap_or(0);
    &body[..end]
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// `mon-a# `: root on some host, in a transcript only.
fn host_prompt(body: &str) -> Option<usize> {
    let at = find_piece(body, "# ")?;
    let (host, rest) = (&body[..at], &body[at + 2..]);
    let named = |b: u8| b.is_ascii_alphanumeric() || b"-._".contains(&b);
    let good = (1..32).contains(&host.len()) && host.bytes().all(named);
    (good && (known_command(rest) || rest.trim() == "exit")).then_some(host.len() + 2)
}

/// `$mac `, `$dev `: whose shell it is, glued to the mark.
fn glued_prompt(body: &str) -> Option<usize> {
    let (name, rest) = body.strip_prefix('$')?.split_once(' ')?;
    let place = ["mac", "dev", "local", "host", "vm", "remote", "server", "prod", "root", "user", "container"];
    if known::word(name) == Word::Sure && name.len() > 2 || doubt::is_of_a_cluster(&body[1..]) {
        // `$terraform plan`: the blank was forgotten.
        return Some(1);
    }
    (place.contains(&name) && known_command(rest)).then_some(name.len() + 2)
}

/// `web-01      $ `: a host's name, set apart from the mark.
fn spaced_prompt(body: &str) -> Option<usize> {
    let window = head_of(body, 100);
    let at = find_piece(window, " $ ")?;
    let (host, rest) = (&window[..at], &window[at + 3..]);
    let name = host.trim_end();
    let named = |b: u8| b.is_ascii_alphanumeric() || b"-._@".contains(&b);
    let good = !name.is_empty() && name.bytes().all(named) && known::word(name) <= Word::Unknown;
    (good && known_command(rest)).then_some(host.len() + 3)
}

/// `[cluster-1]$ `, also with nothing behind the mark: where one has to be.
fn place_prompt(body: &str) -> Option<usize> {
    let (place, rest) = body.strip_prefix('[')?.split_once("]$")?;
    let named = |b: u8| b.is_ascii_alphanumeric() || b"-._".contains(&b);
    let good = !place.is_empty() && place.bytes().all(named) && {
        let word = split(rest).next().unwrap_or("");
        known::word(word) >= Word::Unknown
    };
    good.then_some(place.len() + 3)
}

/// `user@host:~$ `, `[user@host dir]# `, `sh-5.1# `, `host:~# `.
fn shell_prompt(body: &str) -> Option<usize> {
    if let Some(len) = place_prompt(body).or_else(|| spaced_prompt(body)).or_else(|| glued_prompt(body)) {
        return Some(len);
    }
    // A host's whole name and a folder are long.
    let window = head_of(body, 160);
    let end = find_piece(window, "$ ").into_iter().chain(find_piece(window, "# ")).min()?;
    let head = &window[..end];
    let bracketed = head.starts_with('[') && head.ends_with(']') && (head.contains('@') || head.contains(' '));
    let shell = ["sh-", "bash-", "zsh-"].iter().any(|s| head.starts_with(s)) && !head.contains(' ');
    let host = head.split_once('@').is_some_and(|(user, rest)| {
        let apart = head.bytes().any(|byte| byte.is_ascii_whitespace());
        !user.is_empty() && !apart && (rest.contains(':') || head.len() < 40)
    });
    let path = head.split_once(':').is_some_and(|(host, path)| {
        let named = |b: u8| b.is_ascii_alphanumeric() || b"-._".contains(&b);
        path.starts_with(['~', '/']) && !path.contains(' ') && !host.is_empty() && host.bytes().all(named)
    });
    (bracketed || shell || host || path).then_some(end + 2)
}

/// `db=> `, `db=# `, `mysql> `, `MariaDB [db]> `, `sqlite> `; a bare `db# ` before a statement too.
fn sql_prompt(body: &str) -> Option<usize> {
    for fixed in ["mysql> ", "sqlite> ", "SQL> ", "mariadb> ", "cqlsh> ", "MySQL> ", "postgres> "] {
        if body.starts_with(fixed) {
            return Some(fixed.len());
        }
    }
    if body.starts_with("MariaDB [") || body.starts_with("mysql [") {
        return body.find("]> ").map(|at| at + 3);
    }
    let plain = |name: &str| {
        !name.is_empty() && name.len() < 64 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b))
    };
    if let Some(at) = find_piece(body, "=> ").or_else(|| find_piece(body, "=# ")) {
        return plain(&body[..at]).then_some(at + 3);
    }
    let at = find_piece(body, "# ").filter(|at| plain(&body[..*at]))?;
    let rest = body[at + 2..].trim_start();
    (rest.starts_with('\\') || super::sql::starts_statement(rest)).then_some(at + 2)
}

/// `print(x)`, `x = 1`: what a language's console takes.
pub fn is_call(body: &str) -> bool {
    let word = body.bytes().take_while(|b| b.is_ascii_alphanumeric() || b"_.".contains(b)).count();
    body[word..].trim_start().starts_with(['(', '=', '['])
}

/// `\du`, `\q`, `\d+ orders`: what only `psql` takes, and what people type there; `\gset` and `\if` stand in files.
pub fn is_of_psql(body: &str) -> bool {
    const TYPED: [&str; 12] =
        ["l", "c", "q", "x", "z", "i", "list", "connect", "quit", "timing", "conninfo", "password"];
    let Some(rest) = body.strip_prefix('\\') else { return false };
    let name = &rest[..rest.bytes().take_while(u8::is_ascii_lowercase).count()];
    let describes = name.starts_with('d') && name.len() < 4;
    (describes || TYPED.contains(&name)) && rest.as_bytes().get(name.len()).is_none_or(|byte| b" +;".contains(byte))
}

/// `\du`, `\l`, `\d+ orders`: what people ask `psql`, and no digit of a pattern such as `\d+`.
pub fn is_asked_of_psql(span: &str) -> bool {
    let name = split(span).next().unwrap_or("").trim_end_matches('+');
    let told = span.len() > name.len() + 2 || name.len() > 2 || name == "\\l";
    told && is_of_psql(span) && !matches!(name, "\\q" | "\\x" | "\\quit" | "\\timing" | "\\z") || copies(span)
}

/// `\copy orders to 'orders.csv' csv`: nothing but `psql` knows it, wherever it stands.
pub fn copies(body: &str) -> bool {
    let Some(rest) = body.strip_prefix("\\copy ") else { return false };
    split(rest).any(|word| word.eq_ignore_ascii_case("to") || word.eq_ignore_ascii_case("from"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(line: &str, console: bool) -> Option<(&str, Prompt)> {
        find(line, Style { hash: console, angle: console, tilde: console }).map(|p| (&line[p.start..], p.prompt))
    }

    #[test]
    fn prompts_are_taken_off() {
        assert_eq!(typed("$ ls -l", false), Some(("ls -l", Prompt::Shell)));
        assert_eq!(typed("sh-5.1# cat etc/hosts", true), Some(("cat etc/hosts", Prompt::Shell)));
        assert_eq!(typed("[root@db-1 ~]# ls", false), Some(("ls", Prompt::Shell)));
        assert_eq!(typed("deploy@web:~$ ls", false), Some(("ls", Prompt::Shell)));
        assert_eq!(typed("shop=> select 1;", false), Some(("select 1;", Prompt::Sql)));
        assert_eq!(typed("MariaDB [shop]> select 1;", false), Some(("select 1;", Prompt::Sql)));
        assert_eq!(typed("db-1:~$ ping x", false), Some(("ping x", Prompt::Shell)));
        assert_eq!(typed("❯ ls", false), Some(("ls", Prompt::Shell)));
        assert_eq!(typed("template1# \\dt", false), Some(("\\dt", Prompt::Sql)));
        assert_eq!(typed("127.0.0.1:6379> info", false), Some(("info", Prompt::Other)));
        assert_eq!(typed("PS C:\\> Get-Service x", false), Some(("Get-Service x", Prompt::Other)));
        assert_eq!(typed("C:\\app> dir", false), Some(("dir", Prompt::Other)));
        assert_eq!(typed("> slowlog get 10", true), Some(("slowlog get 10", Prompt::Other)));
        assert_eq!(typed("see: http://x/y> z", false), None);
    }

    #[test]
    fn a_hash_is_a_root_prompt_only_in_a_transcript() {
        assert_eq!(typed("# systemctl restart x", true), Some(("systemctl restart x", Prompt::Shell)));
        assert_eq!(typed("# systemctl restart x", false), None);
        assert_eq!(typed("# restart the service", true), None);
        assert_eq!(typed("> file", true), None);
    }
}
