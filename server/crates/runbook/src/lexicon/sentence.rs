//! A sentence's condition apart from what it orders.

use super::{Category, Lexicon};
use crate::folding::Words;
use crate::words::{names_an_error, shorten, trim};

/// What is longer is no sentence, and looking for its conditions would take too long.
const LONGEST: usize = 4096;

/// As far as a phrase at the start is looked for; none is half as long.
const HEAD: usize = 200;

/// A sentence with its condition taken out.
#[derive(Debug, PartialEq, Eq)]
pub struct Guarded<'a> {
    /// The condition in the author's words.
    pub guard: Option<&'a str>,
    /// What is ordered; the whole sentence where the condition stands inside or after it.
    pub rest: &'a str,
}

/// Splits "If x, do y" and finds the condition of "do y if x".
pub fn split_guard<'a>(lexicon: &Lexicon, words: Words<'a>, text: &'a str) -> Guarded<'a> {
    let split = split_leading(lexicon, words, text);
    if split.guard.is_some() || split.rest.len() > LONGEST {
        return split;
    }
    Guarded { guard: trailing(lexicon, words, split.rest), rest: split.rest }
}

/// Takes a condition off that stands before what is ordered, and looks for no other.
pub fn split_leading<'a>(lexicon: &Lexicon, words: Words<'a>, text: &'a str) -> Guarded<'a> {
    let text = trim(text);
    let bare = past_signs(text);
    let guarded =
        bare.len() < text.len() && lexicon.starts(Category::GuardStrong, &words.fold(shorten(bare, HEAD))).is_some();
    let text = if guarded { bare } else { text };
    if text.len() > LONGEST {
        return Guarded { guard: None, rest: text };
    }
    let folded = words.fold(shorten(text, HEAD));
    if let Some(optional) = bracketed(lexicon, words, text) {
        return optional;
    }
    if lexicon.starts(Category::Guard, &folded).is_some()
        && let Some((guard, rest)) = leading(text)
        && (lexicon.starts(Category::GuardStrong, &folded).is_some()
            || lexicon.is_imperative(&words.fold(shorten(rest, HEAD))))
    {
        return Guarded { guard: Some(guard), rest };
    }
    if lexicon.starts(Category::GuardStrong, &folded).is_some() && !asks_when(text) {
        return Guarded { guard: Some(first_clause(text)), rest: text };
    }
    Guarded { guard: None, rest: text }
}

/// "📌 If it hangs", "5️⃣ If it hangs": the text behind signs that only decorate it.
fn past_signs(text: &str) -> &str {
    let keycap = text.strip_prefix(|c: char| c.is_ascii_digit()).map(|rest| rest.trim_start_matches('\u{fe0f}'));
    if let Some(rest) = keycap.and_then(|rest| rest.strip_prefix('\u{20e3}')) {
        return rest.trim_start();
    }
    match text.as_bytes() {
        [0xe2 | 0xf0, ..] => {
            let signs = |c: char| !c.is_alphanumeric() && !c.is_ascii() || c == ' ';
            let quoted = |c: char| matches!(c, '‘' | '’' | '“' | '”' | '«' | '»' | '—' | '–');
            text.trim_start_matches(|c: char| signs(c) && !quoted(c))
        }
        _ => text,
    }
}

/// "(Optional) Add a graph", "**[Opcional]** Avisar": the bracket is the condition.
fn bracketed<'a>(lexicon: &Lexicon, words: Words<'a>, text: &'a str) -> Option<Guarded<'a>> {
    let inside = text.strip_prefix(['(', '['])?;
    let (guard, rest) = inside.split_once([')', ']'])?;
    let rest = rest.trim_start_matches([':', ' ', '-']);
    let known = guard.len() < 60 && lexicon.starts(Category::GuardStrong, &words.fold(guard)).is_some();
    (known && !rest.is_empty()).then_some(Guarded { guard: Some(guard), rest })
}

fn first_clause(text: &str) -> &str {
    let mut depth = 0usize;
    let ends = |c: char| {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && matches!(c, '.' | ';' | ':')
    };
    // "If it is not enough (e.g. lost data): …"; a bracket that nothing closes holds nothing.
    let end = text.find(ends).or_else(|| text.find(['.', ';', ':'])).unwrap_or(text.len());
    text[..end].trim()
}

/// "If a (b, c), do d" is split at the first comma or colon outside brackets and code.
pub fn leading(text: &str) -> Option<(&str, &str)> {
    let (mut depth, mut code) = (0usize, false);
    for (at, c) in text.char_indices() {
        match c {
            '`' => code = !code,
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            ',' | ':' | '—' | '→' | '⇒'
                if depth == 0
                    && !code
                    && text[at + c.len_utf8()..].starts_with(' ')
                    && !(c == ':' && names_an_error(&text[..at])) =>
            {
                let rest = text[at + c.len_utf8()..].trim();
                return (!rest.is_empty()).then(|| (text[..at].trim(), rest));
            }
            '.' | ';' if depth == 0 && !code && text[at + 1..].starts_with(' ') => return None,
            _ => {}
        }
    }
    None
}

