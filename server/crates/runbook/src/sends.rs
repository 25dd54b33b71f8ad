//! Words that send to a numbered step: "return to step 2", "repita o passo 3", "vuelva al paso 1".

use std::ops::Range;

use crate::lexicon::{Category, Lexicon};
use crate::numbered::{Word, key};

/// What sends somewhere, in a folded text.
#[derive(Debug, PartialEq, Eq)]
pub struct Sends<'t> {
    /// From the verb to the number.
    pub words: Range<usize>,
    /// The number as written.
    pub written: &'t str,
    /// What it is called, and its number as [`key`] makes it.
    pub step: (Word, u64),
    /// Whether one is only to look there: "see step 2".
    pub looks: bool,
}

/// How many steps that a text names are looked at.
const MOST: usize = 8;

/// Finds the first words of a folded text that send to a step.
pub fn find<'t>(lexicon: &Lexicon, folded: &'t str) -> Option<Sends<'t>> {
    let mut from = 0;
    for _ in 0..MOST {
        let (at, word) = lexicon.find(Category::Numbered, &folded[from..])?;
        let at = from + at;
        from = at + word.len();
        let Some((written, end)) = number_at(lexicon, folded, from) else { continue };
        if let Some((start, looks)) = verb_before(lexicon, &folded[..at])
            && let Some(number) = key(written)
        {
            return Some(Sends { words: start..end, written, step: (Word::of(word), number), looks });
        }
    }
    None
}

impl Sends<'_> {
    /// Tells whether nothing but this is ordered: "Return to step 2", "then go back to step 2 if it fails".
    pub fn is_all_of(&self, lexicon: &Lexicon, folded: &str) -> bool {
        const FEW: usize = 2;
        let after = folded[self.words.end..].trim_matches(|c: char| !c.is_alphanumeric());
        let guarded = lexicon.starts(Category::GuardStrong, after).is_some();
        let before = folded[..self.words.start].trim_matches(|c: char| !c.is_alphanumeric());
        leads(lexicon, before) && (guarded || after.split_whitespace().count() <= FEW)
    }

    /// Tells whether the text, or a condition's clause, begins with it.
    pub fn begins(&self, lexicon: &Lexicon, folded: &str) -> bool {
        let before = &folded[..self.words.start];
        // An arrow is longer than a byte.
        let before = before.rsplit(['.', ',', ';', ':', '\n', '→', '—']).next().unwrap_or("");
        leads(lexicon, before.trim_matches(|c: char| !c.is_alphanumeric()))
    }
}

/// Tells whether words are none, or only lead on: "then".
fn leads(lexicon: &Lexicon, before: &str) -> bool {
    before.is_empty() || lexicon.starts(Category::Lead, before) == Some(before)
}

/// The number behind the word for a step, and where it ends; none where several are named, or a step of something else.
fn number_at<'t>(lexicon: &Lexicon, folded: &'t str, at: usize) -> Option<(&'t str, usize)> {
    let rest = folded[at..].strip_prefix([' ', '\n'])?;
    let rest = rest.trim_start_matches(['#', '*', '_', '`', '"', ' ']);
    let start = folded.len() - rest.len();
    let digits = rest.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
    let written = rest[..digits].trim_end_matches('.');
    let after = &rest[written.len()..];
    if written.is_empty() || after.starts_with(|c: char| c.is_alphanumeric() || c == '_') {
        return None;
    }
    let mut words = after.split_whitespace();
    let (first, second) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    // "Step 2 or 4" is for somebody to choose; "steps 2 and 4" begin with one, as "steps 2 to 4" do.
    let counts = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
    if matches!(first, "or" | "ou" | "o" | "u") && counts(second) || after.starts_with('/') && counts(&after[1..]) {
        return None;
    }
    (!is_of_another(lexicon, after)).then_some((written, start + written.len()))
}

/// "Step 2 of the restore", "passo 2 no runbook de rede": not one of these steps.
fn is_of_another(lexicon: &Lexicon, after: &str) -> bool {
    // As many words behind the number may say of what it is.
    const NEAR: usize = 5;
    let clause = after.split(['.', ',', ';', ':', '\n']).next().unwrap_or("");
    let mut words = clause.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).peekable();
    let first = words.peek().copied().unwrap_or("");
    let ours = |word: &str| {
        matches!(
            word,
            "this"
                | "deste"
                | "desta"
                | "neste"
                | "nesta"
                | "este"
                | "esta"
                | "same"
                | "mesma"
                | "mesmo"
                | "misma"
                | "mismo"
        )
    };
    if words.clone().take(3).any(ours) {
        return false;
    }
    matches!(first, "of" | "do" | "da" | "dos" | "das" | "del")
        || words.take(NEAR).any(|word| lexicon.is(Category::NumberedOf, word))
}

