//! Where one logical shell command ends.
//!
//! Not a shell parser: it knows as much of quotes, continuations, heredocs and loops as is needed to say
//! which lines belong together, and gives up line by line where they do not close.

use std::ops::Range;

use super::functions::begins;
use crate::words::table;

/// The longest command that is joined over lines, in bytes.
const LONGEST: usize = 64 * 1024;

/// What the words are made of that open and close something.
const WORD: [bool; 256] = table(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./{}");

/// The end of a logical command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    /// One after its last byte, without the line's end and a comment behind it.
    pub code: usize,
    /// Where the next line starts.
    pub next: usize,
}

impl End {
    /// Tells whether the last byte of the command is `mark`.
    pub fn ends_in(self, text: &str, mark: char) -> bool {
        text[..self.code].ends_with(mark)
    }
}

/// Finds the ends of logical commands, with bounded patience for what never closes.
pub struct Splitter {
    patience: usize,
}

impl Splitter {
    /// Makes one for one block.
    pub const fn new() -> Self {
        Self { patience: 8 }
    }

    /// Returns the end of the command that starts at `start`.
    pub fn end(&mut self, text: &str, start: usize) -> End {
        if self.patience > 0 {
            let mut scan = Scan::new(text, start);
            if let Some(end) = scan.run() {
                return end;
            }
            self.patience -= 1;
        }
        continued_line(text, start)
    }
}

/// Returns the comments in a text, but for what is quoted or held by a heredoc; line by line where nothing closes.
pub fn comments(text: &str) -> Vec<&str> {
    let (mut found, mut at, mut patience) = (Vec::new(), 0, Splitter::new().patience);
    while at < text.len() {
        let mut scan = Scan::new(text, at);
        let whole = if patience > 0 { scan.run() } else { None };
        let next = whole.map_or_else(|| line_end(text, at), |end| end.next);
        if whole.is_none() {
            patience = patience.saturating_sub(1);
            scan = Scan::new(&text[..next], at);
            scan.run();
        }
        found.extend(scan.comments.into_iter().map(|comment| &text[comment]));
        at = next;
    }
    found
}

/// Where the next line starts.
fn line_end(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |end| at + end + 1)
}

/// The end of a line with its backslash continuations only.
fn continued_line(text: &str, start: usize) -> End {
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        at += line.len();
        if !line.trim_end().ends_with('\\') {
            break;
        }
    }
    End { code: start + text[start..at].trim_end().len(), next: at }
}

struct Scan<'a> {
    text: &'a str,
    bytes: &'a [u8],
    start: usize,
    at: usize,
    /// Open quotes and substitutions, innermost last: `'`, `"`, `` ` ``, `(`, and `=` for the second of `((`.
    open: Vec<u8>,
    loops: usize,
    /// Whether the next word stands where a command's name does.
    command_position: bool,
    /// Delimiters of heredocs that start on the next line, and whether tabs are stripped.
    heredocs: Vec<(String, bool)>,
    /// One after the last byte that is neither space nor comment.
    code: usize,
    comment: bool,
    /// Where the comments stand.
    comments: Vec<Range<usize>>,
}

