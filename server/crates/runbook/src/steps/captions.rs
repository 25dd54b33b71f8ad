//! What stands over a block as a part of it: `:caption: …`, `{title="…"}`, ` ```bash title="…" `.

use super::{Walker, forbid};
use crate::attributes::Fence;
use crate::doc::Code;
use crate::lexicon::Category;
use crate::words::{fold, shorten};

/// Returns what is written over a block.
pub fn of<'c>(code: &'c Code<'_>, fence: &'c Fence) -> impl Iterator<Item = &'c str> {
    let attributes = ["title", "caption", "name", "label"].into_iter().filter_map(|key| fence.get(key));
    // Behind the label, as Docusaurus and MkDocs have it: `title="…"`, or plain words.
    let info = code.info.trim();
    let words = info.split_once(char::is_whitespace).map(|(_, words)| words);
    let quoted =
        words.filter(|_| !info.contains('{')).map(|words| words.split_once(['"', '\'']).map_or(words, |(_, q)| q));
    code.caption.as_deref().into_iter().chain(attributes).chain(quoted)
}

impl Walker<'_> {
    /// Tells whether the title of a block, a box or a fold forbids what is in it.
    pub(super) fn condemns(&self, title: &str) -> bool {
        let folded = fold(shorten(title, 200));
        let start = folded.trim_start_matches(|c: char| !c.is_alphanumeric());
        let label = self.lexicon.label_starts(Category::ProhibitLabel, start);
        let labelled = label.is_some_and(|phrase| !matches!(phrase, "avoid" | "evitar"));
        labelled || self.forbids(title) || self.calls_wrong(title) || forbid::lists(self.lexicon, start)
    }
}
