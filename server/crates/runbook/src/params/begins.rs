//! What the bytes of a command may begin.

/// What each byte may begin.
pub const KINDS: [Kind; 256] = {
    let mut kinds = [Kind::Nothing; 256];
    let mut byte = 0;
    while byte < kinds.len() {
        kinds[byte] = match byte as u8 {
            b'x' | b'X' | b'Y' | b'S' | b'T' | b'M' | b'y' | b's' | b't' | b'A' | b'D' => Kind::Filled,
            b'A'..=b'Z' => Kind::Upper,
            b'a'..=b'z' | b'0'..=b'9' => Kind::Word,
            b'\'' | b'"' | b'\\' | b'<' | b'{' | b'[' | b'$' | b'.' | b'*' | b'(' | b')' => Kind::Mark,
            // The first byte of `…`.
            0xe2 => Kind::Mark,
            _ => Kind::Nothing,
        };
        byte += 1;
    }
    kinds
};

/// What a byte may begin.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Nothing to fill in.
    Nothing,
    /// A word that is none to fill in.
    Word,
    /// A word in upper case.
    Upper,
    /// A word that may be filled in: `YOUR_X`, `SEU_X`, `xxx`, `AAAA`, `DD`.
    Filled,
    /// What quotes, brackets and the like are made of.
    Mark,
}

/// Tells whether a word may be one to fill in, by how it begins.
pub const fn may_be_filled(word: &[u8]) -> bool {
    matches!(
        word,
        [b'x' | b'X', b'x' | b'X', b'x' | b'X', ..]
            | [b'y', b'o', b'u', ..]
            | [b's', b'e', b'u', ..]
            | [b's', b'u', b'a', ..]
            | [b't', b'u', b'-' | b'_', ..]
            | [b'Y', b'O', b'U', ..]
            | [b'S', b'E', b'U', ..]
            | [b'S', b'U', b'A', ..]
            | [b'T', b'U', b'-' | b'_', ..]
            | [b'M', b'E', b'U', ..]
            | [b'M', b'I', b'N', ..]
            | [b'Y', b'Y', ..]
            | [b'A', b'A', ..]
            | [b'D', b'D', ..]
    )
}
