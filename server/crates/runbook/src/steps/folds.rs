//! What folds away or is set apart: `<details>`, the boxes and tabs of MkDocs and MyST. Their titles say what is in them.

use std::borrow::Cow;

use super::forbidden::running;
use super::{Lead, Walker};
use crate::doc::LeafKind;
use crate::words::{fold, shorten, trim};

/// A box whose first words may forbid all that is in it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Due {
    Quote,
    Colons,
}

/// What is open around the leaf at hand, and whether it forbids what is in it.
#[derive(Default)]
pub struct Around {
    /// Whether the text has any boxes of colons.
    colons: bool,
    /// How many `<details>` are open.
    folds: usize,
    /// The outermost of them that forbids.
    folded: Option<usize>,
    /// How many boxes of colons are open.
    boxes: usize,
    /// The outermost of them that forbids.
    boxed: Option<usize>,
    /// Whether the quote at hand forbids: `> [!CAUTION]`.
    quoted: bool,
    /// The box whose words come next.
    due: Option<Due>,
}

impl Around {
    /// Nothing is open around the start of a text.
    pub fn of(text: &str) -> Self {
        Self { colons: memchr::memmem::find(text.as_bytes(), b":::").is_some(), ..Self::default() }
    }

    /// Tells whether any of it forbids.
    pub const fn forbids(&self) -> bool {
        self.folded.is_some() || self.boxed.is_some() || self.quoted
    }

    fn unfold(&mut self) {
        self.folded = self.folded.filter(|fold| *fold < self.folds);
        self.folds = self.folds.saturating_sub(1);
    }

    fn unbox(&mut self) {
        self.boxed = self.boxed.filter(|open| *open < self.boxes);
        self.boxes = self.boxes.saturating_sub(1);
    }
}

impl Walker<'_> {
    /// `<summary>` titles what comes next, and may forbid all up to the `</details>` of its own fold.
    pub(super) fn html(&mut self) {
        let source = &self.doc.text[self.doc.leaves[self.leaf].span()];
        let mut title = None;
        let mut hidden = 0;
        for (at, _) in source.match_indices('<') {
            let tag = &source[at..];
            if at < hidden {
                continue;
            }
            if tag.starts_with("<!--") {
                hidden = tag.find("-->").map_or(source.len(), |end| at + end);
            } else if tag.starts_with("</details") {
                self.around.unfold();
                // One that is closed again in the same breath titles nothing that follows.
                title = None;
            } else if tag.starts_with("<details") {
                self.around.folds += 1;
            } else if tag.starts_with("<summary") {
                title = summary_of(tag);
                if title.as_ref().is_some_and(|title| self.condemns(title)) {
                    self.around.folded.get_or_insert(self.around.folds.max(1));
                }
            }
        }
        self.forbidden = self.section_forbids() || self.around.forbids();
        let Some(title) = title else { return };
        self.points = true;
        self.lead = Some(Lead { prohibits: self.condemns(&title), title: self.doc.keep(&title), ..Lead::default() });
    }

    /// Notes the quotes and the boxes of colons that a leaf opens and closes.
    pub(super) fn note_boxes(&mut self) {
        let leaf = &self.doc.leaves[self.leaf];
        let was = self.around.forbids();
        self.around.quoted &= leaf.quoted;
        let source = &self.doc.text[leaf.span()];
        let paragraph = leaf.kind == LeafKind::Paragraph;
        if leaf.kind.is_code() || self.around.due == Some(Due::Quote) && !leaf.quoted {
            self.around.due = None;
        } else if paragraph && leaf.quoted && source.starts_with("[!") {
            self.around.quoted = false;
            self.around.due = Some(Due::Quote);
            self.heed(&unboxed(self.plain(self.leaf)));
        } else if self.around.colons && source.contains(":::") && !is_quoted_html(source) {
            self.note_lines(source);
        } else if paragraph {
            self.heed(self.plain(self.leaf));
        } else {
            self.around.due = None;
        }
        if was != self.around.forbids() {
            self.forbidden = self.section_forbids() || self.around.forbids();
        }
    }

    /// Goes through the lines of a leaf with boxes of colons: what closes one may stand right behind a table.
    fn note_lines(&mut self, source: &str) {
        let mut words = String::new();
        for line in crate::words::lines(source).map(|line| line.trim_start_matches(['>', ' ', '\t']).trim_end()) {
            if line.starts_with(":::") {
                self.heed(&std::mem::take(&mut words));
                self.note_box(line);
            } else if self.around.due.is_some() && !(words.is_empty() && line.starts_with(':')) {
                // Options stand before the words.
                words.push_str(line);
                words.push(' ');
            }
        }
        self.heed(&words);
    }

    /// Takes words for the first ones of the box that is due: they may forbid all that is in it.
    fn heed(&mut self, words: &str) {
        if trim(words).is_empty() {
            return;
        }
        let Some(due) = self.around.due.take() else { return };
        // "Do not restart both. Restart the replica:" forbids no command.
        if running::names_its_running(self.lexicon, &fold(shorten(words, 200))) {
            match due {
                Due::Quote => self.around.quoted = true,
                Due::Colons => {
                    self.around.boxed.get_or_insert(self.around.boxes);
                }
            }
        }
    }

    fn note_box(&mut self, line: &str) {
        let Some(rest) = line.strip_prefix(":::") else { return };
        if rest.bytes().all(|byte| byte == b':') {
            self.around.due = None;
            return self.around.unbox();
        }
        self.around.boxes += 1;
        self.around.due = Some(Due::Colons);
        let title = unboxed(line);
        // `:::danger Never run this`, `::: warning [Never run this]`: its kind stands before its title.
        let (kind, words) = title.split_once([' ', '[']).unwrap_or((&title, ""));
        let named =
            ["danger", "warning", "caution", "important", "note", "info", "tip", "details", "attention", "error"];
        let words = if named.contains(&kind) { words } else { &title };
        if !words.is_empty() && self.condemns(words) {
            self.around.boxed.get_or_insert(self.around.boxes);
        }
    }
}

