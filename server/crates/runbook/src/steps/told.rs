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
