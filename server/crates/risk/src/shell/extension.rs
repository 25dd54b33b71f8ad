//! Lines that a team adds to the tables of commands: they say more than the shipped ones, never less.

use sha2::{Digest, Sha256};

use super::table::{Command, Rule, SHIPPED, Table, Verdict};
use super::{clients, programs};

/// The longest extension, in bytes.
const MOST_BYTES: usize = 256 * 1024;
/// The words that a line's second cell can hold, beside classes; `+` may stand before a class.
const SORTING: [&str; 5] = ["values", "attached", "flags", "style", "exec"];
const RUNNING: [&str; 6] = ["command", "script", "input", "sends", "join", "sql"];
const CLASSES: [&str; 4] = ["read", "write", "destructive", "unknown"];
const STYLES: [&str; 7] = ["long", "abbreviates", "underscores", "nocase", "assigns", "leading", "appends"];

/// Why a team's table is refused, and in which line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {fault}")]
pub struct TableError {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub fault: TableFault,
}

/// What is wrong with a line of a team's table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TableFault {
    /// The whole table is too long.
    #[error("the table is longer than {MOST_BYTES} bytes")]
    TooLong,
    /// The line has not two or three cells.
    #[error("a line has two or three cells, split by tabs")]
    Cells,
    /// The first cell names no command.
    #[error("`{0}` is no name of a command")]
    Name(String),
    /// The second cell holds no word of the format.
    #[error(
        "`{0}` is not one of values, attached, flags, style, exec, a class, command, script, input, sends, join, sql"
    )]
    What(String),
    /// The third cell does not fit the second.
    #[error("`{0}` does not fit there")]
    Word(String),
    /// Farol reads this command itself, or the line would change how a shipped command is unwrapped.
    #[error("`{0}` can be given more rules, but not be read in another way")]
    Reserved(String),
}

impl Table {
    /// Returns the tables that Farol comes with.
    pub fn shipped() -> &'static Self {
        &super::table::TABLE
    }

    /// Returns the shipped tables with a team's lines, in the format of `shell/commands/README.md`.
    ///
    /// A line about a command that is not shipped stands for itself. Where a shipped rule fits too, the higher class
    /// counts; only where the shipped tables end at unknown the team's rule decides alone. A command that runs others
    /// stays unwrapped.
    ///
    /// # Errors
    /// Names the first line that is not understood, or that would have a shipped command read in another way.
    pub fn extended(text: &str) -> Result<Self, TableError> {
        if text.len() > MOST_BYTES {
            return Err(TableError { line: 1, fault: TableFault::TooLong });
        }
        let mut table = Self::read(&SHIPPED);
        for (index, line) in text.lines().enumerate() {
            let line = line.trim_end_matches('\r');
            if !line.trim().is_empty() && !line.starts_with('#') {
                table.extend(line).map_err(|fault| TableError { line: index + 1, fault })?;
            }
        }
        table.text = text.to_owned();
        Ok(table)
    }

    /// Returns the team's lines, empty for the shipped tables.
    pub fn extension(&self) -> &str {
        &self.text
    }

    /// Names the rules behind a verdict: [`crate::CLASSIFIER_VERSION`], and a digest of the team's lines where there
    /// are any. It belongs into the digest of an approval.
    pub fn version(&self) -> String {
        if self.text.is_empty() {
            return crate::CLASSIFIER_VERSION.to_owned();
        }
        let digest = Sha256::digest(self.text.as_bytes());
        let short: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        format!("{}+{short}", crate::CLASSIFIER_VERSION)
    }

    fn extend(&mut self, line: &str) -> Result<(), TableFault> {
        let cells: Vec<&str> = line.split('\t').collect();
        let (names, what, rest) = match cells.as_slice() {
            [names, what] => (*names, *what, ""),
            [names, what, rest] => (*names, *what, *rest),
            _ => return Err(TableFault::Cells),
        };
        let words: Vec<&str> = rest.split_whitespace().collect();
        fits(what, &words)?;
        for name in names.split('|') {
            if name.is_empty() || name.starts_with('-') || name.contains(|c: char| c.is_whitespace() || c.is_control())
            {
                return Err(TableFault::Name(name.to_owned()));
            }
            if clients::knows(name) || programs::knows(name) {
                return Err(TableFault::Reserved(name.to_owned()));
            }
            let shipped = Self::shipped().get(name);
            let command = self.commands.entry(name.to_owned()).or_default();
            match shipped {
                Some(shipped) => add_to_shipped(command, shipped, name, what, &words)?,
                None => command.add(what, &words),
            }
        }
        Ok(())
    }
}

fn fits(what: &str, words: &[&str]) -> Result<(), TableFault> {
    let class = CLASSES.contains(&what.trim_start_matches('+'));
    if !class && !SORTING.contains(&what) && !RUNNING.contains(&what) {
        return Err(TableFault::What(what.to_owned()));
    }
    let wrong = match what {
        "values" | "attached" | "flags" | "exec" => words.iter().find(|word| !word.starts_with('-')),
        "style" => words.iter().find(|word| !STYLES.contains(word)),
        "sql" => words.first().filter(|word| super::table::dialect(word).is_none()),
        _ => None,
    };
    match wrong {
        Some(word) => Err(TableFault::Word((*word).to_owned())),
        None if words.is_empty() && (SORTING.contains(&what) || what == "sql") => Err(TableFault::Cells),
        None => Ok(()),
    }
}

/// Options that the shipped table knows keep their kind, or words would move and another rule would fit.
fn add_to_shipped(
    command: &mut Command,
    shipped: &Command,
    name: &str,
    what: &str,
    words: &[&str],
) -> Result<(), TableFault> {
    if SORTING.contains(&what) {
        let known = |word: &&&str| {
            shipped.values.contains(**word) || shipped.attached.contains(**word) || shipped.flags.contains(**word)
        };
        let runs = shipped.rules.iter().any(|rule| !matches!(rule.verdict, Verdict::Class(_)));
        if what == "style" || what == "exec" || runs {
            return Err(TableFault::Reserved(name.to_owned()));
        }
        if let Some(word) = words.iter().find(known) {
            return Err(TableFault::Word((*word).to_owned()));
        }
        command.add(what, words);
        return Ok(());
    }
    let rule = Rule::read(what, words);
    match rule.verdict {
        Verdict::Class(_) if rule.raises => command.rules.push(rule),
        Verdict::Class(_) => command.team.push(rule),
        _ => return Err(TableFault::Reserved(name.to_owned())),
    }
    Ok(())
}
