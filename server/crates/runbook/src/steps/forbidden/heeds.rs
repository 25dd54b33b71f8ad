//! What comments in a block say of its commands.

use std::ops::Range;

use farol_api::graph::NodeKind;

use super::forbid::{found, past_leads, starts};
use super::{looks, running, variants};
use crate::doc::Code;
use crate::folding::Words;
use crate::lexicon::{Category, split_guard};
use crate::steps::blocks::comments::{self, Line};
use crate::steps::prose::clauses::clauses;
use crate::steps::{Origin, Walker};
use crate::words::{fold, lines, past_marks, shorten};

/// What a comment says of a command.
pub enum Heed<'t> {
    Nothing,
    /// The words that warn of something else.
    Warned(&'t str),
    Forbidden,
}

impl Walker<'_> {
    /// Tells whether the comment above a command forbids it, in its title or in another of its lines.
    pub(in crate::steps) fn heed_above<'t>(&self, title: &'t str, text: &'t str, command: &str) -> Heed<'t> {
        // "Do not run this" / "Drop the base": the second line says what it would do.
        let more = lines(text).filter(|line| *line != title);
        let more = more.filter(|line| self.prohibits(line) && running::names_running(self.lexicon, &fold(line)));
        let lines = Some(title).filter(|title| self.forbids(title)).into_iter().chain(more);
        let mut heed =
            match self.calls_wrong(title) || self.skips(title, command) || self.does_more_than_look(text, command) {
                true => return Heed::Forbidden,
                false => Heed::Nothing,
            };
        let looks = || looks::looks(&fold(command)) && self.only_looks_below(title, text);
        for line in lines {
            if !looks() && !variants::speaks_of_others(self.lexicon, &fold(line), &fold(command)) {
                return Heed::Forbidden;
            }
            heed = Heed::Warned(line);
        }
        heed
    }

    /// "Do not mount it yet" / "Only check that it is there": what a command that only looks does in the place of what the line
    /// above forbids.
    fn only_looks_below(&self, title: &str, text: &str) -> bool {
        !running::names_running(self.lexicon, &fold(title))
            && lines(text).skip_while(|line| *line != title).skip(1).any(asks_for_a_look)
    }

    /// The same above what changes something: then it is that which is forbidden.
    fn does_more_than_look(&self, text: &str, command: &str) -> bool {
        lines(text).any(asks_for_a_look) && lines(text).any(|line| self.forbids(line)) && !looks::looks(&fold(command))
    }

    /// `dropdb x  # never in production`: the comment behind a command.
    pub(in crate::steps) fn heed_behind<'t>(
        &self,
        code: &'t Code<'_>,
        range: &Range<usize>,
        command: &str,
    ) -> Heed<'t> {
        let rest = code.text.get(range.end..).and_then(|rest| lines(rest).next()).unwrap_or("");
        let remark = rest.trim_start_matches([' ', ';']);
        let words = remark.trim_start_matches(['#', '-', ' ']);
        if !(remark.starts_with('#') || remark.starts_with("--")) || !(self.forbids(words) || self.calls_wrong(words)) {
            return Heed::Nothing;
        }
        let others = variants::speaks_of_others(self.lexicon, &fold(words), &fold(command));
        if others { Heed::Warned(words) } else { Heed::Forbidden }
    }

    /// A warning beside a command that may be run.
    pub(in crate::steps) fn warn(&mut self, words: &str, span: Range<usize>) {
        let draft = self.draft(NodeKind::Prohibition, Origin::Comment, words, span);
        self.push(draft);
    }

    /// "Cut the line out, never with grep": what is ordered before the words that warn.
    pub(in crate::steps) fn before_warning<'t>(&self, comment: &'t str) -> &'t str {
        let warns = |clause: &&str| {
            let folded = fold(clause);
            let start = past_leads(self.lexicon, past_marks(&folded));
            starts(self.lexicon, start).is_some() || found(self.lexicon, start).is_some()
        };
        let at = clauses(comment).find(warns).map_or(0, |clause| clause.as_ptr() as usize - comment.as_ptr() as usize);
        let ordered = comment[..at].trim_end_matches([' ', '—', '–', '-', '(', ';', ',', ':', '.']);
        match ordered.rsplit_once(" (") {
            Some((ordered, aside)) if !aside.contains(')') => ordered,
            _ => ordered,
        }
    }

    /// Tells whether comment lines order nothing, forbid nothing and lead nowhere: below a command they say what comes of it.
    pub(in crate::steps) fn is_a_remark(&self, lines: &[Line]) -> bool {
        let entries = comments::entries(lines.to_vec());
        let [entry] = &entries[..] else { return false };
        let head = entry.head();
        let folded = fold(shorten(head, 200));
        let leads = [Category::Alternative, Category::Then, Category::Guard, Category::Lead]
            .into_iter()
            .any(|category| self.lexicon.starts(category, past_marks(&folded)).is_some());
        !entry.numbered
            && !leads
            && !entry.text().trim_end().ends_with([':', '?'])
            && !entry.orders(self.lexicon)
            && !entry.lines.iter().any(|(text, _)| crate::steps::orders(self.lexicon, Words::NONE, text))
            && split_guard(self.lexicon, Words::NONE, head).guard.is_none()
            && !entry.lines.iter().any(|(text, _)| self.prohibits(text) || self.forbids(text) || self.calls_wrong(text))
    }
}

/// "Only check that it is there", "apenas verificar se existe".
fn asks_for_a_look(line: &str) -> bool {
    const ONLY: [&str; 6] = ["only", "just", "solo", "so", "apenas", "somente"];
    const LOOKS: [&str; 14] = [
        "check",
        "verify",
        "look",
        "list",
        "see",
        "show",
        "verificar",
        "ver",
        "listar",
        "mostrar",
        "comprobar",
        "conferir",
        "checar",
        "olhar",
    ];
    let first = line.trim_start_matches(|c: char| !c.is_alphanumeric()).split(' ').next().unwrap_or("");
    // Most comments begin with none of them, and need no folding to know it.
    if !ONLY.iter().any(|word| first.eq_ignore_ascii_case(word)) && (first.is_ascii() || first.len() > 3) {
        return false;
    }
    let folded = fold(shorten(line, 80));
    let mut words = past_marks(&folded).split(' ');
    words.next().is_some_and(|word| ONLY.contains(&word)) && words.next().is_some_and(|verb| LOOKS.contains(&verb))
}
