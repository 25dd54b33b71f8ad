//! Prompts in front of what was typed.

use super::known::{self, Word};

/// Whose prompt it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prompt {
    /// A shell's.
    Shell,
    /// A database client's.
    Sql,
}

/// A line with its prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prompted {
    /// Whose prompt it is.
    pub prompt: Prompt,
    /// Where the typed text starts, in bytes of the line.
    pub start: usize,
}

/// Finds the prompt of a line; `console` says that the fence is labelled as a transcript.
pub fn find(line: &str, console: bool) -> Option<Prompted> {
    let indent = line.len() - line.trim_start().len();
    let body = &line[indent..];
    let at = |len: usize, prompt| {
        let spaces = body[len..].len() - body[len..].trim_start_matches(' ').len();
        Some(Prompted { prompt, start: indent + len + spaces })
    };
    if body.starts_with("$ ") || body.starts_with("% ") && known_command(&body[2..]) {
        return at(2, Prompt::Shell);
    }
    if console && (body.starts_with("# ") || body.starts_with("> ")) && known_command(&body[2..]) {
        return at(2, Prompt::Shell);
    }
    if let Some(len) = shell_prompt(body) {
        return at(len, Prompt::Shell);
    }
    sql_prompt(body).and_then(|len| at(len, Prompt::Sql))
}

/// Returns the length of a database client's continuation prompt, as `db-> ` and `    -> `.
pub fn continuation(line: &str) -> Option<usize> {
    let arrow = line.find("-> ").map(|at| at + 3).or_else(|| line.find("-# ").map(|at| at + 3))?;
    let name = line[..arrow - 3].trim();
    name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_').then_some(arrow)
}

fn known_command(rest: &str) -> bool {
    let word = rest.split_whitespace().next().unwrap_or("");
    matches!(known::word(word), Word::Sure) || known::word(word) == Word::Maybe && rest.trim() != word
}

/// `user@host:~$ `, `[user@host dir]# `, `sh-5.1# `, `host:~# `, `PS C:\> `.
fn shell_prompt(body: &str) -> Option<usize> {
    let window = crate::words::shorten(body, 100);
    if let Some(rest) = window.strip_prefix("PS ") {
        return rest.find("> ").map(|at| 3 + at + 2);
    }
    let end = window.find("$ ").into_iter().chain(window.find("# ")).min()?;
    let head = &window[..end];
    let bracketed = head.starts_with('[') && head.ends_with(']') && head.contains('@');
    let shell = ["sh-", "bash-", "zsh-"].iter().any(|s| head.starts_with(s)) && !head.contains(' ');
    let host = head
        .split_once('@')
        .is_some_and(|(user, rest)| !user.is_empty() && !head.contains(' ') && (rest.contains(':') || head.len() < 40));
    (bracketed || shell || host).then_some(end + 2)
}

/// `db=> `, `db=# `, `mysql> `, `MariaDB [db]> `, `sqlite> `, `redis-cli` and others are not SQL.
fn sql_prompt(body: &str) -> Option<usize> {
    for fixed in ["mysql> ", "sqlite> ", "SQL> "] {
        if body.starts_with(fixed) {
            return Some(fixed.len());
        }
    }
    if body.starts_with("MariaDB [") {
        return body.find("]> ").map(|at| at + 3);
    }
    let at = body.find("=> ").or_else(|| body.find("=# "))?;
    let name = &body[..at];
    let plain =
        !name.is_empty() && name.len() < 64 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b));
    plain.then_some(at + 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(line: &str, console: bool) -> Option<(&str, Prompt)> {
        find(line, console).map(|p| (&line[p.start..], p.prompt))
    }

    #[test]
    fn prompts_are_taken_off() {
        assert_eq!(typed("$ ls -l", false), Some(("ls -l", Prompt::Shell)));
        assert_eq!(typed("sh-5.1# cat etc/hosts", true), Some(("cat etc/hosts", Prompt::Shell)));
        assert_eq!(typed("[root@db-1 ~]# ls", false), Some(("ls", Prompt::Shell)));
        assert_eq!(typed("deploy@web:~$ ls", false), Some(("ls", Prompt::Shell)));
        assert_eq!(typed("shop=> select 1;", false), Some(("select 1;", Prompt::Sql)));
        assert_eq!(typed("MariaDB [shop]> select 1;", false), Some(("select 1;", Prompt::Sql)));
    }

    #[test]
    fn a_hash_is_a_root_prompt_only_in_a_transcript() {
        assert_eq!(typed("# systemctl restart x", true), Some(("systemctl restart x", Prompt::Shell)));
        assert_eq!(typed("# systemctl restart x", false), None);
        assert_eq!(typed("# restart the service", true), None);
        assert_eq!(typed("> file", true), None);
    }
}
