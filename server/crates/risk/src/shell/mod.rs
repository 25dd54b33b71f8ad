//! Shell scripts: bash's syntax by `brush-parser`, commands by the tables in `commands/`.

mod arguments;
mod client_commands;
mod client_session;
mod clients;
mod command;
mod extension;
mod mongo;
mod names;
mod printed;
mod programs;
mod redirect;
mod script;
mod table;
mod words;

use farol_api::risk::RiskClass;

pub use extension::{TableError, TableFault};
pub use table::Table;

use crate::finding::Finding;

/// How deep scripts may stand inside scripts.
const MOST_DEPTH: usize = 6;

/// Classifies a script.
pub(crate) fn classify(table: &Table, text: &str) -> Finding {
    let mut finding = script::classify(table, text, 0, &mut script::Defined::default());
    finding.class = four(finding.class);
    finding
}

/// Maps a class to the four that shell knows.
fn four(class: RiskClass) -> RiskClass {
    match class {
        RiskClass::Read | RiskClass::SideEffect => RiskClass::Read,
        RiskClass::Write | RiskClass::Schema => RiskClass::Write,
        RiskClass::Destructive => RiskClass::Destructive,
        RiskClass::Administration | RiskClass::Unknown | RiskClass::Session => RiskClass::Unknown,
    }
}

/// Returns what a class means, for a sentence about the words that decided it.
fn meaning(class: RiskClass) -> (&'static str, &'static str) {
    match class {
        RiskClass::Read | RiskClass::SideEffect => ("only reads", "só lê"),
        RiskClass::Write | RiskClass::Schema => ("changes something", "altera alguma coisa"),
        RiskClass::Destructive => ("destroys or replaces something", "destrói ou substitui alguma coisa"),
        RiskClass::Administration | RiskClass::Unknown | RiskClass::Session => {
            ("could do anything", "pode fazer qualquer coisa")
        }
    }
}

/// Makes the finding "`words` <means its class>".
fn says(class: RiskClass, words: &str, span: Option<std::ops::Range<usize>>) -> Finding {
    let (en, pt) = meaning(class);
    let words = crate::finding::quoted(words);
    Finding::new(class, span, format!("{words} {en}."), format!("{words} {pt}."))
}
