//! Bytes of a program become text that is safe to show.

/// Decodes UTF-8 that arrives in pieces; what is no UTF-8 becomes U+FFFD.
#[derive(Debug, Default)]
pub struct Utf8Stream {
    /// The beginning of a character that the last piece cut; at most three bytes.
    cut: Vec<u8>,
}

impl Utf8Stream {
    /// Takes a piece and returns its whole characters.
    pub fn push(&mut self, piece: &[u8]) -> String {
        let mut bytes = std::mem::take(&mut self.cut);
        bytes.extend_from_slice(piece);
        let whole = bytes.len() - cut_character(&bytes);
        self.cut = bytes.split_off(whole);
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Returns what remains: a character that never ended.
    pub fn finish(&mut self) -> String {
        String::from_utf8_lossy(&std::mem::take(&mut self.cut)).into_owned()
    }
}

/// Returns how many bytes at the end begin a character that may still be completed.
fn cut_character(bytes: &[u8]) -> usize {
    for back in 1..=bytes.len().min(3) {
        let tail = &bytes[bytes.len() - back..];
        if tail[0] >= 0xC0 {
            return match std::str::from_utf8(tail) {
                Err(error) if error.error_len().is_none() => back,
                _ => 0,
            };
        }
    }
    0
}

/// Makes control characters visible in a text that arrives in pieces.
///
/// Line feeds and tabs stay; a carriage return ends a line, as progress bars mean it. Every other control character
/// becomes its picture (`ESC` is `␛`), so that a terminal escape is seen and never obeyed, and nothing that was split
/// by one is joined. Characters that reorder text become U+FFFD.
#[derive(Debug, Default)]
pub struct PlainStream {
    after_return: bool,
}

impl PlainStream {
    /// Takes a piece and returns it in plain characters.
    pub fn push(&mut self, piece: &str) -> String {
        let mut out = String::with_capacity(piece.len());
        for c in piece.chars() {
            let after_return = std::mem::replace(&mut self.after_return, c == '\r');
            match c {
                '\n' if after_return => {}
                '\r' => out.push('\n'),
                '\n' | '\t' => out.push(c),
                '\u{0}'..='\u{1F}' => out.push(char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{FFFD}')),
                '\u{7F}' => out.push('\u{2421}'),
                '\u{80}'..='\u{9F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => out.push('\u{FFFD}'),
                _ => out.push(c),
            }
        }
        out
    }
}

/// Makes the control characters of a whole text visible.
pub fn plain(text: &str) -> String {
    PlainStream::default().push(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_cut_by_a_border_arrives_whole() {
        let text = "aé漢🚨z".as_bytes();
        for at in 0..=text.len() {
            let mut stream = Utf8Stream::default();
            let mut out = stream.push(&text[..at]);
            out.push_str(&stream.push(&text[at..]));
            out.push_str(&stream.finish());
            assert_eq!(out, "aé漢🚨z", "cut at {at}");
        }
    }

    #[test]
    fn binary_becomes_text_and_holds_nothing_back() {
        let mut stream = Utf8Stream::default();
        assert_eq!(stream.push(b"a\xff\xfeb\xc3"), "a\u{FFFD}\u{FFFD}b");
        assert_eq!(stream.finish(), "\u{FFFD}");
    }

    #[test]
    fn an_escape_is_seen_and_never_obeyed() {
        assert_eq!(plain("\u{1b}[31mred\u{1b}]0;t\u{7}\0\u{9b}1m"), "␛[31mred␛]0;t␇␀\u{FFFD}1m");
        assert_eq!(plain("a\tb\nc"), "a\tb\nc");
        assert_eq!(plain("\u{202e}txt.exe"), "\u{FFFD}txt.exe");
    }

    #[test]
    fn a_carriage_return_ends_a_line_once() {
        let mut stream = PlainStream::default();
        assert_eq!(stream.push("10%\r20%\r"), "10%\n20%\n");
        assert_eq!(stream.push("\nnext"), "next");
    }
}
