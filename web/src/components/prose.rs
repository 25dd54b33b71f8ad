//! The author's own words around a step: enough Markdown to be read well, and nothing that could be markup.
//!
//! The server renders whole runbooks; a step's few lines are shown by this, in the browser too.

use leptos::prelude::*;

/// Shows Markdown source as paragraphs and lists with code, bold and links' words.
#[component]
pub fn Prose(text: String) -> impl IntoView {
    let blocks: Vec<AnyView> = blocks(&text)
        .into_iter()
        .map(|block| match block {
            Block::Paragraph(text) => view! { <p>{inline(&text)}</p> }.into_any(),
            Block::List(items) => {
                let items: Vec<_> = items.iter().map(|item| view! { <li>{inline(item)}</li> }.into_any()).collect();
                view! { <ul>{items}</ul> }.into_any()
            }
            Block::Code(text) => view! { <pre class="quoted">{text}</pre> }.into_any(),
        })
        .collect();
    view! { <div class="prose">{blocks}</div> }.into_any()
}

#[derive(Debug, PartialEq)]
enum Block {
    Paragraph(String),
    List(Vec<String>),
    Code(String),
}

fn blocks(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut fence: Option<String> = None;
    let mut fresh = true;
    for line in text.lines() {
        let trimmed = line.trim();
        if trimmed.starts_with("```") || trimmed.starts_with("~~~") {
            match fence.take() {
                Some(code) => blocks.push(Block::Code(code)),
                None => fence = Some(String::new()),
            }
            fresh = true;
        } else if let Some(code) = &mut fence {
            if !code.is_empty() {
                code.push('\n');
            }
            code.push_str(line);
        } else if trimmed.is_empty() {
            fresh = true;
        } else if let Some(item) = list_item(trimmed) {
            match blocks.last_mut() {
                Some(Block::List(items)) => items.push(item.to_owned()),
                _ => blocks.push(Block::List(vec![item.to_owned()])),
            }
            fresh = false;
        } else {
            let trimmed = trimmed.trim_start_matches('>').trim_start_matches('#').trim();
            match blocks.last_mut() {
                Some(Block::Paragraph(text)) if !fresh => {
                    text.push(' ');
                    text.push_str(trimmed);
                }
                Some(Block::List(items)) if !fresh => {
                    if let Some(item) = items.last_mut() {
                        item.push(' ');
                        item.push_str(trimmed);
                    }
                }
                _ => blocks.push(Block::Paragraph(trimmed.to_owned())),
            }
            fresh = false;
        }
    }
    if let Some(code) = fence {
        blocks.push(Block::Code(code));
    }
    blocks
}

fn list_item(line: &str) -> Option<&str> {
    let rest =
        line.strip_prefix("- ").or_else(|| line.strip_prefix("* ")).or_else(|| line.strip_prefix("+ ")).or_else(
            || {
                let digits = line.trim_start_matches(|c: char| c.is_ascii_digit());
                (digits.len() < line.len())
                    .then(|| digits.strip_prefix(". ").or_else(|| digits.strip_prefix(") ")))
                    .flatten()
            },
        )?;
    let rest = rest.trim_start();
    Some(rest.strip_prefix("[ ] ").or_else(|| rest.strip_prefix("[x] ")).unwrap_or(rest))
}

/// Shows one line: `code`, **bold**, and the words of links.
pub fn inline(text: &str) -> Vec<AnyView> {
    let mut views = Vec::new();
    for (index, part) in text.split('`').enumerate() {
        if index % 2 == 1 {
            views.push(view! { <code>{part.to_owned()}</code> }.into_any());
            continue;
        }
        for (index, part) in part.split("**").enumerate() {
            let words = link_words(part);
            if words.is_empty() {
                continue;
            }
            views.push(if index % 2 == 1 { view! { <b>{words}</b> }.into_any() } else { words.into_any() });
        }
    }
    views
}

/// Puts `words (address)` in the place of `[words](address)`.
fn link_words(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('[') {
        shown.push_str(before);
        match after.split_once("](").and_then(|(words, after)| Some((words, after.split_once(')')?))) {
            Some((words, (address, after))) if !words.contains('[') => {
                shown.push_str(words);
                if !address.starts_with('#') {
                    shown.push_str(" (");
                    shown.push_str(address);
                    shown.push(')');
                }
                rest = after;
            }
            _ => {
                shown.push('[');
                rest = after;
            }
        }
    }
    shown.push_str(rest);
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_join_and_lists_stay_lists() {
        let text = "One\ntwo\n\nThree:\n- a\n  more\n- b\n\n```sql\nselect 1;\n```\n";
        assert_eq!(
            blocks(text),
            [
                Block::Paragraph("One two".into()),
                Block::Paragraph("Three:".into()),
                Block::List(vec!["a more".into(), "b".into()]),
                Block::Code("select 1;".into()),
            ]
        );
    }

    #[test]
    fn an_unclosed_fence_loses_nothing() {
        assert_eq!(blocks("```\nx"), [Block::Code("x".into())]);
    }

    #[test]
    fn links_keep_words_and_address() {
        assert_eq!(
            link_words("see [the wiki](https://w.example/x) and [a](#b)"),
            "see the wiki (https://w.example/x) and a"
        );
        assert_eq!(link_words("a[0] and [b"), "a[0] and [b");
    }
}
