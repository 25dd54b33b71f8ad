//! Sentences that tell what some program does by itself: "The Dockerfile runs:", "o cron já executa isto toda noite:".

pub mod errors;
pub mod failed;
pub mod mentions;
pub mod said;
pub mod supposed;
pub mod things;

use crate::doc::Run;
use crate::lexicon::{Category, Lexicon, NOTS};
use crate::words::{self, first_word, spaced, without_end};

/// As many words of a sentence are looked at.
const MOST: usize = 40;

/// Tells whether a folded sentence tells what a program does, and orders nothing.
pub fn of_a_program(lexicon: &Lexicon, sentence: &str) -> bool {
    // "After each deploy, the pipeline runs:" says when it does, "if the job runs" and "when it is idle, the job runs" alike.
    let last = || {
        let clause = sentence.rsplit_once(", ").map_or("", |(_, clause)| clause);
        names_a_program(lexicon, clause) && is_no_order(lexicon, clause)
    };
    names_a_program(lexicon, sentence) && (is_no_order(lexicon, sentence) || !orders(lexicon, sentence) && last())
}

/// "The task asks each copy with", "el operador lista los pods con": what a program does by what is named next.
pub fn of_its_means(lexicon: &Lexicon, before: &str) -> bool {
    const MEANS: [&str; 7] = ["with", "via", "using", "con", "com", "usando", "mediante"];
    let means = before.rsplit_once(' ').filter(|(_, last)| MEANS.contains(last));
    means.is_some_and(|(before, _)| {
        let sentence = before.rsplit(['.', ';', ':', '!', '?']).next().unwrap_or("");
        does(lexicon, sentence) || verifies(lexicon, sentence)
    })
}

/// "… applies the grant, and verifies it": in English this form orders nothing.
fn verifies(lexicon: &Lexicon, sentence: &str) -> bool {
    const VERBS: [&str; 6] = ["verifies", "checks", "confirms", "validates", "inspects", "compares"];
    const AFTER: [&str; 5] = ["it", "them", "this", "that", "both"];
    let mut words = sentence.rsplit(' ').skip_while(|word| AFTER.contains(word));
    // "Run all checks with `x`" orders: there they are a noun.
    words.next().is_some_and(|verb| VERBS.contains(&verb))
        && words.next().is_some()
        && !lexicon.is_imperative(words::past_marks(sentence))
}

