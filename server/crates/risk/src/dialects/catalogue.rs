//! Changes to the tables in which a server keeps itself.

use farol_api::risk::Dialect;
use sqlparser::ast::{FromTable, ObjectName, Statement, TableFactor, TableObject, TableWithJoins};

use super::Piece;

/// Tells whether a data change reaches one of the server's own tables.
pub(super) fn is_changed(dialect: Dialect, statement: &Statement) -> bool {
    changed(statement).into_iter().any(|name| is_own(dialect, name))
}

/// The tables that a data change names as those that change; where several are joined, any of them may.
fn changed(statement: &Statement) -> Vec<&ObjectName> {
    match statement {
        Statement::Insert(insert) => match &insert.table {
            TableObject::TableName(name) => vec![name],
            _ => Vec::new(),
        },
        Statement::Update(update) => joined(std::slice::from_ref(&update.table)),
        Statement::Delete(delete) => {
            let (FromTable::WithFromKeyword(from) | FromTable::WithoutKeyword(from)) = &delete.from;
            delete.tables.iter().chain(joined(from)).collect()
        }
        _ => Vec::new(),
    }
}

fn joined(tables: &[TableWithJoins]) -> Vec<&ObjectName> {
    let factors = tables
        .iter()
        .flat_map(|table| std::iter::once(&table.relation).chain(table.joins.iter().map(|join| &join.relation)));
    factors
        .filter_map(|factor| match factor {
            TableFactor::Table { name, .. } => Some(name),
            _ => None,
        })
        .collect()
}

fn is_own(dialect: Dialect, name: &ObjectName) -> bool {
    let mut parts = name.0.iter().filter_map(|part| part.as_ident()).map(|ident| ident.value.to_ascii_lowercase());
    match dialect {
        Dialect::Mysql => {
            let schema = (name.0.len() > 1).then(|| parts.next()).flatten();
            schema.is_some_and(|schema| is_own_schema(&schema))
        }
        _ => parts.next_back().is_some_and(|table| {
            matches!(
                table.as_str(),
                "sqlite_master" | "sqlite_schema" | "sqlite_temp_master" | "sqlite_temp_schema" | "sqlite_dbpage"
            )
        }),
    }
}

/// Tells whether MySQL keeps itself in a schema, named in lower case.
fn is_own_schema(name: &str) -> bool {
    matches!(name, "mysql" | "sys" | "performance_schema" | "information_schema")
}

/// Tells whether a statement that changes an object of MySQL names one of the server's own.
pub(super) fn names_own(piece: &Piece<'_>) -> bool {
    let own = |at: usize| {
        let name = piece.tokens.get(at).map_or("", |token| token.of(piece.text));
        is_own_schema(&name.trim_matches('`').to_ascii_lowercase())
    };
    let qualified = (1..piece.tokens.len()).any(|at| own(at) && piece.starts(at + 1, &["."]));
    let whole = matches!(piece.word(1).as_str(), "DATABASE" | "SCHEMA") && (2..piece.tokens.len()).any(own);
    qualified || whole
}
