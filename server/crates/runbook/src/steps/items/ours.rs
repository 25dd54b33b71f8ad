//! What an author does along with the reader: "abrimos la lista", "clicamos em Salvar"; and where one clicks.

use crate::doc::{Run, RunKind};
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

/// Tells whether a folded item of a numbered list orders something in the first person of the plural,
/// or says where to click.
pub fn orders(lexicon: &Lexicon, folded: &str, runs: &[Run<'_>]) -> bool {
    let first = first_word(past_marks(folded));
    let acts = first.len() > 5 && ["amos", "emos", "imos"].iter().any(|end| first.ends_with(end));
    acts && !STATES.contains(&first) || has(folded, "emos ") && is_bound(lexicon, folded) || is_a_way_of_clicks(runs)
}

/// "Opcionalmente, podemos hacer clic": what is left to do is said by the next word.
fn is_bound(lexicon: &Lexicon, folded: &str) -> bool {
    let mut words = folded.split(' ').map(first_word);
    words.any(|word| matches!(word, "debemos" | "devemos" | "podemos"))
        && words.next().is_some_and(|word| lexicon.is_infinitive(word) && lexicon.is_verb(word))
}

/// "Console → `shop-prod` → **Overview** → button **Stop**": a way through a console, of which something is in bold letters.
fn is_a_way_of_clicks(runs: &[Run<'_>]) -> bool {
    const LEAST: usize = 2;
    let arrows = |run: &Run<'_>| run.text.matches('→').count();
    let texts = || runs.iter().filter(|run| run.kind == RunKind::Text);
    let beside = |at: usize| {
        at.checked_sub(1).is_some_and(|before| runs[before].text.trim_end().ends_with('→'))
            || runs.get(at + 1).is_some_and(|next| next.text.trim_start().starts_with('→'))
    };
    texts().map(arrows).sum::<usize>() >= LEAST && (0..runs.len()).any(|at| runs[at].strong && beside(at))
}
