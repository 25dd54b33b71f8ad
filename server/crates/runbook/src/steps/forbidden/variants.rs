//! Comments that warn of another way to run a command, or of other things than it touches: they forbid not the command.

use super::forbid::{past_leads, starts};
use super::running::{asks, is_subjunctive, runs_subjunctive, verb_after};
use crate::lexicon::{Category, Lexicon};
use crate::steps::prose::clauses::clauses;
use crate::words::{find_phrase, first_word, past_marks};

/// Tells whether all that a folded comment forbids is something else than the folded command below it.
pub fn speaks_of_others(lexicon: &Lexicon, comment: &str, command: &str) -> bool {
    let mut any = false;
    for clause in clauses(comment) {
        if super::forbid::found(lexicon, clause).is_some() {
            return false;
        }
        let start = past_leads(lexicon, past_marks(clause));
        let Some(phrase) = starts(lexicon, start) else { continue };
        let rest = &start[phrase.len()..];
        if matches!(phrase, "never" | "nunca" | "jamais" | "jamas") && names_another_way(lexicon, rest.trim(), command)
        {
            any = true;
            continue;
        }
        // In "no ejecute" the verb belongs to the phrase.
        let within = phrase.rsplit_once(' ').map(|(_, word)| word);
        let within = within.filter(|w| asks(lexicon, w) || is_subjunctive(lexicon, w) || lexicon.is_verb(w));
        let verb = within.unwrap_or_else(|| verb_after(lexicon, rest));
        let object = if within.is_some() { rest } else { &rest[rest.find(verb).unwrap_or(0) + verb.len()..] };
        let object = object.trim();
        if !names_others(lexicon, verb, object, command) {
            return false;
        }
        any = true;
    }
    any
}

/// "Never with grep", "never --latest": another way to do what is done here without it.
fn names_another_way(lexicon: &Lexicon, rest: &str, command: &str) -> bool {
    let mut words = rest.split_whitespace();
    let Some(first) = words.next() else { return false };
    if is_option(first) {
        return names_option_only(first, command) && !words.any(|word| lexicon.is(Category::Itself, first_word(word)));
    }
    let (program, none) = (words.next().unwrap_or(""), words.next().is_none());
    let raised = ["sudo", "root", "doas", "su"];
    none && lexicon.label_is(Category::By, first)
        && crate::code::is_program(program)
        && !raised.contains(&program)
        && find_phrase(command, program, 0).is_none()
}

/// `--latest`: an option in words, which the command does not have.
fn names_option_only(option: &str, command: &str) -> bool {
    let name = option.trim_matches(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    let long = name.strip_prefix("--").is_some_and(|letters| letters.len() > 2);
    long && !name.contains(|c: char| c.is_ascii_digit()) && !has_option(command, name) && !command.contains(" +")
}

/// "Never print them to the screen", above what prints nothing.
fn names_a_leak(verb: &str, words: &[&str], joined: &[&str], command: &str) -> bool {
    const STEMS: [&str; 21] = [
        "print", "echo", "show", "display", "expos", "reveal", "leak", "dump", "log", "imprim", "mostr", "muestr",
        "exib", "expon", "revel", "vaz", "volc", "vuelc", "registr", "escrev", "escrib",
    ];
    const PLACES: [&str; 22] = [
        "screen",
        "terminal",
        "stdout",
        "output",
        "log",
        "logs",
        "chat",
        "slack",
        "email",
        "ticket",
        "tela",
        "saida",
        "registros",
        "pantalla",
        "salida",
        "bitacora",
        "correo",
        "historico",
        "historial",
        "history",
        "issue",
        "console",
    ];
    const PRINTS: [&str; 14] = [
        "echo", "cat", "print", "printf", "tee", "less", "more", "head", "tail", "env", "printenv", "curl", "log",
        "logs",
    ];
    let prints = command.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| PRINTS.contains(&word));
    let place = |word: &&str| word.split(|c: char| !c.is_alphanumeric()).any(|word| PLACES.contains(&word));
    let mut rest = words.iter().skip_while(|word| !place(word)).peekable();
    // "To the screen or the logs", and nothing that is done beside.
    rest.peek().is_some()
        && rest.all(|word| {
            place(word)
                || joined.contains(word)
                || matches!(*word, "the" | "os" | "as" | "los" | "las" | "la" | "el" | "a" | "to" | "na" | "no")
        })
        && !words.iter().take_while(|word| !place(word)).any(|word| joined.contains(word))
        && !prints
        && STEMS.iter().any(|stem| verb.starts_with(stem))
}

