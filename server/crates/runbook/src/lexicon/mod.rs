//! The words that carry structure, one file a language; nothing else in the reader knows a language.

mod category;
mod detector;
mod durations;
mod phrases;
mod sentence;
mod signs;

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use crate::words::{first_word, past_marks};
use phrases::Phrases;

pub use category::Category;
pub use detector::Detector;
pub use durations::{minutes_after, seconds};
pub use sentence::{Guarded, asks_when, leading, split_guard, split_leading};
pub use signs::Signs;

/// The languages that have a lexicon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English.
    En,
    /// Portuguese.
    Pt,
    /// Spanish.
    Es,
}

impl Language {
    const ALL: [Self; 3] = [Self::En, Self::Pt, Self::Es];

    /// Returns the BCP 47 tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Pt => "pt",
            Self::Es => "es",
        }
    }

    const fn source(self) -> &'static str {
        match self {
            Self::En => include_str!("en.txt"),
            Self::Pt => include_str!("pt.txt"),
            Self::Es => include_str!("es.txt"),
        }
    }

    /// Returns the phrases that are this language's own.
    fn lists(self) -> &'static Lists {
        static LISTS: LazyLock<[Lists; 3]> = LazyLock::new(|| Language::ALL.map(|l| parse(l.source())));
        &LISTS[self as usize]
    }
}

/// Words that deny what comes after them.
pub const NOTS: [&str; 14] = [
    "never",
    "nunca",
    "jamais",
    "jamas",
    "do not",
    "don't",
    "dont",
    "must not",
    "should not",
    "nao",
    "no",
    "shouldn't",
    "mustn't",
    "mustnt",
];

/// What stands before "used" where that is over.
pub const FORMERLY: [&str; 3] = ["previously", "formerly", "anteriormente"];

/// What an order begins with, but for infinitives, and what stands before one.
const ORDERS: [Category; 7] = [
    Category::Verb,
    Category::Imported,
    Category::Lead,
    Category::Place,
    Category::Guard,
    Category::GuardStrong,
    Category::Gives,
];

/// Phrases by category.
type Lists = Vec<Vec<&'static str>>;
type Categories = Vec<Phrases>;

/// The words for reading one document.
pub struct Lexicon {
    /// The document's language and English, which every team mixes in: for sentences.
    own: Categories,
    /// All languages: for headings and labels, where a word can hardly mean something else.
    all: &'static Categories,
    verbs: FxHashSet<&'static str>,
    not_verbs: FxHashSet<&'static str>,
    infinitives: bool,
    /// Whether friends may be ordered as on the River Plate: "iniciá", "hacé", "abrí".
    voseo: bool,
    /// What forbids within a clause.
    denials: Phrases,
    /// All that forbids, wherever it stands.
    forbidding: Phrases,
    /// What a title begins with that calls what it stands over bad, in any language.
    bad: Phrases,
    /// The same, and what calls it wrong.
    wrong: Phrases,
    /// What may stand at the start of an order, or before one.
    orders: Phrases,
    /// The signs of a text that may forbid.
    pub forbids: Signs,
}

