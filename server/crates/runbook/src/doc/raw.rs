//! What HTML hides or shows as it stands: comments, `<pre>` and the like. No fence and no directive in it is one.

use std::cell::Cell;
use std::ops::Range;

use crate::words::shorten;

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
    /// Where the first may begin, if any does.
    first: usize,
    /// Whether the text has HTML that blank lines do not end, other than these.
    pub declares: bool,
    /// Where the last comment ends, and the last of each kind of block: what begins behind that is never closed.
    closed: usize,
    ends: [usize; BLOCKS.len()],
    /// How many bytes were searched for ends: no more than there are.
    searched: Cell<usize>,
}

impl<'a> Raws<'a> {
    /// Goes through a text.
    pub fn new(text: &'a str) -> Self {
        let bytes = text.as_bytes();
        let mut ends = [0; BLOCKS.len()];
        let (mut comments, mut declares, mut first) = (false, false, text.len());
        for at in memchr::memchr_iter(b'<', bytes) {
            match bytes.get(at + 1) {
                Some(b'/') => {
                    if let Some(kind) = BLOCKS.iter().position(|(_, close)| is_named(&bytes[at..], close)) {
                        ends[kind] = at;
                    }
                }
                Some(b'!') => {
                    comments |= bytes[at..].starts_with(b"<!--");
                    declares |= bytes.get(at + 2).is_some_and(|byte| *byte != b'-');
                    first = first.min(at);
                }
                Some(b'?') => declares = true,
                Some(b'p' | b'P' | b's' | b'S' | b't' | b'T')
                    if first == text.len()
                        && matches!(bytes.get(at + 2), Some(b'r' | b'R' | b'c' | b'C' | b't' | b'T' | b'e' | b'E'))
                        && opened(&bytes[at..]).is_some() =>
                {
                    first = at;
                }
                _ => {}
            }
        }
        Self {
            text,
            first,
            declares,
            closed: if comments { last_end(text) } else { 0 },
            ends,
            searched: Cell::default(),
        }
    }

    /// Finds where the next may begin, from a place on; where it ends is looked for only if it counts.
    pub fn next(&self, from: usize) -> Option<usize> {
        let (bytes, from) = (self.text.as_bytes(), from.max(self.first));
        memchr::memchr_iter(b'<', bytes.get(from..)?).map(|at| from + at).find(|at| match bytes.get(at + 1) {
            Some(b'!') => self.begins_comment(*at),
            Some(b'p' | b'P' | b's' | b'S' | b't' | b'T') => self.begins_block(*at),
            _ => false,
        })
    }

    /// Returns what begins at such a place; nothing where it is text.
    pub fn whole(&self, at: usize) -> Option<Raw> {
        if self.text[at..].starts_with("<!") { self.comment(at) } else { self.block(at) }
    }

    /// What stands before a place in its line; nothing where that is too long to say.
    fn before(&self, at: usize) -> Option<&'a str> {
        let bytes = &self.text.as_bytes()[at.saturating_sub(LONGEST)..at];
        let length = memchr::memrchr(b'\n', bytes).map(|end| bytes.len() - end - 1);
        let length = length.or_else(|| (bytes.len() == at).then_some(at))?;
        Some(&self.text[at - length..at])
    }

    fn begins_comment(&self, at: usize) -> bool {
        let after = || paragraph(shorten(&self.text[at..], LONGEST));
        self.text[at..].starts_with("<!--")
            && self.before(at).is_some_and(|before| !is_escaped(before) && !is_in_code(before, after))
    }

    fn comment(&self, at: usize) -> Option<Raw> {
        let (text, before) = (self.text, self.before(at)?);
        let begins = begins(before);
        let found = if at < self.closed { memchr::memmem::find(&text.as_bytes()[at + 4..], b"-->") } else { None };
        self.searched(found.unwrap_or(0));
        match found.map(|end| at + 4 + end + 3) {
            Some(end) if begins => Some(Raw { span: at..line_end(text, end), cut: false }),
            Some(end) => Some(Raw { span: at..end, cut: indent(before) <= 3 && holds_blocks(&text[at..end]) }),
            // What is never closed hides all that follows, unless it stands within a sentence.
            None => (begins && indent(before) <= 3).then_some(Raw { span: at..text.len(), cut: false }),
        }
    }

    fn begins_block(&self, at: usize) -> bool {
        opened(&self.text.as_bytes()[at..]).is_some()
            && self.before(at).is_some_and(|before| begins(before) && indent(before) <= 3)
    }

    fn block(&self, at: usize) -> Option<Raw> {
        let rest = &self.text.as_bytes()[at..];
        let kind = opened(rest)?;
        let ends = |end: &usize| is_named(&rest[*end..], BLOCKS[kind].1);
        let end = if at < self.ends[kind] { memchr::memchr_iter(b'<', rest).find(ends) } else { None };
        self.searched(end.unwrap_or(0));
        let end = end.map_or(self.text.len(), |end| line_end(self.text, at + end));
        Some(Raw { span: at..end, cut: false })
    }

    fn searched(&self, bytes: usize) {
        self.searched.set(self.searched.get() + bytes);
    }
}

/// Which kind of block a tag opens.
fn opened(tag: &[u8]) -> Option<usize> {
    let opens = |name: &str| {
        // Most tags are others, and differ in that letter.
        tag.get(2).is_some_and(|byte| byte.eq_ignore_ascii_case(&name.as_bytes()[2]))
            && is_named(tag, name)
            && tag.get(name.len()).is_none_or(|byte| byte.is_ascii_whitespace() || *byte == b'>')
    };
    BLOCKS.iter().position(|(name, _)| opens(name))
}