fn names_others(lexicon: &Lexicon, verb: &str, object: &str, command: &str) -> bool {
    let words: Vec<&str> = object.split_whitespace().take(24).collect();
    let joined = ["or", "and", "nor", "ou", "e", "nem", "y", "ni", "o", "u"];
    let runs = asks(lexicon, verb) || runs_subjunctive(lexicon, verb);
    if !runs && names_a_leak(verb, &words, &joined, command) {
        return true;
    }
    let joined = &joined[..8];
    let Some(first) = words.first().filter(|_| !words.iter().any(|word| joined.contains(word))) else { return false };
    // "Do not use -f here": another way to run it.
    if is_option(first) {
        // `-9` and `-KILL`, `-f` and `+branch` are the same.
        let has_another_name =
            command.contains(" +") || words.iter().any(|word| word.contains(|c: char| c.is_ascii_digit()));
        let without = || words.iter().filter(|word| is_option(word)).all(|option| !has_option(command, option));
        return runs && !has_another_name && without();
    }
    if runs && matches!(*first, "as" | "como") {
        let raised = ["sudo", "doas", "su", "root", "runas"];
        let other = words.get(1).is_some_and(|who| find_phrase(command, first_word(who), 0).is_none());
        return other && !raised.iter().any(|word| find_phrase(command, word, 0).is_some());
    }
    let plain = |word: &&str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let itself = words.iter().any(|word| {
        let word = plain(word);
        lexicon.is(Category::Itself, &word) && !is_partitive(&word)
    });
    if itself {
        return false;
    }
    // "Do not run on others", "never apply to other clusters than staging": where this one is not to be run.
    let others = || {
        let place = |word: &&str| lexicon.is(Category::Place, &plain(word));
        // In "não mexa nos outros" the first belongs to the verb.
        let narrowed =
            words.iter().skip(1).any(place) || words.iter().any(|word| matches!(*word, "than" | "que" | "while"));
        let all = command.split_whitespace().any(|word| matches!(word, "--all" | "-a"));
        !runs && !narrowed && !all && words.iter().take(3).any(|word| lexicon.is(Category::Others, &plain(word)))
    };
    others() || names_another_role(lexicon, &words, command) || names_other_rows(lexicon, &words, command)
}

fn is_option(word: &str) -> bool {
    let name = word.trim_start_matches(['`', '"', '\'']);
    let letters = name.trim_start_matches('-');
    letters.len() < name.len() && letters.starts_with(|c: char| c.is_ascii_alphanumeric())
}

/// Tells whether a command has an option, in its short form or its long one.
fn has_option(command: &str, option: &str) -> bool {
    let option = option.trim_matches(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    let letters = option.trim_start_matches('-');
    let short = letters.len() == 1;
    let Some(letter) = letters.chars().next() else { return true };
    command.split_whitespace().any(|word| match word.strip_prefix("--") {
        Some(long) => long.split('=').next() == Some(letters) || short && long.starts_with(letter),
        None if word.starts_with('-') => word.trim_start_matches('-') == letters || word.contains(letter),
        None => false,
    })
}

/// "The primary", above what restarts a replica.
fn names_another_role(lexicon: &Lexicon, words: &[&str], command: &str) -> bool {
    let mut words = words.iter().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
    let role =
        words.find(|word| !lexicon.label_is(Category::Small, word) && !lexicon.label_is(Category::Article, word));
    let (Some(role), None) = (role, words.next()) else { return false };
    // Of several commands, or several things, one may be it.
    if command.contains([';', '&', '|', '\n']) || command.matches('@').count() > 1 {
        return false;
    }
    let named =
        |category: Category| command.split(|c: char| !c.is_alphanumeric()).any(|word| lexicon.label_is(category, word));
    let (leads, follows) = (named(Category::Leading), named(Category::Trailing));
    lexicon.label_is(Category::Leading, role) && follows && !leads
        || lexicon.label_is(Category::Trailing, role) && leads && !follows
}

/// "Those that", "los que", "os": what stands before words that say which ones.
fn is_partitive(word: &str) -> bool {
    matches!(word, "that" | "those" | "them" | "los" | "las" | "lo" | "ones")
}

/// "The paid ones", "os pagos", "los que ya están pagados", above `… WHERE paid = false`: rows that it leaves alone.
fn names_other_rows(lexicon: &Lexicon, words: &[&str], command: &str) -> bool {
    // What other statements in the same transaction touch is not known.
    let changes = ["delete", "update", "truncate", "drop", "insert", "merge", "alter", "replace"];
    let found = |word: &&str| find_phrase(command, word, 0);
    let again = |word: &&str| found(word).is_some_and(|at| find_phrase(command, word, at + word.len()).is_some());
    if changes.iter().filter(|word| found(word).is_some()).count() != 1 || changes.iter().any(again) {
        return false;
    }
    let Some(at) = find_phrase(command, "where", 0) else { return false };
    let condition = &command[at..];
    let mut words = words.iter().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric() && c != '_'));
    let Some(those) = words.next().filter(|word| lexicon.label_is(Category::Those, word)) else { return false };
    let mut words =
        words.skip_while(|word| lexicon.label_is(Category::Those, word) || lexicon.label_is(Category::WhichAre, word));
    let (Some(which), last) = (words.next(), words.next()) else { return false };
    // In English the adjective stands alone only before "ones" or behind "that are".
    let whole = match last {
        None => those != "the",
        Some(last) => last == "ones" && words.next().is_none(),
    };
    whole
        && find_phrase(condition, "or", 0).is_none()
        && !denies_twice(condition, which)
        && is_negated(condition, which)
}

