//! Words that look like orders and are names, and items that only tell what a name stands for.

use crate::doc::{Run, RunKind};
use crate::words::{first_word, fold};

/// `ochotier_laravel.sql`: a name begins with what may look like a verb.
pub fn is_named(start: &str) -> bool {
    match start.as_bytes().get(first_word(start).len()..) {
        Some([b'_', ..]) => true,
        Some([b'.', next, ..]) => next.is_ascii_alphanumeric(),
        _ => false,
    }
}

/// "Backup directory: …": a thing, though "backup" orders too.
pub fn names_a_copy(start: &str) -> bool {
    const THINGS: [&str; 14] = [
        "directory",
        "folder",
        "password",
        "passwords",
        "monitoring",
        "size",
        "location",
        "retention",
        "frequency",
        "schedule",
        "policy",
        "window",
        "destination",
        "storage",
    ];
    start.strip_prefix("backup ").is_some_and(|rest| {
        let thing = first_word(rest);
        THINGS.contains(&thing) && rest[thing.len()..].starts_with(':')
    })
}

/// `` `DB_USER` ``: an item that is a name and nothing else.
pub fn is_only_a_name(runs: &[Run<'_>]) -> bool {
    matches!(runs, [run] if run.kind == RunKind::Code && !run.text.trim().contains(' '))
}

/// "`--clean`: removes what is there": what an option of a command does.
pub fn explains_an_option(runs: &[Run<'_>]) -> bool {
    let [first, next, ..] = runs else { return false };
    let name = first.text.trim();
    let letters = name.trim_start_matches('-');
    let option =
        (1..3).contains(&(name.len() - letters.len())) && letters.starts_with(|c: char| c.is_ascii_alphabetic());
    first.kind == RunKind::Code && option && next.text.trim_start().starts_with([':', '-', '–', '—', '→', '='])
}

/// Tells whether an item only tells, whatever its later clauses order: of what was done, of an example, or of what comes out.
pub fn only_tells(text: &str) -> bool {
    is_done(text) || is_an_example(text) || tells_what_comes(text)
}

/// "Exemplo: definir quem avisa", "*Example:* stop the lift": how one may answer.
fn is_an_example(text: &str) -> bool {
    const LABELS: [&str; 6] = ["exemplo", "exemplos", "ejemplo", "ejemplos", "example", "examples"];
    // Most items begin with another letter.
    let may = matches!(text.as_bytes().first(), Some(b'e' | b'E'));
    may && text
        .split_once(':')
        .is_some_and(|(label, _)| label.len() < 16 && LABELS.contains(&&*fold(label.trim_matches(['*', '_', ' ']))))
}

/// "Genera: backups/shop.sql.gz", "Gera: x.zip": the file that the command above leaves, where nothing but its name follows.
fn tells_what_comes(text: &str) -> bool {
    const MAKES: [&str; 4] = ["genera", "gera", "produz", "produce"];
    let may = matches!(text.as_bytes().first(), Some(b'G' | b'g' | b'P' | b'p'));
    may && text.split_once(':').is_some_and(|(verb, file)| {
        let file = file.trim();
        !file.contains(' ') && file.contains(['/', '.']) && MAKES.contains(&&*fold(verb.trim()))
    })
}

/// "✅ Adicionado o passo 8: atualizar o documento": ticked, and told in the past; "✅ Certificado: renovar" names a thing.
fn is_done(text: &str) -> bool {
    const ENDS: [&str; 9] = ["ado", "ada", "ados", "adas", "ido", "ida", "idos", "idas", "ed"];
    const DONE: [&str; 24] = [
        "adicion",
        "agreg",
        "anad",
        "cri",
        "crea",
        "atualiz",
        "actualiz",
        "implement",
        "remov",
        "elimin",
        "corrig",
        "correg",
        "alter",
        "modific",
        "inclu",
        "instal",
        "conclu",
        "complet",
        "migr",
        "add",
        "creat",
        "updat",
        "fix",
        "chang",
    ];
    let Some(rest) = ["✅", "✔", "☑"].iter().find_map(|mark| text.strip_prefix(mark)) else { return false };
    let rest = rest.trim_start_matches(['\u{fe0f}', ' ', '*']);
    let word = fold(&rest[..rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len())]);
    ENDS.iter().filter_map(|end| word.strip_suffix(end)).any(|stem| DONE.contains(&stem))
}

/// `Message: "feat: add the queue"`: what stands within quotes is what somebody said; `clause` is a part of `text`.
pub fn is_cited(text: &str, clause: &str) -> bool {
    if memchr::memchr(b'"', text.as_bytes()).is_none() {
        return false;
    }
    let at = (clause.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
    let before = text.as_bytes().get(..at).unwrap_or_default();
    memchr::memchr_iter(b'"', before).count() % 2 == 1
}

/// "[RECOVERY] Restore the data": a tag in capitals says what the step is part of.
pub fn without_tag(text: &str) -> &str {
    let tagged = text.strip_prefix(['[', '(']).and_then(|rest| rest.split_once([']', ')']));
    let capitals =
        |tag: &str| tag.len() < 60 && tag.chars().any(char::is_alphabetic) && !tag.chars().any(char::is_lowercase);
    tagged.filter(|(tag, rest)| capitals(tag) && !rest.starts_with('(')).map_or(text, |(_, rest)| rest.trim_start())
}

/// "Se cambió la tarea para:", "Foi criado um script para:", "The job was changed to:": what was made, and what it does since.
pub fn tells_of_a_change(folded: &str) -> bool {
    let mut words = folded.split(' ').map(first_word);
    let (first, second) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    let third = words.next().unwrap_or("");
    let made = |word: &str| ["ado", "ada", "ido", "ida", "ados", "adas", "ed"].iter().any(|end| word.ends_with(end));
    match first {
        "se" => second.len() > 3 && (second.ends_with('o') || second.ends_with("aron") || second.ends_with("ieron")),
        "foi" | "foram" | "fue" | "fueron" => made(second),
        "the" => std::iter::once(third).chain(words).take(3).any(|word| matches!(word, "was" | "were")),
        _ => false,
    }
}
