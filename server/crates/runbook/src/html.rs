//! Markdown to sanitised HTML.

/// Renders a runbook's text as sanitised HTML.
pub fn to_html(text: &str) -> String {
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, pulldown_cmark::Parser::new(text));
    ammonia::clean(&html)
}