/// "**Write fence** — on apply, the task sets it": a name in bold letters, and what a program does.
pub fn of_a_part(lexicon: &Lexicon, runs: &[Run<'_>], folded: &str) -> bool {
    let [name, behind, ..] = runs else { return false };
    if !name.strong || !behind.text.trim_start().starts_with(['—', '–']) {
        return false;
    }
    let rest = folded.split_once(['—', '–']).map_or("", |(_, rest)| rest);
    rest.split([',', '.', ';', ':']).take(4).any(|clause| does(lexicon, clause))
}

/// "The task asks each copy", "el operador lista los pods"; what can or must be done with a program, or is done so by people, is no
/// such thing.
fn does(lexicon: &Lexicon, clause: &str) -> bool {
    const PROGRAMS: [&str; 5] = ["task", "tool", "tarefa", "tarea", "operador"];
    const NAMED: [&str; 16] = [
        "the", "this", "that", "each", "every", "a", "o", "este", "esta", "esse", "essa", "cada", "el", "la", "ese",
        "esa",
    ];
    const DONE: [&str; 24] = [
        "is", "are", "was", "can", "could", "may", "must", "should", "will", "has", "have", "needs", "e", "esta",
        "foi", "pode", "deve", "precisa", "se", "es", "fue", "puede", "debe", "necesita",
    ];
    let mut words = spaced(clause.trim_start()).map(first_word);
    let (article, program, verb) = (words.next(), words.next(), words.next());
    let is_program = |word: &str| lexicon.label_is(Category::Program, word) || PROGRAMS.contains(&word);
    article.is_some_and(|word| NAMED.contains(&word))
        && program.is_some_and(is_program)
        && verb.is_some_and(|verb| !DONE.contains(&verb))
        && words.next().is_some()
}

/// "The image starts with:", "o contêiner inicia com:": what it runs by itself; "el contenedor se inicia con:" says how.
pub fn of_an_image(lexicon: &Lexicon, sentence: &str) -> bool {
    const STARTS: [&str; 7] =
        [" starts with", " boots with", " inicia com", " sobe com", " inicia con", " arranca con", " comienza con"];
    const IMAGES: [&str; 7] = ["image", "container", "imagem", "conteiner", "contentor", "imagen", "contenedor"];
    let sentence = sentence.trim_end_matches([':', ' ']);
    let start = STARTS.iter().find_map(|words| sentence.strip_suffix(words));
    start.is_some_and(|start| {
        !start.ends_with(" se")
            && spaced(start).any(|word| IMAGES.contains(&first_word(word)))
            && is_no_order(lexicon, sentence)
    })
}

/// "The agent uses:", "o agente usa:": what something does by itself; a person and a way use what is typed.
pub fn of_what_it_uses(sentence: &str) -> bool {
    const USES: [&str; 5] = [" uses", " usa", " utiliza", " calls", " invokes"];
    const ARTICLES: [&str; 5] = ["the ", "o ", "a ", "el ", "la "];
    /// "The backup agent of the shop uses".
    const FEW: usize = 6;
    let sentence = sentence.trim_end_matches([':', ' ']);
    let subject = USES.iter().find_map(|verb| sentence.strip_suffix(verb));
    subject.is_some_and(|subject| {
        ARTICLES.iter().any(|article| subject.starts_with(article))
            && !subject.contains([',', ';', ':'])
            && spaced(subject).count() <= FEW
            && !spaced(subject).map(first_word).any(things::is_done)
    })
}

/// Tells whether a folded sentence says that a program runs something.
fn names_a_program(lexicon: &Lexicon, sentence: &str) -> bool {
    // As many words as stand between: "the deploy job already executes".
    const BETWEEN: usize = 3;
    let mut words: Vec<&str> = Vec::with_capacity(MOST);
    words.extend(spaced(sentence).map(first_word).take(MOST));
    let runs = |at: usize| {
        let mut next = words[at + 1..].iter().take(BETWEEN).take_while(|word| !NOTS.contains(word));
        next.any(|word| lexicon.label_is(Category::ProgramRuns, word))
    };
    // "Lo que ejecuta el script": the verb stands first.
    let run = |at: usize| {
        at > 1
            && words[at - 1] == "que"
            && matches!(words[at - 2], "lo" | "o")
            && words[at + 1..].iter().take(BETWEEN).any(|word| lexicon.label_is(Category::Program, word))
    };
    // "The following script does the restore" introduces it; "this script does the following" tells what it does.
    let below = |at: usize| {
        let beside = at.checked_sub(1).is_some_and(|at| lexicon.label_is(Category::Beside, words[at]))
            || words.get(at + 1).is_some_and(|word| lexicon.label_is(Category::Below, word))
            || words.get(at + 2).is_some_and(|word| words[at + 1] == "de" && lexicon.label_is(Category::Below, word));
        let last = words.iter().rfind(|word| !word.is_empty()).copied().unwrap_or("");
        matches!(words[at], "script" | "playbook" | "job")
            && beside
            && !lexicon.label_is(Category::ProgramRuns, last)
            && !lexicon.label_is(Category::WhatFollows, last)
    };
    words.iter().enumerate().any(|(at, word)| {
        lexicon.label_is(Category::Program, word) && runs(at) && !below(at)
            || lexicon.label_is(Category::ProgramRuns, word) && run(at)
    })
}

/// Tells whether a folded sentence says that what follows is only for reference, is not used any more, or need not be run.
pub fn of_the_past(lexicon: &Lexicon, sentence: &str) -> bool {
    // "The command that is no longer used" is shown, "the volumes that are no longer used" are what to look for.
    let Some((at, phrase)) = lexicon.find(Category::Shown, sentence) else { return false };
    // What says so by itself needs no other sign.
    if ["referenc", "illustrat", "ilustra", "document"].iter().any(|word| phrase.contains(word)) {
        return true;
    }
    let used = [" used", " in use", "deprecated", "obsole", "usado", "usada", "se usa", "se utiliza"];
    let before = sentence[..at].trim_end();
    let relative =
        before.rsplit(' ').take(2).any(|word| lexicon.label_is(Category::Relative, word)) && !ends_in_aside(before);
    let named = || before.split(' ').any(|word| lexicon.label_is(Category::Procedure, first_word(word)));
    if used.iter().any(|word| phrase.contains(word)) && relative && !named() {
        return false;
    }
    let need = ["need", "have to", "precis", "necess", "falta", "hay que", "dispensa", "evita"];
    let after = sentence[at + phrase.len()..].split([',', ';', ':', '.', '(']).next().unwrap_or("");
    if need.iter().any(|word| phrase.contains(word))
        && after.split(' ').any(|word| lexicon.label_is(Category::HowRun, first_word(word)))
    {
        return false;
    }
    // "For historical reasons" is no condition.
    match lexicon.starts(Category::Guard, sentence) {
        Some(guard) if guard != "for" => false,
        _ => !orders(lexicon, sentence),
    }
}

/// "This one, which is deprecated": the words behind the comma speak of all before it.
fn ends_in_aside(before: &str) -> bool {
    before.rsplit_once(',').is_some_and(|(_, rest)| rest.trim().split(' ').count() < 3)
}

/// Tells whether a folded sentence says that something runs without anybody: "the stack is set up to run by itself:".
pub fn by_itself(lexicon: &Lexicon, sentence: &str) -> bool {
    const ENDS: [bool; 256] = words::table(b",;");
    let clause = words::behind_signs(sentence, &ENDS).trim_end_matches([':', ' ']).trim();
    let Some((alone, _)) = lexicon.label_find(Category::Alone, clause) else { return false };
    let done = clause.split(' ').map(first_word).any(|word| lexicon.label_is(Category::DoneTo, word));
    let set_up = ["configurado para", "configurada para", "set up to", "configured to"];
    let told = clause[..alone].split(' ').map(first_word);
    let wished = match set_up.iter().find_map(|words| crate::words::find_phrase(clause, words, 0)) {
        Some(at) => clause[..at].split(' ').map(first_word).any(|word| lexicon.label_is(Category::Wish, word)),
        None => told.into_iter().any(|word| lexicon.label_is(Category::Wish, word)),
    };
    let negated = clause.split(' ').any(|word| NOTS.contains(&first_word(word)));
    done && !wished && !negated && is_no_order(lexicon, sentence)
}

/// Tells whether a folded sentence calls what follows output, or an example of it: "an example of what it shows:".
pub fn of_output(lexicon: &Lexicon, sentence: &str) -> bool {
    // "The command, with its output:" is typed.
    let mut all: Vec<&str> = Vec::with_capacity(MOST);
    all.extend(spaced(sentence).map(|word| without_end(first_word(word), "'s")).take(MOST));
    let words = || all.iter().copied();
    let has = |category: Category| words().any(|word| lexicon.label_is(category, word));
    let joins = |list: &[&str]| words().any(|word| list.contains(&word));
    let example = words().position(|word| lexicon.label_is(Category::Example, word));
    let seen = || {
        let what = |word: &str| matches!(word, "what" | "que");
        let mut after = words().skip(example.unwrap_or(0)).skip_while(|word| !what(word));
        after.next().is_some() && after.take(4).any(|word| lexicon.label_is(Category::Seen, word))
    };
    let told = match example {
        Some(_) => has(Category::OutputWord) && !joins(&["with", "com", "con"]) || seen(),
        None => has(Category::OutputWord) && !has(Category::WithOutput) && !joins(&["com", "con", "e", "y", "and"]),
    };
    told && is_no_order(lexicon, sentence)
}

/// Tells whether a folded sentence neither orders anything nor begins with a condition.
fn is_no_order(lexicon: &Lexicon, sentence: &str) -> bool {
    lexicon.starts(Category::Guard, sentence).is_none() && !orders(lexicon, sentence)
}

/// Tells whether any clause of a folded sentence orders something.
fn orders(lexicon: &Lexicon, sentence: &str) -> bool {
    sentence.split([',', ';', ':']).any(|clause| lexicon.is_imperative(clause.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Language;

    #[test]
    fn what_a_program_does_is_told_from_an_order() {
        let of = |language, text: &str| of_a_program(Lexicon::of(language), text);
        assert!(of(None, "the dockerfile runs"));
        assert!(of(None, "this is what the deploy job executes"));
        assert!(of(Some(Language::Pt), "o cron ja executa isto toda noite"));
        assert!(of(Some(Language::Pt), "o que executa o job"));
        assert!(of(Some(Language::Es), "el script ejecuta esto"));
        assert!(of(Some(Language::Es), "lo que ejecuta el script"));
        assert!(!of(Some(Language::Es), "ejecuta el script"));
        assert!(!of(Some(Language::Es), "el comando que ejecuta el script"));
        assert!(!of(None, "run the job that runs the copy"));
        assert!(!of(None, "if the job runs, stop it"));
        assert!(!of(None, "the job runs at night, start it"));
        assert!(!of(Some(Language::Es), "el script no ejecuta"));
        let image = |language, text: &str| of_an_image(Lexicon::of(language), text);
        assert!(image(None, "the image starts with:"));
        assert!(image(Some(Language::Pt), "o conteiner inicia com"));
        assert!(image(Some(Language::Es), "la imagen arranca con"));
        assert!(!image(Some(Language::Es), "el contenedor se inicia con"));
        assert!(!image(None, "if the container starts with"));
        assert!(!image(None, "run the image that starts with"));
    }
}
