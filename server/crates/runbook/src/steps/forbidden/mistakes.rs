//! Lists of what people do wrong: "Common mistakes:" and "Running the cleanup in production" below it.

use crate::cases;
use crate::lexicon::{Category, Lexicon, NOTS};
use crate::steps::Walker;
use crate::words::{first_word, fold, has, past_marks, shorten};

/// What is known of such lists where the walk is.
#[derive(Default)]
pub struct Mistakes {
    /// Whether the heading at hand names them.
    named: bool,
    /// The outermost list at hand, and whether its first item does something.
    list: Option<(usize, bool)>,
    now: bool,
}

impl Mistakes {
    /// Starts a section with its folded name.
    pub fn of(lexicon: &Lexicon, name: &str) -> Self {
        Self { named: names(lexicon, name), ..Self::default() }
    }

    /// Tells whether the item at hand is one.
    pub const fn now(&self) -> bool {
        self.now
    }
}

impl Walker<'_> {
    /// Notes whether an item lies in a list of mistakes: its first item tells what somebody does, and no problem; `label` stands right
    /// before it.
    pub(in crate::steps) fn note_mistake(&mut self, item: usize, label: &str) {
        const LONGEST: usize = 60;
        // Few labels are as short and begin with these.
        let first = label.trim_start_matches(|c: char| !c.is_alphabetic()).as_bytes().first().copied().unwrap_or(b' ');
        let may = label.len() < LONGEST && b"acefkmoptu".contains(&first.to_ascii_lowercase());
        let labelled = may
            && ["istake", "itfall", "rrore", "rros", "rmadil"].iter().any(|part| has(label, part))
            && names(self.lexicon, fold(shorten(label, 80)).trim_end_matches([':', ' ']));
        if !(self.mistakes.named || self.mistakes.now || labelled) {
            return;
        }
        let outer = std::iter::successors(Some(item), |i| self.doc.items[*i].parent).last().unwrap_or(item);
        let list = self.doc.items[outer].list;
        if self.mistakes.list.is_none_or(|(known, _)| known != list) {
            let does = (self.mistakes.named || labelled)
                && does_something(self.lexicon, &fold(shorten(self.plain(self.leaf), 200)));
            self.mistakes.list = Some((list, does));
        }
        self.mistakes.now = self.mistakes.list.is_some_and(|(_, does)| does);
    }
}

/// "Common mistakes", "Errores comunes al restaurar", "Common operator mistakes"; but not "Recovering from mistakes".
fn names(lexicon: &Lexicon, name: &str) -> bool {
    const OFTEN: [&str; 7] = ["common", "frequent", "typical", "usual", "classic", "operator", "known"];
    let name = past_marks(name);
    if !name.starts_with(['a', 'c', 'e', 'f', 'k', 'm', 'o', 'p', 't', 'u']) {
        return false;
    }
    if let Some(phrase) = lexicon.label_starts(Category::Mistakes, name) {
        let rest = &name[phrase.len()..];
        return rest.is_empty() || rest.starts_with(' ') && !cases::has_remedies(lexicon, name) && !rest.contains(':');
    }
    OFTEN.contains(&first_word(name)) && (name.ends_with(" mistakes") || name.ends_with(" pitfalls"))
}

/// "Ejecutar el script dos veces", "Forgetting the backup", "No documentar": but not "Verify that it runs".
fn does_something(lexicon: &Lexicon, folded: &str) -> bool {
    const GERUND: usize = 5;
    let start = past_marks(folded);
    let word = first_word(start);
    let denied = NOTS.contains(&word);
    let checks = lexicon.is(Category::Whether, word);
    // "Guessing the name: look it up" says what to do too.
    let remedied = [": ", " - ", " – ", " — ", " → "].iter().any(|mark| has(start, mark));
    !checks && !remedied && (denied || lexicon.is_imperative(start) || word.len() > GERUND && word.ends_with("ing"))
}
