//! Programs that nobody here knows, which the document itself types elsewhere.

use farol_api::graph::CommandLanguage;
use farol_api::runbook::BlockKind;
use rustc_hash::FxHashSet;

use crate::attributes::Fence;
use crate::code::{self, Piece, Reading};
use crate::words::{first_word, lines};

/// Tells whether a block without a label, which was not read, may hold nothing but unknown programs: the first words of its lines.
pub fn candidates<'t>(fence: &Fence, reading: &Reading, text: &'t str) -> Option<Vec<&'t str>> {
    const MOST: usize = 8;
    if reading.kind != BlockKind::Reference || !fence.label.is_empty() || fence.is_shown() {
        return None;
    }
    let typed = lines(text).map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut words = Vec::new();
    for line in typed {
        let word = line.split(' ').next().unwrap_or("");
        if words.len() == MOST || !code::may_be_program(word) || word.len() == line.len() {
            return None;
        }
        words.push(word);
    }
    Some(words).filter(|words| !words.is_empty())
}

/// Returns the first words of the commands that were read.
pub fn typed<'r>(readings: impl Iterator<Item = &'r Reading>) -> FxHashSet<&'r str> {
    let mut programs = FxHashSet::default();
    for piece in readings.flat_map(|reading| &reading.pieces) {
        if let Piece::Command(command) = piece
            && command.language == CommandLanguage::Shell
        {
            programs.insert(first_word(&command.text));
        }
    }
    programs
}
