//! Anchors of headings, as links name them.

use percent_encoding::percent_decode_str;
use rustc_hash::FxHashMap;

use crate::doc::Doc;

/// The anchor that GitHub and others give a heading: letters of all scripts stay.
pub fn anchor_of(title: &str) -> String {
    /// What each ASCII byte becomes; 0 where nothing is left of it.
    const KEPT: [u8; 128] = {
        let mut kept = [0; 128];
        let mut byte: u8 = 0;
        while byte < 128 {
            kept[byte as usize] = match byte {
                b'-' | b'_' => byte,
                _ if byte.is_ascii_alphanumeric() => byte.to_ascii_lowercase(),
                b'\t'..=b'\r' | b' ' => b'-',
                _ => 0,
            };
            byte += 1;
        }
        kept
    };
    let mut anchor = String::with_capacity(title.len());
    if title.is_ascii() {
        anchor.extend(title.bytes().map(|byte| KEPT[usize::from(byte)]).filter(|byte| *byte != 0).map(char::from));
        return anchor;
    }
    anchor.extend(title.to_lowercase().chars().filter_map(|c| match c {
        c if c.is_alphanumeric() || c == '-' || c == '_' => Some(c),
        c if c.is_whitespace() => Some('-'),
        _ => None,
    }));
    anchor
}

/// The anchors that HTML in a text gives, in lower case: `<a name="x">`, `<a id='x'>`.
pub fn in_html(text: &str) -> impl Iterator<Item = String> + '_ {
    ["id=", "name="].into_iter().flat_map(move |attribute| {
        let values = text.split(attribute).skip(1).filter_map(|rest| rest.strip_prefix(['"', '\'']));
        values.filter_map(|rest| rest.split(['"', '\'', '\n']).next()).map(str::to_lowercase)
    })
}

/// An anchor as it is written in a link, in lower case and without `%C3%A7` for `ç`.
pub fn of_link(anchor: &str) -> String {
    percent_decode_str(anchor).decode_utf8_lossy().to_lowercase()
}

/// Gives an anchor that some headings before have taken a number.
pub fn unique<'a>(doc: &Doc<'a>, taken: &mut FxHashMap<&'a str, usize>, anchor: &'a str) -> &'a str {
    let base = if anchor.is_empty() { "section" } else { anchor };
    let count = taken.entry(base).or_insert(0);
    *count += 1;
    if *count == 1 {
        return base;
    }
    let mut number = *count - 1;
    loop {
        let next = format!("{base}-{number}");
        if !taken.contains_key(next.as_str()) {
            let next = doc.keep(&next);
            taken.insert(base, number + 1);
            taken.insert(next, 1);
            return next;
        }
        number += 1;
    }
}
