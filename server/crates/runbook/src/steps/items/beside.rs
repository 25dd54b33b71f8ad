//! Commands in the words of an item that holds a block besides: "Restart it with `x`, then:" and the block.

use crate::doc::{Run, RunKind};
use crate::steps::Walker;
use crate::steps::prose::spans::{title_before, told_to_run};
use crate::words::{lines, split, trim};

impl Walker<'_> {
    /// Tells whether a paragraph is nothing but code spans that are commands.
    pub(in crate::steps) fn is_command_alone(&self) -> bool {
        let runs = self.runs();
        let blank = |r: &Run<'_>| r.kind == RunKind::Break || trim(r.text).trim_matches(['.', '$']).is_empty();
        // "(with its name in place of the mark)", on a line of its own.
        let runs = match runs {
            [rest @ .., line, gloss]
                if line.kind == RunKind::Break && gloss.text.starts_with('(') && gloss.text.ends_with(')') =>
            {
                rest
            }
            runs => runs,
        };
        let spans = || runs.iter().filter(|r| r.kind == RunKind::Code);
        let alone = spans().next().is_some() && runs.iter().all(|r| r.kind == RunKind::Code || blank(r));
        alone && !self.quiet() && spans().any(Run::is_command) && spans().all(|r| r.is_command() || blank(r))
    }

    /// Makes nodes of the code spans of an item that are commands to run, and that its block does not give once more; returns the
    /// item's condition.
    pub(in crate::steps) fn inline_beside_block(
        &mut self,
        item: usize,
        text: &str,
        place: usize,
    ) -> Option<(String, usize)> {
        let guard = self.guard_of(text, place);
        let runs = self.runs();
        if self.quiet() || !runs.iter().any(|run| run.is_command()) {
            return guard;
        }
        let told = |at: &usize| runs[*at].is_command() && told_to_run(self.lexicon, runs, *at, true);
        let found: Vec<usize> =
            (0..runs.len()).filter(told).filter(|at| !self.is_in_block(item, runs[*at].text)).collect();
        for at in found {
            let title = Some(title_before(runs, at)).filter(|title| !title.is_empty());
            let title = title.unwrap_or_else(|| runs[at].text.to_string());
            self.inline(runs[at].text.trim(), runs[at].span(), title, guard.clone());
        }
        guard
    }

    /// Tells whether a block of an item holds a command, or one of the same program that is told the same, with values perhaps.
    fn is_in_block(&self, item: usize, command: &str) -> bool {
        // As many leaves of an item are looked at.
        const MOST: usize = 64;
        let mut words = split(command).filter(|word| !matches!(*word, "$" | "sudo"));
        let (program, told) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
        let plain = !told.is_empty() && told.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        // `chef vault` over "knife vault show x": what the block does, by another name.
        let named = plain && words.next().is_none();
        let repeats = |line: &str| {
            line.contains(program) && (!plain || line.contains(told)) || named && split(line).any(|word| word == told)
        };
        let near = self.leaf + 1..self.doc.leaves.len().min(self.leaf + 1 + MOST);
        let mut blocks =
            near.filter(|leaf| self.doc.leaves[*leaf].item == Some(item)).filter_map(|leaf| self.doc.code(leaf));
        blocks.any(|code| lines(code.text).any(repeats))
    }
}
