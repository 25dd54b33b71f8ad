//! What is typed into consoles that are not driven from here.

use farol_api::graph::CommandLanguage;

use super::Reader;
use crate::code::judge::Family;
use crate::code::{Logical, Piece, interactive, lookalikes, prompt, promql, remarks, sql};
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

    /// `\du`, `\q` behind statements, in a script: typed into the client that they were typed into.
    pub(super) fn is_in_psql(&self, body: &str) -> bool {
        prompt::is_of_psql(body)
            && self.last().is_some_and(|last| match last.language {
                CommandLanguage::Shell => interactive::opens_psql(&last.text),
                language => language == CommandLanguage::Sql || last.text.starts_with('\\'),
            })
    }

    /// `> SELECT 1;` behind what opened a client: its prompt.
    pub(super) fn is_asked_of_client(&self, body: &str) -> bool {
        let asked = body.strip_prefix("> ").is_some_and(|rest| sql::is_surely_sql(rest) && rest.ends_with(';'));
        asked
            && self.last().is_some_and(|last| match last.language {
                CommandLanguage::Shell => crate::code::is_interactive(&last.text),
                language => language == CommandLanguage::Sql,
            })
    }

    /// What follows `rails console` or `python3` in a script is typed there, up to `exit`.
    pub(super) fn is_in_console(&self) -> bool {
        self.console && matches!(self.family, Family::Shell | Family::Console | Family::Unknown)
    }

    /// `EXIT;` behind statements: typed into the client that they were typed into.
    pub(super) fn leaves_client(&self, body: &str) -> bool {
        let word = body.trim_end_matches(';');
        if !interactive::leaves(word) || !word.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            return false;
        }
        let last = self.last().map(|command| command.language);
        last == Some(CommandLanguage::Sql) && (self.family == Family::Sql || word.len() < body.len() || word != "exit")
    }

    /// A word that nobody knows right below a listing, or below what stands in a file that an editor was opened for.
    pub(super) fn is_beside_a_command(&self, body: &str) -> bool {
        let (Some(at), Some(last)) = (self.last, self.last()) else { return false };
        let below = &self.pieces[at + 1..];
        match below {
            [] => lookalikes::is_listed_below(&last.text, body),
            [..] => below.iter().all(|piece| *piece == Piece::Output) && remarks::opens_an_editor(&last.text),
        }
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
