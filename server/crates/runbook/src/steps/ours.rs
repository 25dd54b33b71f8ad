//! What an author does along with the reader: "abrimos la lista", "clicamos em Salvar"; and what is ordered beside other things.

use super::Walker;
use crate::lexicon::{Lexicon, split_guard};
use crate::words::{first_word, has, past_marks, shorten};

/// What people who write no English call by its English name, to name a thing and to order it alike.
const BORROWED: [&str; 16] = [
    "deploy",
    "redeploy",
    "rollback",
    "restore",
    "commit",
    "push",
    "merge",
    "cherry-pick",
    "scan",
    "throttle",
    "failover",
    "switchover",
    "restart",
    "rebuild",
    "rerun",
    "rate",
];

/// What these say is how something is.
const STATES: [&str; 14] = [
    "tenemos",
    "estamos",
    "podemos",
    "queremos",
    "sabemos",
    "usamos",
    "utilizamos",
    "contamos",
    "precisamos",
    "recomendamos",
    "necesitamos",
    "veremos",
    "obtenemos",
    "obteremos",
];

/// Tells whether a folded item of a numbered list orders something in the first person of the plural.
pub fn orders(lexicon: &Lexicon, folded: &str) -> bool {
    let first = first_word(past_marks(folded));
    let acts = first.len() > 5 && ["amos", "emos", "imos"].iter().any(|end| first.ends_with(end));
    acts && !STATES.contains(&first) || has(folded, "emos ") && is_bound(lexicon, folded)
}

/// "Opcionalmente, podemos hacer clic": what is left to do is said by the next word.
fn is_bound(lexicon: &Lexicon, folded: &str) -> bool {
    let mut words = folded.split(' ').map(first_word);
    words.any(|word| matches!(word, "debemos" | "devemos" | "podemos"))
        && words.next().is_some_and(|word| lexicon.is_infinitive(word) && lexicon.is_verb(word))
}

impl Walker<'_> {
    /// "Check the disk. If it is full, clear it": what only the later orders of a step depend on.
    pub(super) fn note_later_guards(&mut self, text: &str, place: usize) {
        for (i, sentence) in text.split(". ").skip(1).take(16).enumerate() {
            let split = split_guard(self.lexicon, self.words(), sentence);
            if split.guard.is_some()
                && self.lexicon.is_imperative(&self.fold(shorten(split.rest, 200)))
                && split.rest.len() < sentence.len()
            {
                self.out.loose_guards.push(place + i + 1);
            }
        }
    }

    /// "Redeploy ambos servicios", "Commit + deploy": in a numbered list that orders, such a name is what to do.
    pub(super) fn borrows(&self, item: usize, folded: &str) -> bool {
        const NEAR: usize = 4;
        let first = first_word(past_marks(folded));
        if !BORROWED.contains(&first) || !self.doc.items[item].is_ordered() {
            return false;
        }
        let behind = &past_marks(folded)[first.len()..];
        let second = first_word(behind);
        let past = ["ado", "ada", "ido", "ida", "ados", "adas"].iter().any(|end| second.ends_with(end));
        if behind.starts_with(':') || past || second.starts_with("automatic") || self.lexicon.is_imperative("deploy it")
        {
            return false;
        }
        let list = self.doc.items[item].list;
        let orders = |leaf: usize| super::items::orders(self.lexicon, self.doc.words(leaf), self.doc.plain(leaf));
        let last = self.doc.items.len().min(item + NEAR + 1);
        (item.saturating_sub(NEAR)..last)
            .filter(|other| *other != item && self.doc.items[*other].list == list)
            .any(|other| self.context.item_first[other].is_some_and(orders))
    }
}
