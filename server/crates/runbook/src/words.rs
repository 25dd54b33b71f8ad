//! Words without case and accents, so that one comparison serves every language.

mod inked;
mod squeeze;

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

pub use inked::{NotAscii, WINDOW, at_word_starts, head_of, inked, word_of};
pub use squeeze::squeeze;

/// Lower-cases, drops accents and has one apostrophe for all: `Resolução` becomes `resolucao`, `Don’t` `don't`.
pub fn fold(text: &str) -> Cow<'_, str> {
    match looks(text) {
        Looks::Folded => Cow::Borrowed(text),
        Looks::Ascii => Cow::Owned(text.to_ascii_lowercase()),
        Looks::Wide => {
            let mut out = String::with_capacity(text.len());
            fold_noting(text, &mut out, |_, _| {});
            Cow::Owned(out)
        }
    }
}

/// What has to be done to fold a text.
pub enum Looks {
    /// Nothing.
    Folded,
    /// Lower its case.
    Ascii,
    /// More than that.
    Wide,
}

/// Tells what has to be done to fold a text.
pub fn looks(text: &str) -> Looks {
    // No early end: all bytes are looked at in a few steps.
    let odd = text.bytes().fold(false, |odd, byte| odd | !byte.is_ascii() | byte.is_ascii_uppercase());
    match odd {
        false => Looks::Folded,
        true if text.is_ascii() => Looks::Ascii,
        true => Looks::Wide,
    }
}

/// Places in a text and in its folding behind characters that have another width there, ascending.
pub type Widths = Vec<(u32, u32)>;

/// Appends a folded text, and notes where widths differ from there on; for texts of less than 4 GB.
#[expect(clippy::cast_possible_truncation, reason = "no text is longer")]
pub fn fold_marking(text: &str, out: &mut String, widths: &mut Widths) {
    let start = out.len();
    fold_noting(text, out, |written, folded| widths.push((written as u32, (folded - start) as u32)));
}

fn fold_noting(text: &str, out: &mut String, mut note: impl FnMut(usize, usize)) {
    let (start, mut rest) = (out.len(), text);
    while !rest.is_empty() {
        let (ascii, more) = rest.split_at(ascii_len(rest.as_bytes()));
        out.push_str(ascii);
        rest = more;
        while let Some(c) = rest.chars().next().filter(|c| !c.is_ascii()) {
            let before = out.len();
            fold_char(c, out);
            rest = &rest[c.len_utf8()..];
            if out.len() - before != c.len_utf8() {
                note(text.len() - rest.len(), out.len());
            }
        }
    }
    // What was folded is in lower case already.
    out[start..].make_ascii_lowercase();
}

/// The same for a text that may be changed where it stands.
pub fn fold_in_place(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Owned(mut owned) if owned.is_ascii() => {
            owned.make_ascii_lowercase();
            Cow::Owned(owned)
        }
        Cow::Owned(owned) => Cow::Owned(fold(&owned).into_owned()),
        Cow::Borrowed(text) => fold(text),
    }
}

/// How many ASCII bytes a text starts with.
pub fn ascii_len(bytes: &[u8]) -> usize {
    let (words, _) = bytes.as_chunks::<8>();
    let whole = words.iter().take_while(|word| u64::from_ne_bytes(**word) & 0x8080_8080_8080_8080 == 0).count() * 8;
    whole + bytes[whole..].iter().take_while(|b| b.is_ascii()).count()
}

