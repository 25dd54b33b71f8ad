//! Looks for what an author expects in what comes out.

use farol_incident::condition;

/// How much longer than what is expected a line may be before it is not looked at any more: room for blanks around it.
const AROUND: usize = 1 << 10;

/// Sees all output on its way out, after redaction.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    expected: Option<String>,
    line: String,
    seen: bool,
}

impl Watch {
    pub fn new(expected: Option<String>) -> Self {
        Self { expected, ..Self::default() }
    }

    /// Takes a piece of standard output.
    pub fn text(&mut self, text: &str) {
        let Some(expected) = self.expected.as_ref().filter(|_| !self.seen) else { return };
        for piece in text.split_inclusive('\n') {
            if self.line.len() <= expected.len() + AROUND {
                self.line.push_str(piece);
            }
            if piece.ends_with('\n') {
                self.seen |= is_it(expected, &self.line);
                self.line.clear();
            }
        }
    }

    /// Takes a cell of a result.
    pub fn cell(&mut self, cell: &str) {
        self.seen |= self.expected.as_ref().is_some_and(|expected| is_it(expected, cell));
    }

    /// Says whether it came out. Where output was cut, what was not seen may have come all the same.
    pub fn finish(mut self, cut: bool) -> Option<bool> {
        self.text("\n");
        self.expected?;
        (self.seen || !cut).then_some(self.seen)
    }
}

/// A line or a cell of its own, not a part of one: `active` does not stand in `inactive`, nor is `not active` it.
fn is_it(expected: &str, text: &str) -> bool {
    condition::same(text.trim(), expected.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(expected: &str, pieces: &[&str]) -> Option<bool> {
        let mut watch = Watch::new(Some(expected.to_owned()));
        pieces.iter().for_each(|piece| watch.text(piece));
        watch.finish(false)
    }

    #[test]
    fn what_is_expected_stands_on_a_line_of_its_own_however_it_is_cut() {
        assert_eq!(seen("active", &["inactive\nnot active\n"]), Some(false));
        assert_eq!(seen("active", &["x\n  ac", "ti", "ve \r\ny"]), Some(true));
        assert_eq!(seen("0", &["0"]), Some(true));
        assert_eq!(seen("0", &["10\n0.5\n"]), Some(false));
        assert_eq!(seen("0", &["0.00\n"]), Some(true));
        assert_eq!(seen("ok", &[&"x".repeat(10_000), "\nok\n"]), Some(true));
        assert_eq!(seen("ok", &[&" ".repeat(5_000), "ok\n"]), Some(false), "no line grows without bound");
    }

    #[test]
    fn nothing_is_said_where_nothing_was_expected_or_the_rest_was_cut() {
        assert_eq!(Watch::new(None).finish(false), None);
        assert_eq!(Watch::new(Some("ok".into())).finish(true), None);
        let mut watch = Watch::new(Some("ok".into()));
        watch.cell("ok");
        assert_eq!(watch.finish(true), Some(true));
    }
}
