//! Comments within one command: between `BEGIN` and `COMMIT`, in a function or a loop.

use farol_api::graph::CommandLanguage;

use crate::code::shell_comments;
use crate::steps::Walker;
use crate::steps::forbidden::heeds::Heed;
use crate::steps::forbidden::{forbid, running, variants};
use crate::words::{fold, has, lines, shorten};

/// As many comments as are read in one command.
const MOST: usize = 200;

impl Walker<'_> {
    /// Tells whether a comment within a command forbids it, or warns of something else.
    pub(in crate::steps) fn heed_inside<'t>(&self, language: CommandLanguage, text: &'t str) -> Heed<'t> {
        if !text.contains('\n') {
            return Heed::Nothing;
        }
        let sql = language == CommandLanguage::Sql;
        let changes = sql && ["begin", "start"].iter().any(|word| starts(text, word));
        // In a script a comment tells of programs ("do not fail if it is gone"), in changes of data of nothing but them.
        let forbids = |comment: &&str| {
            if changes {
                return self.forbids(comment);
            }
            forbid::may(self.lexicon, comment) && running::names_its_running(self.lexicon, &fold(shorten(comment, 400)))
        };
        let mut heed = Heed::Nothing;
        for comment in comments(text, sql).into_iter().take(MOST).filter(forbids) {
            if !variants::speaks_of_others(self.lexicon, &fold(comment), &fold(&without_comments(text, sql))) {
                return Heed::Forbidden;
            }
            heed = Heed::Warned(comment);
        }
        heed
    }
}

fn starts(text: &str, word: &str) -> bool {
    text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}

/// The words of the comments in a command, but for what a heredoc holds.
fn comments(text: &str, sql: bool) -> Vec<&str> {
    let found = if sql { in_statements(text) } else { shell_comments(text) };
    let words =
        found.into_iter().map(|comment| comment.trim_matches(|c: char| c.is_whitespace() || "#-/*=".contains(c)));
    words.filter(|words| !words.is_empty()).collect()
}

/// A command without the lines that are nothing but comments.
fn without_comments(text: &str, sql: bool) -> String {
    let mark = if sql { "--" } else { "#" };
    lines(text).filter(|line| !line.trim_start().starts_with(mark)).collect::<Vec<_>>().join("\n")
}

fn in_statements(text: &str) -> Vec<&str> {
    let (mut found, mut block) = (Vec::new(), false);
    // Most statements have none.
    if memchr::memchr(b'#', text.as_bytes()).is_none() && !has(text, "--") && !has(text, "/*") {
        return found;
    }
    for line in lines(text) {
        let start = || {
            let start = mark(line, "--").or_else(|| mark(line, "/*"));
            start.or_else(|| memchr::memchr(b'#', line.as_bytes()).and_then(|_| hash(line))).unwrap_or(line.len())
        };
        let comment = if block { line } else { &line[start()..] };
        block = (block || comment.starts_with("/*")) && !comment.contains("*/");
        found.push(comment);
    }
    found
}

/// Where a comment begins, outside quotes.
fn mark(line: &str, mark: &str) -> Option<usize> {
    if !has(line, mark) {
        return None;
    }
    outside_quotes(line).find(|at| line[*at..].starts_with(mark))
}

/// `#` at the start of a line or behind a blank.
fn hash(line: &str) -> Option<usize> {
    let bytes = line.as_bytes();
    outside_quotes(line).find(|at| bytes[*at] == b'#' && (*at == 0 || matches!(bytes[at - 1], b' ' | b'\t' | b';')))
}

/// The ASCII bytes of a line that stand outside quotes.
fn outside_quotes(line: &str) -> impl Iterator<Item = usize> {
    let mut quotes = [false; 2];
    line.bytes().enumerate().filter_map(move |(at, byte)| {
        match byte {
            b'\'' if !quotes[1] => quotes[0] = !quotes[0],
            b'"' if !quotes[0] => quotes[1] = !quotes[1],
            _ => {}
        }
        (byte.is_ascii() && quotes == [false; 2]).then_some(at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_told_from_what_only_looks_like_them() {
        assert_eq!(comments("f() {\n  # one\n  ls '# no' ## two\n}", false), ["one", "two"]);
        let sql = "BEGIN;\n-- one\nUPDATE t SET a = '--'; -- two\n/* three\n   four */\n# five\nCOMMIT;";
        assert_eq!(comments(sql, true), ["one", "two", "three", "four", "five"]);
    }
}
