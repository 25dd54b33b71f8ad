//! Markdown to sanitised HTML.

use std::collections::HashSet;

use bumpalo::Bump;
use pulldown_cmark::{CowStr, Event, Parser, Tag, TagEnd};

use crate::{MAX_BYTES, dense, doc, lexicon::Lexicon, outline};

/// The deepest nesting that is rendered; what is deeper is shown flat.
const DEEPEST: usize = 48;

/// Renders a runbook's text as sanitised HTML.
///
/// Headings carry the anchors of [`farol_api::runbook::Section`] as ids. Raw HTML is reduced to harmless
/// elements, images become links (a page never loads what a runbook names), SVG, MathML, scripts and styles
/// are gone. A text of more than [`MAX_BYTES`] is cut there; one too dense to be read is shown as it stands.
pub fn to_html(text: &str) -> String {
    to_html_with(text, |_| None)
}

/// Renders as [`to_html`] does, with links that lead elsewhere than they say where `lead` knows better: the file of
/// another runbook is a page of the library.
pub fn to_html_with(text: &str, lead: impl Fn(&str) -> Option<String>) -> String {
    let mut end = text.len().min(MAX_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = &text[..end];
    if dense::is_too_dense(text) {
        return format!("<pre>{}</pre>", text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"));
    }
    let room = Bump::new();
    let document = doc::read(text, &room);
    let text = document.text;
    let anchors: Vec<String> =
        outline::read(&document, Lexicon::of(None)).sections.into_iter().map(|s| s.anchor.to_owned()).collect();
    let body = document.front.as_ref().map_or(0, |front| after_front(text, front.end));
    let mut html = String::with_capacity(text.len() * 2);
    let mut render = Render { anchors: anchors.into_iter(), depth: 0, images: Vec::new() };
    let mut start = body;
    let ends = document.repairs.iter().map(|r| r.end).filter(|e| *e > body).chain([text.len()]);
    for end in ends {
        let events = Parser::new_ext(&text[start.min(end)..end], crate::MARKDOWN)
            .filter_map(|event| render.event(led(boxed(event), &lead)));
        pulldown_cmark::html::push_html(&mut html, events);
        // The fence that closed too short a block is no opening of the next.
        start = end + stray_fence(&text[end..]);
        render.depth = 0;
    }
    // A wide table scrolls on a phone: it has to be within reach of the keyboard.
    sanitiser().clean(&html).to_string().replace("<table>", "<table tabindex=\"0\">")
}

/// A box of a task list as a sign: a field without a label would be nothing to a screen reader.
fn boxed(event: Event<'_>) -> Event<'_> {
    match event {
        Event::TaskListMarker(done) => Event::Text(if done { "☑ " } else { "☐ " }.into()),
        other => other,
    }
}

fn led<'a>(event: Event<'a>, lead: &impl Fn(&str) -> Option<String>) -> Event<'a> {
    match event {
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            let dest_url = lead(&dest_url).map_or(dest_url, CowStr::from);
            Event::Start(Tag::Link { link_type, dest_url, title, id })
        }
        other => other,
    }
}

fn after_front(text: &str, end: usize) -> usize {
    text[end..].find('\n').map_or(text.len(), |at| end + at + 1)
}

fn stray_fence(rest: &str) -> usize {
    let line = rest.split_inclusive('\n').next().unwrap_or("");
    let body = line.trim();
    let bare = body.len() >= 3 && (body.bytes().all(|b| b == b'`') || body.bytes().all(|b| b == b'~'));
    if bare { line.len() } else { 0 }
}

struct Render {
    anchors: std::vec::IntoIter<String>,
    depth: usize,
    images: Vec<String>,
}

impl Render {
    fn event<'a>(&mut self, event: Event<'a>) -> Option<Event<'a>> {
        match event {
            Event::Start(Tag::Heading { level, classes, attrs, .. }) => {
                let id = self.anchors.next().map(CowStr::from);
                Some(Event::Start(Tag::Heading { level, id, classes, attrs }))
            }
            Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
                self.images.push(dest_url.to_string());
                Some(Event::Start(Tag::Link { link_type, dest_url, title, id }))
            }
            Event::End(TagEnd::Image) => {
                self.images.pop();
                Some(Event::End(TagEnd::Link))
            }
            Event::Start(Tag::BlockQuote(_) | Tag::List(_) | Tag::Item) if self.deeper() => None,
            Event::End(TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item) if self.shallower() => None,
            other => Some(other),
        }
    }

    fn deeper(&mut self) -> bool {
        self.depth += 1;
        self.depth > DEEPEST
    }

    fn shallower(&mut self) -> bool {
        self.depth = self.depth.saturating_sub(1);
        self.depth >= DEEPEST
    }
}

