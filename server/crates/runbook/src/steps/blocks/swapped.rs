//! Blocks of which one takes the other's place in a file: "Change: … To: …".

use crate::doc::{Doc, LeafKind};
use crate::words::{first_word, fold};

/// Words that stand alone between the two, and between an example and the same filled in.
const BETWEEN: [&str; 12] = [
    "to",
    "with",
    "por",
    "para",
    "com",
    "con",
    "becomes",
    "turns into",
    "torna-se",
    "vira",
    "pasa a ser",
    "passa a ser",
];

/// "Find the line:", "Localize a linha:": the lines of a file that are looked for, unless the block looks for them itself.
pub fn is_looked_for(doc: &Doc<'_>, leaf: usize) -> bool {
    const LINES: [&str; 3] = ["line", "linha", "linea"];
    const FINDS: [&str; 18] = [
        "find",
        "locate",
        "look",
        "search",
        "encontre",
        "localize",
        "procure",
        "busque",
        "busca",
        "encuentra",
        "encuentre",
        "localiza",
        "localice",
        "encontrar",
        "localizar",
        "procurar",
        "buscar",
        "encontra",
    ];
    const SEARCHES: [&str; 12] =
        ["grep", "egrep", "rg", "awk", "sed", "cat", "less", "nano", "vi", "vim", "find", "sudo"];
    const LONGEST: usize = 60;
    let Some(before) = leaf.checked_sub(1).filter(|at| matches!(doc.leaves[*at].kind, LeafKind::Paragraph)) else {
        return false;
    };
    let text = doc.plain(before);
    if text.len() > LONGEST || !text.trim_end().ends_with(':') {
        return false;
    }
    let folded = fold(text);
    let mut words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let finds = words.next().is_some_and(|word| FINDS.contains(&word));
    let line = words.take(4).any(|word| LINES.contains(&word.trim_end_matches('s')));
    let typed = || doc.code(leaf).is_some_and(|code| SEARCHES.contains(&first_word(code.text)));
    finds && line && !typed()
}

/// "Change it to:", "Auméntala a:": the new lines, two blocks at most behind those that are looked for.
pub fn is_put_there(doc: &Doc<'_>, leaf: usize) -> bool {
    let Some(before) = leaf.checked_sub(1).filter(|at| matches!(doc.leaves[*at].kind, LeafKind::Paragraph)) else {
        return false;
    };
    const ENDS: [&str; 8] = ["to", "with", "by", "a", "para", "por", "com", "con"];
    let last =
        |text: &str| text.trim_end_matches([':', ' ', '*']).rsplit(' ').next().map(|word| fold(word).into_owned());
    let changed = before.checked_sub(1).is_some_and(|old| doc.leaves[old].kind.is_code() && is_looked_for(doc, old));
    changed
        && doc.plain(before).trim_end().ends_with(':')
        && last(doc.plain(before)).is_some_and(|word| ENDS.contains(&&*word))
}

/// Tells whether the block of a leaf is the old text or the new one.
pub fn is_swapped(doc: &Doc<'_>, leaf: usize) -> bool {
    let is_code = |at: Option<usize>| at.and_then(|at| doc.leaves.get(at)).is_some_and(|leaf| leaf.kind.is_code());
    let between = |at: usize| {
        let paragraph = doc.leaves.get(at).is_some_and(|leaf| matches!(leaf.kind, LeafKind::Paragraph));
        paragraph && doc.plain(at).len() < 12 && BETWEEN.contains(&fold(doc.plain(at)).trim_matches([':', ' ', '*']))
    };
    let second = leaf.checked_sub(1).is_some_and(between) && is_code(leaf.checked_sub(2));
    second || between(leaf + 1) && is_code(Some(leaf + 2))
}
