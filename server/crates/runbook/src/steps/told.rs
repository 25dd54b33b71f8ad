//! Sentences that tell what some program does by itself: "The Dockerfile runs:", "o cron já executa isto toda noite:".

use crate::lexicon::{Category, Lexicon, NOTS};
use crate::words::first_word;

/// What runs commands without a person.
const PROGRAMS: [&str; 20] = [
    "dockerfile",
    "cron",
    "cronjob",
    "crontab",
    "job",
    "pipeline",
    "workflow",
    "script",
    "hook",
    "entrypoint",
    "systemd",
    "operator",
    "scheduler",
    "playbook",
    "timer",
    "action",
    "agendador",
    "rotina",
    "tarea",
    "planificador",
];

/// What it does then.
const RUNS: [&str; 16] = [
    "runs", "executes", "calls", "does", "invokes", "performs", "executa", "roda", "chama", "faz", "ejecuta", "corre",
    "llama", "hace", "invoca", "lanza",
];

/// Tells whether a folded sentence tells what a program does, and orders nothing.
pub fn of_a_program(lexicon: &Lexicon, sentence: &str) -> bool {
    // As many words as stand between: "the deploy job already executes".
    const BETWEEN: usize = 3;
    let words: Vec<&str> = sentence.split(' ').map(first_word).take(40).collect();
    let runs = |at: usize| {
        let mut next = words[at + 1..].iter().take(BETWEEN).take_while(|word| !NOTS.contains(word));
        next.any(|word| RUNS.contains(word))
    };
    let told = words.iter().enumerate().any(|(at, word)| PROGRAMS.contains(word) && runs(at));
    let mut clauses = sentence.split([',', ';', ':']).map(str::trim);
    told && lexicon.starts(Category::Guard, sentence).is_none() && !clauses.any(|clause| lexicon.is_imperative(clause))
}

/// Without anybody.
const ALONE: [&str; 9] = [
    "automatically",
    "by itself",
    "on its own",
    "automaticamente",
    "sozinho",
    "sozinha",
    "por si so",
    "por si solo",
    "por si sola",
];

/// What is done to a command.
const DONE: [&str; 16] = [
    "run",
    "runs",
    "executed",
    "execute",
    "executes",
    "started",
    "applied",
    "executar",
    "executa",
    "executado",
    "executada",
    "roda",
    "ejecutar",
    "ejecuta",
    "ejecutado",
    "corre",
];

/// "To run it automatically", "you can have it run by itself": what follows is how that is done.
const WISHES: [&str; 24] = [
    "can",
    "may",
    "must",
    "should",
    "want",
    "need",
    "needs",
    "pode",
    "podem",
    "deve",
    "precisa",
    "quer",
    "quiser",
    "puede",
    "pueden",
    "debe",
    "quiere",
    "quiera",
    "para",
    "to",
    "configure",
    "configurar",
    "let",
    "make",
];

/// Tells whether a folded sentence says that something runs without anybody: "the stack is set up to run by itself:".
pub fn by_itself(lexicon: &Lexicon, sentence: &str) -> bool {
    let clause = sentence.rsplit([',', ';']).next().unwrap_or("").trim_end_matches([':', ' ']).trim();
    let Some(alone) = ALONE.iter().find_map(|words| crate::words::find_phrase(clause, words, 0)) else { return false };
    let done = clause.split(' ').map(first_word).any(|word| DONE.contains(&word));
    let set_up = ["configurado para", "configurada para", "set up to", "configured to"];
    let told = clause[..alone].split(' ').map(first_word);
    let wished = match set_up.iter().find_map(|words| crate::words::find_phrase(clause, words, 0)) {
        Some(at) => clause[..at].split(' ').map(first_word).any(|word| WISHES.contains(&word)),
        None => told.into_iter().any(|word| WISHES.contains(&word)),
    };
    let negated = clause.split(' ').any(|word| NOTS.contains(&first_word(word)));
    done && !wished
        && !negated
        && lexicon.starts(Category::Guard, sentence).is_none()
        && !sentence.split([',', ';', ':']).any(|clause| lexicon.is_imperative(clause.trim()))
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
        assert!(of(Some(Language::Es), "lo que ejecuta el script") || of(Some(Language::Es), "el script ejecuta esto"));
        assert!(!of(None, "run the job that runs the copy"));
        assert!(!of(None, "if the job runs, stop it"));
        assert!(!of(None, "the job runs at night, start it"));
        assert!(!of(Some(Language::Es), "el script no ejecuta"));
    }
}