/// The elements that a runbook may bring.
const TAGS: &str = "a p h1 h2 h3 h4 h5 h6 ul ol li pre code em strong del blockquote table thead tbody tr th \
                    td hr br input details summary kbd sub sup b i";

fn sanitiser() -> ammonia::Builder<'static> {
    let mut builder = ammonia::Builder::default();
    let tags: HashSet<&str> = TAGS.split_whitespace().collect();
    builder
        .tags(tags)
        .clean_content_tags(["script", "style", "svg", "math", "iframe", "object", "template", "noscript"].into())
        .generic_attributes(HashSet::new())
        .url_schemes(["http", "https", "mailto"].into())
        .link_rel(Some("noopener noreferrer"))
        .tag_attributes(
            [
                // Links lead to what authors name so, `name` in older texts.
                ("a", ["href", "title", "id", "name"].into()),
                ("ol", ["start"].into()),
                ("code", ["class"].into()),
                ("input", ["type", "checked", "disabled"].into()),
                ("details", ["open"].into()),
                ("th", ["align"].into()),
                ("td", ["align"].into()),
                ("h1", ["id"].into()),
                ("h2", ["id"].into()),
                ("h3", ["id"].into()),
                ("h4", ["id"].into()),
                ("h5", ["id"].into()),
                ("h6", ["id"].into()),
            ]
            .into(),
        )
        .attribute_filter(|element, attribute, value| match (element, attribute) {
            // Only the language of a fence; a runbook brings no class of the page's own.
            ("code", "class") if !value.starts_with("language-") || value.contains(' ') => None,
            ("input", "type") if value != "checkbox" => None,
            _ => Some(value.into()),
        });
    builder.set_tag_attribute_value("input", "disabled", "");
    builder
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_runs_or_loads_survives() {
        let html = to_html(concat!(
            "<script>alert(1)</script><svg onload=x><math></math>\n\n<img src=http://x/y onerror=z>\n\n",
            "![a](https://evil/x.png) [b](javascript:alert(1)) [c](data:text/html,x) <b onclick=x style=y>t</b>\n\n",
            "<form action=/x><input name=p></form><iframe src=x></iframe><style>*{}</style><base href=x>\n",
        ));
        for bad in [
            "<script",
            "<svg",
            "<math",
            "<img",
            "onerror",
            "onclick",
            "javascript:",
            "data:",
            "style",
            "<form",
            "<iframe",
            "<base",
            "name=",
        ] {
            assert!(!html.contains(bad), "{bad} in {html}");
        }
        assert!(html.contains("href=\"https://evil/x.png\""), "{html}");
    }

    #[test]
    fn headings_carry_the_anchors_of_their_sections() {
        let text = "---\ntitle: x\n---\n# Olá, mundo\n\n## A\n\n## A\n\n- [ ] box\n";
        let html = to_html(text);
        for section in crate::parse(text, None).sections {
            assert!(html.contains(&format!("id=\"{}\"", section.anchor)), "{} in {html}", section.anchor);
        }
        assert!(html.contains("☐ box"), "{html}");
        assert!(!html.contains("title: x"));
    }

    #[test]
    fn what_links_lead_to_inside_a_text_stays() {
        let html = to_html("<a name=\"old\"></a><a id='new' class=x></a>\n\n[go](#old) and [go](#new)\n");
        assert!(
            html.contains("<a name=\"old\"") && html.contains("<a id=\"new\"") && !html.contains("class"),
            "{html}"
        );
    }

    #[test]
    fn a_block_left_open_ends_where_the_reader_ends_it() {
        let html = to_html("```bash\nls\n\n## Next\n\ntext\n");
        assert!(html.contains("<h2 id=\"next\">Next</h2>"), "{html}");
    }

    #[test]
    fn bombs_are_rendered_flat() {
        for bomb in
            [">".repeat(50_000), "- ".repeat(50_000), "[".repeat(50_000), "<b>".repeat(20_000), "*a_".repeat(30_000)]
        {
            assert!(to_html(&bomb).len() < 4_000_000);
        }
    }
}