/// Appends what is left of a character without case and accents; the same for each, whatever stands around it.
pub fn fold_char(c: char, out: &mut String) {
    match c {
        'á' | 'à' | 'â' | 'ã' | 'ä' | 'Á' | 'À' | 'Â' | 'Ã' | 'Ä' => out.push('a'),
        'é' | 'è' | 'ê' | 'ë' | 'É' | 'È' | 'Ê' | 'Ë' => out.push('e'),
        'í' | 'ì' | 'î' | 'ï' | 'Í' | 'Ì' | 'Î' | 'Ï' => out.push('i'),
        'ó' | 'ò' | 'ô' | 'õ' | 'ö' | 'Ó' | 'Ò' | 'Ô' | 'Õ' | 'Ö' => out.push('o'),
        'ú' | 'ù' | 'û' | 'ü' | 'Ú' | 'Ù' | 'Û' | 'Ü' => out.push('u'),
        'ç' | 'Ç' => out.push('c'),
        'ñ' | 'Ñ' => out.push('n'),
        _ if is_apostrophe(c) => out.push('\''),
        // Dashes, quotes, arrows, boxes and most signs have neither.
        '\u{2010}'..='\u{2027}' | '\u{2190}'..='\u{2199}' | '\u{2500}'..='\u{27bf}' => out.push(c),
        _ => out.extend(plain_chars(c)),
    }
}

/// What an accented letter of Latin-1 folds to, by its second byte; its first is `0xc3`.
pub const fn latin1(low: u8) -> Option<u8> {
    match low & 0x1f {
        0..=4 => Some(b'a'),
        7 => Some(b'c'),
        8..=11 => Some(b'e'),
        12..=15 => Some(b'i'),
        17 => Some(b'n'),
        18..=22 => Some(b'o'),
        25..=28 => Some(b'u'),
        _ => None,
    }
}

/// What people and their programs write for an apostrophe: `don’t`, `don´t`, `donʼt`.
const fn is_apostrophe(c: char) -> bool {
    matches!(c, '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2032}' | '\u{b4}' | '\u{2bc}' | '\u{2b9}' | '\u{ff07}')
}

fn plain_chars(c: char) -> impl Iterator<Item = char> {
    let c = if is_apostrophe(c) { '\'' } else { c };
    std::iter::once(c).nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase)
}

/// Tells whether folded `text` starts with `phrase` and no word goes on there.
pub fn starts_with_phrase(text: &str, phrase: &str) -> bool {
    text.strip_prefix(phrase).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
}

/// Finds `phrase` in folded `text` at word boundaries, from byte `from`.
pub fn find_phrase(text: &str, phrase: &str, from: usize) -> Option<usize> {
    let first = *phrase.as_bytes().first()?;
    let starts = memchr::memchr_iter(first, text.as_bytes().get(from..)?).map(|at| from + at);
    let mut starts = starts.filter(|at| text.is_char_boundary(*at) && starts_with_phrase(&text[*at..], phrase));
    starts.find(|at| begins_word(text, *at))
}

/// Tells whether a word may begin at a place in a text that a character begins at.
pub fn begins_word(text: &str, at: usize) -> bool {
    match at.checked_sub(1).map(|before| text.as_bytes()[before]) {
        None => true,
        Some(byte) if byte.is_ascii() => !byte.is_ascii_alphanumeric() && byte != b'_' && byte != b'-',
        Some(_) => !text[..at].ends_with(char::is_alphanumeric),
    }
}

/// A table of which bytes are among some.
pub const fn table(bytes: &[u8]) -> [bool; 256] {
    let (mut table, mut at) = ([false; 256], 0);
    while at < bytes.len() {
        table[bytes[at] as usize] = true;
        at += 1;
    }
    table
}

/// A table of the bytes that some words begin with.
pub const fn firsts(words: &[&str]) -> [bool; 256] {
    let (mut table, mut at) = ([false; 256], 0);
    while at < words.len() {
        table[words[at].as_bytes()[0] as usize] = true;
        at += 1;
    }
    table
}

/// Finds a piece of a text, at less cost than a search that is made for long texts.
pub fn find(text: &str, piece: &str) -> Option<usize> {
    let (bytes, piece) = (text.as_bytes(), piece.as_bytes());
    let Some(first) = piece.first() else { return Some(0) };
    memchr::memchr_iter(*first, bytes).find(|at| bytes[*at..].starts_with(piece))
}

/// Tells whether two blanks stand side by side in a text.
pub fn has_gap(text: &str) -> bool {
    let bytes = text.as_bytes();
    // No early end: many pairs are looked at in one step.
    bytes.iter().zip(bytes.iter().skip(1)).fold(false, |gap, (a, b)| gap | ((*a == b' ') & (*b == b' ')))
}