impl<'a> Scan<'a> {
    fn new(text: &'a str, start: usize) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            start,
            at: start,
            open: Vec::new(),
            loops: 0,
            command_position: true,
            heredocs: Vec::new(),
            code: start,
            comment: false,
            comments: Vec::new(),
        }
    }

    fn run(&mut self) -> Option<End> {
        while let Some(&byte) = self.bytes.get(self.at) {
            if self.at - self.start > LONGEST || self.open.len() > 64 {
                return None;
            }
            if byte == b'\n' {
                if let Some(end) = self.line_end() {
                    return Some(end);
                }
                continue;
            }
            self.step(byte);
            if !byte.is_ascii_whitespace() && !self.comment {
                self.code = self.at.min(self.bytes.len());
            }
        }
        let closed = self.open.is_empty() && self.loops == 0;
        closed.then_some(End { code: self.code, next: self.bytes.len() })
    }

    fn line_end(&mut self) -> Option<End> {
        self.comment = false;
        self.at += 1;
        if matches!(self.open.last(), None | Some(b'(')) {
            for (delimiter, tabs) in std::mem::take(&mut self.heredocs) {
                self.skip_heredoc(&delimiter, tabs);
            }
        }
        if !self.open.is_empty() {
            return None;
        }
        self.command_position = true;
        // `a && \` before a blank line goes on as well.
        let line = self.text[self.start..self.code].trim_end().trim_end_matches('\\').trim_end();
        let goes_on = line.ends_with('|') || line.ends_with("&&");
        (self.loops == 0 && !goes_on).then_some(End { code: self.code, next: self.at })
    }

    fn skip_heredoc(&mut self, delimiter: &str, tabs: bool) {
        for line in self.text[self.at..].split_inclusive('\n') {
            self.at += line.len();
            let body = line.trim_end_matches(['\n', '\r']);
            let body = if tabs { body.trim_start_matches('\t') } else { body };
            self.code = self.at - (line.len() - line.trim_end_matches(['\n', '\r']).len());
            if body.trim_end() == delimiter {
                return;
            }
        }
    }

    fn step(&mut self, byte: u8) {
        match self.open.last() {
            _ if self.comment => self.at += 1,
            Some(b'\'') => {
                if byte == b'\'' {
                    self.open.pop();
                }
                self.at += 1;
            }
            Some(b'"') => self.in_double(byte),
            Some(b'`') if byte == b'`' => {
                self.open.pop();
                self.at += 1;
            }
            _ => self.plain(byte),
        }
    }

    fn in_double(&mut self, byte: u8) {
        match byte {
            b'\\' => self.at += 2,
            b'"' => {
                self.open.pop();
                self.at += 1;
            }
            b'$' if self.bytes.get(self.at + 1) == Some(&b'(') => {
                self.open.push(b'(');
                self.at += 2;
            }
            _ => self.at += 1,
        }
    }

    fn plain(&mut self, byte: u8) {
        match byte {
            b'\\' => self.backslash(),
            b'\'' | b'"' | b'`' => {
                self.open.push(byte);
                self.command_position = false;
                self.at += 1;
            }
            b'#' if self.word_starts() => {
                let rest = &self.text[self.at..line_end(self.text, self.at)];
                self.comments.push(self.at..self.at + rest.trim_end().len());
                self.comment = true;
            }
            b'(' => {
                let sums = self.at > self.start && self.bytes[self.at - 1] == b'(' && self.open.last() == Some(&b'(');
                self.open.push(if sums { b'=' } else { b'(' });
                self.command_position = true;
                self.at += 1;
            }
            b')' => {
                if matches!(self.open.last(), Some(b'(' | b'=')) {
                    self.open.pop();
                }
                self.at += 1;
            }
            // In `$((1 << n))` it shifts.
            b'<' if self.text[self.at..].starts_with("<<") && !self.open.contains(&b'=') => self.heredoc(),
            b';' | b'|' | b'&' | b'\n' => {
                self.command_position = true;
                self.at += 1;
            }
            _ if byte.is_ascii_alphabetic() || matches!(byte, b'{' | b'}') => self.word(),
            _ => {
                if !byte.is_ascii_whitespace() {
                    self.command_position = false;
                }
                self.at += 1;
            }
        }
    }

    /// A backslash at a line's end joins the lines, also where a space slipped in behind it.
    fn backslash(&mut self) {
        let rest = &self.text[self.at + 1..];
        let spaces = rest.len() - rest.trim_start_matches([' ', '\t', '\r']).len();
        if rest[spaces..].starts_with('\n') {
            self.at += 1 + spaces + 1;
        } else {
            self.at += 2;
        }
    }

    fn word_starts(&self) -> bool {
        self.at == 0 || self.bytes[self.at - 1].is_ascii_whitespace() || b";(".contains(&self.bytes[self.at - 1])
    }

    fn word(&mut self) {
        let free = self.word_starts() || b"|&".contains(&self.bytes[self.at - 1]);
        let rest = &self.bytes[self.at..];
        let len = rest.iter().take_while(|byte| WORD[usize::from(**byte)]).count().max(1);
        let word = &rest[..len];
        self.at += len;
        if !free || !self.command_position || !self.open.is_empty() {
            self.command_position = false;
            return;
        }
        match word {
            b"for" | b"while" | b"until" | b"if" | b"case" | b"{" => self.loops += 1,
            b"done" | b"fi" | b"esac" | b"}" => self.loops = self.loops.saturating_sub(1),
            b"then" | b"do" | b"else" | b"elif" => {}
            // `function name {` opens a body that `}` closes.
            b"function" if begins(&self.text[self.at - len..]).is_some() => {
                self.at += self.text[self.at..].find('{').unwrap_or(0);
            }
            _ => {
                // `name() {` opens a body that `}` closes.
                let body = self.text[self.at..].strip_prefix("()").is_some_and(|r| r.trim_start().starts_with('{'));
                if body {
                    self.at += 2;
                    return;
                }
                self.command_position = false;
            }
        }
    }

    fn heredoc(&mut self) {
        let rest = &self.text[self.at + 2..];
        if rest.starts_with('<') {
            self.at += 3;
            return;
        }
        let tabs = rest.starts_with('-');
        let word = rest.trim_start_matches('-').trim_start_matches(' ');
        let skipped = rest.len() - word.len();
        let quote = word.chars().next().filter(|c| matches!(c, '\'' | '"'));
        let inner = quote.map_or(word, |_| &word[1..]);
        let len = inner.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
        self.at += 2 + skipped + len + usize::from(quote.is_some()) * 2;
        self.at = self.at.min(self.bytes.len());
        if len > 0 && !inner.starts_with(|c: char| c.is_ascii_digit()) {
            self.heredocs.push((inner[..len].to_owned(), tabs));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commands(text: &str) -> Vec<&str> {
        let (mut splitter, mut at, mut out) = (Splitter::new(), 0, Vec::new());
        while at < text.len() {
            let line = text[at..].split_inclusive('\n').next().unwrap_or("");
            if line.trim().is_empty() || line.trim_start().starts_with('#') {
                at += line.len();
                continue;
            }
            let end = splitter.end(text, at);
            out.push(&text[at..end.code]);
            at = end.next;
        }
        out
    }

    #[test]
    fn lines_that_belong_together_stay_together() {
        for one in [
            "kubectl get pods \\\n  -n shop",
            "kubectl get pods \\ \n  -n shop",
            "psql -c \"\nselect 1;\nselect 2;\n\"",
            "cat <<EOF > x\na 'b\n\n# c\nEOF",
            "cat <<-'EOF'\n\ta\n\tEOF",
            "for p in $(cat x); do\n  kill $p\ndone",
            "if true; then\n  ls\nfi",
            "a |\n  b",
            "a &&\n  b",
            "drain() {\n  kubectl drain x\n}",
            "function drain {\n  kubectl drain x\n}",
            "function drain() { kubectl drain x; }",
            "x=$(a |\n  b)",
        ] {
            assert_eq!(commands(one), [one]);
            let two = format!("{one}\nls\n");
            assert_eq!(commands(&two), [one, "ls"]);
        }
    }

    #[test]
    fn comments_behind_a_command_are_cut() {
        assert_eq!(commands("cd a  # and b\nls"), ["cd a", "ls"]);
        assert_eq!(commands("echo a#b '# c'"), ["echo a#b '# c'"]);
    }

    #[test]
    fn comments_are_told_from_what_only_looks_like_them() {
        let text = "f() {\n  # one\n  ls '# no' # two\n  cat > x <<-'EOF'\n# no\n\tEOF\n  echo $# a#b\n}";
        assert_eq!(comments(text), ["# one", "# two"]);
        for shift in ["n=$((1 << 4))", "n=$((1 << n))", "(( n << m ))", "echo 'a <<b'", "echo \"a <<b\"", "cat <<<b"] {
            assert_eq!(comments(&format!("f() {{\n  {shift}\n  # one\n  ls\n}}")), ["# one"], "{shift}");
        }
        assert_eq!(comments("x=$(cat <<EOF\n# it's no\nEOF\n)\n# one"), ["# one"]);
        assert_eq!(comments("echo don't # a\n# one\nls # two"), ["# one", "# two"]);
    }

    #[test]
    fn what_never_closes_is_read_line_by_line() {
        assert_eq!(commands("echo don't\nls\n"), ["echo don't", "ls"]);
        assert_eq!(commands("for x in y\nls\n"), ["for x in y", "ls"]);
    }

    #[test]
    fn multibyte_text_does_not_break_a_boundary() {
        assert_eq!(commands("echo \\é\necho \"\\é\"\n"), ["echo \\é", "echo \"\\é\""]);
    }
}