impl Lexicon {
    /// Returns the lexicon for a document in `language`; English where it could not be told.
    pub fn of(language: Option<Language>) -> &'static Self {
        static EN: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::build(Language::En));
        static PT: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::build(Language::Pt));
        static ES: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::build(Language::Es));
        match language {
            Some(Language::Pt) => &PT,
            Some(Language::Es) => &ES,
            _ => &EN,
        }
    }

    fn build(language: Language) -> Self {
        static ALL: LazyLock<Categories> = LazyLock::new(|| sorted(joined(&Language::ALL)));
        let mut own = joined(&[Language::En, language][usize::from(language == Language::En)..]);
        for other in Language::ALL.into_iter().filter(|other| *other != language && *other != Language::En) {
            // A warning counts in whatever language it is; only "no" means something else elsewhere.
            for category in [Category::Prohibit, Category::Forbid] {
                own[category as usize].extend(other.lists()[category as usize].iter().filter(|p| **p != "no"));
            }
        }
        // English verbs are nouns in a Portuguese or Spanish sentence ("query latency").
        let set = |category: Category| language.lists()[category as usize].iter().copied().collect::<FxHashSet<_>>();
        let (verbs, not_verbs) = (set(Category::Verb), set(Category::NotVerb));
        let denials = Phrases::new(own[Category::Forbid as usize].iter().copied().chain(NOTS).collect());
        let both = [Category::Prohibit, Category::Forbid].into_iter().flat_map(|category| &own[category as usize]);
        let forbidding = Phrases::new(both.copied().collect());
        let bad = [Category::BadAlone, Category::Bad, Category::BadNoun, Category::Shun].into_iter();
        let all = |category: Category| ALL[category as usize].all();
        let bad = bad.flat_map(all);
        let bad: Vec<&str> = bad.chain(FORMERLY).collect();
        let wrong = Phrases::new(bad.iter().copied().chain(all(Category::Wrong)).collect());
        let bad = Phrases::new(bad);
        let orders = ORDERS.iter().flat_map(|category| own[*category as usize].iter().copied());
        let orders = Phrases::new(orders.chain(["ir a", "ir al", "ir ao", "ir para"]).collect());
        let own = sorted(own);
        let forbids = if language == Language::Es { Signs::FORBIDS.or(Signs::NEGATES) } else { Signs::FORBIDS };
        let (infinitives, voseo) = (language != Language::En, language == Language::Es);
        Self { own, all: &ALL, verbs, not_verbs, infinitives, voseo, denials, forbidding, bad, wrong, orders, forbids }
    }

    /// Returns the longest phrase of a category that a folded sentence starts with.
    pub fn starts(&self, category: Category, folded: &str) -> Option<&'static str> {
        self.own[category as usize].starts(folded)
    }

    /// The same for headings and labels, in any language.
    pub fn label_starts(&self, category: Category, folded: &str) -> Option<&'static str> {
        self.all[category as usize].starts(folded)
    }

    /// Tells whether a folded heading or label is, or ends in, a phrase of a category.
    pub fn label_is(&self, category: Category, folded: &str) -> bool {
        self.all[category as usize].contains(folded)
    }

    /// Tells whether a folded label names one of several ways: "Option A", "Opção 2: …".
    pub fn names_option(&self, label: &str) -> bool {
        self.label_starts(Category::Option, label).is_some_and(|word| {
            let key = label[word.len()..].trim_start().split([':', ' ', '-', ')', '.']).next().unwrap_or("");
            key.len() == 1 && key.bytes().all(|b| b.is_ascii_alphanumeric())
        })
    }

    /// Finds the first phrase of a category in a folded sentence: where it starts, and the phrase.
    pub fn find(&self, category: Category, folded: &str) -> Option<(usize, &'static str)> {
        self.own[category as usize].find(folded)
    }

    /// The same, for words that can hardly mean something else in another language.
    pub fn label_find(&self, category: Category, folded: &str) -> Option<(usize, &'static str)> {
        self.all[category as usize].find(folded)
    }

    /// Tells whether a text that is not folded may start with a phrase, by its first three letters.
    pub fn may_start(&self, category: Category, text: &str) -> bool {
        self.own[category as usize].may_start(text)
    }

    /// The same for headings and labels.
    pub fn label_may_start(&self, category: Category, text: &str) -> bool {
        self.all[category as usize].may_start(text)
    }

    /// Tells whether a text that is not folded may start with what calls something bad, by its first three letters.
    pub fn may_call_bad(&self, text: &str) -> bool {
        self.bad.may_start(text)
    }

    /// The same of one that may call it wrong, too.
    pub fn may_call_wrong(&self, text: &str) -> bool {
        self.wrong.may_start(text)
    }

    /// Tells whether a folded word is one that calls something bad, or what is called so.
    pub fn calls_bad(&self, word: &str) -> bool {
        self.bad.contains(word)
    }

    /// Tells whether a condition could start here, by the first letters alone; `bracket` is whether one opens before it.
    fn may_start_inside(&self, text: &str, bracket: bool) -> bool {
        let [first, second] = match text.as_bytes() {
            [first, second, ..] if first.is_ascii() && second.is_ascii() => [*first, *second],
            [first] if first.is_ascii() => [*first, 0],
            bytes => return !bytes.is_empty(),
        };
        let head = [first.to_ascii_lowercase(), second.to_ascii_lowercase()];
        self.own[Category::GuardInside as usize].starts_with(head) || bracket && head[0] == b'o'
    }

    /// Tells whether a sentence that is not folded holds a phrase of a category.
    pub fn mentions(&self, category: Category, text: &str) -> bool {
        self.own[category as usize].are_in(text)
    }

    /// Tells whether a sentence that is not folded holds anything that may forbid.
    pub fn may_forbid(&self, text: &str) -> bool {
        self.forbidding.are_in(text)
    }

    /// Finds the first word of a folded text, from a place on, that may forbid.
    pub fn denial(&self, folded: &str, from: usize) -> Option<usize> {
        self.denials.find(&folded[from..]).map(|(at, _)| from + at)
    }

    /// Tells whether a single folded word belongs to a category.
    pub fn is(&self, category: Category, word: &str) -> bool {
        self.own[category as usize].contains(word)
    }

    /// "não precisa", "no carga", "não encontrado": after a plain "not" such a word tells what is, and forbids nothing.
    pub fn tells(&self, not: &str, word: &str) -> bool {
        let ends = |list: &[&str]| list.iter().any(|end| word.ends_with(end));
        self.infinitives
            && matches!(not, "nao" | "no")
            && !self.is_verb(word)
            && !self.is_verb(word.trim_end_matches('s'))
            && word.len() > 2
            && ends(&["a", "am", "an", "ado", "ados", "adas", "ido", "idos", "idas", "vel", "veis", "ble", "bles"])
    }

    /// Tells whether a folded word orders an action.
    pub fn is_verb(&self, word: &str) -> bool {
        if self.verbs.contains(word) {
            return true;
        }
        if !self.infinitives {
            return false;
        }
        if word.ends_with("se") && self.verbs.contains(&word[..word.len() - 2]) {
            return true;
        }
        let whole = word;
        let word = without_pronoun(word);
        // "reverse" is no "rever-se".
        if word.len() < whole.len() && self.not_verbs.contains(whole) {
            return false;
        }
        let word = word.strip_prefix("re-").unwrap_or(word);
        let infinitive = word.len() > 3 && (word.ends_with("ar") || word.ends_with("er") || word.ends_with("ir"));
        infinitive
            && word.bytes().all(|b| b.is_ascii_lowercase())
            && !self.not_verbs.contains(word)
            && !is_borrowed(word)
    }

    /// Tells whether a folded verb stands in the form that names what is done, where the language has one.
    pub fn is_infinitive(&self, word: &str) -> bool {
        self.infinitives && ["ar", "er", "ir"].iter().any(|end| without_pronoun(word).ends_with(end))
    }

    /// Tells whether a folded verb may as well say what somebody does: "restaura", and neither "restaurar" nor "restaure".
    pub fn may_tell(&self, word: &str) -> bool {
        self.infinitives && !self.is_infinitive(word) && word.ends_with('a')
    }

    /// Tells whether a text as written starts with an order to a friend on the River Plate: "iniciá", and not "tendrá".
    pub fn is_voseo(&self, text: &str) -> bool {
        const OTHERS: [&str; 24] = [
            "hacé",
            "poné",
            "leé",
            "mové",
            "volvé",
            "corré",
            "tené",
            "mantené",
            "escogé",
            "extraé",
            "abrí",
            "subí",
            "escribí",
            "salí",
            "elegí",
            "seguí",
            "pedí",
            "repetí",
            "añadí",
            "decí",
            "vení",
            "definí",
            "redirigí",
            "compartí",
        ];
        if !self.voseo || text.is_ascii() {
            return false;
        }
        let word = first_word(text).to_lowercase();
        let Some(stem) = word.strip_suffix('á') else { return OTHERS.contains(&word.as_str()) };
        let future = ["ar", "er", "ir", "dr", "br"].iter().any(|end| stem.ends_with(end));
        let known = self.verbs.contains(crate::words::fold(&word).as_ref());
        stem.len() > 2 && (known || !future) && !matches!(stem, "est" | "quiz" | "ojal" | "acull" | "mam" | "pap")
    }

    /// "Rollback de banco", "Backup diário": the first word names a thing there; "ver seção 6" only points.
    fn is_noun(&self, rest: &str) -> bool {
        let word = first_word(rest);
        let next = rest[word.len().min(rest.len())..].trim_start();
        if word == "ver" {
            return self.starts(Category::Pointed, next).is_some() || !next.starts_with(|c: char| c.is_alphanumeric());
        }
        // "Drain is one-way", "Borrar es definitivo": what something is.
        let says = |verbs: &[&str]| verbs.iter().any(|verb| next.starts_with(verb));
        if says(&["is ", "are ", "was ", "were ", "has "]) || self.infinitives && says(&["es ", "son ", "fue "]) {
            return true;
        }
        let told = [
            "the ", "your ", "all ", "a ", "an ", "any ", "each ", "it ", "them ", "this ", "on ", "into ", "through ",
            "every", "on-call", "on call", "team", "stake", "users", "support",
        ];
        // "Backup data is stored", "Backup schedules can be paused": what stands behind it is no object.
        const BE: [&str; 8] = ["is", "are", "was", "were", "can", "may", "will", "must"];
        if !self.infinitives && word == "backup" && next.split(' ').take(6).any(|word| BE.contains(&word)) {
            return true;
        }
        // "Login como admin" orders, "Login funciona" does not.
        if self.infinitives && word == "login" {
            return !["como ", "com sua", "com seu", "con tu", "con su ", "con sus ", "as ", "to "]
                .iter()
                .any(|w| next.starts_with(w));
        }
        // "Deja de responder", "Marca de agua".
        if self.infinitives && matches!(word, "deja" | "marca") {
            return next.starts_with("de ") || next.starts_with("del ");
        }
        if !self.infinitives && self.is(Category::VerbNoun, word) {
            return !told.iter().any(|w| next.starts_with(w));
        }
        self.infinitives
            && matches!(word, "rollback" | "backup" | "escala" | "carga" | "copia" | "consulta" | "busca" | "compra")
            && ["de ", "do ", "da ", "del ", "diario", "completo", "manual ", "e ", "y ", ":"].iter().any(|w| {
                next.strip_prefix(w).is_some_and(|rest| w.len() > 2 || w == &":" || !self.is_verb(first_word(rest)))
            })
    }

    /// "Dê um reload", "dale un restart", "do a rolling restart": a borrowed word orders, behind a verb that says nothing itself.
    fn gives(&self, verb: &str, rest: &str) -> bool {
        if !self.is(Category::Gives, verb) {
            return false;
        }
        let mut words = rest[rest.find(verb).unwrap_or(0) + verb.len()..].split([' ', '\n']);
        let (_, article) = (words.next(), words.next().unwrap_or(""));
        let what = |word: &str| self.is(Category::GivesWhat, word.trim_end_matches(|c: char| !c.is_alphanumeric()));
        // "De um restart para o outro" orders nothing.
        matches!(article, "a" | "an" | "um" | "uma" | "un" | "una")
            && words.clone().take(2).any(what)
            && !words.any(|word| matches!(word, "outro" | "outra" | "otro" | "otra"))
    }

    /// Tells whether infinitives order in its language, as they do in Portuguese and Spanish.
    pub const fn has_infinitives(&self) -> bool {
        self.infinitives
    }

    /// Tells whether a clause that is not folded may order something, or begin with a condition or a place; a look that costs
    /// little.
    pub fn may_order(&self, text: &str) -> bool {
        self.infinitives || self.orders.may_start(text)
    }

    /// Tells whether a folded sentence starts with an order, after words like "then" or "please".
    pub fn is_imperative(&self, folded: &str) -> bool {
        let mut rest = past_marks(folded);
        // Most words are told at a look to be no verb.
        if !self.infinitives && !self.orders.starts_like(rest.as_bytes()) {
            return false;
        }
        for _ in 0..3 {
            let word = first_word(rest);
            if self.is_verb(word) && !self.is_noun(rest) || self.gives(word, rest) {
                return true;
            }
            let Some(lead) = self.starts(Category::Lead, rest) else {
                return false;
            };
            rest = past_marks(&rest[lead.len()..]);
        }
        false
    }
}

