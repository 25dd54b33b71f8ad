//! What a statement returns where the driver does not know one of its types.
//!
//! The driver asks the catalogue about types that are new to it, and gives up on a kind that it has never heard of:
//! multiranges, and what the server keeps for itself (`pg_node_tree`, of which `pg_class`, `pg_index` and `pg_constraint`
//! have columns). The server has read the statement by then, so nothing is missing but the names and types of its columns.

use farol_api::output::Column;
use sqlx::postgres::PgRow;
use sqlx::{Column as _, Executor, PgConnection, Row, TypeInfo};

use super::super::pump::Rows;
use super::super::quote::postgres_literal;
use super::super::{Statement, audited};
use super::PgRows;

/// What the driver calls a type that it has only a number for.
pub(super) const NAMELESS: &str = "?";

/// Tells whether the server read a statement, and the driver did not understand the types of it.
pub(super) const fn is_it(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::ColumnDecode { .. })
}

/// Returns the columns of a query that reads; none of anything else, whose first row says them. To plan the query can call
/// functions that promise to be immutable: its intent is committed.
pub(super) async fn columns(conn: &mut PgConnection, statement: &Statement<'_>) -> Vec<Column> {
    // A read has a transaction: what the server refuses here must not end it.
    if !statement.reads || conn.execute(sqlx::raw_sql("savepoint farol_columns")).await.is_err() {
        return Vec::new();
    }
    let row = empty_row(conn, statement).await;
    let is_back = conn.execute(sqlx::raw_sql("rollback to savepoint farol_columns")).await.is_ok();
    match row {
        Ok(row) if is_back => named(conn, &row).await,
        _ => Vec::new(),
    }
}

/// Returns a row of nothing with the query's columns. The condition is false, so the server executes nothing of the query.
async fn empty_row(conn: &mut PgConnection, statement: &Statement<'_>) -> Result<PgRow, sqlx::Error> {
    let query = statement.text.trim_end().trim_end_matches(';');
    let empty = format!("select q.* from (select) as one left join (\n{query}\n) as q on false");
    if statement.binds.is_empty() {
        return conn.fetch_one(sqlx::raw_sql(audited(empty))).await;
    }
    let prepare = format!("prepare farol_columns as {empty}");
    conn.execute(sqlx::raw_sql(audited(prepare))).await?;
    let values: Vec<_> = statement.binds.iter().map(|bind| postgres_literal(&bind.value)).collect();
    let execute = format!("execute farol_columns ({})", values.join(", "));
    let row = conn.fetch_one(sqlx::raw_sql(audited(execute))).await?;
    conn.execute(sqlx::raw_sql("deallocate farol_columns")).await?;
    Ok(row)
}

/// Describes the columns of a row, with the server's own names of the types that the driver does not know.
async fn named(conn: &mut PgConnection, row: &PgRow) -> Vec<Column> {
    let mut columns = PgRows.columns(row);
    let of_type = row.columns().iter().map(|column| column.type_info());
    let nameless: Vec<_> = of_type
        .enumerate()
        .filter(|(_, kind)| kind.name() == NAMELESS)
        .filter_map(|(at, kind)| Some((at, kind.oid()?.0)))
        .collect();
    if nameless.is_empty() {
        return columns;
    }
    let asked: Vec<_> = nameless.iter().map(|(_, oid)| format!("pg_catalog.format_type({oid}, null)")).collect();
    if let Ok(names) = conn.fetch_one(sqlx::raw_sql(audited(format!("select {}", asked.join(", "))))).await {
        for ((at, _), name) in nameless.iter().zip(PgRows.cells(&names)) {
            columns[*at].type_name = name.unwrap_or_default();
        }
    }
    columns
}
