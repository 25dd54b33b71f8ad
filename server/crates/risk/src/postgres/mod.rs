//! PostgreSQL, by its own grammar.

mod condition;
mod statement;
mod target;
mod tree;

use std::ops::Range;

use farol_api::risk::Dialect;

use crate::finding::{Finding, highest};
use crate::sql::lexer;
use statement::Reader;
pub use target::{TargetFunctions, Volatility};
use tree::Tree;

/// Classifies a text of one or more statements, with the functions of the target where they are known.
pub(crate) fn classify(text: &str, target: Option<&TargetFunctions>) -> Finding {
    let statements = match parse(text) {
        Ok(statements) => statements,
        Err(finding) => return finding,
    };
    if let Some(refusal) = crate::bounds::too_many(statements.len()) {
        return refusal;
    }
    let findings =
        statements.into_iter().map(|(tree, span)| Reader::new(text, span, target).statement(&tree)).collect();
    highest(findings).unwrap_or_else(|| Finding::unknown(None, "There is no statement.", "Não há nenhuma instrução."))
}

/// Tells whether the parser found exactly one statement.
pub(crate) fn is_single(text: &str) -> bool {
    parse(text).is_ok_and(|statements| statements.len() == 1)
}

fn parse(text: &str) -> Result<Vec<(Tree, Range<usize>)>, Finding> {
    let parsed = pg_query::parse(text, 0).map_err(|error| refused(text, &error.to_string()))?;
    parsed
        .protobuf
        .stmts
        .iter()
        .map(|raw| {
            let start = usize::try_from(raw.stmt_location).unwrap_or(0).min(text.len());
            let length = usize::try_from(raw.stmt_len).ok().filter(|length| *length > 0);
            let end = length.map_or(text.len(), |length| (start + length).min(text.len()));
            let tree = raw.stmt.as_ref().and_then(tree::of).ok_or_else(|| refused(text, "syntax tree"))?;
            Ok((tree, start..end))
        })
        .collect()
}

fn refused(text: &str, error: &str) -> Finding {
    let near = error.split_once("near \"").and_then(|(_, rest)| rest.split_once('"')).map(|(word, _)| word);
    let span = near.and_then(|word| lexer::find_word(Dialect::Postgres, text, 0, word));
    if text.trim_start().starts_with('\\') {
        let start = text.len() - text.trim_start().len();
        return Finding::unknown(
            Some(start..text.trim_end().len()),
            "A backslash command belongs to psql; it is not SQL and can run anything.",
            "Um comando com barra invertida pertence ao psql; não é SQL e pode executar qualquer coisa.",
        );
    }
    let error = error.strip_prefix("Invalid statement: ").unwrap_or(error);
    Finding::unknown(
        span,
        format!("PostgreSQL's parser refuses it: {error}."),
        format!("O analisador do PostgreSQL recusa o texto: {error}."),
    )
}
