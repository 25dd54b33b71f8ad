//! Texts of so many marks that reading them would cost many times their size in memory.

/// Up to this size a text may be as dense as it likes: what it costs is little.
const FREE: usize = 64 * 1024;
/// Longer texts need so many bytes for each mark. Tables of real documents have five, their prose has sixteen.
pub const BYTES_A_MARK: usize = 4;
/// And so many for each line that is not blank.
const BYTES_A_LINE: usize = 16;

/// Tells whether a text is too dense: marks are line ends and what Markdown gives a meaning, a row of the same one counted once.
pub fn is_too_dense(text: &str) -> bool {
    if text.len() <= FREE {
        return false;
    }
    let (mut last, mut marks, mut lines) = (0, 0, 0);
    for byte in text.bytes() {
        let fresh = byte != last;
        marks += usize::from(fresh && is_mark(byte));
        lines += usize::from(fresh && byte == b'\n');
        last = byte;
    }
    marks > text.len() / BYTES_A_MARK || lines > text.len() / BYTES_A_LINE
}

const fn is_mark(byte: u8) -> bool {
    matches!(
        byte,
        b'\n'
            | b'\r'
            | b'`'
            | b'*'
            | b'_'
            | b'['
            | b']'
            | b'|'
            | b'<'
            | b'>'
            | b'#'
            | b'&'
            | b'\\'
            | b'!'
            | b'~'
            | b'+'
            | b'-'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_nobody_writes_is_too_dense() {
        for dense in ["a\n", "- a\n", "|a|\n", "`a`\n", "#\n", "a\r\n", "[a]", "*a_", "1. a\n\n"] {
            assert!(is_too_dense(&dense.repeat(FREE)), "{dense:?}");
            assert!(!is_too_dense(&dense.repeat(100)), "{dense:?}");
        }
        for fine in
            ["- [ ] Restart the api\n", "| the name | `what it is for` |\n", "kubectl get pods -n shop\n", "word "]
        {
            assert!(!is_too_dense(&fine.repeat(FREE / 4)), "{fine:?}");
        }
    }
}
