//! What folds away or is set apart: `<details>`, the boxes and tabs of MkDocs and MyST. Their titles say what is in them.

use super::{Lead, Walker, forbid};
use crate::lexicon::Category;
use crate::words::{fold, shorten};

impl Walker<'_> {
    /// `<summary>` titles what comes next, and may forbid all up to `</details>`.
    pub(super) fn html(&mut self) {
        let source = &self.doc.text[self.doc.leaves[self.leaf].span()];
        let closes = source.rfind("</details>");
        if closes.is_some() {
            self.folded = false;
            self.forbidden = self.section_forbids();
        }
        // One that is closed again in the same breath titles nothing that follows.
        let Some(title) = summary(source).filter(|_| closes < source.rfind("<summary")) else { return };
        let folded = fold(shorten(&title, 200)).into_owned();
        let label = self.lexicon.label_starts(Category::ProhibitLabel, &folded);
        let labelled = label.is_some_and(|phrase| !matches!(phrase, "avoid" | "evitar"));
        let prohibits = labelled || self.forbids(&title) || forbid::lists(self.lexicon, &folded);
        self.folded |= prohibits;
        self.forbidden |= prohibits;
        self.lead = Some(Lead { title, prohibits, ..Lead::default() });
    }
}

/// The words of the last `<summary>`, without tags.
pub fn summary(html: &str) -> Option<String> {
    let (_, rest) = html.rsplit_once("<summary")?;
    let (_, rest) = rest.split_once('>')?;
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
pub fn unboxed(text: &str) -> &str {
    let text = text.trim_start();
    let mkdocs = ["!!!", "???", "==="].iter().find_map(|mark| text.strip_prefix(mark));
    if let Some(rest) = mkdocs {
        // Where the body follows in the same paragraph it belongs to the box too.
        if !text.starts_with("===")
            && let Some((_, from_title)) = rest.split_once('"')
            && from_title.split_once('"').is_some_and(|(_, body)| !body.trim().is_empty())
        {
            return from_title;
        }
        let quoted = rest.split_once('"').and_then(|(_, title)| title.split_once('"'));
        return quoted.map_or(rest.trim_start_matches(['+', ' ']), |(title, _)| title);
    }
    if let Some(rest) = text.strip_prefix("[!") {
        return rest.split_once(']').map_or(text, |(_, rest)| rest.trim_start());
    }
    let Some(title) = text.strip_prefix(":::") else { return text };
    let title = title.trim_start_matches(':').trim_start();
    let title = title.strip_prefix('{').and_then(|t| t.split_once('}')).map_or(title, |(_, title)| title.trim());
    // What closes the box stands at the end of the same paragraph.
    match title.rsplit_once(' ') {
        Some((words, end)) if end.len() > 2 && end.bytes().all(|byte| byte == b':') => words,
        _ => title,
    }
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
            ("!!! warning \"Production\" Never run this:", "Production\" Never run this:"),
            (":::{danger} Do not run it. :::", "Do not run it."),
            ("::: warning Careful", "warning Careful"),
            ("[!CAUTION]\nDo not run it:", "Do not run it:"),
            ("plain", "plain"),
        ] {
            assert_eq!(unboxed(text), words, "{text}");
        }
    }
}