/// Where the last comment of a text ends.
fn last_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let ends = |at: &usize| bytes[..*at].ends_with(b"--");
    memchr::memrchr_iter(b'>', bytes).find(ends).map_or(0, |at| at - 2)
}

/// As far as a line is looked at.
const LONGEST: usize = 1000;

fn is_named(bytes: &[u8], tag: &str) -> bool {
    bytes.get(..tag.len()).is_some_and(|name| name.eq_ignore_ascii_case(tag.as_bytes()))
}

/// Tells whether a backslash that is not escaped itself stands right before a place.
fn is_escaped(before: &str) -> bool {
    !before.bytes().rev().take_while(|byte| *byte == b'\\').count().is_multiple_of(2)
}

/// Tells whether a place stands within a code span: some backticks open one before it, and as many close it behind it.
fn is_in_code<'t>(before: &str, after: impl FnOnce() -> &'t str) -> bool {
    let (mut rest, mut opened) = (before, Vec::new());
    while let Some(at) = memchr::memchr(b'`', rest.as_bytes()) {
        let escaped = is_escaped(&rest[..at]);
        rest = &rest[at + usize::from(escaped)..];
        let count = ticks(rest);
        if escaped && count == 0 {
            continue;
        }
        rest = &rest[count..];
        match closing(rest, count) {
            Some(end) => rest = &rest[end..],
            None => opened.push(count),
        }
    }
    !opened.is_empty() && {
        let after = after();
        opened.into_iter().any(|count| closing(after, count).is_some())
    }
}

fn ticks(text: &str) -> usize {
    text.bytes().take_while(|byte| *byte == b'`').count()
}

/// Finds what lies behind the next run of as many backticks.
fn closing(text: &str, count: usize) -> Option<usize> {
    let mut at = 0;
    while let Some(next) = memchr::memchr(b'`', &text.as_bytes()[at..]) {
        let found = ticks(&text[at + next..]);
        at += next + found;
        if found == count {
            return Some(at);
        }
    }
    None
}

/// A text up to its first blank line.
fn paragraph(text: &str) -> &str {
    let blank = |at: &usize| text[at + 1..].trim_start_matches([' ', '\t', '\r']).starts_with('\n');
    memchr::memchr_iter(b'\n', text.as_bytes()).find(blank).map_or(text, |end| &text[..end])
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
        let of = |text: &'static str| {
            let raws = Raws::new(text);
            let raw = raws.next(0).and_then(|at| raws.whole(at));
            raw.map(|raw| (&text[raw.span], raw.cut))
        };
        assert_eq!(of("a\n<!-- b\n\nc --> d\ne"), Some(("<!-- b\n\nc --> d\n", false)));
        assert_eq!(of("a <!-- b\n```\nc -->\nd"), Some(("<!-- b\n```\nc -->", true)));
        assert_eq!(of("a <!-- b\nc -->\nd"), Some(("<!-- b\nc -->", false)));
        assert_eq!(of("<PRE class=x>\na\n</Pre>\nb"), Some(("<PRE class=x>\na\n</Pre>\n", false)));
        assert_eq!(of("- <!-- b"), Some(("<!-- b", false)));
        for none in ["a <!-- b", "`<!--` a -->", "<preview>", "a <pre>", "    <pre>", "<"] {
            assert_eq!(of(none), None, "{none}");
        }
    }
    #[test]
    fn a_comment_in_a_code_span_is_text() {
        let begins = |text: &str| Raws::new(text).next(0).is_some();
        for text in ["`<!--` a -->", "`` <!-- `` a -->", "`a` `` ` <!-- ` `` -->", "\\<!-- a -->", "\\\\`` `<!--` -->"]
        {
            assert!(!begins(text), "{text}");
        }
        for text in [
            "`a` <!-- a -->",
            "`` ` `` <!-- a -->",
            "a ` b <!-- a -->",
            "\\`<!--` -->",
            "\\\\<!-- a -->",
            "`` <!-- ` -->",
        ] {
            assert!(begins(text), "{text}");
        }
    }

    /// However many fences hold what begins HTML, its end is looked for once at most.
    #[test]
    fn an_end_is_not_looked_for_again_and_again() {
        for (open, close) in [("<pre> aaaaaaa <b <c <d", "</pre>\n"), ("<!-- a", "-->\n"), ("a <!-- b", "-->\n")] {
            for last in ["", close] {
                let text = format!("{}{last}", format!("A sentence.\n\n```text\n{open}\n```\n\n").repeat(1000));
                let raws = Raws::new(&text);
                super::super::repair::cut(&text, 0, true, &raws);
                assert!(raws.searched.get() <= text.len(), "{} of {} bytes: {open}", raws.searched.get(), text.len());
            }
        }
    }

    /// What begins within a line of a sentence, again and again, and ends far behind.
    #[test]
    fn each_comment_of_many_is_searched_once() {
        for text in ["<!-- a\n\n", "a <!-- b\n\n", "<pre>\n", "a <!-- b --> c\n", "<!-- a -->\n"] {
            let text = format!("{}\n-->\n</pre>\n\n```sh\nls\n```\n", text.repeat(1000));
            let raws = Raws::new(&text);
            super::super::repair::cut(&text, 0, true, &raws);
            assert!(raws.searched.get() <= text.len(), "{} of {} bytes", raws.searched.get(), text.len());
        }
    }
}