/// "mapper", "runner": no verb of these languages has two like consonants before its ending, but for `rr` and `ll`.
fn is_borrowed(word: &str) -> bool {
    let stem = word.strip_suffix("er").unwrap_or("").as_bytes();
    matches!(stem, [.., a, b] if a == b && !b"aeiourl".contains(a))
}

/// `conectarse`, `certificar-se`, `verificarlo`: the verb alone.
fn without_pronoun(word: &str) -> &str {
    let ends = ["-se", "-lo", "-la", "-los", "-las", "-os", "-as", "-o", "-a", "se", "lo", "la", "los", "las", "le"];
    let cut = ends.iter().find_map(|end| word.strip_suffix(end).filter(|stem| stem.ends_with('r') && stem.len() > 3));
    cut.unwrap_or(word)
}

fn parse(source: &'static str) -> Lists {
    let mut lists = vec![Vec::new(); Category::ALL.len()];
    for line in source.lines().filter(|l| !l.starts_with('#')) {
        if let Some((category, phrases)) = line.split_once('=') {
            let Some(category) = Category::named(category.trim()) else { continue };
            lists[category as usize].extend(phrases.split(';').map(str::trim).filter(|p| !p.is_empty()));
        }
    }
    lists
}

/// The phrases of some languages.
fn joined(languages: &[Language]) -> Lists {
    let of = |category: usize| languages.iter().flat_map(|l| l.lists()[category].iter().copied()).collect();
    (0..Category::ALL.len()).map(of).collect()
}

