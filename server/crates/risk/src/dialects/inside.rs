//! What a query or data change does, from `sqlparser`'s tree.

use std::ops::ControlFlow;

use farol_api::risk::{Dialect, RiskClass};
use sqlparser::ast::{Expr, Ident, ObjectName, Query, Statement, TableFactor, Visit, Visitor};
use sqlparser::dialect::{Dialect as Grammar, MySqlDialect, SQLiteDialect};
use sqlparser::parser::Parser;

use super::condition::{Truth, truth};
use super::{Piece, catalogue};
use crate::finding::{Finding, quoted};
use crate::sql::functions::Functions;
use crate::sql::lexer::{Kind, Token};
use crate::sql::{every_row, own_tables, says};

/// The deepest nesting that the parser follows.
const MOST_DEPTH: usize = 100;

/// Classifies a query or data change. `written` is what the parser sees: the text, with words of equal length
/// blanked that it does not know and that have been judged already.
pub(super) fn classify(piece: &Piece<'_>, written: &str, functions: &Functions) -> Finding {
    if let Some(token) = misplaced(piece) {
        let shown = quoted(token.of(piece.text));
        return Finding::unknown(
            Some(token.span.clone()),
            format!("{shown} cannot stand within a query: a semicolon may be missing."),
            format!("{shown} não pode estar dentro de uma consulta: talvez falte um ponto e vírgula."),
        );
    }
    let grammar: &dyn Grammar = match piece.dialect {
        Dialect::Mysql => &MySqlDialect {},
        _ => &SQLiteDialect {},
    };
    let parsed = Parser::new(grammar)
        .with_recursion_limit(MOST_DEPTH)
        .try_with_sql(written)
        .and_then(|mut parser| parser.parse_statements());
    let statement = match parsed {
        Ok(statements) => match <[Statement; 1]>::try_from(statements) {
            Ok([statement]) => statement,
            Err(_) => return refused(piece, "it is not one statement"),
        },
        Err(error) => return refused(piece, &error.to_string()),
    };
    let mut inside = Inside { piece, functions, finding: piece.opening(RiskClass::Read, 1) };
    let _ = statement.visit(&mut inside);
    inside.finding
}

/// Finds a word in a SELECT that begins another statement, which the parser would take for a name.
fn misplaced<'p>(piece: &'p Piece<'_>) -> Option<&'p Token> {
    if piece.word(0) != "SELECT" {
        return None;
    }
    let begins = |at: usize| {
        let word = piece.word(at);
        (matches!(word.as_str(), "ALTER" | "CREATE" | "DELETE" | "DROP")
            || (word == "INSERT" && !piece.starts(at + 1, &["("])))
            && !piece.starts(at - 1, &["."])
    };
    (1..piece.tokens.len()).find(|at| begins(*at)).and_then(|at| piece.tokens.get(at))
}

fn refused(piece: &Piece<'_>, error: &str) -> Finding {
    let error = error.trim_start_matches("sql parser error: ");
    let shown = piece.opening(RiskClass::Unknown, 1);
    Finding::unknown(
        shown.span,
        format!("The parser refuses it: {error}."),
        format!("O analisador recusa o texto: {error}."),
    )
}

struct Inside<'a, 't> {
    piece: &'a Piece<'t>,
    functions: &'a Functions,
    finding: Finding,
}

impl Inside<'_, '_> {
    fn rows(&mut self, word: &str, condition: Option<&Expr>) {
        let span = self.piece.place(word);
        self.finding.raise(match truth(condition) {
            Truth::Always => every_row(word, condition.is_some(), span),
            Truth::Never | Truth::Depends => says(RiskClass::Write, word, span),
        });
    }

    /// The parser takes a word for a name where one is missing: `SELECT a FROM WHERE b = 1`.
    fn name(&mut self, name: &Ident) {
        const RESERVED: [&str; 19] = [
            "AND", "AS", "BETWEEN", "CASE", "COLLATE", "FROM", "GROUP", "HAVING", "IN", "IS", "LIKE", "NOT", "ON",
            "OR", "ORDER", "SELECT", "THEN", "WHEN", "WHERE",
        ];
        if name.quote_style.is_none() && RESERVED.iter().any(|word| name.value.eq_ignore_ascii_case(word)) {
            let word = name.value.to_ascii_uppercase();
            self.finding.raise(refused(self.piece, &format!("a name is missing beside {word}")));
        }
    }

    fn does_more(&self, name: &ObjectName) -> bool {
        let class = |name: &str| self.functions.class(&name.to_ascii_lowercase());
        self.piece.dialect == Dialect::Sqlite
            && name.0.last().and_then(|part| part.as_ident()).and_then(|name| class(&name.value))
                > Some(RiskClass::Read)
    }