/// Tells whether a text holds a piece.
pub fn has(text: &str, piece: &str) -> bool {
    find(text, piece).is_some()
}

/// Takes an ending off a text, as often as it stands there.
pub fn without_end<'t>(text: &'t str, end: &str) -> &'t str {
    let mut text = text;
    while let Some(rest) = text.strip_suffix(end) {
        text = rest;
    }
    text
}

/// What stands behind the last of some marks in a text; all of it where there is none.
pub fn behind_last<'t>(text: &'t str, mark: &str) -> &'t str {
    let (bytes, mark) = (text.as_bytes(), mark.as_bytes());
    let Some(first) = mark.first() else { return text };
    let last = memchr::memrchr_iter(*first, bytes).find(|at| bytes[*at..].starts_with(mark));
    last.map_or(text, |at| &text[at + mark.len()..])
}

/// What stands behind the last of some signs; all of the text where none stands. `0x93` and `0x94` stand for the dashes.
pub fn behind_signs<'t>(text: &'t str, signs: &[bool; 256]) -> &'t str {
    let bytes = text.as_bytes();
    let dash = |end: usize| matches!(bytes[..end], [.., 0xe2, 0x80, 0x93 | 0x94]);
    let last = (1..=bytes.len()).rev().find(|end| {
        let byte = bytes[end - 1];
        signs[usize::from(byte)] && (byte.is_ascii() || dash(*end))
    });
    last.map_or(text, |end| &text[end..])
}

