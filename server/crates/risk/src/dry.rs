//! What can be asked of a database before a statement runs: how it would go about it, and which rows it would change.
//!
//! The questions are statements of their own that read, and are classified as such before one is sent: nothing here is
//! believed to be harmless because it was written here.

mod several;

use farol_api::dry_run::ROWS_IN_ALL;
use farol_api::risk::Dialect;

use crate::added::{Added, added};
use crate::bounds;
use crate::change::{Change, Verb, block, change, is_change};
use crate::part::{Part, part};
use crate::sql::lexer::{self, Kind};

/// How many rows are shown; all are counted.
const SHOWN: u8 = 20;

/// Returns the statement that asks for the plan of a text: of the text itself where it is no data change, else of the
/// search for the rows that it changes or adds. Nothing where that would not be honest.
///
/// A credential that only reads may not ask for the plan of a change. The search is what such a plan is made of, unless
/// more than one table has a say in the change.
pub fn explain(dialect: Dialect, text: &str) -> Option<Part> {
    let explain = match dialect {
        Dialect::Postgres | Dialect::Mysql => "EXPLAIN",
        Dialect::Sqlite => "EXPLAIN QUERY PLAN",
        Dialect::Shell => return None,
    };
    let searched = match block(dialect, text) {
        Some(parts) => several::search(dialect, &parts)?,
        None if is_change(dialect, text) => search(dialect, text)?,
        None => query(dialect, text)?,
    };
    Some(Part { text: format!("{explain} {}", searched.text), ..searched })
}

/// The search of a data change, or the query whose rows it adds.
fn search(dialect: Dialect, text: &str) -> Option<Part> {
    if let Some(Added { query, .. }) = added(dialect, text) {
        return Some(query);
    }
    let found = searched(dialect, text)?;
    let (condition, values) = condition(&found);
    Some(Part { text: format!("SELECT * FROM {}{}{condition}", found.table, found.alias), values })
}

/// Returns the statement that asks for the rows which a data change of one table would change, take away or add: the first
/// ones, and how many there are; of a block of several, how many each would. Nothing where that cannot be told.
pub fn rows(dialect: Dialect, text: &str) -> Option<Part> {
    match block(dialect, text) {
        Some(parts) => several::rows(dialect, &parts),
        None => rows_of_one(dialect, text),
    }
}

fn rows_of_one(dialect: Dialect, text: &str) -> Option<Part> {
    if let Some(Added { query, steady }) = added(dialect, text) {
        let text =
            format!("SELECT count(*) OVER () AS {ROWS_IN_ALL}, added.* FROM ({}) AS added LIMIT {SHOWN}", query.text);
        return steady.then_some(Part { text, ..query });
    }
    let found = searched(dialect, text)?;
    let (condition, values) = condition(&found);
    let named = found.alias.trim_start();
    let named = match named.split_once(char::is_whitespace) {
        Some((word, name)) if word.eq_ignore_ascii_case("as") => name.trim_start(),
        _ if !named.is_empty() => named,
        _ => last_name(dialect, &found.table),
    };
    let (table, alias) = (&found.table, &found.alias);
    let text =
        format!("SELECT count(*) OVER () AS {ROWS_IN_ALL}, {named}.* FROM {table}{alias}{condition} LIMIT {SHOWN}");
    Some(Part { text, values })
}

/// The one query that a text is, without what ends it.
fn query(dialect: Dialect, text: &str) -> Option<Part> {
    if bounds::refusal(text, false).is_some() {
        return None;
    }
    let tokens = lexer::tokens(dialect, text);
    let is_end = |token: &&lexer::Token| token.is(text, ";");
    let (first, last) = (tokens.first()?, tokens.iter().rev().find(|token| !is_end(token))?);
    let asks = first.kind == Kind::Word && ["SELECT", "WITH"].iter().any(|word| first.is(text, word));
    let range = first.span.start..last.span.end;
    let several = tokens.iter().any(|token| is_end(&token) && range.contains(&token.span.start));
    if !asks || several {
        return None;
    }
    part(dialect, text, range, &mut 0)
}

/// The last part of a name with dots, as it is written.
fn last_name(dialect: Dialect, table: &str) -> &str {
    let last = lexer::tokens(dialect, table).into_iter().next_back();
    last.and_then(|token| table.get(token.span)).unwrap_or(table)
}

fn searched(dialect: Dialect, text: &str) -> Option<Change> {
    change(dialect, text).filter(|found| matches!(found.verb, Verb::Update | Verb::Delete))
}

