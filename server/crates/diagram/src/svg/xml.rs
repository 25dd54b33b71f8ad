//! Writes XML so that no text can become markup: everything goes through [`Xml::attr`] and [`Xml::text`].

use std::fmt::Display;

use crate::text::clean;

/// Elements that are open, and what was written.
#[derive(Default)]
pub struct Xml {
    out: String,
    open: Vec<&'static str>,
    /// Whether the last start tag can still take attributes.
    tag: bool,
}

impl Xml {
    /// Opens an element.
    pub fn open(&mut self, name: &'static str) -> &mut Self {
        self.end_tag();
        self.out.push('<');
        self.out.push_str(name);
        self.open.push(name);
        self.tag = true;
        self
    }

    /// Adds an attribute to the element just opened.
    pub fn attr(&mut self, name: &'static str, value: impl Display) -> &mut Self {
        debug_assert!(self.tag, "{name} comes after the start tag");
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        escape(&mut self.out, &clean(&value.to_string()));
        self.out.push('"');
        self
    }

    /// Writes a text.
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.end_tag();
        escape(&mut self.out, &clean(text));
        self
    }

    /// Writes a style sheet of our own; the author's words never come here.
    pub fn sheet(&mut self, sheet: &'static str) -> &mut Self {
        self.end_tag();
        escape(&mut self.out, sheet);
        self
    }

    /// Closes the element opened last.
    pub fn close(&mut self) -> &mut Self {
        let Some(name) = self.open.pop() else { return self };
        if self.tag {
            self.out.push_str("/>");
            self.tag = false;
        } else {
            self.out.push_str("</");
            self.out.push_str(name);
            self.out.push('>');
        }
        // A line for each group: the picture can be read, and compared, as text.
        if matches!(name, "g" | "a" | "path" | "svg" | "desc") {
            self.out.push('\n');
        }
        self
    }

    /// Closes what is open, and gives what was written.
    pub fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        self.out
    }

    fn end_tag(&mut self) {
        if self.tag {
            self.out.push('>');
            self.tag = false;
        }
    }
}

fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_becomes_markup() {
        let mut xml = Xml::default();
        xml.open("g").attr("class", "a\" onload=\"x").text("</svg><script>&\u{0}\u{202E}'").close();
        let text = "<g class=\"a&quot; onload=&quot;x\">&lt;/svg&gt;&lt;script&gt;&amp; &#39;</g>\n";
        assert_eq!(xml.finish(), text);
    }
}
