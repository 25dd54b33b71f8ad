//! The author's words made fit for a picture: cleaned, measured, wrapped.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// The most code points of one grapheme that are shown: stacked accents end here.
const GRAPHEME_MAX: usize = 12;

/// Size and weight of letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Font {
    /// Pixels.
    pub size: i32,
    /// Whether the letters are heavier, and so wider.
    pub bold: bool,
}

/// Makes one line of any text: no control or direction characters, no invisible ones, single spaces.
///
/// What is taken out could end a line, be forbidden in XML, or show the words in another order than they stand in.
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(4096));
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()) {
        let before = out.len();
        if before > 0 {
            out.push(' ');
        }
        let start = out.len();
        out.extend(word.chars().filter(|c| !is_hidden(*c)));
        if out.len() == start {
            out.truncate(before);
        }
    }
    out
}

/// Tells whether a character shows nothing, turns the direction, or may not stand in XML.
const fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
        || (c as u32) & 0xFFFE == 0xFFFE
}

/// Wraps a cleaned text into at most `lines` lines of at most `width` pixels; what is left out becomes an ellipsis.
pub fn wrap(text: &str, font: Font, width: i32, lines: usize) -> Vec<String> {
    let mut wrapped: Vec<String> = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for (piece, glued) in pieces(text, font, width, lines) {
        let space = if line.is_empty() || glued { 0 } else { measure(" ", font) };
        let wide = measure(&piece, font);
        if !line.is_empty() && used + space + wide > width {
            wrapped.push(std::mem::take(&mut line));
            used = 0;
            if wrapped.len() == lines {
                if let Some(last) = wrapped.last_mut() {
                    ellipsise(last, font, width);
                }
                return wrapped;
            }
        } else if space > 0 {
            line.push(' ');
            used += space;
        }
        line.push_str(&piece);
        used += wide;
    }
    if !line.is_empty() {
        wrapped.push(line);
    }
    wrapped
}

/// Shortens a cleaned text to some graphemes, with an ellipsis where something is left out.
pub fn shorten(text: &str, graphemes: usize) -> String {
    let mut shown: String = text.graphemes(true).take(graphemes).map(bounded).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

/// Words, and parts of those words that alone are wider than a line; `true` where a part follows without a space.
///
/// Of one word no more parts are made than there are lines to fill, and one that shows that there is more.
fn pieces(text: &str, font: Font, width: i32, lines: usize) -> impl Iterator<Item = (String, bool)> {
    text.split(' ').filter(|word| !word.is_empty()).flat_map(move |word| {
        let mut parts: Vec<(String, bool)> = Vec::new();
        let mut part = String::new();
        let mut used = 0;
        for grapheme in word.graphemes(true) {
            if parts.len() > lines {
                break;
            }
            let grapheme = bounded(grapheme);
            let wide = measure(&grapheme, font);
            if used + wide > width && !part.is_empty() {
                parts.push((std::mem::take(&mut part), !parts.is_empty()));
                used = 0;
            }
            part.push_str(&grapheme);
            used += wide;
        }
        let glued = !parts.is_empty();
        parts.push((part, glued));
        parts
    })
}

fn bounded(grapheme: &str) -> String {
    grapheme.chars().take(GRAPHEME_MAX).collect()
}

fn ellipsise(line: &mut String, font: Font, width: i32) {
    let room = width - measure("…", font);
    let mut used = 0;
    let mut end = 0;
    for (at, grapheme) in line.grapheme_indices(true) {
        used += measure(grapheme, font);
        if used > room {
            break;
        }
        end = at + grapheme.len();
    }
    line.truncate(end);
    while line.ends_with([' ', ',', ';', ':', '.', '(', '-']) {
        line.pop();
    }
    line.push('…');
}

/// Estimates the width of a text in pixels, rather too wide than too narrow: which font will be there is not known.
pub fn measure(text: &str, font: Font) -> i32 {
    let thousandths: i32 = text.graphemes(true).map(advance).sum();
    let weight = if font.bold { 1140 } else { 1000 };
    let millionths = i64::from(thousandths) * i64::from(font.size) * weight;
    // Rounded up, so that the parts of a text are never narrower than the whole.
    i32::try_from((millionths + 999_999) / 1_000_000).unwrap_or(i32::MAX)
}

/// Width of one grapheme in thousandths of the font's size, as DejaVu Sans has it: few fonts are wider.
fn advance(grapheme: &str) -> i32 {
    let mut chars = grapheme.chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) if c.is_ascii() => ascii(c),
        (Some('…' | '—'), None) => 1000,
        _ if grapheme.width() >= 2 => 1300,
        _ => 680,
    }
}

const fn ascii(c: char) -> i32 {
    match c {
        'i' | 'j' | 'l' | ' ' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | '/' => 340,
        'f' | 't' | 'r' | '(' | ')' | '[' | ']' | '-' | '`' | 'I' => 410,
        's' | 'c' | 'z' | 'v' | 'x' | 'y' | 'k' | '"' | '*' | '?' | '_' => 580,
        'a' | 'b' | 'd' | 'e' | 'g' | 'h' | 'n' | 'o' | 'p' | 'q' | 'u' | '0'..='9' => 640,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '#' | '&' | '<' | '>' | '=' | '+' | '~' | '^' | 'Q' | 'O' | 'G' => 990,
        _ => 720,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FONT: Font = Font { size: 14, bold: false };

    #[test]
    fn hidden_characters_and_line_ends_go() {
        assert_eq!(clean(" a\u{202E}b \n\t c\u{0000}d \u{200B} \u{FFFE}"), "ab c d");
    }

    #[test]
    fn a_family_stays_together() {
        assert_eq!(shorten("👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 1), "👩‍👩‍👧‍👦…");
    }

    #[test]
    fn words_stay_whole_where_they_fit() {
        assert_eq!(wrap("cancel the longest query", FONT, 110, 3), ["cancel the", "longest query"]);
    }

    #[test]
    fn what_is_left_out_is_an_ellipsis() {
        let lines = wrap(&"word ".repeat(2000), FONT, 120, 2);
        assert_eq!(lines.len(), 2);
        assert!(lines[1].ends_with('…') && !lines[0].contains('…'), "{lines:?}");
    }

    proptest! {
        #[test]
        fn no_line_is_wider_than_asked(text in "\\PC{0,200}", width in 40..400_i32, lines in 1..4_usize) {
            let text = clean(&text);
            let wrapped = wrap(&text, FONT, width, lines);
            prop_assert!(wrapped.len() <= lines);
            for line in &wrapped {
                // One grapheme or one ellipsis may alone be wider than a very narrow line.
                prop_assert!(measure(line, FONT) <= width + 2 || line.graphemes(true).count() <= 2, "{line:?}");
            }
        }

        #[test]
        fn nothing_is_lost_where_it_fits(text in "[a-z ]{0,40}") {
            let text = clean(&text);
            prop_assert_eq!(wrap(&text, FONT, 10_000, 1).join(" "), text);
        }
    }
}
