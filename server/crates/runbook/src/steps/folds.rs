//! What folds away or is set apart: `<details>`, the boxes and tabs of MkDocs and MyST. Their titles say what is in them.

use super::{Lead, Walker, forbid};
use crate::lexicon::Category;
use crate::words::{fold, shorten};

impl Walker<'_> {
    /// `<summary>` titles what comes next, and may forbid all up to `</details>`.
    pub(super) fn html(&mut self) {
        let source = &self.doc.text[self.doc.leaves[self.leaf].span()];
        if source.contains("</details>") {
            self.forbidden = self.section_forbids();
        }
        let Some(title) = summary(source) else { return };
        let folded = fold(shorten(&title, 200)).into_owned();
        let label = self.lexicon.label_starts(Category::ProhibitLabel, &folded);
        let labelled = label.is_some_and(|phrase| !matches!(phrase, "avoid" | "evitar"));
        let prohibits = labelled || self.forbids(&title) || forbid::lists(self.lexicon, &folded);
        self.forbidden |= prohibits && !source.contains("</details>");
        self.lead = Some(Lead { title, prohibits, ..Lead::default() });
    }
}

/// The words of a `<summary>`, without tags.
pub fn summary(html: &str) -> Option<String> {
    let (_, rest) = html.split_once("<summary")?;
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
        let quoted = rest.split_once('"').and_then(|(_, title)| title.split_once('"'));
        return quoted.map_or(rest.trim_start_matches(['+', ' ']), |(title, _)| title);
    }
    if let Some(rest) = text.strip_prefix("[!") {
        return rest.split_once(']').map_or(text, |(_, rest)| rest.trim_start());
    }
    let mut text = text;
    while text.starts_with(":::") {
        let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
        let title = line.trim_start_matches(':').trim_start();
        let title = title.strip_prefix('{').and_then(|t| t.split_once('}')).map_or(title, |(_, title)| title.trim());
        if rest.trim_start_matches(':').trim().is_empty() {
            return title;
        }
        text = rest;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_of_boxes_are_found() {
        assert_eq!(summary("<details>\n<summary><b>Never</b> run</summary>"), Some("Never run".to_owned()));
        assert_eq!(summary("<details>"), None);
        for (text, words) in [
            ("!!! danger \"Do not run\"", "Do not run"),
            ("??? note", "note"),
            ("=== \"Docker\"", "Docker"),
            (":::{danger}\nDo not run it.\n:::", "Do not run it.\n:::"),
            ("::: warning Careful", "warning Careful"),
            ("[!CAUTION]\nDo not run it:", "Do not run it:"),
            ("plain", "plain"),
        ] {
            assert_eq!(unboxed(text), words, "{text}");
        }
    }
}
