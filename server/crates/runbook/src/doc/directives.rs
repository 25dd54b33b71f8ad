//! Directives of MyST whose fences are colons: `:::{code-block} bash`.

use std::ops::Range;

use super::repair::Whole;

/// What a directive that holds code is called.
const NAMES: [&str; 4] = ["{code-block}", "{code}", "{sourcecode}", "{prompt}"];

/// Goes through the directives with code of a text, in order.
pub struct Directives<'a> {
    text: &'a str,
    next: Option<Whole>,
    /// How many lines the next one has.
    lines: usize,
    /// How many more lines may be looked at in vain, so that what nobody closed costs little.
    spare: usize,
}

impl<'a> Directives<'a> {
    /// Begins at a place.
    pub fn new(text: &'a str, from: usize) -> Self {
        let mut found = Self { text, next: None, lines: 0, spare: 20_000 };
        found.find(from);
        found
    }

    /// Returns the next one.
    pub const fn peek(&self) -> Option<&Whole> {
        self.next.as_ref()
    }

    /// Takes the next one, and goes on behind it.
    pub fn take(&mut self) -> Option<Whole> {
        let found = self.next.take()?;
        self.find(found.span.end);
        Some(found)
    }

    /// Goes on at a place, if the next one begins before it: it stands in something else, and is none.
    pub fn pass(&mut self, end: usize) {
        if self.next.as_ref().is_some_and(|found| found.span.start < end) {
            self.spare = self.spare.saturating_sub(self.lines);
            self.find(end);
        }
    }

    fn find(&mut self, from: usize) {
        self.next = None;
        let mut at = from;
        while self.spare > 0
            && let Some(found) = self.marks(at)
        {
            self.next = self.directive(found);
            if self.next.is_some() {
                return;
            }
            at = found + 3;
        }
    }

    /// Finds the next three colons with a bracket, which is rarer than they are.
    fn marks(&self, from: usize) -> Option<usize> {
        let bytes = &self.text.as_bytes()[from..];
        let mut brackets = memchr::memchr_iter(b'{', bytes);
        brackets.find(|at| bytes[..*at].ends_with(b":::")).map(|at| from + at - 3)
    }

    /// Reads the directive whose name's bracket stands behind the three colons at a place.
    fn directive(&mut self, marks: usize) -> Option<Whole> {
        let text = self.text;
        let before = text.as_bytes()[..marks].iter().rev();
        let more = before.clone().take(16).take_while(|byte| **byte == b':').count();
        let indent = before.skip(more).take(4).take_while(|byte| **byte == b' ').count();
        let line = marks - more - indent;
        if indent > 3 || line > 0 && text.as_bytes()[line - 1] != b'\n' {
            return None;
        }
        let opened = line_end(text, marks);
        let rest = &text[marks + 3..opened];
        let name = NAMES.iter().find(|name| rest.starts_with(**name))?;
        let words = &rest[name.len()..];
        let label = marks + 3 + name.len() + (words.len() - words.trim_start().len());
        let label = label..label + words.trim().len();
        let (start, caption) = options(text, opened);
        let (mut at, mut lines) = (opened, 0);
        while at < text.len() && lines < self.spare {
            let end = line_end(text, at);
            let body = text[at..end].trim();
            if body.len() >= more + 3 && body.bytes().all(|byte| byte == b':') {
                self.lines = lines;
                return Some(Whole { span: line..end, body: start.min(at)..at, label, caption });
            }
            at = end;
            lines += 1;
        }
        self.spare -= lines;
        None
    }
}

/// Returns what a directive's options, which its text begins with, say of all of it.
pub fn caption(text: &str) -> Option<&str> {
    options(text, 0).1.map(|caption| &text[caption])
}

/// Goes on behind `:linenos:` and the like, or behind the same between two lines of dashes, and behind a blank line after
/// them; returns the caption too.
fn options(text: &str, from: usize) -> (usize, Option<Range<usize>>) {
    let (mut at, mut any, mut caption) = (from, false, None);
    let block = text[from..line_end(text, from)].trim_end() == "---";
    if block {
        at = line_end(text, from);
    }
    // No directive has as many options.
    for _ in 0..16 {
        let end = line_end(text, at);
        let line = text[at..end].trim();
        if block && line == "---" {
            return (end, caption);
        }
        let bare = if block { Some(line) } else { line.strip_prefix(':') };
        let option = bare.and_then(|rest| rest.split_once(':')).filter(|(name, _)| {
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        });
        let blank = line.is_empty() && at < text.len() && (any || block);
        if let Some(("caption", value)) = option {
            let value = value.trim().trim_matches(['"', '\'']);
            let start = value.as_ptr() as usize - text.as_ptr() as usize;
            caption = Some(start..start + value.len()).filter(|place| !place.is_empty());
        } else if option.is_none() && !blank {
            break;
        }
        any = option.is_some();
        at = end;
    }
    // Dashes that nothing closes begin no options.
    if block { (from, None) } else { (at, caption) }
}

fn line_end(text: &str, from: usize) -> usize {
    memchr::memchr(b'\n', &text.as_bytes()[from..]).map_or(text.len(), |end| from + end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(&str, &str)> {
        let Whole { body, label, .. } = Directives::new(text, 0).take()?;
        let part = |range: Range<usize>| &text[range];
        Some((part(label), part(body)))
    }

    #[test]
    fn code_is_found_and_its_options_are_not() {
        assert_eq!(read("a\n:::{code-block} sh\nls\n:::\n"), Some(("sh", "ls\n")));
        assert_eq!(read("::::{code-block} sh\n:linenos:\n:name: x\n\nls\n:::\n::::\n"), Some(("sh", "ls\n:::\n")));
        assert_eq!(read(":::{note}\nls\n:::\n:::{code}\nls\n:::"), Some(("", "ls\n")));
        for none in [":::{note}\nls\n:::\n", "x :::{code} sh\nls\n:::\n", ":::{code} sh\nls\n", ""] {
            assert_eq!(read(none), None, "{none}");
        }
    }

    #[test]
    fn a_caption_is_one_of_the_options() {
        let of = |text: &'static str| {
            let (end, caption) = options(text, 0);
            (&text[end..], caption.map(|caption| &text[caption]))
        };
        assert_eq!(of(":linenos:\n:caption: Não usar\n\nls\n"), ("ls\n", Some("Não usar")));
        assert_eq!(of("---\ncaption: \"Look\"\nlineno-start: 3\n---\nls\n"), ("ls\n", Some("Look")));
        assert_eq!(of("---\nls\n"), ("---\nls\n", None));
        assert_eq!(of("ls\n"), ("ls\n", None));
        assert_eq!(of(":caption:\nls"), ("ls", None));
        assert_eq!(of(":caption: x"), ("", Some("x")));
    }

    #[test]
    fn what_stands_in_something_else_hides_no_later_one() {
        let text = ":::{code} sh\n```\n:::{code} sh\nls\n:::\n";
        let mut all = Directives::new(text, 0);
        all.pass(17);
        assert_eq!(all.take().map(|found| &text[found.body]), Some("ls\n"));
        assert_eq!(all.take(), None);
    }
}
