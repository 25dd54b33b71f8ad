//! What is put into a file, or says how something is made up, by the words before a block.

use super::filed;
use crate::doc::{Doc, LeafKind};
use crate::steps::context::is_edited_file;
use crate::words::{find, first_word, fold, spaced};

/// What looks at a file of a system or puts it to use: no such file begins with it, as a script may.
const USES: [&str; 7] = ["ls", "grep", "nginx", "sysctl", "docker", "kubectl", "update-grub"];

const LINES: [&str; 26] = [
    "line",
    "lines",
    "content",
    "contents",
    "configuration",
    "settings",
    "parameters",
    "values",
    "variables",
    "options",
    "linha",
    "linhas",
    "conteudo",
    "configuracao",
    "configuracoes",
    "parametros",
    "valores",
    "variaveis",
    "opcoes",
    "linea",
    "lineas",
    "contenido",
    "configuracion",
    "configuraciones",
    "opciones",
    "parametro",
];
const ACTS: [&str; 20] = [
    "add",
    "append",
    "put",
    "set",
    "insert",
    "change",
    "edit",
    "anad",
    "agreg",
    "adicion",
    "inclu",
    "ajust",
    "modific",
    "alter",
    "cambi",
    "coloque",
    "defin",
    "insir",
    "acrescent",
    "configur",
];

/// Tells whether the words before a block say that it stands in a file, that a program makes it, or how it is made up.
pub fn says_so(doc: &Doc<'_>, before: usize, leaf: usize, sentence: &str) -> bool {
    is_of_a_place(doc, before, leaf)
        || is_added_to_one(doc, leaf, sentence)
        || is_made_by_itself(sentence)
        || is_syntax(doc, leaf, sentence)
        || makes_a_script(doc, leaf, sentence)
}

/// "`/etc/xinetd.d/ssh`" alone before a block that does not name it: what stands in that file.
fn is_of_a_place(doc: &Doc<'_>, before: usize, leaf: usize) -> bool {
    const PLACES: [&str; 5] = ["/etc/", "/boot/", "/lib/systemd/", "/usr/lib/systemd/", "/usr/local/etc/"];
    if !matches!(doc.leaves[before].kind, LeafKind::Paragraph) {
        return false;
    }
    let name = doc.plain(before);
    if !name.starts_with('/') {
        return false;
    }
    let name = name.trim().trim_end_matches(':');
    let named = PLACES.iter().any(|place| name.starts_with(place)) && !name.ends_with('/');
    named && !name.contains(char::is_whitespace) && !is_typed(doc, leaf) && {
        let file = name.rsplit('/').next().unwrap_or(name);
        doc.code(leaf).is_some_and(|code| !code.text.contains(file) || code.text.contains("{\n"))
    }
}

/// "Edit `.profile` and add the following lines:", "In redis.conf, set the following parameters:".
fn is_added_to_one(doc: &Doc<'_>, leaf: usize, sentence: &str) -> bool {
    const FOLLOWING: [&str; 5] = ["following", "seguinte", "seguintes", "siguiente", "siguientes"];
    if memchr::memchr(b'.', sentence.as_bytes()).is_none()
        || !["follow", "guinte", "guiente"].iter().any(|w| find(sentence, w).is_some())
    {
        return false;
    }
    let word = |word: &'_ str| -> String { word.trim_matches(|c: char| !c.is_alphanumeric() && c != '.').to_owned() };
    let words: Vec<String> = spaced(sentence).take(40).map(word).collect();
    let named = words.iter().any(|word| word.len() > 3 && is_edited_file(word.trim_end_matches('.')));
    let follows = words.windows(2).any(|pair| FOLLOWING.contains(&&*pair[0]) && LINES.contains(&&*pair[1]));
    let acts = words.iter().any(|word| ACTS.iter().any(|act| word.starts_with(act)));
    named && follows && acts && !is_typed(doc, leaf)
}

/// "Created automatically by `x`:", "Creada automáticamente por `x`:": a program makes it.
fn is_made_by_itself(sentence: &str) -> bool {
    const MADE: [&str; 7] = ["created", "generated", "cread", "criad", "gerad", "generad", "made"];
    if !MADE.iter().any(|made| sentence.starts_with(made)) {
        return false;
    }
    let mut words = spaced(sentence).map(first_word);
    let (made, alone, by) = (words.next(), words.next(), words.next());
    made.is_some()
        && alone.is_some_and(|word| word.starts_with("automatic"))
        && by.is_some_and(|word| matches!(word, "by" | "por" | "pelo" | "pela"))
}

/// "Create the script that lets it start:" over `#!/bin/sh`: the script, and not what is typed.
fn makes_a_script(doc: &Doc<'_>, leaf: usize, sentence: &str) -> bool {
    const MAKES: [&str; 8] = ["create", "write", "crear", "crea", "cree", "criar", "crie", "creamos"];
    let script = || doc.code(leaf).is_some_and(|code| code.text.trim_start().starts_with("#!"));
    script() && find(sentence, "script").is_some() && {
        let words: Vec<&str> = spaced(sentence).take(40).collect();
        let near = |at: usize| words[at + 1..].iter().take(3).any(|word| *word == "script");
        (0..words.len()).any(|at| MAKES.contains(&words[at]) && near(at))
    }
}

/// "The syntax is:" over a command with its options in brackets.
fn is_syntax(doc: &Doc<'_>, leaf: usize, sentence: &str) -> bool {
    const MARKS: [&str; 4] = ["[-", "[opc", "[option", "[options"];
    find(sentence, "ntax").is_some()
        && doc.code(leaf).is_some_and(|code| MARKS.iter().any(|mark| code.text.contains(mark)))
}

/// "### Before (❌ wrong)" and "### After (✅ right)" over two blocks: lines of a file, and those in their place.
pub fn is_before_or_after(doc: &Doc<'_>, leaf: usize) -> bool {
    const BEFORE: [&str; 2] = ["before", "antes"];
    const AFTER: [&str; 4] = ["after", "depois", "despues", "ahora"];
    let Some(above) = leaf.checked_sub(1).filter(|at| doc.code(*at).is_none()) else { return false };
    if doc.plain(above).is_ascii() {
        return false;
    }
    let marked = |text: &str| text.contains(['❌', '✗', '✖', '✅', '✓', '✔']);
    let begins = |at: Option<usize>, list: &[&str]| {
        let leaf = at.and_then(|at| Some((at, doc.leaves.get(at)?)));
        leaf.is_some_and(|(at, leaf)| {
            let words = doc.plain(at);
            matches!(leaf.kind, LeafKind::Heading(_) | LeafKind::Paragraph)
                && words.len() < 48
                && !words.is_ascii()
                && marked(words)
                && list.contains(&first_word(fold(words).trim_start_matches(|c: char| !c.is_alphanumeric())))
        })
    };
    let is_code = |at: Option<usize>| at.and_then(|at| doc.leaves.get(at)).is_some_and(|leaf| leaf.kind.is_code());
    let back = |far: usize| leaf.checked_sub(far);
    begins(back(1), &BEFORE) && begins(Some(leaf + 1), &AFTER) && is_code(Some(leaf + 2))
        || begins(back(1), &AFTER) && is_code(back(2)) && begins(back(3), &BEFORE)
}

fn is_typed(doc: &Doc<'_>, leaf: usize) -> bool {
    doc.code(leaf).is_some_and(|code| filed::is_typed(code.text, &USES))
}
