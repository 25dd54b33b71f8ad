//! What people wrote, fitted into the document: it keeps its own Markdown and cannot reach beyond its section.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::escape::{fence, unix, visible};

/// Escaping one piece of HTML can uncover another; nobody writes that by accident more often than this.
const ROUNDS: usize = 16;

/// Stands after a section while it is judged: it must still be read as a heading of the document.
const NEXT: &str = "\n\n## next\n";

/// Fits Markdown into a section.
///
/// Raw HTML becomes text, headings sink below those of the document, a fence left open is closed. What still reaches
/// beyond its end is shown as a block of text.
pub fn fit(text: &str) -> String {
    let text = visible(&unix(text));
    let trimmed = text.trim_end().trim_start_matches('\n');
    // At its very beginning a reader of runbooks takes this rule for front matter, which is not shown.
    let ruled = trimmed.strip_prefix("---").map_or_else(|| trimmed.to_owned(), |rest| format!("***{rest}"));
    let mut fitted = close(lower_headings(without_html(ruled)));
    if !is_contained(&fitted) {
        fitted = fence(&text, "text");
    }
    fitted
}

fn options() -> Options {
    Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS | Options::ENABLE_FOOTNOTES
}

/// Puts replacements in the place of ranges; the ranges are in order and do not overlap.
fn replaced(text: &str, changes: &[(Range<usize>, String)]) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut from = 0;
    for (range, new) in changes {
        out.push_str(&text[from..range.start]);
        out.push_str(new);
        from = range.end;
    }
    out.push_str(&text[from..]);
    out
}

fn without_html(mut text: String) -> String {
    for _ in 0..ROUNDS {
        let html = Parser::new_ext(&text, options()).into_offset_iter().filter_map(|(event, range)| match event {
            Event::Html(_) | Event::InlineHtml(_) => Some((range.clone(), text[range].replace('<', "&lt;"))),
            _ => None,
        });
        let changes: Vec<_> = html.filter(|(range, new)| text[range.clone()] != **new).collect();
        if changes.is_empty() {
            return text;
        }
        text = replaced(&text, &changes);
    }
    text
}

/// Moves the headings of a text two levels down, so that its first level stands below the document's second.
fn lower_headings(text: String) -> String {
    let mut depth = 0_usize;
    let mut changes = Vec::new();
    for (event, range) in Parser::new_ext(&text, options()).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { level, .. }) if depth == 0 => {
                let lowered = lower(&text[range.clone()], level);
                changes.push((range, lowered));
                depth += 1;
            }
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            _ => {}
        }
    }
    replaced(&text, &changes)
}

fn lower(heading: &str, level: HeadingLevel) -> String {
    let marks = "#".repeat((level as usize + 2).min(6));
    let end = if heading.ends_with('\n') { "\n" } else { "" };
    let trimmed = heading.trim();
    if trimmed.starts_with('#') {
        return format!("{marks} {}{end}", trimmed.trim_start_matches('#').trim_start());
    }
    // Underlined: the last line is the underline.
    let lines: Vec<&str> = trimmed.lines().map(str::trim).collect();
    let title = lines.split_last().map_or_else(String::new, |(_, title)| title.join(" "));
    format!("{marks} {title}{end}")
}

/// Closes a fence that the text leaves open.
fn close(text: String) -> String {
    if is_contained(&text) {
        return text;
    }
    let fences = Parser::new_ext(&text, options()).into_offset_iter().filter_map(|(event, range)| match event {
        Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))) => Some(range.start),
        _ => None,
    });
    let Some(opening) = fences.last().map(|start| &text[start..]) else { return text };
    let mark = opening.chars().next().unwrap_or('`');
    let marks: String = opening.chars().take_while(|c| *c == mark).collect();
    format!("{text}\n{marks}")
}

/// Whether what follows the text is read as if the text were not there, and no HTML is in it.
fn is_contained(text: &str) -> bool {
    let whole = format!("{text}{NEXT}");
    let (mut depth, mut ends_well) = (0_usize, false);
    for (event, range) in Parser::new_ext(&whole, options()).into_offset_iter() {
        match event {
            Event::Html(_) | Event::InlineHtml(_) => return false,
            Event::Start(tag) => {
                ends_well |= depth == 0 && matches!(tag, Tag::Heading { .. }) && range.start == text.len() + 2;
                depth += 1;
            }
            Event::End(TagEnd::Heading(_)) | Event::End(_) => depth -= 1,
            _ => {}
        }
    }
    ends_well
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_markdown_stays_as_it_was_typed() {
        let text =
            "Checkout **failed**.\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```sql\nselect '<b>';\n```";
        assert_eq!(fit(text), text);
    }

    #[test]
    fn headings_sink_below_those_of_the_document() {
        assert_eq!(fit("# A\n\nB\n===\n\n##### C"), "### A\n\n### B\n\n###### C");
        assert_eq!(fit("```\n# not a heading\n```"), "```\n# not a heading\n```");
    }

    #[test]
    fn nothing_reaches_beyond_its_end() {
        let hostile = [
            "```\nopen",
            "~~~~ sql\nopen",
            "<!-- open",
            "<pre>\n```\nopen",
            "<script>alert(1)</script>",
            "<![CDATA[ x",
            "a <b onclick=x>b",
            "<style>*{display:none}</style>",
            "- a\n\n  ```\n  open",
            "> ```\n> open",
            "<?php",
            "[a]: <x",
            "    indented",
            "| a |\n|---|",
            "a\n---",
            "<div\n\n</div>",
            "`` open",
            "![a](b \"c",
            "[^1]: foot",
            "\\<b>",
            "&lt;b>",
            "<https://example.org> <a@b.c>",
            "```\n<b>\n",
            "\r<b>\r```",
        ];
        for text in hostile {
            let fitted = fit(text);
            assert!(is_contained(&fitted), "{text:?} became {fitted:?}");
        }
    }

    #[test]
    fn a_rule_at_the_beginning_hides_nothing() {
        let html = farol_runbook::to_html(&fit("---\nowner: ana\n---\nAll of it."));
        assert!(html.contains("owner: ana") && html.contains("All of it."), "{html}");
    }

    #[test]
    fn html_is_shown_as_it_was_typed() {
        assert_eq!(fit("a <b>c</b> `<i>`"), "a &lt;b>c&lt;/b> `<i>`");
        assert_eq!(fit("<script>\nx\n</script>"), "&lt;script>\nx\n&lt;/script>");
    }
}
