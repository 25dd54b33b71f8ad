//! MySQL's executable comments: `/*! … */` is code for MySQL, `/*M! … */` for MariaDB.

/// The two readings of a text with executable comments; both as long as the text, so that places stay.
#[derive(Debug, PartialEq)]
pub(super) struct Readings {
    /// With the code of the comments.
    pub with: String,
    /// Without it, as a server reads it whose version is lower than the comment's.
    pub without: String,
    /// Whether a comment holds quotes or comments, so that it can change how the text after it is read.
    pub entangled: bool,
}

/// Returns both readings; nothing for a text without such comments, an error where one is nested or does not end.
pub(super) fn readings(text: &str) -> Result<Option<Readings>, ()> {
    let mut with = text.as_bytes().to_vec();
    let mut without = with.clone();
    let bytes = text.as_bytes();
    let (mut at, mut found, mut entangled) = (0, false, false);
    while at < bytes.len() {
        let rest = &bytes[at..];
        let mark = [b"/*!".as_slice(), b"/*M!"].into_iter().find(|mark| rest.starts_with(mark));
        if let Some(mark) = mark {
            let body = at + mark.len();
            let end = find(bytes, body, b"*/").ok_or(())?;
            let digits = bytes[body..end].iter().take(6).take_while(|byte| byte.is_ascii_digit()).count();
            if find(&bytes[..end], body, b"/*").is_some() {
                return Err(());
            }
            let code = &bytes[body..end];
            entangled |= code.iter().any(|byte| matches!(byte, b'\'' | b'"' | b'`' | b'#' | b'\\' | b'*'))
                || find(code, 0, b"--").is_some();
            with[at..body + digits].fill(b' ');
            with[end..end + 2].fill(b' ');
            without[at..end + 2].fill(b' ');
            found = true;
            at = end + 2;
        } else {
            at += plain(bytes, at);
        }
    }
    if !found {
        return Ok(None);
    }
    let text = |bytes| String::from_utf8(bytes).map_err(|_| ());
    Ok(Some(Readings { with: text(with)?, without: text(without)?, entangled }))
}

/// How many bytes the string, comment or character at `at` takes.
fn plain(bytes: &[u8], at: usize) -> usize {
    let next = bytes.get(at + 1).copied().unwrap_or(b' ');
    let end = match bytes[at] {
        b'#' => find(bytes, at, b"\n"),
        b'-' if next == b'-' && bytes.get(at + 2).is_none_or(|byte| *byte <= b' ') => find(bytes, at, b"\n"),
        b'/' if next == b'*' => find(bytes, at + 2, b"*/").map(|end| end + 1),
        quote @ (b'\'' | b'"' | b'`') => string_end(bytes, at, quote),
        _ => return 1,
    };
    end.map_or(bytes.len() - at, |end| end + 1 - at)
}

fn string_end(bytes: &[u8], at: usize, quote: u8) -> Option<usize> {
    let mut escaped = false;
    bytes.iter().enumerate().skip(at + 1).find_map(|(index, byte)| {
        let ends = *byte == quote && !escaped;
        escaped = *byte == b'\\' && !escaped && quote != b'`';
        ends.then_some(index)
    })
}

fn find(bytes: &[u8], from: usize, needle: &[u8]) -> Option<usize> {
    bytes.get(from..)?.windows(needle.len()).position(|window| window == needle).map(|found| from + found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_in_comments_is_seen_and_strings_are_left_alone() {
        let both = readings("SELECT '/*! x */' /*!50001 , SLEEP(1) */").expect("well-formed").expect("one comment");
        assert_eq!(both.with.trim_end(), "SELECT '/*! x */'          , SLEEP(1)");
        assert_eq!(both.without.trim_end(), "SELECT '/*! x */'");
        assert_eq!(readings("SELECT '/*! x */' -- /*! y"), Ok(None));
        assert_eq!(readings("/*! DROP /* x */ TABLE t */"), Err(()));
        assert_eq!(readings("/*! DROP"), Err(()));
    }
}