/// `not active is false`, `unpaid = false`: a condition that may mean the opposite of what it says.
fn denies_twice(condition: &str, word: &str) -> bool {
    let stem = word.strip_suffix('s').unwrap_or(word);
    let denials = ["not", "false", "<>", "!="].iter().map(|denial| condition.matches(denial).count()).sum::<usize>();
    let within = |there: &str| there.len() > stem.len() + 1 && there.ends_with(stem);
    denials > 1 || condition.split(|c: char| !c.is_alphanumeric()).any(|there| within(there.trim_end_matches('s')))
}

/// Tells whether a condition names a word, in the singular or plural, and only to exclude it.
fn is_negated(condition: &str, word: &str) -> bool {
    let singular = word.strip_suffix('s').unwrap_or(word);
    let forms = [word, singular];
    let mut found = false;
    for form in forms.iter().take(if word == singular { 1 } else { 2 }) {
        let mut from = 0;
        while let Some(at) = find_phrase(condition, form, from) {
            found = true;
            from = at + form.len();
            let before = condition[..at].trim_end_matches(['\'', '"', ' ', '\n', '(', '.']);
            let after = condition[at + form.len()..].trim_start_matches(['"', '`', ' ', '\n']);
            let after = after.strip_prefix('=').map_or(after, str::trim_start);
            let excluded = before.ends_with("<>") || before.ends_with("!=") || before.ends_with("not in");
            let denied = find_phrase(before, "not", 0).is_some_and(|not| before.len() == not + 3);
            let untrue = ["false", "is false", "is not true", "<> true", "!= true"];
            if !(excluded || denied || untrue.iter().any(|value| after.starts_with(value))) {
                return false;
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Language;
    use crate::words::fold;

    #[test]
    fn what_a_comment_warns_of_is_told_from_the_command() {
        let of = |language, comment: &str, command: &str| {
            speaks_of_others(Lexicon::of(language), &fold(comment), &fold(command))
        };
        assert!(of(None, "Do not use -f here", "docker rm web"));
        assert!(of(None, "Careful: never use --force. It loses the volume.", "docker rm web"));
        assert!(of(None, "Cut the lines out, never with grep", "awk '{ print }' a"));
        assert!(of(None, "The exact one (never --latest in a recovery)", "./restore.sh --snapshot 1"));
        assert!(of(None, "Put them there; never print them to the screen", "cp -a a b"));
        assert!(of(Some(Language::Pt), "Colocar no lugar (NUNCA exibi-los na tela)", "mkdir -p a"));
        assert!(of(Some(Language::Es), "Colocarlos; NUNCA volcarlos a pantalla/logs", "mkdir -p a"));
        assert!(of(Some(Language::Pt), "Não apague os que já foram pagos", "DELETE FROM t WHERE pago = false"));
        for (comment, command) in [
            ("do not use -f here", "docker rm -f web"),
            ("do not use -f here", "docker rm -vf web"),
            ("never with grep", "cat a | grep b"),
            ("never with sudo", "rm -rf a"),
            ("never in production", "rm -rf a"),
            ("never with this", "rm -rf a"),
            ("never --force", "docker rm -f web"),
            ("never print it to the screen", "cat token"),
            ("never run it on the screen", "cp a b"),
            ("do not use --force", "docker rm -f web"),
            ("do not use -f", "docker rm --force web"),
            ("do not use -f, never run this", "docker rm web"),
            ("do not run this with -f", "docker rm web"),
            ("do not touch the paid ones", "DELETE FROM t WHERE NOT paid OR 1 = 1"),
            ("do not touch the paid ones", "DELETE FROM t WHERE paid = true"),
            ("do not touch the paid orders", "DELETE FROM t WHERE paid = false"),
            ("do not touch the paid ones", "DELETE FROM t"),
            ("do not touch the others or these", "docker rm web"),
            ("must not be used in production with -f", "docker rm web"),
            ("the paid ones", "DELETE FROM t WHERE NOT paid"),
        ] {
            assert!(!of(None, comment, command), "{comment} / {command}");
        }
    }
}