/// Finds the condition inside a sentence; "check whether" is none.
fn trailing<'a>(lexicon: &Lexicon, words: Words<'a>, text: &'a str) -> Option<&'a str> {
    for (start, bare) in later_words(text) {
        if !lexicon.may_start_inside(&text[bare..], bare > start) {
            continue;
        }
        let ahead = words.fold(shorten(&text[bare..], 40));
        let optional = bare > start && (ahead.starts_with("opcional") || ahead.starts_with("optional"));
        if lexicon.starts(Category::GuardInside, &ahead).is_none() && !optional {
            continue;
        }
        if optional {
            return text[bare..].split(')').next();
        }
        let before = words.fold(text[..start].trim_end());
        let last = before.rsplit(|c: char| !c.is_alphanumeric() && c != '-').next().unwrap_or("");
        let noun = ahead.starts_with("caso") && lexicon.is(Category::Article, last);
        if before.ends_with('-')
            || lexicon.is(Category::Whether, last)
            || noun
            || is_accented(&text[bare..])
            || checks_it_too(lexicon, &before)
        {
            continue;
        }
        let clause = first_clause(&text[bare..]);
        if !clause.contains(' ') {
            continue;
        }
        let ordered = leading(clause).filter(|(_, rest)| lexicon.is_imperative(&words.fold(shorten(rest, HEAD))));
        let clause = ordered.map_or(clause, |(guard, _)| guard);
        let closed = clause.split(')').next().unwrap_or(clause);
        // "…, if data is affected (within 72 hours)": what the bracket adds is no part of it.
        let bare = closed.find(" (").map_or(closed, |aside| &closed[..aside]);
        return Some(bare.trim_end_matches([',', ' ']));
    }
    None
}

/// "Check in the panel if it is active", "check the address and if it is up": what the verb asks stands behind a place,
/// or is the second that it asks.
fn checks_it_too(lexicon: &Lexicon, before: &str) -> bool {
    // No place is named with more words.
    const LONGEST: usize = 6;
    let start = before.rfind(['.', ';', ':', ',', '(']).map_or(0, |at| at + 1);
    let mut words = before[start..].split_whitespace();
    let (verb, place) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    let joined = before.ends_with(" e") || before.ends_with(" y") || before.ends_with(" and");
    lexicon.is(Category::Whether, verb) && (joined || lexicon.is(Category::Place, place) && words.count() < LONGEST)
}

/// Where the words but the first start, and where each starts without the brackets before it.
fn later_words(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let starts = text.bytes().enumerate().filter_map(move |(at, byte)| match byte {
        b'!'..0xc2 => None,
        b' ' | b'\t'..=b'\r' => Some(at + 1),
        // The lead bytes of all white space beyond ASCII.
        0xc2 | 0xe1..=0xe3 => text[at..].chars().next().filter(|c| c.is_whitespace()).map(|c| at + c.len_utf8()),
        _ => None,
    });
    let starts = starts.filter(|start| *start < text.len());
    starts.map(|start| (start, start + text[start..].bytes().take_while(|b| *b == b'(').count()))
}

/// "qué se eliminó y cuándo": with its accent the word asks; "elija Sí, crear": it says yes.
fn is_accented(text: &str) -> bool {
    let text = text.trim_start_matches('(');
    let yes = ["Sí", "sí"].iter().find_map(|yes| text.strip_prefix(yes));
    text.to_lowercase().starts_with("cuándo") || yes.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
}

/// "When would you call?", "¿Cuándo se avisa?": what asks for a time is no condition.
pub fn asks_when(text: &str) -> bool {
    let text = trim(text);
    text.ends_with('?')
        && ["when ", "quando ", "cuándo ", "cuando "].iter().any(|word| {
            let start = text.trim_start_matches('¿');
            start.get(..word.len()).is_some_and(|head| head.to_lowercase() == *word)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Language;

    fn pt(text: &str) -> (Option<&str>, &str) {
        let split = split_guard(Lexicon::of(Some(Language::Pt)), Words::NONE, text);
        (split.guard, split.rest)
    }

    #[test]
    fn a_leading_condition_is_taken_off() {
        assert_eq!(pt("Se reiniciando, aguardar"), (Some("Se reiniciando"), "aguardar"));
        assert_eq!(pt("Após recuperação, conferir fila"), (Some("Após recuperação"), "conferir fila"));
    }

    #[test]
    fn a_condition_inside_stays_in_the_sentence() {
        let text = "Atualizar servico se necessario";
        assert_eq!(pt(text), (Some("se necessario"), text));
        assert_eq!(pt("Verificar status (se usando Patroni)").0, Some("se usando Patroni"));
    }

    #[test]
    fn checking_whether_is_no_condition() {
        assert_eq!(pt("Verificar se pod esta reiniciando").0, None);
        let en = Lexicon::of(None);
        assert_eq!(split_guard(en, Words::NONE, "Check if it's a mutating webhook.").guard, None);
        assert_eq!(split_guard(en, Words::NONE, "Restart it if it hangs").guard, Some("if it hangs"));
    }
}
