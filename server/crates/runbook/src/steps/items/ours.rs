//! What an author does along with the reader: "abrimos la lista", "clicamos em Salvar".

use crate::lexicon::Lexicon;
use crate::words::{first_word, has, past_marks};

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
