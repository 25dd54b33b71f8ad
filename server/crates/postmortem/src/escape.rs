//! Plain text into Markdown, so that nothing in it acts as Markdown or HTML.

use std::fmt::Write;

/// Makes visible what a reader could not see: control characters and those that reorder or break lines.
///
/// Line ends become `\n`; `\n` and tabs stay.
pub fn visible(text: &str) -> String {
    let mut seen = String::with_capacity(text.len());
    for character in unix(text).chars() {
        match character {
            '\n' | '\t' => seen.push(character),
            '\u{0}'..='\u{1f}' => seen.push(char::from_u32(0x2400 + u32::from(character)).unwrap_or('\u{fffd}')),
            '\u{7f}' => seen.push('\u{2421}'),
            '\u{80}'..='\u{9f}'
            | '\u{61c}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
            | '\u{feff}' => {
                // Writing to a String cannot fail.
                let _ = write!(seen, "⟨U+{:04X}⟩", u32::from(character));
            }
            _ => seen.push(character),
        }
    }
    seen
}

/// Writes all line ends as `\n`.
pub fn unix(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// Escapes plain text for one line of Markdown: a heading, an item, a table cell. Line ends become spaces.
pub fn inline(text: &str) -> String {
    let text = unix(text);
    let line: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let line = line.join(" ");
    let characters: Vec<char> = line.chars().collect();
    let mut escaped = String::with_capacity(line.len() + 8);
    for (at, &character) in characters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| characters.get(at)).copied();
        let after = characters.get(at + 1).copied();
        if acts(character, before, after) || opens_block(&characters, at) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

/// Whether a character means something to Markdown where it stands.
fn acts(character: char, before: Option<char>, after: Option<char>) -> bool {
    let wordy = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    match character {
        '\\' | '`' | '*' | '[' | '<' | '|' | '~' | '$' => true,
        '_' => !(wordy(before) && wordy(after)),
        '&' => after.is_some_and(|c| c.is_ascii_alphanumeric() || c == '#'),
        '#' => after.is_none(),
        _ => false,
    }
}

/// Whether a character would make a heading, a quotation or a list of a line that begins with it.
fn opens_block(line: &[char], at: usize) -> bool {
    let digits = line.iter().take_while(|c| c.is_ascii_digit()).count();
    match line.get(at) {
        Some('#' | '>' | '+' | '-' | '=') => at == 0,
        Some('.' | ')') => digits > 0 && at == digits,
        _ => false,
    }
}

/// Wraps text in a fence longer than any run of backticks inside it.
pub fn fence(text: &str, language: &str) -> String {
    let text = unix(text);
    let marks = "`".repeat(longest_run(&text).max(2) + 1);
    let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    format!("{marks}{language}\n{text}{end}{marks}")
}

/// The longest run of backticks.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

    use super::*;

    #[test]
    fn a_fence_is_longer_than_any_inside() {
        assert_eq!(fence("a ```` b", "sql"), "`````sql\na ```` b\n`````");
        assert_eq!(fence("", "text"), "```text\n```");
        assert_eq!(fence("a\r\nb\n", "bash"), "```bash\na\nb\n```");
    }

    #[test]
    fn a_line_of_text_stays_a_line_of_text() {
        assert_eq!(inline("a | b\n\n`c` <b> snake_case _x_"), "a \\| b \\`c\\` \\<b> snake_case \\_x\\_");
        assert_eq!(inline("1. # &lt; R&D C#"), "1\\. # \\&lt; R\\&D C\\#");
        assert_eq!(inline("- [x](y)"), "\\- \\[x](y)");
    }

    proptest! {
        #[test]
        fn any_text_is_read_back_from_a_cell_a_heading_and_an_item(text in "[ab1. \\\\|`*_~<>&;#()!\\[\\]{}$^:=+\n\t\"'-]{0,24}") {
            let expected = text.split_whitespace().collect::<Vec<_>>().join(" ");
            for document in [
                format!("| a | b |\n|---|---|\n| x | {} |\n", inline(&text)),
                format!("# x {}\n", inline(&text)),
                format!("- **x** {}\n", inline(&text)),
            ] {
                let read = read_back(&document);
                let read = read.split_whitespace().collect::<Vec<_>>().join(" ");
                prop_assert_eq!(read.strip_prefix('x').map(str::trim), Some(expected.as_str()), "{}", document);
            }
        }

        #[test]
        fn any_text_is_read_back_from_a_fence(text in "[a`~\n >-]{0,24}") {
            let mut read = String::new();
            let document = format!("{}\n\nafter\n", fence(&text, "sql"));
            for event in Parser::new(&document) {
                match event {
                    Event::Text(part) => read.push_str(&part),
                    Event::Start(Tag::Paragraph) => read.push('¶'),
                    _ => {}
                }
            }
            let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
            prop_assert_eq!(read, format!("{text}{end}¶after"));
        }
    }

    /// The text of a document without that of a table's head; anything but plain text shows as `�`.
    fn read_back(document: &str) -> String {
        let options = Options::ENABLE_TABLES
            | Options::ENABLE_STRIKETHROUGH
            | Options::ENABLE_TASKLISTS
            | Options::ENABLE_FOOTNOTES
            | Options::ENABLE_MATH;
        let (mut read, mut head) = (String::new(), false);
        for event in Parser::new_ext(document, options) {
            match event {
                Event::Text(_) if head => {}
                Event::Text(text) => read.push_str(&text),
                Event::Start(Tag::TableHead) => head = true,
                Event::End(TagEnd::TableHead) => head = false,
                Event::Start(
                    Tag::Table(_)
                    | Tag::TableRow
                    | Tag::TableCell
                    | Tag::Heading { .. }
                    | Tag::List(_)
                    | Tag::Item
                    | Tag::Strong,
                )
                | Event::End(_) => {}
                _ => read.push('\u{fffd}'),
            }
        }
        read
    }

    #[test]
    fn what_hides_is_shown() {
        assert_eq!(visible("a\u{1b}[31m\u{202e}b\rc\td"), "a␛[31m⟨U+202E⟩b\nc\td");
    }
}
