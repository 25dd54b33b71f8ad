//! Errors: what a program said, what a server answered, what a person did wrong.

use crate::doc::RunKind;
use crate::lexicon::Category;
use crate::steps::Walker;
use crate::steps::forbidden::bad;
use crate::words::{find, first_word, fold, past_marks, shorten};

impl Walker<'_> {
    /// Returns what is said of an error, without its name: that forbids nothing, however it sounds.
    pub(in crate::steps) fn past_error<'t>(&self, text: &'t str) -> &'t str {
        past_answer(self.past_quoted_error(text))
    }

    /// "`Cannot connect to the daemon`: start it": what a program says forbids nothing, and is not looked at.
    fn past_quoted_error<'t>(&self, text: &'t str) -> &'t str {
        let Some(run) = self.runs().first().filter(|run| run.kind == RunKind::Code) else { return text };
        let said = |rest: &&str| {
            let said = shorten(&text[..text.len() - rest.len()], 40);
            self.lexicon.label_may_start(Category::CannotSay, said)
                && self.lexicon.label_starts(Category::CannotSay, fold(said).trim_start()).is_some()
        };
        let rest = text.trim_start().strip_prefix(run.text.trim()).filter(said);
        rest.filter(|_| !run.is_command()).unwrap_or(text)
    }

    /// "Deprecated:", "Forma antiga", "Commands we no longer use".
    pub(in crate::steps) fn calls_bad(&self, label: &str) -> bool {
        let may = |label: &str| self.lexicon.may_call_bad(label);
        let label = past_answer(label);
        // An article may stand before it.
        let word = first_word(label);
        (may(label) || word.len() < 4 && find(label, word).is_some_and(|at| may(&label[at + word.len()..])))
            && bad::is_title(self.lexicon, &self.fold(shorten(label, 120)))
    }

    /// Tells whether a label calls what follows a bad example: "❌ Errado:", "Errores humanos", "Wrong – leaks".
    pub(in crate::steps) fn calls_wrong(&self, label: &str) -> bool {
        let bracket = memchr::memchr(b'(', &label.as_bytes()[..label.len().min(LABEL)]);
        if bracket.is_none() && !self.may_call_wrong(label) {
            return false;
        }
        let bracketed = || {
            bracket.is_some_and(|at| self.lexicon.label_may_start(Category::Wrong, &label[at + 1..]))
                && bad::marks_wrong(self.lexicon, &self.fold(shorten(label, LABEL)))
        };
        if self.calls_bad(label) || is_cross(label) || bracketed() {
            return true;
        }
        let name = std::iter::successors(Some(label), |rest| rest.strip_prefix("The ")).last().unwrap_or(label);
        let named = crate::references::past_article(name.trim_start_matches(['O', 'A']));
        if ![label, named.trim_start()].iter().any(|label| self.lexicon.label_may_start(Category::Wrong, label)) {
            return false;
        }
        let folded = self.fold(shorten(label, LABEL));
        let start = past_marks(&folded);
        let start = crate::references::past_article(start);
        let end = label_end(start);
        // "Wrong #1", "Errado 2".
        let name = start[..end].trim_end_matches(|c: char| c == '#' || c == ' ' || c.is_ascii_digit());
        // "Human error: restore it with …" says what to do about one; an infinitive tells what the error was.
        let remedied = || {
            let rest = past_marks(&start[end..]);
            name.contains("human") && self.lexicon.is_imperative(rest) && !self.lexicon.is_infinitive(first_word(rest))
        };
        self.lexicon.label_is(Category::Wrong, name) && !remedied()
    }

    /// Tells whether a label without a bracket may begin with words that call something bad, by a look that costs little.
    fn may_call_wrong(&self, label: &str) -> bool {
        // As many letters as an article has at most.
        const ARTICLE: usize = 3;
        let [first, second, ..] = label.as_bytes() else { return true };
        let may = |text: &str| self.lexicon.may_call_wrong(text);
        let word = label.bytes().take(ARTICLE + 1).take_while(u8::is_ascii_alphabetic).count();
        // "Forbidden (403)" is passed over.
        let answer = || matches!((first | 0x20, second | 0x20), (b'f', b'o') | (b'p', b'r'));
        may(label) || word <= ARTICLE && may(&label[word..]) || answer()
    }
}

/// Where a label ends.
fn label_end(text: &str) -> usize {
    let ends = |(at, byte): (usize, u8)| match byte {
        b':' | b'(' | b'-' | b'!' => true,
        0xe2 => text[at..].starts_with(['–', '—']),
        _ => false,
    };
    (0..).zip(text.bytes()).position(ends).unwrap_or(text.len())
}

/// As many bytes of a label are looked at.
const LABEL: usize = 80;

/// `❌` with nothing behind it.
fn is_cross(label: &str) -> bool {
    if label.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric) {
        return false;
    }
    let mut chars = label.trim_start().chars();
    chars.next().is_some_and(|c| matches!(c, '❌' | '✗' | '✘' | '✖' | '⛔' | '🚫'))
        && chars.all(|c| matches!(c, '\u{fe0f}' | ' ' | ':'))
}

/// "Error 403: Forbidden", "erro 403 (proibido)": a folded title that names what a server answered.
pub fn is_answer(name: &str) -> bool {
    let Some(at) = find(name, "40") else { return false };
    let code = name[at..].bytes().take_while(u8::is_ascii_digit).count() == 3;
    code && !name[..at].ends_with(|c: char| c.is_alphanumeric()) && ANSWERS.iter().any(|answer| name.contains(answer))
}

const ANSWERS: [&str; 4] = ["forbidden", "proibido", "prohibido", "prohibited"];

/// "Forbidden (403)? Check the role", "Proibido (403):": what a server answered.
fn past_answer(text: &str) -> &str {
    const NAMES: [&str; 7] = ["error", "errors", "response", "responses", "erro", "errores", "erros"];
    let start = past_marks(text);
    if !matches!(start.as_bytes().first(), Some(b'f' | b'F' | b'p' | b'P')) {
        return text;
    }
    let word = first_word(start);
    let Some(answer) = ANSWERS.iter().find(|answer| word.eq_ignore_ascii_case(answer)) else { return text };
    let rest = start[answer.len()..].trim_start();
    let code = rest.trim_start_matches(['(', '-']);
    let word = first_word(rest);
    let coded = code.starts_with("40") && code.bytes().take_while(u8::is_ascii_digit).count() == 3;
    if coded {
        code[3..].trim_start_matches(')')
    } else if NAMES.iter().any(|name| word.eq_ignore_ascii_case(name)) && rest.starts_with(word) {
        &rest[word.len()..]
    } else if rest.starts_with('?') {
        rest
    } else {
        text
    }
}
