//! What is typed into consoles that are not driven from here.

use farol_api::graph::CommandLanguage;

use super::Reader;
use crate::code::{Logical, Piece, promql};
use crate::words::trim;

impl Reader<'_> {
    /// `fields @timestamp` and what is piped after it: CloudWatch Logs Insights, whatever the label.
    pub(super) fn insights(&mut self, start: usize) -> Piece {
        let rest = &self.text[start..];
        let end = start + rest.find("\n\n").unwrap_or(rest.len());
        self.at = end;
        let text = self.text[start..end].trim_end().to_owned();
        let range = start..start + text.len();
        Piece::Command(Logical { language: CommandLanguage::Other, text, range })
    }

    /// A query in a console that is not driven from here: all lines up to a blank one.
    pub(super) fn whole_lines(&mut self, start: usize, line: &str) -> Piece {
        // What a console answers.
        if line.trim_start().starts_with("=> ") || trim(line) == ">" {
            self.at += line.len();
            return Piece::Output;
        }
        if promql::opens(line) {
            return self.query(start);
        }
        // Its prompt.
        let start = if self.text[start..].starts_with("> ") { start + 2 } else { start };
        let mut end = self.at + line.len();
        for next in self.text[end..].split_inclusive('\n') {
            let goes_on = ["except", "finally:", "else:", "elif "].iter().any(|word| next.starts_with(word));
            if trim(next).is_empty() && goes_on_indented(&self.text[end + next.len()..]) {
                end += next.len();
                continue;
            }
            if trim(next).is_empty()
                || !(next.starts_with([' ', '\t', ')', '}', '|']) || next.trim_end() == "end" || goes_on)
            {
                break;
            }
            end += next.len();
        }
        self.at = end;
        let text = self.text[start..end].trim_end().to_owned();
        let range = start..start + text.len();
        Piece::Command(Logical { language: CommandLanguage::Other, text, range })
    }
}

/// A loop with a blank line in it: what comes next is indented.
fn goes_on_indented(rest: &str) -> bool {
    let next = rest.split('\n').find(|line| !trim(line).is_empty());
    next.is_some_and(|line| line.starts_with([' ', '\t']) && !trim(line).starts_with('#'))
}