/// What a word of ASCII is made of.
const IN_WORD: [bool; 256] = table(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-'");

/// Takes all off the start of a text that is no letter and no digit.
#[inline]
pub fn past_marks(text: &str) -> &str {
    match text.as_bytes() {
        [first, ..] if first.is_ascii_alphanumeric() => text,
        [b' ', second, ..] if second.is_ascii_alphanumeric() => &text[1..],
        _ => past_more_marks(text),
    }
}

fn past_more_marks(text: &str) -> &str {
    let bytes = text.as_bytes();
    let at = bytes.iter().position(|byte| !byte.is_ascii() || byte.is_ascii_alphanumeric()).unwrap_or(bytes.len());
    let rest = &text[at..];
    match rest.as_bytes().first() {
        Some(byte) if !byte.is_ascii() => rest.trim_start_matches(|c: char| !c.is_alphanumeric()),
        _ => rest,
    }
}

/// Returns the first word of a folded text.
pub fn first_word(text: &str) -> &str {
    let text = past_marks(text);
    let ascii = text.bytes().take_while(|byte| IN_WORD[usize::from(*byte)]).count();
    if text.as_bytes().get(ascii).is_none_or(u8::is_ascii) {
        return &text[..ascii];
    }
    text.split(|c: char| !c.is_alphanumeric() && c != '-' && c != '\'').next().unwrap_or("")
}

/// Cuts a text at a character boundary at or below `max` bytes, at a word's end where there is one.
pub fn shorten(text: &str, max: usize) -> &str {
    if text.len() <= max {
        return text;
    }
    let mut end = max;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let cut = &text[..end];
    memchr::memrchr(b' ', cut.as_bytes()).filter(|at| *at > max / 2).map_or(cut, |at| &cut[..at])
}

/// Makes a slug of at most 64 bytes from any text; empty where nothing is left of it.
pub fn slug(text: &str) -> String {
    let mut out = String::new();
    push_slug(text, &mut out);
    out
}

/// Appends such a slug.
pub fn push_slug(text: &str, out: &mut String) {
    const LONGEST: usize = 64;
    let text = shorten(text, 200);
    let folded = if is_plain(text) { Cow::Borrowed(text) } else { fold(text) };
    let (mut slug, mut len, mut gap) = ([0; LONGEST + 1], 0, false);
    let mut bytes = folded.bytes();
    while let Some(byte) = bytes.next() {
        let letter = match byte {
            0xc3 => bytes.next().and_then(latin1).unwrap_or(0),
            byte => INKED[usize::from(byte)],
        };
        if letter == 0 {
            gap = len > 0;
            continue;
        }
        if gap {
            slug[len] = b'-';
            len += 1;
            gap = false;
        }
        if len >= LONGEST {
            break;
        }
        slug[len] = letter;
        len += 1;
    }
    let slug = std::str::from_utf8(&slug[..len]).unwrap_or("");
    out.push_str(slug.trim_end_matches('-'));
}

/// Tells whether a text holds nothing but ASCII, accented letters of Latin-1, and dashes, quotes and dots, of which none is in a
/// slug.
fn is_plain(text: &str) -> bool {
    let mut rest = text.as_bytes();
    loop {
        match &rest[ascii_len(rest)..] {
            [] => return true,
            [0xe2, 0x80, 0x90..=0xa7, more @ ..] => rest = more,
            [0xc3, low, more @ ..] if latin1(*low).is_some() => rest = more,
            _ => return false,
        }
    }
}

/// Letters and digits of ASCII in lower case; 0 for all else.
pub const INKED: [u8; 256] = {
    let mut letters = [0; 256];
    let mut byte: u8 = 0;
    while byte < 128 {
        if byte.is_ascii_alphanumeric() {
            letters[byte as usize] = byte.to_ascii_lowercase();
        }
        byte += 1;
    }
    letters
};

/// Takes white space off both ends, as `trim` does, at less cost for what is mostly ASCII.
#[inline]
pub fn trim(text: &str) -> &str {
    let inked = |byte: u8| byte > b' ' && byte.is_ascii();
    match text.as_bytes() {
        [first, .., last] if inked(*first) && inked(*last) => text,
        _ => trim_blanks(text),
    }
}

fn trim_blanks(text: &str) -> &str {
    let bytes = text.as_bytes();
    let start = bytes.iter().position(|byte| !matches!(byte, b' ' | b'\t'..=b'\r')).unwrap_or(bytes.len());
    let end = bytes.iter().rposition(|byte| !matches!(byte, b' ' | b'\t'..=b'\r')).map_or(start, |at| at + 1);
    let inner = &text[start..end];
    match inner.as_bytes() {
        [first, .., last] if !first.is_ascii() || !last.is_ascii() => inner.trim(),
        _ => inner,
    }
}

/// Splits a text at white space, as `split_whitespace` does, at less cost for what is mostly ASCII.
pub fn split(text: &str) -> impl Iterator<Item = &str> + Clone {
    let mut at = 0;
    std::iter::from_fn(move || {
        let bytes = text.as_bytes();
        while let Some(len) = blank(text, at) {
            at += len;
        }
        let start = at;
        while bytes.get(at).is_some_and(|byte| !BLANK[usize::from(*byte)] || blank(text, at).is_none()) {
            at += 1;
        }
        (at > start).then(|| &text[start..at])
    })
}

/// Splits a text at single blanks, as `split(' ')` does, at less cost for short words.
pub fn spaced(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let end = text.bytes().position(|byte| byte == b' ');
        rest = end.map(|end| &text[end + 1..]);
        Some(&text[..end.unwrap_or(text.len())])
    })
}

/// `LoadError`, `java.io.IOException`: the name of an error at a text's end, behind which stands what it says.
pub fn names_an_error(text: &str) -> bool {
    let named = ["error", "exception"].iter().find_map(|end| {
        let name = text.len().checked_sub(end.len())?;
        text.as_bytes()[name..].eq_ignore_ascii_case(end.as_bytes()).then(|| &text.as_bytes()[..name])
    });
    named.and_then(<[u8]>::last).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'.')
}

/// White space, and the lead bytes of all that is not ASCII.
const BLANK: [bool; 256] = table(b" \t\n\x0b\x0c\r\xc2\xe1\xe2\xe3");

