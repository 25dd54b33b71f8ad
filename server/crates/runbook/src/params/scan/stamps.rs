//! Letters that stand for the digits of a date, or for any.

use super::{LONGEST, Scan};
use crate::words::shorten;

impl Scan<'_> {
    /// `XXXX` at the end of a name: `backup_XXXXXXXX.sql`.
    pub(super) fn crosses(&self) -> Option<usize> {
        let (first, rest) = (self.bytes[self.at], &self.bytes[self.at..]);
        let count = rest.iter().take_while(|byte| **byte == first).count();
        let next = rest.get(count).copied().unwrap_or(b' ');
        (count > 2 && !next.is_ascii_alphanumeric() && next != b'_' && !self.temporary()).then_some(count)
    }

    /// `YYYYMMDD`, `AAAA-MM-DD_HHMMSS`, `DD-MM-YYYY`, `YYYY-MM-DD HH:MM:SS`, also within a file's name.
    pub(super) fn stamp(&self) -> Option<usize> {
        let rest = shorten(&self.text[self.at..], LONGEST);
        let letter = |c: char| matches!(c, 'Y' | 'A' | 'M' | 'D' | 'H' | 'S' | 'T' | 'Z' | '_' | '-' | ':');
        let end = rest.find(|c| !letter(c)).unwrap_or(rest.len());
        let time = rest[end..].strip_prefix(' ').filter(|t| t.starts_with("HH:MM"));
        let clock = time.map_or(0, |t| 1 + t.find(|c| !letter(c)).unwrap_or(t.len()));
        let word = &rest[..end];
        let year = ["YYYY", "AAAA"].iter().any(|y| word.starts_with(y) || word.starts_with("DD") && word.contains(y));
        let len = rest[..end + clock].trim_end_matches([':', '-', '_']).len();
        (year && word.contains("MM") && !self.formats() && self.before() != b'+').then_some(len)
    }

    /// Whether a word begins here, in a command with an address that has somebody's name in it.
    pub(super) fn addressed(&self) -> bool {
        let holds = || memchr::memchr(b'@', self.bytes).is_some() && crate::words::has(self.text, "://");
        self.shell && *self.addressed.get_or_init(holds) && !self.before().is_ascii_alphanumeric()
    }
}
