//! Words before a code span that only name it: what was done with it, when something happens, what something is for.

use crate::doc::{Run, RunKind};
use crate::lexicon::Lexicon;
use crate::steps::prose::spans;
use crate::words::{first_word, fold};

/// "Check that you ran `x`": what should be done by now.
const DID: [&str; 15] = [
    "ran",
    "did",
    "executed",
    "fez",
    "fizeram",
    "rodou",
    "rodaram",
    "executou",
    "executaram",
    "hizo",
    "hiciste",
    "corrio",
    "corriste",
    "ejecutaste",
    "ejecutaron",
];

/// Tells whether the words before a code span only name what was run, or what a platform is told to start.
pub fn are(lexicon: &Lexicon, before: &str) -> bool {
    let last = before.rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or("");
    DID.contains(&last)
        || may_be(before, last)
        || is_made(before, last)
        || is_in_vain(lexicon, before, last)
        || is_when(lexicon, before, last)
        || spans::is_set(lexicon, before)
}

/// "So that it can be watched with `x`", "para que se pueda vigilar con `x`": what something else is for.
fn may_be(before: &str, last: &str) -> bool {
    const MAY: [&str; 7] = ["pueda ", "puedan ", "possa ", "possam ", "can be ", "could be ", "may be "];
    const AIMS: [&str; 3] = ["para que ", "so that ", "such that "];
    matches!(last, "with" | "by" | "via" | "con" | "com" | "por" | "mediante") && {
        let clause = before.rsplit(['.', ';', '!', '?']).next().unwrap_or("");
        let aimed = AIMS.iter().find_map(|aim| Some(&clause[crate::words::find(clause, aim)? + aim.len()..]));
        aimed.is_some_and(|rest| MAY.iter().any(|may| crate::words::has(rest, may)))
    }
}

/// "Files generated with `x`", "archivos generados con `x`": how something came to be.
fn is_made(before: &str, last: &str) -> bool {
    const ENGLISH: [&str; 9] =
        ["generated", "created", "made", "taken", "produced", "written", "built", "exported", "dumped"];
    const ROMANCE: [&str; 8] = ["gerad", "criad", "generad", "cread", "exportad", "obtid", "obtenid", "feit"];
    let made = before.strip_suffix(last).unwrap_or("").trim_end().rsplit([' ', '(']).next().unwrap_or("");
    let romance = || {
        let stem = made.trim_end_matches('s').strip_suffix(['o', 'a']);
        stem.is_some_and(|stem| ROMANCE.contains(&stem))
    };
    match last {
        "with" | "by" => ENGLISH.contains(&made),
        "con" | "com" | "por" => romance(),
        _ => false,
    }
}

/// "Samba does not validate with `x`", "no arranca con `x`": what does not work so.
fn is_in_vain(lexicon: &Lexicon, before: &str, last: &str) -> bool {
    const NOT: [&str; 6] = ["no", "not", "nao", "cannot", "doesn't", "can't"];
    // Further before, it says something else.
    const FEW: usize = 4;
    matches!(last, "with" | "by" | "con" | "com") && {
        let clause = before.rsplit(['.', ';', ',', ':', '!', '?', '(', '—', '–']).next().unwrap_or("").trim_start();
        clause.rsplit(' ').skip(1).take(FEW).any(|word| NOT.contains(&word)) && !lexicon.is_imperative(clause)
    }
}

/// "Errores al ejecutar `x`", "erro ao rodar `x`": when something happens, unless the clause orders ("reinicie al ejecutar `x`").
fn is_when(lexicon: &Lexicon, before: &str, last: &str) -> bool {
    let start = before.strip_suffix(last).unwrap_or("").trim_end();
    let circumstance = last.ends_with('r') && matches!(start.rsplit(' ').next(), Some("al" | "ao"));
    circumstance && {
        let clause = start.rsplit(['.', ';', ':', '!', '?']).next().unwrap_or("").trim_start();
        !lexicon.is_imperative(clause)
    }
}

/// "`node:20` installs all and builds it with `npm run build`": what the name at its start does by itself.
pub fn is_done_by_a_name(lexicon: &Lexicon, runs: &[Run<'_>], at: usize) -> bool {
    let [name, does, ..] = runs else { return false };
    if at < 2 || name.kind != RunKind::Code || name.is_command() || !does.text.starts_with(' ') {
        return false;
    }
    let verb = fold(first_word(does.text.trim_start())).into_owned();
    // "`.env` para produção", "`web` logs".
    if matches!(&*verb, "para" | "logs" | "tests" | "checks" | "dumps" | "queries" | "backups" | "images" | "releases")
    {
        return false;
    }
    let third = verb.strip_suffix('s').is_some_and(|verb| lexicon.is_verb(verb))
        // "Instala" is what "instale" orders.
        || verb.strip_suffix('a').is_some_and(|stem| lexicon.is_verb(&verb) || lexicon.is_verb(&format!("{stem}e")))
        || matches!(&*verb, "faz" | "hace" | "corre");
    // "`redis` uses too much memory, run `x`" orders.
    let before = fold(runs[at - 1].text);
    if before.rsplit_once(',').is_some_and(|(_, clause)| lexicon.is_imperative(clause.trim())) {
        return false;
    }
    third && !runs[1..at].iter().any(|run| run.kind == RunKind::Text && run.text.contains(['.', ';', '→', ':']))
}

/// "`guard.sh` — `rm -rf /`": what a file is about.
pub fn tells_of_a_file(runs: &[Run<'_>], at: usize) -> bool {
    let dashed = at == 2 && matches!(runs[1].text.trim(), "—" | "–" | "-" | ":");
    let name = runs[0].text;
    dashed && runs[0].kind == RunKind::Code && spans::names_a_file(name) && !runs[at].text.contains(name)
}

/// Programs that look at a machine when they are called by their name alone.
pub fn looks_alone(name: &str) -> bool {
    matches!(
        name,
        "lsblk"
            | "blkid"
            | "htop"
            | "top"
            | "free"
            | "df"
            | "uptime"
            | "dmesg"
            | "vmstat"
            | "lscpu"
            | "lspci"
            | "lsusb"
            | "ifconfig"
            | "ipconfig"
            | "whoami"
            | "hostname"
            | "nvidia-smi"
            | "iostat"
    )
}