/// Tells whether HTML only quotes what is in it.
fn is_quoted_html(source: &str) -> bool {
    ["<!--", "<pre", "<script", "<style", "<textarea"].iter().any(|tag| source.trim_start().starts_with(tag))
}

/// The words of the last `<summary>`, without tags.
pub fn summary(html: &str) -> Option<String> {
    summary_of(&html[html.rfind("<summary")?..])
}

fn summary_of(tag: &str) -> Option<String> {
    let (_, rest) = tag.split_once('>')?;
    let inner = rest.split("</summary").next().unwrap_or("");
    let mut out = String::new();
    for (i, piece) in shorten(inner, 400).split('<').enumerate() {
        out.push_str(if i == 0 { piece } else { piece.split_once('>').map_or("", |(_, text)| text) });
    }
    let words = out.split_whitespace().collect::<Vec<_>>().join(" ");
    (!words.is_empty()).then_some(words)
}

/// The words of a paragraph without the marks of the box that it opens: `!!! danger "Title"`, `=== "Tab"`,
/// `:::{danger} Title`, `[!CAUTION]`.
pub fn unboxed(text: &str) -> Cow<'_, str> {
    match title_and_body(text) {
        (title, Some(body)) => Cow::Owned(format!("{}. {body}", title.trim_end_matches(['.', ' ']))),
        (title, None) => Cow::Borrowed(title),
    }
}

/// The title of a box, and what stands behind it in the same paragraph.
fn title_and_body(text: &str) -> (&str, Option<&str>) {
    let text = text.trim_start();
    let mkdocs = ["!!!", "???", "==="].iter().find_map(|mark| text.strip_prefix(mark));
    if let Some(rest) = mkdocs {
        // Where the body follows in the same paragraph it belongs to the box too.
        if !text.starts_with("===")
            && let Some((_, from_title)) = rest.split_once('"')
            && let Some((title, body)) = from_title.split_once('"')
            && !body.trim().is_empty()
        {
            return (title, Some(body.trim_start()));
        }
        let quoted = rest.split_once('"').and_then(|(_, title)| title.split_once('"'));
        return (quoted.map_or(rest.trim_start_matches(['+', ' ']), |(title, _)| title), None);
    }
    if let Some(rest) = text.strip_prefix("[!") {
        return (rest.split_once(']').map_or(text, |(_, rest)| rest.trim_start()), None);
    }
    let Some(title) = text.strip_prefix(":::") else { return (text, None) };
    let title = title.trim_start_matches(':').trim_start();
    let title = title.strip_prefix('{').and_then(|t| t.split_once('}')).map_or(title, |(_, title)| title.trim());
    // What closes the box stands at the end of the same paragraph.
    let words = match title.rsplit_once(' ') {
        Some((words, end)) if end.len() > 2 && end.bytes().all(|byte| byte == b':') => words,
        _ => title,
    };
    (words, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_of_boxes_are_found() {
        assert_eq!(summary("<details>\n<summary><b>Never</b> run</summary>"), Some("Never run".to_owned()));
        assert_eq!(summary("<summary>Old</summary></details><summary>Never</summary>"), Some("Never".to_owned()));
        assert_eq!(summary("<details>"), None);
        for (text, words) in [
            ("!!! danger \"Do not run\"", "Do not run"),
            ("??? note", "note"),
            ("=== \"Docker\"", "Docker"),
            ("!!! warning \"Production\" Never run this:", "Production. Never run this:"),
            (":::{danger} Do not run it. :::", "Do not run it."),
            ("::: warning Careful", "warning Careful"),
            ("[!CAUTION]\nDo not run it:", "Do not run it:"),
            ("plain", "plain"),
        ] {
            assert_eq!(unboxed(text), words, "{text}");
        }
    }
}
