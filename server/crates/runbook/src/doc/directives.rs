//! Directives of MyST whose fences are colons: `:::{code-block} bash`.

use memchr::memmem;

use super::repair::Whole;

/// What a directive that holds code is called.
const NAMES: [&str; 4] = ["{code-block}", "{code}", "{sourcecode}", "{prompt}"];

/// Goes through the directives with code of a text, in order.
pub struct Directives<'a> {
    text: &'a str,
    at: usize,
    /// How many more lines may be looked at in vain, so that what nobody closed costs little.
    spare: usize,
}

impl<'a> Directives<'a> {
    /// Begins at a place.
    pub const fn new(text: &'a str, from: usize) -> Self {
        Self { text, at: from, spare: 20_000 }
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
        let start = past_options(text, opened);
        let mut at = opened;
        while at < text.len() && self.spare > 0 {
            let end = line_end(text, at);
            let body = text[at..end].trim();
            if body.len() >= more + 3 && body.bytes().all(|byte| byte == b':') {
                return Some(Whole { span: line..end, body: start.min(at)..at, label });
            }
            at = end;
            self.spare -= 1;
        }
        None
    }
}

impl Iterator for Directives<'_> {
    type Item = Whole;

    fn next(&mut self) -> Option<Whole> {
        while self.spare > 0 {
            let marks = self.at + memmem::find(&self.text.as_bytes()[self.at..], b":::{")?;
            self.at = marks + 3;
            if let Some(whole) = self.directive(marks) {
                self.at = whole.span.end;
                return Some(whole);
            }
        }
        None
    }
}

/// Goes on behind `:linenos:` and the like, and a blank line after them.
fn past_options(text: &str, from: usize) -> usize {
    let (mut at, mut any) = (from, false);
    // No directive has as many options.
    for _ in 0..16 {
        let line = text[at..line_end(text, at)].trim();
        let option = line.strip_prefix(':').and_then(|rest| rest.split_once(':')).is_some_and(|(name, _)| {
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        });
        let blank = any && line.is_empty() && at < text.len();
        if !option && !blank {
            return at;
        }
        any = option;
        at = line_end(text, at);
    }
    at
}

fn line_end(text: &str, from: usize) -> usize {
    memchr::memchr(b'\n', &text.as_bytes()[from..]).map_or(text.len(), |end| from + end + 1)
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use super::*;

    fn read(text: &str) -> Option<(&str, &str)> {
        let Whole { body, label, .. } = Directives::new(text, 0).next()?;
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
}
