//! Words without case and accents, so that one comparison serves every language.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Lower-cases and drops accents: `Resolução` becomes `resolucao`.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|b| !b.is_ascii()) {
        push_lower(&mut out, &rest[..at]);
        let accented = rest[at..].find(|c: char| c.is_ascii()).unwrap_or(rest.len() - at);
        rest[at..at + accented].chars().for_each(|c| fold_char(c, &mut out));
        rest = &rest[at + accented..];
    }
    push_lower(&mut out, rest);
    out
}

fn push_lower(out: &mut String, ascii: &str) {
    let start = out.len();
    out.push_str(ascii);
    out[start..].make_ascii_lowercase();
}

/// Appends what is left of a character without case and accents; the same for each, whatever stands around it.
fn fold_char(c: char, out: &mut String) {
    match c {
        'á' | 'à' | 'â' | 'ã' | 'ä' | 'Á' | 'À' | 'Â' | 'Ã' | 'Ä' => out.push('a'),
        'é' | 'è' | 'ê' | 'ë' | 'É' | 'È' | 'Ê' | 'Ë' => out.push('e'),
        'í' | 'ì' | 'î' | 'ï' | 'Í' | 'Ì' | 'Î' | 'Ï' => out.push('i'),
        'ó' | 'ò' | 'ô' | 'õ' | 'ö' | 'Ó' | 'Ò' | 'Ô' | 'Õ' | 'Ö' => out.push('o'),
        'ú' | 'ù' | 'û' | 'ü' | 'Ú' | 'Ù' | 'Û' | 'Ü' => out.push('u'),
        'ç' | 'Ç' => out.push('c'),
        'ñ' | 'Ñ' => out.push('n'),
        // Dashes, quotes, arrows, boxes and most signs have neither.
        '\u{2010}'..='\u{2027}' | '\u{2190}'..='\u{2199}' | '\u{2500}'..='\u{27bf}' => out.push(c),
        _ => out.extend(plain_chars(c)),
    }
}

fn plain_chars(c: char) -> impl Iterator<Item = char> {
    std::iter::once(c).nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase)
}

/// Tells whether folded `text` starts with `phrase` and no word goes on there.
pub fn starts_with_phrase(text: &str, phrase: &str) -> bool {
    text.strip_prefix(phrase).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
}

/// Finds `phrase` in folded `text` at word boundaries, from byte `from`.
pub fn find_phrase(text: &str, phrase: &str, from: usize) -> Option<usize> {
    let mut at = from;
    while let Some(found) = text.get(at..)?.find(phrase) {
        let start = at + found;
        let before = text[..start].chars().next_back();
        let free = before.is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != '-');
        if free && starts_with_phrase(&text[start..], phrase) {
            return Some(start);
        }
        at = start + phrase.len().max(1);
    }
    None
}

/// Returns the first word of a folded text.
pub fn first_word(text: &str) -> &str {
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
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
    cut.rfind(' ').filter(|at| *at > max / 2).map_or(cut, |at| &cut[..at])
}

/// Makes a slug of at most 64 bytes from any text; empty where nothing is left of it.
pub fn slug(text: &str) -> String {
    let mut out = String::new();
    for c in fold(shorten(text, 200)).chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
        if out.len() >= 64 {
            break;
        }
    }
    out.truncate(out.trim_end_matches('-').len());
    out
}

/// Joins all white space of a text into single spaces.
pub fn squeeze(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn a_phrase_is_found_only_as_whole_words() {
        assert_eq!(find_phrase("base se necessario", "se", 0), Some(5));
        assert_eq!(find_phrase("conecta-se base", "se", 0), None);
    }

    #[test]
    fn a_cut_never_splits_a_character() {
        assert_eq!(shorten("ação", 2), "a");
        assert_eq!(shorten("restart the api", 12), "restart the");
    }
}
