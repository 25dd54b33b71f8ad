//! What HTML hides or shows as it stands: comments, `<pre>` and the like. No fence and no directive in it is one.

use std::ops::Range;

/// What only begins a block at the start of a line, and what ends it.
const BLOCKS: [(&str, &str); 4] =
    [("<pre", "</pre"), ("<script", "</script"), ("<style", "</style"), ("<textarea", "</textarea")];

/// HTML that is no Markdown.
#[derive(Debug, PartialEq, Eq)]
pub struct Raw {
    /// From its first bracket to the end of the line where it ends, or right behind its end within a sentence.
    pub span: Range<usize>,
    /// Whether CommonMark would read what stands in it: a comment that begins within a sentence and holds blocks.
    pub cut: bool,
}

/// Goes through such HTML, in order.
pub struct Raws<'a> {
    text: &'a str,
    /// Behind the last comment's end: what begins there is never closed.
    closed: usize,
}

impl<'a> Raws<'a> {
    /// Goes through a text.
    pub fn new(text: &'a str) -> Self {
        Self { text, closed: memchr::memmem::rfind(text.as_bytes(), b"-->").unwrap_or(0) }
    }

    /// Finds the next from a place on.
    pub fn next(&self, from: usize) -> Option<Raw> {
        let bytes = self.text.as_bytes();
        memchr::memchr_iter(b'<', &bytes[from..]).map(|at| from + at).find_map(|at| match bytes.get(at + 1) {
            Some(b'!') => self.comment(at),
            Some(b'p' | b'P' | b's' | b'S' | b't' | b'T') => self.block(at),
            _ => None,
        })
    }

    /// What stands before a place in its line; nothing where that is too long to say.
    fn before(&self, at: usize) -> Option<&'a str> {
        const LONGEST: usize = 1000;
        let bytes = &self.text.as_bytes()[at.saturating_sub(LONGEST)..at];
        let length = memchr::memrchr(b'\n', bytes).map(|end| bytes.len() - end - 1);
        let length = length.or_else(|| (bytes.len() == at).then_some(at))?;
        Some(&self.text[at - length..at])
    }

    fn comment(&self, at: usize) -> Option<Raw> {
        let text = self.text;
        if !text[at..].starts_with("<!--") {
            return None;
        }
        let before = self.before(at)?;
        // Within a code span it is text.
        if !before.bytes().filter(|byte| *byte == b'`').count().is_multiple_of(2) {
            return None;
        }
        let begins = begins(before);
        let found = if at < self.closed { memchr::memmem::find(&text.as_bytes()[at + 4..], b"-->") } else { None };
        match found.map(|end| at + 4 + end + 3) {
            Some(end) if begins => Some(Raw { span: at..line_end(text, end), cut: false }),
            Some(end) => Some(Raw { span: at..end, cut: indent(before) <= 3 && holds_blocks(&text[at..end]) }),
            // What is never closed hides all that follows, unless it stands within a sentence.
            None => (begins && indent(before) <= 3).then_some(Raw { span: at..text.len(), cut: false }),
        }
    }

    fn block(&self, at: usize) -> Option<Raw> {
        let rest = &self.text.as_bytes()[at..];
        let opens = |tag: &str| {
            let named = rest.get(..tag.len()).is_some_and(|name| name.eq_ignore_ascii_case(tag.as_bytes()));
            named && rest.get(tag.len()).is_none_or(|byte| byte.is_ascii_whitespace() || *byte == b'>')
        };
        let (_, close) = BLOCKS.iter().find(|(tag, _)| opens(tag))?;
        self.before(at).filter(|before| begins(before) && indent(before) <= 3)?;
        let ends = |end: &usize| {
            let name = rest.get(*end..end + close.len());
            name.is_some_and(|name| name.eq_ignore_ascii_case(close.as_bytes()))
        };
        let end = memchr::memchr_iter(b'<', rest).find(ends);
        let end = end.map_or(self.text.len(), |end| line_end(self.text, at + end));
        Some(Raw { span: at..end, cut: false })
    }
}

fn indent(before: &str) -> usize {
    before.len() - before.trim_start_matches(' ').len()
}

/// Tells whether nothing but marks of lists and quotes stands before a place in its line.
fn begins(before: &str) -> bool {
    before.trim_start_matches(['>', ' ', '\t', '-', '*', '+']).is_empty()
}

/// Tells whether a blank line, or one that begins a block, stands in what should be one comment.
fn holds_blocks(comment: &str) -> bool {
    comment.lines().skip(1).map(str::trim_start).any(|line| {
        let digits = line.bytes().take_while(u8::is_ascii_digit).count();
        line.is_empty()
            || ["```", "~~~", ":::", "- ", "* ", "+ ", "#", "|", "> "].iter().any(|mark| line.starts_with(mark))
            || digits > 0 && line[digits..].starts_with(['.', ')'])
    })
}

fn line_end(text: &str, from: usize) -> usize {
    memchr::memchr(b'\n', &text.as_bytes()[from..]).map_or(text.len(), |end| from + end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_html_hides_is_found() {
        let of = |text: &'static str| Raws::new(text).next(0).map(|raw| (&text[raw.span], raw.cut));
        assert_eq!(of("a\n<!-- b\n\nc --> d\ne"), Some(("<!-- b\n\nc --> d\n", false)));
        assert_eq!(of("a <!-- b\n```\nc -->\nd"), Some(("<!-- b\n```\nc -->", true)));
        assert_eq!(of("a <!-- b\nc -->\nd"), Some(("<!-- b\nc -->", false)));
        assert_eq!(of("<PRE class=x>\na\n</Pre>\nb"), Some(("<PRE class=x>\na\n</Pre>\n", false)));
        assert_eq!(of("- <!-- b"), Some(("<!-- b", false)));
        for none in ["a <!-- b", "`<!--` a -->", "<preview>", "a <pre>", "    <pre>", "<"] {
            assert_eq!(of(none), None, "{none}");
        }
    }
}
