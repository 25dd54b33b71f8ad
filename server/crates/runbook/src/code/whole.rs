//! What all of a block says for or against its being typed.

use farol_api::graph::CommandLanguage;

use super::judge::{self, Family};
use super::known::{self, Word};
use super::{Hint, Piece, doubt, promql};
use crate::words::lines;

/// Tells whether nothing but commands that cannot be output stands in a block.
pub fn is_surely_typed(pieces: &[Piece]) -> bool {
    pieces.iter().all(|piece| match piece {
        Piece::Command(c) => match c.language {
            CommandLanguage::Shell => judge::is_surely_typed(&c.text),
            CommandLanguage::Sql => true,
            _ => {
                promql::opens(&c.text)
                    || known::is_cmdlet(&c.text)
                    || c.text.starts_with('\\')
                    || judge::line(&c.text) == Word::Sure
            }
        },
        Piece::Output => false,
        _ => true,
    })
}

/// Tells whether each command in a script is one by its program or its options.
pub fn has_only_options(pieces: &[Piece]) -> bool {
    pieces.iter().all(|piece| match piece {
        Piece::Command(c) => judge::is_surely_typed(&c.text) || doubt::has_options(&c.text),
        Piece::Output => false,
        _ => true,
    })
}

/// A script that is a file of its own says who reads it; PowerShell says what it is for.
pub fn is_source(text: &str, hint: Hint) -> bool {
    let first = lines(text).map(str::trim).find(|l| !l.is_empty()).unwrap_or("");
    first.starts_with("#!/") && hint != Hint::Asked || first.starts_with("<#")
}

/// `rs.status()`, `db.orders.find(…)`: the shell of MongoDB, whose fences are labelled as source.
pub fn is_mongo(family: Family, text: &str) -> bool {
    let mut lines = lines(text).map(str::trim).filter(|l| !l.is_empty() && !l.starts_with("//"));
    let typed = |l: &str| ["db.", "rs.", "sh."].iter().any(|s| l.starts_with(s) && l.contains('('));
    let first = lines.next().unwrap_or("");
    let used = first.starts_with("use ") && first.split(' ').count() == 2 && lines.next().is_some_and(typed);
    matches!(family, Family::Source | Family::Unknown) && (typed(first) || used)
}

/// A block that only assigns is an env file, unless what it assigns is used later on.
pub fn is_only_assignments(pieces: &[Piece], used: &dyn Fn(&str) -> bool) -> bool {
    let mut any = false;
    for piece in pieces {
        let Piece::Command(command) = piece else {
            continue;
        };
        let name = judge::assignment(&command.text);
        let Some(name) = name.filter(|_| command.language == CommandLanguage::Shell) else {
            return false;
        };
        let calls = command.text.contains("$(") || command.text.contains('`');
        let runs = judge::past_assignments(&command.text).0;
        let prefix = !runs.is_empty() && !runs.starts_with('#') && judge::line(runs) != Word::No;
        if calls || prefix || used(name) {
            return false;
        }
        any = true;
    }
    any
}

/// A block with another label is a script only if nothing in it speaks against it.
pub fn lies_unproven(family: Family, pieces: &[Piece]) -> bool {
    family == Family::Source && pieces.contains(&Piece::Output)
}