    fn call(&mut self, name: &ObjectName) {
        let parts: Vec<&str> =
            name.0.iter().filter_map(|part| part.as_ident()).map(|ident| ident.value.as_str()).collect();
        let full = parts.join(".");
        let last = parts.last().copied().unwrap_or("");
        let span = self
            .piece
            .tokens
            .iter()
            .find(|token| {
                token.kind != Kind::Value
                    && token.of(self.piece.text).trim_matches(['"', '`', '[', ']']).eq_ignore_ascii_case(last)
            })
            .map(|token| token.span.clone());
        self.finding.raise(self.functions.call(&full.to_ascii_lowercase(), span));
    }
}

impl Visitor for Inside<'_, '_> {
    type Break = ();

    fn pre_visit_statement(&mut self, statement: &Statement) -> ControlFlow<()> {
        match statement {
            Statement::Query(_) => {}
            Statement::Insert(insert) => {
                let word = if insert.replace_into { "REPLACE" } else { "INSERT" };
                self.finding.raise(says(RiskClass::Write, word, self.piece.place(word)));
            }
            Statement::Delete(delete) => self.rows("DELETE", delete.selection.as_ref()),
            Statement::Update(update) => self.rows("UPDATE", update.selection.as_ref()),
            _ => self.finding.raise(self.piece.opening(RiskClass::Unknown, 2)),
        }
        if catalogue::is_changed(self.piece.dialect, statement) {
            let words = ["INSERT", "REPLACE", "UPDATE", "DELETE"];
            let word = self.piece.first_of(usize::MAX, &words).unwrap_or("");
            self.finding.raise(own_tables(word, self.piece.place(word)));
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        if !query.locks.is_empty() {
            self.finding.raise(says(RiskClass::SideEffect, "FOR UPDATE/SHARE", self.piece.place("FOR")));
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_table_factor(&mut self, factor: &TableFactor) -> ControlFlow<()> {
        match factor {
            TableFactor::Table { name, args: Some(_), .. } | TableFactor::Function { name, .. } => self.call(name),
            // A table that is a function: `SELECT * FROM pragma_optimize`.
            TableFactor::Table { name, .. } if self.does_more(name) => self.call(name),
            TableFactor::Table { .. }
            | TableFactor::Derived { .. }
            | TableFactor::NestedJoin { .. }
            | TableFactor::JsonTable { .. } => {}
            _ => self.finding.raise(self.piece.opening(RiskClass::Unknown, 1)),
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_relation(&mut self, name: &ObjectName) -> ControlFlow<()> {
        name.0.iter().filter_map(|part| part.as_ident()).for_each(|name| self.name(name));
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        match expr {
            Expr::Function(function) => self.call(&function.name),
            Expr::Identifier(name) => self.name(name),
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

/// Raises the class for every written call of a function that the table knows to do more than read, wherever it stands.
pub(super) fn known_calls(piece: &Piece<'_>, functions: &Functions) -> Option<Finding> {
    let mut worst: Option<Finding> = None;
    for pair in piece.tokens.windows(2) {
        let [name, bracket] = pair else { continue };
        if name.kind == Kind::Value || !bracket.is(piece.text, "(") {
            continue;
        }
        let written = name.of(piece.text).trim_matches(['"', '`', '[', ']']).to_ascii_lowercase();
        if functions.class(&written).is_some_and(|class| class > RiskClass::Read) {
            let finding = functions.call(&written, Some(name.span.clone()));
            match &mut worst {
                Some(worst) => worst.raise(finding),
                None => worst = Some(finding),
            }
        }
    }
    worst
}

/// Classifies the calls after a token of a statement that no parser reads, such as SHOW.
pub(super) fn calls_from(piece: &Piece<'_>, from: usize, functions: &Functions) -> Option<Finding> {
    const KEYWORDS: [&str; 12] =
        ["WHERE", "AND", "OR", "XOR", "NOT", "IN", "LIKE", "BETWEEN", "IS", "EXISTS", "ANY", "SELECT"];
    let calls = piece.tokens.get(from..)?.windows(2).filter_map(|pair| {
        let [name, bracket] = pair else { return None };
        let written = name.of(piece.text);
        let called = matches!(name.kind, Kind::Word | Kind::Name)
            && bracket.is(piece.text, "(")
            && !KEYWORDS.iter().any(|word| name.is(piece.text, word));
        let name_of = written.trim_matches('`').to_ascii_lowercase();
        called.then(|| functions.call(&name_of, Some(name.span.clone())))
    });
    calls.reduce(|mut worst, call| {
        worst.raise(call);
        worst
    })
}
