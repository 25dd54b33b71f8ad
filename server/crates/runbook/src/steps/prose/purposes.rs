//! What stands before what is ordered or looked at: "To find the cause, open the console", "Check:".

use crate::folding::Words;
use crate::lexicon::{Category, Lexicon, asks_when, leading, split_leading};
use crate::steps::Walker;
use crate::words::{shorten, trim};

impl Walker<'_> {
    /// "O Coolify usa um proxy. Verifique:": what stands below is looked at.
    pub(in crate::steps) fn asks_whether(&self, lead: &str) -> bool {
        let Some(asked) = trim(lead).strip_suffix(':') else { return false };
        let last = asked.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
        !last.is_empty() && self.lexicon.is(Category::Whether, &self.fold(last))
    }

    /// Tells whether an item that begins like a condition is a question, or stands in a list of what is looked at.
    pub(in crate::steps) fn only_asks(&self, text: &str) -> bool {
        asks_when(text) || self.list_lead.as_ref().is_some_and(|lead| lead.checks)
    }

    /// "**Away from the office.** If you are at home, tell the team": what stands behind a bold label that orders nothing.
    pub(in crate::steps) fn past_run_in<'t>(&self, text: &'t str) -> &'t str {
        const LONGEST: usize = 60;
        let ends = |run: &&crate::doc::Run<'_>| {
            run.strong && run.text.len() < LONGEST && matches!(run.text.as_bytes().last(), Some(b'.' | b' '))
        };
        let Some(label) = self.runs().first().filter(ends) else { return text };
        let rest = label.text.trim().strip_suffix('.').and_then(|_| text.strip_prefix(label.text));
        let rest = rest.map(str::trim_start).filter(|rest| !rest.is_empty());
        let conditional =
            |rest: &&str| self.lexicon.starts(Category::GuardStrong, &self.fold(shorten(rest, 60))).is_some();
        rest.filter(conditional)
            .filter(|_| !crate::steps::orders(self.lexicon, Words::NONE, label.text))
            .unwrap_or(text)
    }

    /// "It may be protected — if it says so, run `x` first": the condition in the sentence that stands before a code span.
    pub(in crate::steps) fn condition_before(&self, at: usize) -> Option<String> {
        let before = crate::doc::plain(&self.runs()[..at]);
        let marks = [". ", "; ", "! ", "? ", "— ", "– "];
        let start = marks.iter().filter_map(|mark| before.rfind(mark).map(|found| found + mark.len())).max();
        let sentence = before[start.unwrap_or(0)..].trim_start();
        if sentence.len() > 400 || !self.lexicon.may_start(Category::GuardStrong, sentence) {
            return None;
        }
        let split = split_leading(self.lexicon, Words::NONE, sentence);
        let ordered = split.rest.len() < sentence.len() || sentence.trim_end().ends_with(',');
        split.guard.filter(|_| ordered).map(str::to_owned)
    }
}

/// As many commas as a purpose has: "to get more than the list shows, such as the labels, query the API".
const COMMAS: usize = 3;

/// Returns what is ordered behind a purpose; the whole text where none stands before an order.
pub fn past<'t>(lexicon: &Lexicon, words: Words<'_>, text: &'t str) -> &'t str {
    const PURPOSES: [&str; 3] = ["To ", "In order to ", "Para "];
    if !PURPOSES.iter().any(|word| text.starts_with(word)) {
        return text;
    }
    let mut rest = text;
    for _ in 0..COMMAS {
        let Some((purpose, behind)) = leading(rest) else { return text };
        let folded = words.fold(shorten(behind, 200));
        if lexicon.is_imperative(&folded) {
            let points = lexicon.starts(Category::Goto, folded.strip_prefix("please ").unwrap_or(&folded)).is_some();
            return if points || only_informs(&words.fold(shorten(purpose, 200))) { text } else { behind };
        }
        rest = behind;
    }
    text
}

/// "For more information", "para saber mais": what only points elsewhere.
fn only_informs(purpose: &str) -> bool {
    const WORDS: [&str; 8] =
        ["informa", "detail", "detalhe", "detalle", "learn more", "read more", "para mais", "para mas"];
    WORDS.iter().any(|word| purpose.contains(word)) || purpose.ends_with(" mais") || purpose.ends_with(" mas")
}

/// "If that does not help, rebuild (`x`)": one word, in any language, orders behind a condition.
pub fn is_one_order(lexicon: &Lexicon, sentence: &str) -> bool {
    let orders = |word: &str| lexicon.is(Category::Imported, word) || lexicon.is(Category::Verb, word);
    sentence
        .rsplit_once(", ")
        .is_some_and(|(condition, word)| lexicon.starts(Category::Guard, condition).is_some() && orders(word.trim()))
}