/// The verb before the word for a step: where it starts, and whether it only looks there.
fn verb_before(lexicon: &Lexicon, before: &str) -> Option<(usize, bool)> {
    // "Go directly back to the", "volte novamente a partir do".
    const MOST: usize = 6;
    let (mut rest, mut prep, mut behind) = (before, None, "");
    for _ in 0..MOST {
        rest = rest.trim_end_matches([' ', '\n', '*', '_', '`', '"', '(', '[']);
        let start =
            rest.rfind(|c: char| !c.is_alphanumeric() && c != '-' && c != '\'').map_or(0, |at| at + char_len(rest, at));
        let word = &rest[start..];
        let is = |category: Category| lexicon.is(category, word);
        if word.is_empty() {
            return None;
        }
        let skips = is(Category::SendsSkip) && prep.is_some_and(|(prep, after)| prep != "a" || after == "la");
        let goes = is(Category::SendsTo) && prep.is_some();
        if skips || goes || is(Category::SendsAgain) || is(Category::SendsLook) {
            let looks = !skips && !goes && !is(Category::SendsAgain);
            return (!is_denied(lexicon, &rest[..start])).then(|| (begin(lexicon, rest, start), looks));
        }
        if is(Category::SendsPrep) {
            prep = prep.or(Some((word, behind)));
        } else if !is(Category::SendsBetween) {
            return None;
        }
        behind = word;
        rest = &rest[..start];
    }
    None
}

/// "Go back to": the verb stands before the word that was found.
fn begin(lexicon: &Lexicon, rest: &str, start: usize) -> usize {
    let before = rest[..start].trim_end();
    let word = before.rfind(' ').map_or(0, |at| at + 1);
    if lexicon.is(Category::SendsTo, &before[word..]) { word } else { start }
}

/// "Before you go to step 3", "do not return to step 1".
fn is_denied(lexicon: &Lexicon, before: &str) -> bool {
    let clause = before.rsplit(['.', ',', ';', ':', '!', '?', '(', '\n']).next().unwrap_or("");
    clause.split(|c: char| !c.is_alphanumeric() && c != '\'').any(|word| lexicon.is(Category::SendsNot, word))
}

fn char_len(text: &str, at: usize) -> usize {
    text[at..].chars().next().map_or(1, char::len_utf8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Language;
    use crate::words::fold;

    fn sends(language: Option<Language>, text: &str) -> Option<String> {
        let folded = fold(text);
        find(Lexicon::of(language), &folded).map(|sends| sends.written.to_owned())
    }

    #[test]
    fn what_sends_to_a_step_is_told_from_what_names_one() {
        let en = [
            ("return to step 1", "1"),
            ("If it fails, go back to the step 4", "4"),
            ("Repeat steps 2-5 on each node", "2"),
            ("repeat steps 2 and 4", "2"),
            ("skip directly to **step 3**", "3"),
            ("If step 2 fails, see step 2.1", "2.1"),
            ("start over from step 1", "1"),
        ];
        let pt = [
            ("Volte ao passo 2", "2"),
            ("repita os passos 1 a 3", "1"),
            ("repita os passos 1, 2 e 4", "1"),
            ("retorne à etapa 3", "3"),
            ("se falhar, ir para a etapa 5", "5"),
            ("Pule para o passo 4", "4"),
            ("ver item 3", "3"),
            ("recomece a partir do passo 1", "1"),
        ];
        let es = [
            ("Vuelva al paso 1", "1"),
            ("repite el paso 3.1", "3.1"),
            ("salte a la etapa 2", "2"),
            ("véase el paso 2", "2"),
        ];
        for (language, texts) in [(None, &en[..]), (Some(Language::Pt), &pt), (Some(Language::Es), &es)] {
            for (text, number) in texts {
                assert_eq!(sends(language, text).as_deref(), Some(*number), "{text}");
            }
        }
    }

    #[test]
    fn what_only_names_a_step_sends_nowhere() {
        for text in [
            "skip step 2",
            "the value from step 2",
            "before you go to step 3, check it",
            "do not return to step 1",
            "repeat step 2 or 4",
            "go to step 2/3",
            "see step 3 of the restore",
            "go to step 3 in the network runbook",
            "go to step 3b",
            "two steps back",
        ] {
            assert_eq!(sends(None, text), None, "{text}");
        }
        for text in [
            "pule a etapa 2",
            "antes de ir ao passo 3",
            "não volte ao passo 1",
            "passo 2",
            "volte ao passo 2 do procedimento de rede",
        ] {
            assert_eq!(sends(Some(Language::Pt), text), None, "{text}");
        }
        for text in ["salte el paso 2", "antes de ir al paso 3", "no vuelva al paso 1", "vaya al paso 2 del plan"] {
            assert_eq!(sends(Some(Language::Es), text), None, "{text}");
        }
    }
}