/// Returns the length of the white space character at a byte of a text, if there is one.
fn blank(text: &str, at: usize) -> Option<usize> {
    match *text.as_bytes().get(at)? {
        b' ' | b'\t'..=b'\r' => Some(1),
        // The lead bytes of all white space beyond ASCII.
        0xc2 | 0xe1..=0xe3 => text[at..].chars().next().filter(|c| c.is_whitespace()).map(char::len_utf8),
        _ => None,
    }
}

/// Splits a text into its lines, as `lines` does, at less cost.
pub fn lines(text: &str) -> impl Iterator<Item = &str> + Clone {
    let mut rest = Some(text).filter(|text| !text.is_empty());
    std::iter::from_fn(move || {
        let text = rest?;
        let end = memchr::memchr(b'\n', text.as_bytes());
        let line = &text[..end.unwrap_or(text.len())];
        rest = end.map(|end| &text[end + 1..]).filter(|text| !text.is_empty());
        Some(if end.is_some() { line.strip_suffix('\r').unwrap_or(line) } else { line })
    })
}

/// The line that begins at a byte of a text, with its end.
pub fn line_from(text: &str, at: usize) -> &str {
    let rest = &text[at..];
    let end = memchr::memchr(b'\n', rest.as_bytes());
    end.map_or(rest, |end| &rest[..end + 1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_part_stands_behind_the_last_sign() {
        const ENDS: [bool; 256] = table(b".(\x93\x94");
        for (text, last) in
            [("a. b", " b"), ("a — b", " b"), ("a – ação", " ação"), ("Ó ”x” não", "Ó ”x” não"), ("a (", ""), ("", "")]
        {
            assert_eq!(behind_signs(text, &ENDS), last, "{text}");
        }
    }

    #[test]
    fn accents_and_case_do_not_matter() {
        assert_eq!(fold("Resolução ÑANDÚ"), "resolucao nandu");
        assert_eq!(slug("Cenário 4: Dados / Rollback"), "cenario-4-dados-rollback");
        assert_eq!(slug("…"), "");
        // The quick way for the letters of three languages says what the whole table says.
        for c in '\0'..='\u{2fff}' {
            assert_eq!(fold(&format!("A{c}")), format!("a{}", plain_chars(c).collect::<String>()), "{c:?}");
        }
    }

    #[test]
    fn letters_of_latin_1_fold_to_one_letter() {
        assert_eq!(latin1(0xa9), Some(b'e'));
        for (c, low) in ('À'..='ÿ').zip(0x80..) {
            let letter = latin1(low).map(char::from);
            assert!(letter.is_none_or(|letter| fold(&c.to_string()) == letter.to_string()), "{c}");
        }
    }

    #[test]
    fn a_phrase_is_found_only_as_whole_words() {
        assert_eq!(find_phrase("base se necessario", "se", 0), Some(5));
        assert_eq!(find_phrase("conecta-se base", "se", 0), None);
    }

    #[test]
    fn texts_are_split_as_the_standard_library_does() {
        for text in ["", " ", "a", " a  b\u{a0}c\u{3000}d\t\u{85}é — x ", "\n", "a\n\nb\r\nc\r", "\r\n", "é\n"] {
            assert!(split(text).eq(text.split_whitespace()), "{text:?}");
            assert!(lines(text).eq(text.lines()), "{text:?}");
            assert!(spaced(text).eq(text.split(' ')), "{text:?}");
            assert_eq!(trim(text), text.trim(), "{text:?}");
        }
        for text in ["-a-", "a - b", &"a".repeat(70), &"a ".repeat(40), &format!("{} b", "a".repeat(63))] {
            assert!(slug(text).len() <= 64 && !slug(text).ends_with('-') && slug(text).starts_with('a'), "{text}");
        }
    }

    #[test]
    fn two_blanks_side_by_side_are_a_gap() {
        for (text, gap) in [("a  b", true), ("  ", true), ("a b c", false), (" ", false), ("", false), ("é é  é", true)]
        {
            assert_eq!(has_gap(text), gap, "{text:?}");
        }
    }

    #[test]
    fn a_cut_never_splits_a_character() {
        assert_eq!(shorten("ação", 2), "a");
        assert_eq!(shorten("restart the api", 12), "restart the");
    }
}
