//! Texts of so many marks that reading them would cost many times their size in memory.

/// Up to this size a text may be as dense as it likes: what it costs is little.
pub const FREE: usize = 48 * 1024;
/// Longer texts need so many bytes for each mark. Tables of real documents have five, their prose has sixteen.
pub const BYTES_A_MARK: usize = 4;
/// And so many for each line that is not blank; real documents of that length have 29 and more.
const BYTES_A_LINE: usize = 20;

/// In longer texts each step needs so many bytes. The densest checklists that people write have a step in 100.
const BYTES_A_STEP: usize = 80;
/// And each heading, of which real documents have one in 180.
const BYTES_A_HEADING: usize = 128;

/// Returns how many steps are read of a text; what comes after them is text.
pub fn most_steps(text: &str) -> usize {
    most(text, BYTES_A_STEP)
}

/// Returns how many headings begin a section; those after them are text.
pub fn most_headings(text: &str) -> usize {
    most(text, BYTES_A_HEADING)
}

fn most(text: &str, bytes: usize) -> usize {
    if text.len() <= FREE { FREE } else { text.len() / bytes }
}

/// Tells whether a text is too dense: marks are line ends and what Markdown gives a meaning, a row of the same one counted once.
pub fn is_too_dense(text: &str) -> bool {
    if text.len() <= FREE {
        return false;
    }
    let (mut last, mut marks, mut lines) = (0, 0, 0);
    for byte in text.bytes() {
        let fresh = byte != last;
        marks += usize::from(fresh && is_mark(byte));
        // A carriage return alone ends a line too.
        lines += usize::from(fresh && (byte == b'\n' || last == b'\r'));
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
        for dense in ["a\n", "- a\n", "|a|\n", "`a`\n", "#\n", "a\r\n", "a\r", "[a]", "*a_", "1. a\n\n"] {
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