fn condition(found: &Change) -> (String, Vec<usize>) {
    match &found.condition {
        Some(part) => (format!(" WHERE {}", part.text), part.values.clone()),
        None => (String::new(), Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{RiskClass, classify};

    pub(super) const ALL: [Dialect; 3] = [Dialect::Postgres, Dialect::Mysql, Dialect::Sqlite];

    pub(super) fn text(part: Option<Part>) -> String {
        part.map(|part| part.text).unwrap_or_default()
    }

    #[test]
    fn the_rows_of_a_change_are_asked_for_under_the_name_that_its_condition_uses() {
        for (change, asked) in [
            ("UPDATE orders SET a = 1 WHERE id = 7;", "orders.* FROM orders WHERE id = 7"),
            ("delete from shop.orders where id < 3", "orders.* FROM shop.orders WHERE id < 3"),
            ("UPDATE orders AS o SET a = 1 WHERE o.id = 7", "o.* FROM orders AS o WHERE o.id = 7"),
            ("UPDATE orders o SET a = 1 WHERE o.id = 7", "o.* FROM orders o WHERE o.id = 7"),
            ("DELETE FROM orders", "orders.* FROM orders"),
        ] {
            for dialect in ALL {
                let found = text(rows(dialect, change));
                assert_eq!(found, format!("SELECT count(*) OVER () AS rows_in_all, {asked} LIMIT 20"), "{change}");
                assert_eq!(classify(dialect, &found).class, RiskClass::Read, "{found}");
            }
        }
        let quoted = text(rows(Dialect::Postgres, "delete from \"The Shop\".\"My Orders\" where id = 1"));
        assert!(quoted.contains("\"My Orders\".* FROM \"The Shop\".\"My Orders\" WHERE"), "{quoted}");
    }

    #[test]
    fn a_plan_is_asked_for_of_a_query_and_of_the_search_of_a_change() {
        for (statement, asked) in [
            ("select 1;", "select 1"),
            ("with x as (select 1 as a) select a from x", "with x as (select 1 as a) select a from x"),
            ("-- how many\nSELECT count(*) FROM orders -- all", "SELECT count(*) FROM orders"),
            ("update orders o set a = 1 where o.id = 7", "SELECT * FROM orders o WHERE o.id = 7"),
            ("delete from orders", "SELECT * FROM orders"),
        ] {
            for dialect in ALL {
                let word = if dialect == Dialect::Sqlite { "EXPLAIN QUERY PLAN" } else { "EXPLAIN" };
                let found = text(explain(dialect, statement));
                assert_eq!(found, format!("{word} {asked}"));
                assert_eq!(classify(dialect, &found).class, RiskClass::Read, "{found}");
            }
        }
    }

    #[test]
    fn what_a_query_adds_is_asked_of_the_query() {
        for (change, query) in [
            ("INSERT INTO old SELECT * FROM orders WHERE id < 3;", "SELECT * FROM orders WHERE id < 3"),
            ("insert into old (id, name) select id, name from orders", "select id, name from orders"),
            (
                "insert into shop.old with x as (select 1 as a) select a from x",
                "with x as (select 1 as a) select a from x",
            ),
        ] {
            for dialect in ALL {
                let word = if dialect == Dialect::Sqlite { "EXPLAIN QUERY PLAN" } else { "EXPLAIN" };
                let asked = format!("SELECT count(*) OVER () AS rows_in_all, added.* FROM ({query}) AS added LIMIT 20");
                assert_eq!(
                    (text(rows(dialect, change)), text(explain(dialect, change))),
                    (asked, format!("{word} {query}"))
                );
                assert_eq!(classify(dialect, &text(rows(dialect, change))).class, RiskClass::Read, "{change}");
            }
        }
        let returning =
            text(rows(Dialect::Postgres, "insert into old select id from orders where id = $1 returning id"));
        assert!(returning.contains("(select id from orders where id = $1) AS"), "{returning}");
        let found = rows(Dialect::Mysql, "insert into old (a) select a from orders where id = ?").unwrap();
        assert_eq!(found.values, [0]);
        // The plan of a draw can be asked for, its rows cannot: they are others the next time.
        for drawn in [
            "insert into old select * from orders where random() < 0.5",
            "insert into old select * from orders limit 5",
        ] {
            assert_eq!(rows(Dialect::Postgres, drawn), None, "{drawn}");
            assert!(text(explain(Dialect::Postgres, drawn)).starts_with("EXPLAIN select * from orders "), "{drawn}");
        }
    }

    #[test]
    fn the_values_of_a_condition_go_with_it() {
        let found = rows(Dialect::Postgres, "update t set a = $1, b = $2 where id = $3 and k = $1").unwrap();
        assert!(found.text.contains("WHERE id = $1 and k = $2 LIMIT"), "{}", found.text);
        assert_eq!(found.values, [2, 0]);
        let found = explain(Dialect::Mysql, "update t set a = ? where id = ?").unwrap();
        assert_eq!((found.text.as_str(), found.values), ("EXPLAIN SELECT * FROM t WHERE id = ?", vec![1]));
        let found = explain(Dialect::Sqlite, "select a from t where id = ?2 and k = ?1").unwrap();
        assert_eq!(found.values, [1, 0]);
    }

    #[test]
    fn where_it_would_not_be_honest_nothing_is_asked() {
        for statement in [
            "insert into t values (1)",
            "insert into t values (1) returning a",
            "insert into t (a) select a from u on conflict do nothing",
            "insert into t (a) select a from u on duplicate key update a = 2",
            "insert or replace into t select * from u",
            "insert ignore into t select * from u",
            "insert into t (select * from u)",
            "update t set a = 1 where random() < 0.5",
            "delete from t where a = 1 order by id limit 5",
            "drop table t",
            "truncate t",
            "explain select 1",
            "select 1; select 2",
            "show tables",
            "",
        ] {
            for dialect in ALL {
                assert_eq!((rows(dialect, statement), explain(dialect, statement)), (None, None), "{statement}");
            }
        }
        assert_eq!(explain(Dialect::Shell, "uptime"), None);
    }
}
