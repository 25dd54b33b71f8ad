//! What is taken from the text, and from the parser's events of it.

use std::ops::Range;

use bumpalo::Bump;
use pulldown_cmark::CowStr;

/// Gives each lone carriage return, with which old Macs end lines, the line end that readers look for: no byte moves. Tells whether
/// no line ends otherwise.
pub fn with_line_ends<'a>(text: &'a str, room: &'a Bump) -> (&'a str, bool) {
    let bytes = text.as_bytes();
    let lone = |at: &usize| bytes.get(at + 1) != Some(&b'\n');
    if !memchr::memchr_iter(b'\r', bytes).any(|at| lone(&at)) {
        return (text, false);
    }
    let mended = room.alloc_slice_copy(bytes);
    for at in memchr::memchr_iter(b'\r', bytes).filter(lone) {
        mended[at] = b'\n';
    }
    (std::str::from_utf8(mended).unwrap_or(text), memchr::memchr(b'\n', bytes).is_none())
}

/// Finds YAML front matter at the start: its inside, and where the document goes on.
pub fn front_matter(text: &str, from: usize) -> (Option<Range<usize>>, usize) {
    const LONGEST: usize = 64 * 1024;
    if !text[from..].starts_with("---") {
        return (None, from);
    }
    let line =
        |at: usize| &text[at..memchr::memchr(b'\n', &text.as_bytes()[at..]).map_or(text.len(), |end| at + end + 1)];
    let first = line(from);
    if first.trim_end() != "---" {
        return (None, from);
    }
    let start = from + first.len();
    let mut at = start;
    while at < text.len() {
        let line = line(at);
        if line.starts_with(['-', '.']) && matches!(line.trim_end(), "---" | "...") {
            return (Some(start..at), at + line.len());
        }
        at += line.len();
        if at - start > LONGEST || line.starts_with('#') && at == start + line.len() {
            break;
        }
    }
    (None, from)
}

/// Makes room for as many as a text has that has one.
pub fn expect<T>(row: &mut Vec<T>, count: usize) {
    if row.capacity() == 0 {
        row.reserve_exact(count + 4);
    }
}

/// Takes a text and leaves none.
#[inline(always)]
pub fn taken<'a>(text: &mut CowStr<'a>, room: &'a Bump) -> &'a str {
    match text {
        CowStr::Borrowed(text) => text,
        text => moved(text, room),
    }
}

#[cold]
fn moved<'a>(text: &mut CowStr<'a>, room: &'a Bump) -> &'a str {
    room.alloc_str(&std::mem::replace(text, CowStr::Borrowed("")))
}

/// The text of a code span: the parser makes two blanks of the two characters that end a line on Windows.
pub fn span_text<'a>(source: &'a str, text: &'a str, span: Range<usize>, room: &'a Bump) -> &'a str {
    let written = source.get(span).unwrap_or("");
    if !written.contains("\r\n") {
        return text;
    }
    let inner = written.trim_matches('`');
    // Where marks of a quote stand between its lines the two differ in length by more than a blank at either end.
    if text.len() != inner.len() && text.len() + 2 != inner.len() {
        return text;
    }
    let line = inner.replace("\r\n", " ").replace(['\n', '\r'], " ");
    let padded = line.strip_prefix(' ').and_then(|rest| rest.strip_suffix(' '));
    let unpadded = padded.filter(|rest| !rest.trim_matches(' ').is_empty());
    room.alloc_str(unpadded.unwrap_or(&line))
}
