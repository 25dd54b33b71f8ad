//! What stands over a block as a part of it: `:caption: …`, `{title="…"}`, ` ```bash title="…" `.

use crate::attributes::Fence;
use crate::doc::Code;
use crate::lexicon::Category;
use crate::steps::Walker;
use crate::steps::forbidden::stance::{self, Stance};
use crate::steps::forbidden::{forbid, running};
use crate::words::{fold, past_marks, shorten};

/// The keys that say what stands over a block.
const KEYS: [&str; 4] = ["title", "caption", "name", "label"];

/// Tells whether anything may be written over a block: mostly there is nothing but a label.
pub fn may_be(code: &Code<'_>) -> bool {
    code.caption.is_some() || !code.info.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Returns what is written over a block.
pub fn of<'c>(code: &'c Code<'_>, fence: &'c Fence) -> impl Iterator<Item = &'c str> {
    let attributes = KEYS.into_iter().filter_map(|key| fence.get(key));
    // Behind the label, as Docusaurus and MkDocs have it: `title="…"`, or plain words.
    let words = code.info.trim().split_once(char::is_whitespace).map_or("", |(_, words)| words);
    let plain = Some(words).filter(|words| !words.contains('{') && !code.info.contains('{'));
    let quoted = quoted(words, plain.is_some());
    code.caption.into_iter().chain(attributes).chain(plain).chain(quoted).chain(marks(code.info.trim()))
}

/// What stands without quotes in an info string and names the block: `{.bad}`, `title=Never-run-this`, a single word.
fn marks(info: &str) -> impl Iterator<Item = &str> {
    let words = info.split_once([' ', '\t', '{', ',']).map_or("", |(label, _)| &info[label.len()..]);
    let ends = |c: char| c.is_whitespace() || matches!(c, ',' | '{' | '}');
    let single = !words.trim_matches(ends).contains(ends);
    let parts = words.split('"').step_by(2).flat_map(move |part| part.split(ends));
    parts.filter_map(move |part| match part.split_once('=') {
        Some((key, value)) => (KEYS.contains(&key) || matches!(key, "id" | "class")).then_some(value),
        None => part.strip_prefix(['.', '#']).or(Some(part).filter(|_| single)),
    })
}

/// The values in quotes: of all keys, or of those that name a title.
fn quoted(words: &str, all: bool) -> impl Iterator<Item = &str> {
    let equals = words.match_indices('=').map(|(at, _)| at);
    let titles = equals.filter(move |at| all || KEYS.iter().any(|key| words[..*at].ends_with(key)));
    titles.filter_map(|at| {
        let value = &words[at + 1..];
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let value = &value[1..];
        // In `title='Don't run this'` the first of them is an apostrophe.
        let ends = |end: &usize| value[end + 1..].chars().next().is_none_or(|c| c.is_whitespace() || "},".contains(c));
        let end = value.match_indices(quote).map(|(end, _)| end).find(ends);
        Some(&value[..end.unwrap_or(value.len())])
    })
}

impl Walker<'_> {
    /// Tells whether the title of a block, a box or a fold forbids what is in it.
    pub(in crate::steps) fn condemns(&self, title: &str) -> bool {
        if title.is_empty() {
            return false;
        }
        // `title=Never-run-this`: a title without quotes has no blanks.
        if title.contains(['-', '_']) && !title.contains(' ') {
            return self.calls_wrong(title) || self.condemns_joined(&title.replace(['-', '_'], " "));
        }
        let folded = fold(shorten(title, 200));
        let start = past_marks(&folded);
        let label = self.lexicon.label_starts(Category::ProhibitLabel, start);
        let labelled = label.is_some_and(|phrase| !matches!(phrase, "avoid" | "evitar" | "evite"));
        labelled && !forbid::is_reminder(self.lexicon, start)
            || self.forbids(title)
            || self.calls_wrong(title)
            || stance::of(self.lexicon, start) > Stance::Aim
    }

    /// The same for words that a name may be made of: `no-cache` forbids nothing.
    fn condemns_joined(&self, words: &str) -> bool {
        let folded = fold(shorten(words, 200));
        let start = past_marks(&folded);
        self.calls_wrong(words)
            || running::names_its_running(self.lexicon, start)
            || stance::past(self.lexicon, start) == Stance::Forbids
    }
}
