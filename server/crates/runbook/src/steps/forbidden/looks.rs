//! Blocks that only look, under words that forbid to change what they show.

use super::forbid::{found, only_forbids, past_leads, starts};
use super::running::{asks, names_its_running, runs_subjunctive, verb_after};
use crate::code::Piece;
use crate::lexicon::Lexicon;
use crate::steps::prose::clauses::clauses;
use crate::steps::{Lead, Walker};
use crate::words::{first_word, fold, past_marks, shorten, split};

/// What changes something, as it begins in three languages.
const CHANGES: [&str; 30] = [
    "restor",
    "delet",
    "drop",
    "promot",
    "remov",
    "overwr",
    "chang",
    "modif",
    "edit",
    "restart",
    "stop",
    "renam",
    "truncat",
    "restaur",
    "apag",
    "exclu",
    "promov",
    "sobrescr",
    "alter",
    "reinici",
    "par",
    "renome",
    "borr",
    "elimin",
    "promuev",
    "cambi",
    "deten",
    "sobreescr",
    "renombr",
    "migr",
];

impl Walker<'_> {
    /// "Verify that it is there, do not restore from it:" over what lists copies.
    pub(in crate::steps) fn only_looks(&self, lead: &Lead<'_>, pieces: &[Piece]) -> bool {
        let mut commands = pieces.iter().filter_map(|piece| match piece {
            Piece::Command(logical) => Some(fold(&logical.text)),
            _ => None,
        });
        let folded = fold(shorten(lead.text, 1000));
        let Some(verbs) = forbidden_changes(self.lexicon, &folded) else { return false };
        let apart = |command: &str| looks(command) && !verbs.iter().any(|verb| command.contains(shorten(verb, 5)));
        !verbs.is_empty()
            && !self.calls_wrong(lead.text)
            && !only_forbids(self.lexicon, &folded)
            && commands.next().is_some_and(|first| apart(&first))
            && commands.all(|command| apart(&command))
    }
}

/// The verbs of what a folded text forbids, where all of them change something and none is of running.
fn forbidden_changes<'t>(lexicon: &Lexicon, folded: &'t str) -> Option<Vec<&'t str>> {
    let mut verbs = Vec::new();
    const THIS: [&str; 8] = ["this", "these", "isto", "isso", "esta", "esto", "eso", "command"];
    for clause in clauses(folded) {
        // "Do not restore, delete or run", "do not delete with this": more than one thing is forbidden, or what stands below.
        let runs =
            |word: &str| word != "do" && asks(lexicon, word) || runs_subjunctive(lexicon, word) || THIS.contains(&word);
        let denied = !verbs.is_empty() || starts(lexicon, past_leads(lexicon, past_marks(clause))).is_some();
        if denied && clause.split(' ').any(|word| runs(first_word(word))) {
            return None;
        }
        if found(lexicon, clause).is_some() || names_its_running(lexicon, past_marks(clause)) {
            return None;
        }
        let start = past_leads(lexicon, past_marks(clause));
        let Some(phrase) = starts(lexicon, start) else { continue };
        let verb = verb_after(lexicon, &start[phrase.len()..]);
        let changes = CHANGES.iter().any(|stem| verb.starts_with(stem)) && verb.len() > 3;
        if !changes || asks(lexicon, verb) || runs_subjunctive(lexicon, verb) {
            return None;
        }
        verbs.push(verb);
    }
    Some(verbs)
}

/// Tells whether a folded command does nothing but show what there is.
pub(super) fn looks(command: &str) -> bool {
    const SHOWN: [&str; 12] =
        ["get", "describe", "list", "ls", "ps", "logs", "status", "show", "inspect", "top", "images", "history"];
    const CHANGING: [&str; 24] = [
        "exec", "run", "delete", "create", "apply", "set", "restore", "stop", "start", "restart", "rm", "rmi", "kill",
        "scale", "drain", "cordon", "patch", "edit", "prune", "undo", "rollback", "promote", "failover", "annotate",
    ];
    // As many words stand before what a program is to do.
    const FIRST: usize = 5;
    let bare = without_quotes(command);
    if bare.contains(['>', ';', '&', '`', '|']) || bare.contains("$(") {
        return false;
    }
    let bare = bare.strip_prefix("sudo ").unwrap_or(&bare);
    let mut words = split(bare).filter(|word| *word != "\\");
    let program = words.next().unwrap_or("");
    match program {
        "show" => true,
        "select" => !bare.contains('(') && !bare.contains(" into ") && !bare.contains(" for update"),
        "aws" => words
            .nth(1)
            .is_some_and(|action| ["describe-", "list-", "get-", "ls"].iter().any(|word| action.starts_with(word))),
        "kubectl" | "oc" | "docker" | "podman" | "gcloud" | "az" | "helm" | "systemctl" => {
            words.take(FIRST).any(|word| SHOWN.contains(&word)) && !split(bare).any(|word| CHANGING.contains(&word))
        }
        "ls" | "df" | "du" | "ps" | "stat" | "lsblk" | "blkid" => true,
        "fdisk" | "parted" => words.next() == Some("-l"),
        _ => false,
    }
}

/// A command without what stands in its quotes.
fn without_quotes(command: &str) -> String {
    let mut open = None;
    command
        .chars()
        .filter(|c| match (open, *c) {
            (None, '"' | '\'') => {
                open = Some(*c);
                false
            }
            (Some(mark), c) => {
                open = open.filter(|_| c != mark);
                // What a shell works out in double quotes is looked at.
                mark == '"' && matches!(c, '$' | '(' | '`')
            }
            _ => true,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_looks_is_told_from_what_changes() {
        for shows in [
            "aws rds describe-db-clusters --query \"a | b\"",
            "aws s3 ls s3://copies/",
            "kubectl -n shop get pods",
            "show replica status;".trim_end_matches(';'),
            "select name from copies",
            "ls -l /srv",
        ] {
            assert!(looks(shows), "{shows}");
        }
        for changes in [
            "aws rds delete-db-cluster",
            "aws s3 ls | xargs rm",
            "kubectl exec web -- get",
            "docker stop logs",
            "select pg_promote()",
            "ls \"$(rm a)\"",
            "rm a",
        ] {
            assert!(!looks(changes), "{changes}");
        }
    }
}
