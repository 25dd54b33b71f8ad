//! Variables, and what an option is given in brackets.

use super::Scan;
use crate::params::is_variable;

/// Variables that every shell has.
const GIVEN: [&str; 24] = [
    "HOME", "PATH", "USER", "PWD", "OLDPWD", "HOSTNAME", "SHELL", "EDITOR", "RANDOM", "SECONDS", "LINENO", "UID",
    "EUID", "PPID", "IFS", "TMPDIR", "LANG", "TERM", "LOGNAME", "BASHPID", "OSTYPE", "REPLY", "OPTARG", "NF",
];

impl Scan<'_> {
    /// `$NAME` and `${NAME}` that nothing assigned and that the shell does not bring along.
    pub(super) fn variable(&self) -> Option<usize> {
        let rest = &self.text[self.at + 1..];
        let braced = rest.starts_with('{');
        let name = rest.trim_start_matches('{');
        let end = name.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
        let name = &name[..end];
        let closed = !braced || rest[1 + end..].starts_with('}');
        let doubled = rest.starts_with("{{");
        let known = || {
            GIVEN.contains(&name)
                || self.assigned.0.contains(name)
                || self.own().get(name).is_some_and(|set| *set <= self.at)
                || self.literal().contains(&self.at)
        };
        if !closed {
            return dashed(&rest[1..]).filter(|_| !doubled && !known()).map(|len| len + 2);
        }
        (is_variable(name) && !doubled && !known()).then_some(1 + end + if braced { 2 } else { 0 })
    }

    /// `-u [user]`, `-p[password]`, `--value "[value]"`: an option is given what stands in brackets.
    pub(super) fn is_after_option(&self, at: usize) -> bool {
        let head = &self.bytes[..at];
        let is_option = |word: &[u8]| {
            word.len() > 1 && word[0] == b'-' && word[1..].iter().all(|b| b.is_ascii_alphabetic() || *b == b'-')
        };
        let last = |head: &[u8]| memchr::memrchr2(b' ', b'\n', head).map_or(0, |gap| gap + 1);
        // What an option picks from an answer is written so too.
        let picks = |word: &[u8]| matches!(word, b"--query" | b"--filter" | b"--jq" | b"--jsonpath" | b"-c" | b"-e");
        match head {
            [rest @ .., b' '] => is_option(&rest[last(rest)..]),
            [rest @ .., b' ', quote @ (b'"' | b'\'')] => {
                let word = &rest[last(rest)..];
                let end = memchr::memchr(b']', &self.bytes[at..]).map(|end| at + end + 1);
                end.and_then(|end| self.bytes.get(end)) == Some(quote) && is_option(word) && !picks(word)
            }
            [_, ..] => head.len() - last(head) == 2 && is_option(&head[last(head)..]),
            [] => false,
        }
    }
}

/// The length of `db-instance-name}`, `your-host}`: to a shell a variable with a default, to whoever wrote it a name to fill in.
fn dashed(text: &str) -> Option<usize> {
    let end = text.bytes().position(|b| !b.is_ascii_lowercase() && !b.is_ascii_digit() && b != b'-')?;
    let name = text[..end].trim_end_matches('-');
    let own = ["your-", "seu-", "sua-", "tu-", "su-", "mi-"].iter().any(|start| name.starts_with(start));
    let named = name.starts_with(|c: char| c.is_ascii_lowercase()) && name.len() == end;
    let parts = || memchr::memchr_iter(b'-', name.as_bytes()).count();
    (named && text[end..].starts_with('}') && (own || parts() > 1 && !name.contains("--"))).then_some(end + 1)
}
