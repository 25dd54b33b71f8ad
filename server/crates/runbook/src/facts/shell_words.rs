//! A shell command as simple commands of words, for looking into it; not for running it.

use std::ops::Range;

use crate::words::table;

/// What is longer is not looked into.
const LONGEST: usize = 64 * 1024;

/// A word, without its quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// What the program gets, but for substitutions, which stay as written.
    pub text: String,
    /// Where it stands in the command, quotes included.
    pub range: Range<usize>,
}

/// Words up to an operator.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Simple {
    pub words: Vec<Word>,
    /// Whether its input or output goes elsewhere.
    pub redirected: bool,
    /// The body of its heredoc.
    pub heredoc: Option<Range<usize>>,
}

/// What stands for itself in a word, wherever that is.
const PLAIN: [bool; 256] = table(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=,@%+");

/// Splits a command; nothing where it is too long.
pub fn split(text: &str) -> Vec<Simple> {
    if text.len() > LONGEST {
        return Vec::new();
    }
    let mut scan = Scan { text, at: 0, done: Vec::new(), open: Simple::default(), heredocs: Vec::new() };
    scan.run();
    scan.done
}

struct Scan<'a> {
    text: &'a str,
    at: usize,
    done: Vec<Simple>,
    open: Simple,
    /// Delimiters whose bodies start on the next line.
    heredocs: Vec<String>,
}

impl Scan<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn run(&mut self) {
        while let Some(c) = self.rest().chars().next() {
            match c {
                '\n' => self.line_end(),
                c if c.is_whitespace() => self.at += c.len_utf8(),
                '\\' if self.rest()[1..].starts_with(['\n', '\r']) => self.at += 2,
                '#' => self.at += self.rest().find('\n').unwrap_or(self.rest().len()),
                ';' | '|' | '&' => {
                    self.at += 1;
                    self.end();
                }
                '<' if self.rest().starts_with("<<") && !self.rest().starts_with("<<<") => self.heredoc(),
                '<' | '>' => {
                    self.open.redirected = true;
                    self.at += 1;
                }
                '(' | ')' => self.at += 1,
                _ => self.word(),
            }
        }
        self.end();
    }

    fn end(&mut self) {
        let simple = std::mem::take(&mut self.open);
        if !simple.words.is_empty() {
            self.done.push(simple);
        }
    }

    fn line_end(&mut self) {
        self.at += 1;
        for delimiter in std::mem::take(&mut self.heredocs) {
            let start = self.at;
            for line in self.text[start..].split_inclusive('\n') {
                if line.trim() == delimiter {
                    self.open.heredoc = Some(start..self.at);
                    self.at += line.len();
                    break;
                }
                self.at += line.len();
            }
        }
        self.end();
    }

    fn heredoc(&mut self) {
        self.at += 2;
        let skip = self.rest().len() - self.rest().trim_start_matches(['-', ' ']).len();
        self.at += skip;
        let len = self.rest().find(char::is_whitespace).unwrap_or(self.rest().len());
        let delimiter = self.rest()[..len].trim_matches(['\'', '"']).to_owned();
        self.at += len;
        self.heredocs.push(delimiter);
    }

    fn word(&mut self) {
        let start = self.at;
        let (mut text, mut quote, mut depth) = (String::new(), None, 0usize);
        let rest = self.rest();
        let plain = rest.bytes().take_while(|byte| PLAIN[usize::from(*byte)]).count();
        // Most words are nothing but plain letters.
        text.push_str(&rest[..plain]);
        let mut chars = rest[plain..].char_indices().map(|(at, c)| (plain + at, c));
        let mut len = rest.len();
        while let Some((at, c)) = chars.next() {
            match (quote, c) {
                (Some('\''), '\'') => quote = None,
                (Some('"'), '"') if depth == 0 => quote = None,
                (Some('"') | None, '\\') => match chars.next() {
                    Some((_, '\n')) | None => {}
                    Some((_, next)) => {
                        if quote == Some('"') && !matches!(next, '"' | '$' | '`' | '\\') {
                            text.push('\\');
                        }
                        text.push(next);
                    }
                },
                (None, '\'' | '"') if depth == 0 => quote = Some(c),
                (None, c) if depth == 0 && (c.is_whitespace() || matches!(c, ';' | '|' | '&' | '<' | '>' | ')')) => {
                    len = at;
                    break;
                }
                (_, c) => {
                    let opens = c == '(' && (depth > 0 || text.ends_with('$'));
                    depth += usize::from(opens && quote != Some('\''));
                    depth -= usize::from(c == ')' && depth > 0);
                    text.push(c);
                }
            }
        }
        self.at = start + len.max(1);
        while !self.text.is_char_boundary(self.at) {
            self.at += 1;
        }
        self.open.words.push(Word { text, range: start..self.at });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<Vec<String>> {
        split(text).into_iter().map(|s| s.words.into_iter().map(|w| w.text).collect()).collect()
    }

    #[test]
    fn commands_are_split_at_operators_outside_quotes() {
        assert_eq!(words("a 'b | c' | d; e"), [vec!["a", "b | c"], vec!["d"], vec!["e"]]);
        assert_eq!(words("x \"say \\\"hi\\\" $(date; ls)\" y"), [vec!["x", "say \"hi\" $(date; ls)", "y"]]);
        assert_eq!(words("a \\\n  -b"), [vec!["a", "-b"]]);
        assert_eq!(words("a # b\nc"), [vec!["a"], vec!["c"]]);
    }

    #[test]
    fn a_heredoc_belongs_to_its_command() {
        let text = "psql shop <<'EOF'\nselect 1;\nEOF\nls";
        let simple = split(text);
        assert_eq!(&text[simple[0].heredoc.clone().unwrap()], "select 1;\n");
        assert_eq!(simple[1].words[0].text, "ls");
    }

    #[test]
    fn what_never_closes_ends_with_the_text() {
        for text in ["'", "\"é", "$(", "a \\", "<<", "<<X\ny", "é'é"] {
            let _ = split(text);
        }
    }
}
