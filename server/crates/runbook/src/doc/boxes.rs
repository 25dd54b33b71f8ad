//! Boxes of MyST whose fences are backticks: what stands in ```` ```{warning} ```` is text and no code.

use bumpalo::Bump;

use crate::words::trim;

/// What a directive is called that holds text.
const NAMES: [&str; 17] = [
    "note",
    "warning",
    "tip",
    "important",
    "attention",
    "caution",
    "danger",
    "error",
    "hint",
    "seealso",
    "admonition",
    "dropdown",
    "details",
    "tab-set",
    "tab-item",
    "sidebar",
    "topic",
];

/// Gives each box of backticks the fences of colons that it may have as well: no byte moves.
pub fn with_colons<'a>(text: &'a str, room: &'a Bump) -> &'a str {
    let finder = memchr::memmem::Finder::new("```{");
    let mut mended: Option<&mut [u8]> = None;
    let (mut at, mut spare) = (0, 20_000);
    while let Some(found) = finder.find(&text.as_bytes()[at..]).map(|found| at + found) {
        at = found + 4;
        let Some((open, close)) = fences(text, found, &mut spare) else { continue };
        let mended = mended.get_or_insert_with(|| room.alloc_slice_copy(text.as_bytes()));
        for fence in [open, close] {
            mended[fence].fill(b':');
        }
    }
    mended.and_then(|mended| std::str::from_utf8(mended).ok()).unwrap_or(text)
}

/// The marks that open and close the box whose name stands behind the backticks at a place; none where a paragraph or an item
/// goes on into it, or where it holds what it might end in.
fn fences(text: &str, marks: usize, spare: &mut usize) -> Option<(std::ops::Range<usize>, std::ops::Range<usize>)> {
    let start = text[..marks].rfind('\n').map_or(0, |end| end + 1);
    let open = start + text[start..].find('`')?;
    let (name, _) = text[marks + 4..].split_once('}')?;
    let free = |line: &str| trim(line).is_empty() || line.starts_with('#');
    let above = text[..start].strip_suffix('\n').and_then(|above| above.rsplit('\n').next()).unwrap_or("");
    let alone = trim(&text[start..open]).is_empty() && text[open..marks].bytes().all(|byte| byte == b'`');
    if !NAMES.contains(&name) || !alone || !free(above) {
        return None;
    }
    let count = marks + 3 - open;
    let mut at = start;
    for line in text[start..].split_inclusive('\n').take(*spare) {
        let (from, body) = (at, trim(line));
        at += line.len();
        *spare -= 1;
        let ticks = body.bytes().take_while(|byte| *byte == b'`').count();
        if from == start || ticks < count {
            continue;
        }
        let next = text[at..].split('\n').next().unwrap_or("");
        let from = from + (line.len() - line.trim_start().len());
        return (ticks == body.len() && free(next)).then_some((open..marks + 3, from..from + ticks));
    }
    None
}