fn sorted(lists: Lists) -> Categories {
    lists.into_iter().map(Phrases::new).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_a_lexicon_has_a_category() {
        for line in Language::ALL.iter().flat_map(|l| l.source().lines()).filter(|l| !l.starts_with('#')) {
            assert!(line.split_once('=').is_some_and(|(name, _)| Category::named(name.trim()).is_some()), "{line}");
        }
        assert!(Category::ALL.iter().enumerate().all(|(i, (category, _))| *category as usize == i));
    }

    #[test]
    fn the_language_is_told_from_small_words() {
        let of = |text: &str| {
            let mut detector = Detector::default();
            detector.read(text);
            detector.language()
        };
        assert_eq!(of("verificar se o pod esta de pe na regiao"), Some(Language::Pt));
        assert_eq!(of("check that the pod is on the node"), Some(Language::En));
        assert_eq!(of("verifique si el pod esta en la region con los datos"), Some(Language::Es));
        assert_eq!(of("kubectl"), None);
    }

    #[test]
    fn infinitives_order_only_where_the_language_does_so() {
        assert!(Lexicon::of(Some(Language::Pt)).is_imperative("reiniciar o servico"));
        assert!(!Lexicon::of(Some(Language::Pt)).is_imperative("cluster parado"));
        assert!(!Lexicon::of(Some(Language::Pt)).is_imperative("mapper respondendo"));
        assert!(Lexicon::of(Some(Language::Pt)).is_imperative("percorrer a lista"));
        assert!(Lexicon::of(None).is_imperative("then, restart the service"));
        assert!(!Lexicon::of(None).is_imperative("similar restarts"));
    }
}
