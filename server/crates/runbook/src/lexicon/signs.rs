//! What a text may say, told by its single words, so that most texts are never searched for phrases.

use super::{Category, Language};

/// What a text may say. Where a sign is missing, no phrase of its categories is there; where it is set, one may be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Signs(u8);

impl Signs {
    /// Anything.
    pub const ALL: Self = Self(u8::MAX);
    /// That something must not be done.
    pub const FORBIDS: Self = Self(1);
    /// That it goes on elsewhere.
    pub const POINTS: Self = Self(1 << 1);
    /// That somebody is called.
    pub const ESCALATES: Self = Self(1 << 2);
    /// A condition inside.
    pub const CONDITION: Self = Self(1 << 3);
    /// That something is run.
    pub const RUNS: Self = Self(1 << 4);
    /// That output, a file or a rule follows, something to look up, or what a program does by itself.
    pub const SHOWS: Self = Self(1 << 5);
    /// "no", which forbids in Spanish alone.
    pub const NEGATES: Self = Self(1 << 6);
    /// That one thing stands in the place of another.
    pub const REPLACES: Self = Self(1 << 7);

    /// Tells whether any of some signs is set.
    pub const fn may(self, signs: Self) -> bool {
        self.0 & signs.0 != 0
    }

    /// Returns the signs of two texts.
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) const fn bits(self) -> u8 {
        self.0
    }

    pub(super) const fn from_bits(bits: u8) -> Self {
        Self(bits)
    }
}

/// Which categories each sign stands for.
const SIGNS: [(Signs, &[Category]); 7] = [
    (Signs::FORBIDS, &[Category::Prohibit, Category::Forbid]),
    (Signs::POINTS, &[Category::Goto, Category::Numbered]),
    (Signs::ESCALATES, &[Category::Escalate]),
    (Signs::CONDITION, &[Category::GuardInside]),
    (Signs::RUNS, &[Category::RunWord]),
    (Signs::SHOWS, &[Category::Output, Category::Save, Category::Shown, Category::AlertRule, Category::QueryWord]),
    (Signs::SHOWS, &[Category::Program, Category::Example, Category::OutputWord, Category::Alone]),
];

/// Words that are signs, though they stand in no lexicon.
const MORE: [(Signs, &[&str]); 2] = [
    (Signs::CONDITION, &["optional", "optionally", "opcional", "opcionalmente", "opcionales"]),
    (Signs::REPLACES, &["instead", "rather", "place", "vez", "inves", "lugar"]),
];

/// One word, or two that stand side by side.
type Telling = [Option<&'static str>; 2];

/// Returns what tells of each phrase: its word, or the longest two that stand side by side in it.
pub fn words() -> impl Iterator<Item = (Telling, Signs)> {
    let lists = super::joined(&Language::ALL);
    let of = move |(signs, categories): (Signs, &'static [Category])| {
        let phrases: Vec<_> = categories.iter().flat_map(|category| lists[*category as usize].clone()).collect();
        phrases.into_iter().map(move |phrase| (telling(phrase), if phrase == "no" { Signs::NEGATES } else { signs }))
    };
    let more = MORE.into_iter().flat_map(|(signs, words)| words.iter().map(move |word| (telling(word), signs)));
    SIGNS.into_iter().flat_map(of).chain(more)
}

fn telling(phrase: &'static str) -> Telling {
    let words: Vec<&str> = phrase.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let pairs = words.windows(2).map(|pair| [Some(pair[0]), Some(pair[1])]);
    let length = |pair: &Telling| pair.iter().flatten().map(|word| word.len()).sum::<usize>();
    pairs.max_by_key(length).unwrap_or([words.first().copied(), None])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::{Detector, NOTS};

    /// Every way that people write a phrase within a sentence.
    fn written(phrase: &str) -> [String; 5] {
        let capital: String =
            phrase.chars().take(1).flat_map(char::to_uppercase).chain(phrase.chars().skip(1)).collect();
        [
            format!("Xyz — {phrase}, xyz."),
            capital,
            format!("xyz ({})", phrase.to_uppercase()),
            format!("**{}**: xyz", phrase.replace('\'', "\u{2019}")),
            format!("xyz {}", phrase.replace(' ', "\n")),
        ]
    }

    #[test]
    fn no_phrase_is_without_its_sign() {
        let lists = crate::lexicon::joined(&Language::ALL);
        let phrases = SIGNS.iter().flat_map(|(signs, categories)| {
            categories.iter().flat_map(|category| lists[*category as usize].iter().map(|phrase| (*phrase, *signs)))
        });
        let all = phrases.chain(NOTS.into_iter().map(|phrase| (phrase, Signs::FORBIDS)));
        let all = all.chain(MORE.iter().flat_map(|(signs, words)| words.iter().map(|word| (*word, *signs))));
        for (phrase, signs) in all {
            let signs = if phrase == "no" { Signs::NEGATES } else { signs };
            for text in written(phrase) {
                assert!(Detector::default().read(&text).may(signs), "{text}");
            }
        }
    }

    #[test]
    fn what_says_nothing_has_no_sign() {
        assert_eq!(Detector::default().read("O pod da loja."), Signs::default());
    }
}
