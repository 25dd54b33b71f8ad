//! What a client says of its own session before it asks: its session ends with it, so limits and the database in use
//! change nothing for others.

use farol_api::risk::Dialect;

use crate::bounds;
use crate::sql::lexer::{self, Kind, Token};

/// Settings that say how long to wait, how much memory to take or how to print. None of them changes what a statement
/// means, as `search_path` or `role` do.
const SETTINGS: [&str; 21] = [
    "application_name",
    "bytea_output",
    "client_encoding",
    "client_min_messages",
    "datestyle",
    "effective_io_concurrency",
    "extra_float_digits",
    "idle_in_transaction_session_timeout",
    "innodb_lock_wait_timeout",
    "intervalstyle",
    "jit",
    "lock_timeout",
    "lock_wait_timeout",
    "maintenance_work_mem",
    "max_execution_time",
    "max_parallel_maintenance_workers",
    "max_parallel_workers_per_gather",
    "max_statement_time",
    "statement_timeout",
    "timezone",
    "work_mem",
];

/// Returns the SQL with blanks in the place of such settings and of `USE`, byte for byte as long; nothing where there are
/// none.
pub(super) fn without_settings(dialect: Dialect, text: &str) -> Option<String> {
    without(dialect, text, |statement| sets(dialect, text, statement))
}

/// Returns the SQL with blanks in the place of what begins and ends transactions, byte for byte as long; nothing where
/// there is nothing else.
pub(super) fn without_transaction(dialect: Dialect, text: &str) -> Option<String> {
    without(dialect, text, |statement| frames(text, statement)).filter(|rest| !is_blank(rest))
}

/// Tells whether no statement is left.
pub(super) fn is_blank(text: &str) -> bool {
    text.trim_matches(|char: char| char.is_whitespace() || char == ';').is_empty()
}

fn without(dialect: Dialect, text: &str, goes: impl Fn(&[Token]) -> bool) -> Option<String> {
    // An executable comment is code, which the lexer takes for a comment.
    if bounds::refusal(text, false).is_some() || text.contains("/*!") || text.contains("/*M!") {
        return None;
    }
    let tokens = lexer::tokens(dialect, text);
    let statements = tokens.split(|token| token.is(text, ";")).filter(|statement| !statement.is_empty());
    let gone: Vec<&[Token]> = statements.filter(|statement| goes(statement)).collect();
    gone.first()?;
    let mut rest = text.to_owned();
    for statement in gone {
        let range = statement.first()?.span.start..statement.last()?.span.end;
        rest.replace_range(range.clone(), &" ".repeat(range.len()));
    }
    Some(rest)
}

fn sets(dialect: Dialect, text: &str, statement: &[Token]) -> bool {
    let is = |at: usize, word: &str| statement.get(at).is_some_and(|token| token.is(text, word));
    let value =
        |at: usize| statement.len() == at + 1 && statement.get(at).is_some_and(|token| token.kind != Kind::Symbol);
    match dialect {
        Dialect::Mysql if is(0, "USE") => statement.len() == 2 && value(1),
        Dialect::Mysql if is(0, "SET") && is(1, "NAMES") => value(2),
        Dialect::Postgres | Dialect::Mysql if is(0, "SET") => {
            let scope = if dialect == Dialect::Mysql { ["SESSION", "SESSION"] } else { ["SESSION", "LOCAL"] };
            let at = 1 + usize::from(scope.iter().any(|word| is(1, word)));
            SETTINGS.iter().any(|name| is(at, name))
                && (is(at + 1, "=") || (dialect == Dialect::Postgres && is(at + 1, "TO")))
                && value(at + 2)
        }
        Dialect::Sqlite if is(0, "PRAGMA") => is(1, "busy_timeout") && is(2, "=") && value(3),
        _ => false,
    }
}

fn frames(text: &str, statement: &[Token]) -> bool {
    const OPENING: [&str; 4] = ["BEGIN", "START", "COMMIT", "ROLLBACK"];
    const MORE: [&str; 9] =
        ["TRANSACTION", "WORK", "READ", "ONLY", "ISOLATION", "LEVEL", "REPEATABLE", "COMMITTED", "SERIALIZABLE"];
    let (Some(first), more) = (statement.first(), statement.get(1..).unwrap_or(&[])) else { return false };
    let any = |token: &Token, words: &[&str]| words.iter().any(|word| token.is(text, word));
    (any(first, &OPENING) || (first.is(text, "END") && more.is_empty())) && more.iter().all(|token| any(token, &MORE))
}
