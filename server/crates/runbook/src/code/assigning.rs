//! `NAME=value` before a command, or alone.

use crate::words::{shorten, table};

/// Skips `NAME=value` words, quotes and substitutions included; tells whether there were any.
pub fn past_assignments(text: &str) -> (&str, bool) {
    let mut rest = text.trim_start();
    let mut any = false;
    while let Some(name) = assignment(rest) {
        let value = &rest[name.len() + 1..];
        let value = value.strip_prefix('=').unwrap_or(value);
        rest = value[value_len(value)..].trim_start();
        while let Some(next) = rest.strip_prefix('\\').filter(|n| n.starts_with(['\n', '\r'])) {
            rest = next.trim_start();
        }
        any = true;
    }
    (rest, any)
}

/// The length of `<what is to be filled in>` at the start of a text.
fn named_len(text: &str) -> Option<usize> {
    let rest = text.strip_prefix('<').filter(|rest| rest.starts_with(char::is_alphabetic))?;
    let end = shorten(rest, 240).find(['>', '\n'])?;
    rest[end..].starts_with('>').then_some(end + 2)
}

/// The length of one shell word: quotes, substitutions and escapes keep it together, and so do brackets to fill in.
fn value_len(text: &str) -> usize {
    if let Some(len) = named_len(text) {
        return len;
    }
    let (mut depth, mut quote, mut escaped, mut past) = (0usize, None, false, 0);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            _ if at < past => {}
            // `arn:aws:iam::1:role/<the restore role>`
            (None, '<') => past = at + named_len(&text[at..]).unwrap_or(0),
            _ if escaped => escaped = false,
            (None | Some('"'), '\\') => escaped = true,
            (Some(open), c) if c == open => quote = None,
            (Some('\''), _) => {}
            (_, '(' | '[') => depth += 1,
            (_, ')' | ']') => depth = depth.saturating_sub(1),
            (None, '"' | '\'' | '`') => quote = Some(c),
            (None, c) if c == '\n' || depth == 0 && (c.is_whitespace() || matches!(c, ';' | '&' | '|')) => return at,
            _ => {}
        }
    }
    text.len()
}

/// What names of variables are made of.
const NAME: [bool; 256] = table(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

/// Returns the name of `NAME=value`.
pub fn assignment(text: &str) -> Option<&str> {
    let bytes = text.as_bytes();
    let end = bytes.iter().position(|byte| !NAME[usize::from(*byte)])?;
    let good = end > 0 && !bytes[0].is_ascii_digit() && matches!(bytes[end..], [b'=', ..] | [b'+', b'=', ..]);
    good.then(|| &text[..end])
}
