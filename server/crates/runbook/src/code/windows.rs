//! PowerShell: what is typed there, and where one command ends.

use super::known;
use super::shell::End;
use crate::words::{lines, split};

/// Tells whether a line of a PowerShell block starts a statement that is no program: `$x = …`, `[Math]::Max(1, 2)`.
pub fn starts_statement(line: &str) -> bool {
    let line = line.trim_start();
    let called = line.starts_with('[') && line.contains("]::");
    called
        || line.starts_with("& ")
        || line.starts_with(".\\")
        || line.strip_prefix(". ").is_some_and(|script| script.starts_with(['$', '.', '"', '\'']))
        || line.starts_with('$') && line[1..].starts_with(|c: char| c.is_alphabetic())
}

/// Tells whether a line is PowerShell whatever its label: `$env:X = …`, `$x = Get-Item …`.
pub fn is_surely(line: &str) -> bool {
    let value = line.strip_prefix('$').and_then(|l| l.split_once('=')).map_or("", |(_, value)| value.trim_start());
    // `PowerShell -File x.ps1`, with a capital as people write the name.
    let started = line.strip_prefix("PowerShell").map(|rest| rest.strip_prefix(".exe").unwrap_or(rest));
    started.is_some_and(|rest| rest.starts_with(" -"))
        || line.starts_with("$env:") && line.contains('=')
        || known::is_cmdlet(value)
        || known::is_cmdlet(line)
}

/// Tells whether a word is a script of Windows: `.\deploy.ps1`, `..\bin\job.exe`, `start-api.bat`.
pub fn is_script(word: &str) -> bool {
    let word = word.trim_matches(['"', '\'']);
    let end = word.len().checked_sub(4).and_then(|at| word.get(at..)).unwrap_or("");
    let ends = |list: &[&str]| list.iter().any(|known| end.eq_ignore_ascii_case(known));
    if !ends(&[".ps1", ".bat", ".cmd", ".exe"]) {
        return false;
    }
    let near = word.starts_with(".\\") || word.starts_with("..\\");
    // `tools\deploy.bat`, but not `C:\tools\deploy.bat`, which may only be named.
    let bare = word.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.\\".contains(&b)) && !word.starts_with('\\');
    near || bare && ends(&[".ps1", ".bat", ".cmd"])
}

/// ``docker run ^``, ``docker run ` ``: tells whether the first `line` of a text goes on as it does in shells of Windows alone.
fn goes_on(line: &str, text: &str) -> bool {
    line.trim_end().strip_suffix(['^', '`']).is_some_and(|line| line.ends_with(' ')) && {
        let next = lines(text).nth(1).unwrap_or("");
        next.starts_with([' ', '\t', '-', '"']) && !next.trim().is_empty()
    }
}

/// Tells whether a text begins with a command of Windows, whatever the block is called.
pub fn begins(text: &str) -> bool {
    let line = lines(text).next().unwrap_or("");
    is_surely(line) || is_script(split(line).next().unwrap_or("")) || goes_on(line, text)
}

/// Finds the end of the command at `start`: its line, and more while brackets or quotes are open, after a
/// backtick, a caret or a pipe, and where the next line goes on with `else` or `catch`.
pub fn end(text: &str, start: usize) -> End {
    // What never closes is taken line by line.
    const LONGEST: usize = 8192;
    let mut scan = Scan::default();
    let (mut at, mut code, mut first) = (start, start, None);
    for line in text[start..].split_inclusive('\n') {
        let kept = scan.line(line);
        if kept > 0 {
            code = at + kept;
        }
        at += line.len();
        first.get_or_insert(End { code, next: at });
        let next = text[at..].trim_start();
        let goes_on = ["else", "catch", "finally"].iter().any(|w| next.starts_with(w)) && text[..code].ends_with('}');
        let joined = text[start..code].ends_with(['`', '|']) || text[start..code].ends_with(" ^");
        if at - start > LONGEST {
            break;
        }
        if scan.closed() && !joined && !goes_on {
            return End { code, next: at };
        }
    }
    first.filter(|_| !scan.closed()).unwrap_or(End { code, next: at })
}

#[derive(Default)]
struct Scan {
    quote: Option<char>,
    depth: usize,
}

impl Scan {
    fn closed(&self) -> bool {
        self.quote.is_none() && self.depth == 0
    }

    /// Reads a line; returns how much of it is no comment and no blank at its end.
    fn line(&mut self, line: &str) -> usize {
        let (mut kept, mut before) = (0, ' ');
        for (at, c) in line.char_indices() {
            match (self.quote, c) {
                (None, '#') if before.is_whitespace() => break,
                (None, '"' | '\'') => self.quote = Some(c),
                (None, '(' | '{' | '[') => self.depth += 1,
                (None, ')' | '}' | ']') => self.depth = self.depth.saturating_sub(1),
                (Some(open), c) if open == c && before != '`' => self.quote = None,
                _ => {}
            }
            if !c.is_whitespace() {
                kept = at + c.len_utf8();
            }
            before = c;
        }
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(text: &str) -> &str {
        &text[..end(text, 0).code]
    }

    #[test]
    fn a_command_goes_on_while_something_is_open() {
        assert_eq!(first("Get-Item a # b\nGet-Item b\n"), "Get-Item a");
        assert_eq!(first(".\\x.ps1 `\n  -Force\nls\n"), ".\\x.ps1 `\n  -Force");
        assert_eq!(first("Get-Item a |\n  Remove-Item\nls\n"), "Get-Item a |\n  Remove-Item");
        assert_eq!(first("if ($x) {\n  ls\n}\nelse {\n  pwd\n}\nls\n"), "if ($x) {\n  ls\n}\nelse {\n  pwd\n}");
        assert_eq!(first("$b = @{\n  a = 1\n}\nls\n"), "$b = @{\n  a = 1\n}");
        assert_eq!(first("echo \"open\nls\n"), "echo \"open");
        assert_eq!(first("docker run ^\n  -d web\ndir\n"), "docker run ^\n  -d web");
    }

    #[test]
    fn lines_that_only_windows_goes_on_are_told_from_others() {
        for text in ["docker run ^\n  -d web\n", "docker run `\n-d web\n", "psql ^ \r\n  \"x\"\n"] {
            assert!(begins(text), "{text}");
        }
        for text in ["git show HEAD^\n  x\n", "grep -c ^\nls\n", "echo `date`\n  x\n", "docker run ^\n\n  x\n", "x ^"] {
            assert!(!begins(text), "{text}");
        }
    }

    #[test]
    fn scripts_are_told_from_paths() {
        assert!(is_script(".\\scripts\\volta.ps1"));
        assert!(is_script("subir-api.bat"));
        assert!(!is_script("C:\\Windows\\x.exe"));
        assert!(is_surely("$r = Invoke-RestMethod -Uri x"));
        assert!(!is_surely("$x = 1"));
    }
}
