//! Statements that no parser reads: what their first words tell, and whether they end too early.

use farol_api::risk::RiskClass;

use super::Piece;
use crate::finding::{Finding, quoted};
use crate::sql::functions::class_of_letter;
use crate::sql::lexer::Kind;

/// The classes of statements by their first and second words.
#[derive(Debug)]
pub(super) struct Openings(Vec<(RiskClass, &'static str, &'static str)>);

impl Openings {
    /// Reads a table: a class letter, first words, second words; `#` starts a comment line.
    pub fn read(table: &'static str) -> Self {
        let lines = table.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
            let mut cells = line.split('\t');
            Some((class_of_letter(cells.next()?)?, cells.next()?, cells.next()?))
        });
        Self(lines.collect())
    }

    /// Returns the class of a statement that the table names.
    pub fn class(&self, piece: &Piece<'_>) -> Option<RiskClass> {
        let (first, second) = (piece.word(0), piece.word(1));
        let alone = piece.tokens.len() == 1;
        let follows = |word: &str| match word {
            "$" => alone,
            "*" => !alone,
            word => word == second,
        };
        let fits = |firsts: &str, seconds: &str| {
            firsts.split(' ').any(|word| word == first) && seconds.split(' ').any(follows)
        };
        self.0.iter().find(|(_, firsts, seconds)| fits(firsts, seconds)).map(|(class, ..)| *class)
    }
}

/// Words of which something must follow, in MySQL and in SQLite.
const OPEN: [&str; 33] = [
    "ADD", "ALTER", "AND", "AS", "BETWEEN", "BY", "CREATE", "DELETE", "DROP", "EXISTS", "FROM", "HAVING", "IN",
    "INDEX", "INSERT", "INTO", "JOIN", "LIKE", "NOT", "ON", "OR", "PRAGMA", "REPLACE", "SELECT", "SET", "TABLE", "TO",
    "TRIGGER", "UNION", "USING", "VALUES", "VIEW", "WHERE",
];

/// Finds that a statement ends too early or leaves a bracket open, so that every server refuses it.
pub(super) fn unfinished(piece: &Piece<'_>) -> Option<Finding> {
    let (last, before) = piece.tokens.split_last()?;
    let word = last.of(piece.text);
    // What stands behind these is a value or a name: `SET GLOBAL x = ON`; `INSERT … DEFAULT VALUES` ends so, too.
    let value =
        before.last().is_some_and(|token| ["=", ".", ",", "DEFAULT"].iter().any(|sign| token.is(piece.text, sign)));
    let open = match last.kind {
        Kind::Word => !value && OPEN.iter().any(|open| word.eq_ignore_ascii_case(open)),
        Kind::Symbol => matches!(word, "," | "(" | "=" | "."),
        Kind::Value | Kind::Name => false,
    };
    if open {
        let shown = quoted(word);
        return Some(Finding::unknown(
            Some(last.span.clone()),
            format!("The statement is not finished: it ends with {shown}."),
            format!("A instrução não está completa: termina com {shown}."),
        ));
    }
    let mut depth = Vec::new();
    for token in &piece.tokens {
        if token.is(piece.text, "(") {
            depth.push(token);
        } else if token.is(piece.text, ")") && depth.pop().is_none() {
            return Some(bracket(Some(token.span.clone())));
        }
    }
    depth.pop().map(|token| bracket(Some(token.span.clone())))
}

fn bracket(span: Option<std::ops::Range<usize>>) -> Finding {
    Finding::unknown(
        span,
        "A bracket of the statement has no counterpart.",
        "Um parêntese da instrução não tem o seu par.",
    )
}
