//! What is refused before any parser sees it.

use crate::finding::Finding;

/// The longest text that is classified, in bytes.
pub(crate) const MOST_BYTES: usize = 64 * 1024;
/// The deepest nesting of brackets.
const MOST_DEPTH: usize = 60;
/// The deepest nesting of round ones in a script: where one does not end, its parser tries each twice.
const MOST_SUBSHELLS: usize = 16;
/// The most words that can open a nested construct of a shell script.
const MOST_OPENERS: usize = 400;

/// The most statements in one text.
const MOST_STATEMENTS: usize = 200;

/// Returns why so many statements are not read, if so.
pub(crate) fn too_many(statements: usize) -> Option<Finding> {
    (statements > MOST_STATEMENTS).then(|| {
        Finding::unknown(
            None,
            format!("There are more than {MOST_STATEMENTS} statements."),
            format!("Há mais de {MOST_STATEMENTS} instruções."),
        )
    })
}

/// Returns why a text is not given to a parser, if so.
pub(crate) fn refusal(text: &str, shell: bool) -> Option<Finding> {
    if text.len() > MOST_BYTES {
        return Some(Finding::unknown(
            None,
            format!("The text is longer than {MOST_BYTES} bytes."),
            format!("O texto tem mais de {MOST_BYTES} bytes."),
        ));
    }
    if let Some(at) = text.find('\0') {
        return Some(Finding::unknown(Some(at..at + 1), "The text holds a zero byte.", "O texto contém um byte zero."));
    }
    let any = too_deep(text, b"([{", b")]}", MOST_DEPTH).map(|at| (at, MOST_DEPTH));
    let round = || too_deep(text, b"(", b")", MOST_SUBSHELLS).map(|at| (at, MOST_SUBSHELLS));
    if let Some((at, most)) = any.or_else(|| if shell { round() } else { None }) {
        return Some(Finding::unknown(
            Some(at..at + 1),
            format!("Brackets are nested more than {most} deep."),
            format!("Há mais de {most} níveis de parênteses aninhados."),
        ));
    }
    if shell && openers(text) > MOST_OPENERS {
        return Some(Finding::unknown(
            None,
            format!("The script opens more than {MOST_OPENERS} blocks and substitutions."),
            format!("O script abre mais de {MOST_OPENERS} blocos e substituições."),
        ));
    }
    None
}

/// Returns the place of the first bracket that is too deep. Quotes are not honoured: a string of brackets counts too.
fn too_deep(text: &str, opening: &[u8], closing: &[u8], most: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        if opening.contains(&byte) {
            depth += 1;
        } else if closing.contains(&byte) {
            depth = depth.saturating_sub(1);
        }
        if depth > most {
            return Some(at);
        }
    }
    None
}

fn openers(text: &str) -> usize {
    const WORDS: [&str; 9] = ["if", "while", "until", "for", "case", "select", "!", "time", "coproc"];
    let words = text
        .split(|c: char| c.is_whitespace() || matches!(c, ';' | '&' | '|' | '(' | ')'))
        .filter(|word| WORDS.contains(word))
        .count();
    words + text.bytes().filter(|byte| matches!(byte, b'(' | b'{' | b'`')).count()
}
