//! Line ends that a form could not carry.

/// Gives an edited text the line ends and the byte order mark of the text that was edited.
///
/// A text area knows one kind of line end. Lines before the first and after the last change get back the very ends they
/// had in `base`; lines between them the end that most lines of `base` have. Nothing but line ends, and a mark at the
/// start of `base` that is missing, is changed.
pub fn keep_line_ends(base: &str, edited: &str) -> String {
    let (old, new) = (lines(base), lines(edited));
    let same = |(old, new): &(&Line<'_>, &Line<'_>)| text(old) == text(new);
    let before = old.iter().zip(&new).take_while(same).count();
    let room = old.len().min(new.len()) - before;
    let after = old.iter().rev().zip(new.iter().rev()).take(room).take_while(same).count();
    let usual = usual(&old);
    let mut out = String::with_capacity(edited.len() + new.len());
    if base.starts_with(MARK) && !edited.starts_with(MARK) {
        out.push(MARK);
    }
    for (index, line) in new.iter().enumerate() {
        out.push_str(line.text);
        let known = if index < before {
            Some(old[index].end)
        } else if index >= new.len() - after {
            Some(old[old.len() - (new.len() - index)].end)
        } else {
            None
        };
        // Whether a last line ends at all is the editor's to say.
        out.push_str(match (line.end, known.filter(|end| !end.is_empty())) {
            ("", _) => "",
            (_, Some(end)) => end,
            (_, None) => usual,
        });
    }
    out
}

const MARK: char = '\u{feff}';

struct Line<'t> {
    text: &'t str,
    end: &'t str,
}

fn text<'t>(line: &Line<'t>) -> &'t str {
    line.text.trim_start_matches(MARK)
}

fn lines(text: &str) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['\r', '\n']) {
        let length = if rest[at..].starts_with("\r\n") { 2 } else { 1 };
        lines.push(Line { text: &rest[..at], end: &rest[at..at + length] });
        rest = &rest[at + length..];
    }
    if !rest.is_empty() {
        lines.push(Line { text: rest, end: "" });
    }
    lines
}

fn usual<'t>(lines: &[Line<'t>]) -> &'t str {
    let count = |end: &str| lines.iter().filter(|line| line.end == end).count();
    ["\n", "\r\n", "\r"].into_iter().rev().max_by_key(|end| count(end)).unwrap_or("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a browser makes of a text area's value, as the server gets it.
    fn through_a_form(text: &str) -> String {
        text.replace("\r\n", "\n").replace('\r', "\n")
    }

    #[test]
    fn a_text_that_nobody_changed_comes_back_byte_for_byte() {
        for text in
            ["", "a", "a\n", "a\r\nb\r\n", "a\rb\r", "a\nb\r\nc\rd\n\r\n\n", "\u{feff}# ção\r\n\r\n", "\r\n\r\n"]
        {
            assert_eq!(keep_line_ends(text, &through_a_form(text)), text, "{text:?}");
        }
    }

    #[test]
    fn what_is_added_ends_as_the_text_around_it() {
        assert_eq!(keep_line_ends("a\r\nb\r\nc\r\n", "a\nnew\nb\nc\n"), "a\r\nnew\r\nb\r\nc\r\n");
        assert_eq!(keep_line_ends("a\r\nb\nc\r\n", "a\nc\n"), "a\r\nc\r\n");
        assert_eq!(keep_line_ends("a\nb\n", "x\ny\n"), "x\ny\n");
    }

    #[test]
    fn lines_that_stayed_keep_ends_that_differ() {
        assert_eq!(keep_line_ends("a\nb\r\nc\rd\r\n", "a\nb\nnew\nc\nd\n"), "a\nb\r\nnew\r\nc\rd\r\n");
    }

    #[test]
    fn the_last_line_ends_where_the_editor_says_so() {
        assert_eq!(keep_line_ends("a\r\nb\r\n", "a\nb"), "a\r\nb");
        assert_eq!(keep_line_ends("a\r\nb", "a\nb\n"), "a\r\nb\r\n");
    }
}
