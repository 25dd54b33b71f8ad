//! What can be asked about the changes of a block, in one statement.
//!
//! A later change sees what an earlier one did, and the question is asked before either. So it is asked only where no change
//! names the table of an earlier one.

use farol_api::dry_run::ROWS_OF_ALL;
use farol_api::risk::Dialect;

use super::{condition, rows_of_one};
use crate::added::{Added, added};
use crate::change::{Verb, Words, change, names, unquoted};
use crate::part::{Part, append};

/// The rows of the only change, or how many each of several would touch, by its number in the block.
pub(super) fn rows(dialect: Dialect, parts: &[Part]) -> Option<Part> {
    if let [only] = parts {
        return Some(within(only, rows_of_one(dialect, &only.text)?));
    }
    let counts = |number| format!("SELECT {number} AS change_number, count(*) AS rows_touched FROM ");
    let counted = together(dialect, parts, counts)?;
    let text = format!(
        "SELECT sum(changes.rows_touched) OVER () AS {ROWS_OF_ALL}, changes.* FROM ({}) AS changes",
        counted.text
    );
    Some(Part { text, ..counted })
}

/// The searches of all changes, as one query.
pub(super) fn search(dialect: Dialect, parts: &[Part]) -> Option<Part> {
    if let [only] = parts {
        return Some(within(only, super::search(dialect, &only.text)?));
    }
    // Their columns differ, and a plan is about what finds the rows.
    together(dialect, parts, |_| "SELECT 1 FROM ".to_owned())
}

fn together(dialect: Dialect, parts: &[Part], select: impl Fn(usize) -> String) -> Option<Part> {
    if !are_apart(dialect, parts) {
        return None;
    }
    let mut whole = Part { text: String::new(), values: Vec::new() };
    for (at, part) in parts.iter().enumerate() {
        let Some(found) = found_in(dialect, &part.text)? else { continue };
        if !whole.text.is_empty() {
            whole.text.push_str(" UNION ALL ");
        }
        whole.text.push_str(&select(at + 1));
        append(dialect, &mut whole, within(part, found))?;
    }
    (!whole.text.is_empty()).then_some(whole)
}

/// What a change finds its rows in, to follow `FROM`; the outer `Option` is whether it can be told. Nothing is asked of
/// values that stand in the step.
fn found_in(dialect: Dialect, text: &str) -> Option<Option<Part>> {
    if let Some(Added { query, steady }) = added(dialect, text) {
        let from = Part { text: format!("({}) AS added", query.text), ..query };
        return steady.then_some(Some(from));
    }
    let found = change(dialect, text)?;
    if found.verb == Verb::Insert {
        return Some(None);
    }
    let (condition, values) = condition(&found);
    Some(Some(Part { text: format!("{}{}{condition}", found.table, found.alias), values }))
}

/// Whether no change names a table that an earlier one changes, whatever it names it for.
fn are_apart(dialect: Dialect, parts: &[Part]) -> bool {
    let mut changed: Vec<String> = Vec::new();
    parts.iter().all(|part| {
        let named = names(dialect, &part.text);
        let apart = !named.iter().any(|name| changed.iter().any(|table| table.eq_ignore_ascii_case(name)));
        changed.extend(table(dialect, &part.text));
        apart
    })
}

fn table(dialect: Dialect, text: &str) -> Option<String> {
    let words = Words::of(dialect, text)?;
    let from = if words.is(0, "UPDATE") { 1 } else { 2 };
    let end = words.name(from + usize::from(words.is(from, "ONLY")))?;
    Some(unquoted(words.tokens.get(end - 1)?.of(text)))
}

/// The same with the values of the whole block.
fn within(part: &Part, asked: Part) -> Part {
    let values = asked.values.iter().filter_map(|at| part.values.get(*at).copied()).collect();
    Part { values, ..asked }
}

#[cfg(test)]
mod tests {
    use farol_api::risk::{Dialect, RiskClass};

    use crate::dry::tests::{ALL, text};
    use crate::{classify, explain, rows};

    #[test]
    fn a_block_of_one_change_is_asked_about_as_that_change_is() {
        let block = "BEGIN;\nUPDATE orders SET state = 'paid' WHERE id = 7;\nCOMMIT;";
        for dialect in ALL {
            let alone = "UPDATE orders SET state = 'paid' WHERE id = 7";
            assert!(rows(dialect, alone).is_some());
            assert_eq!(rows(dialect, block), rows(dialect, alone));
            assert_eq!(explain(dialect, block), explain(dialect, alone));
        }
        let found = rows(Dialect::Postgres, "begin; update t set a = $1 where id = $2; commit").unwrap();
        assert!(found.text.ends_with("FROM t WHERE id = $1 LIMIT 20"), "{}", found.text);
        assert_eq!(found.values, [1]);
    }

    #[test]
    fn each_change_of_a_block_is_counted_in_one_question() {
        let block = "begin; update orders o set state = 'x' where o.id < 3; insert into log values ('mended'); \
                     delete from items where price = 0; insert into old select * from carts where id = 1; commit";
        for dialect in ALL {
            let asked = text(rows(dialect, block));
            assert_eq!(
                asked,
                "SELECT sum(changes.rows_touched) OVER () AS rows_of_all_changes, changes.* FROM (\
                 SELECT 1 AS change_number, count(*) AS rows_touched FROM orders o WHERE o.id < 3 \
                 UNION ALL SELECT 3 AS change_number, count(*) AS rows_touched FROM items WHERE price = 0 \
                 UNION ALL SELECT 4 AS change_number, count(*) AS rows_touched FROM (select * from carts where id = 1) AS added\
                 ) AS changes"
            );
            assert_eq!(classify(dialect, &asked).class, RiskClass::Read);
            let plan = text(explain(dialect, block));
            assert!(plan.ends_with("SELECT 1 FROM (select * from carts where id = 1) AS added"), "{plan}");
            assert_eq!(classify(dialect, &plan).class, RiskClass::Read);
        }
    }

    #[test]
    fn the_values_of_each_change_go_with_it() {
        let block = "begin; update a set x = $1 where id = $2; delete from b where id = $2 and k = $3; commit";
        let found = rows(Dialect::Postgres, block).unwrap();
        assert!(found.text.contains("FROM a WHERE id = $1 UNION"), "{}", found.text);
        assert!(found.text.ends_with("FROM b WHERE id = $2 and k = $3) AS changes"), "{}", found.text);
        assert_eq!(found.values, [1, 1, 2]);
        let block = "begin; update a set x = ? where id = ?; delete from b where id = ? and k = ?; commit";
        let found = rows(Dialect::Mysql, block).unwrap();
        assert!(found.text.ends_with("FROM b WHERE id = ? and k = ?) AS changes"), "{}", found.text);
        assert_eq!(found.values, [1, 2, 3]);
        let block = "begin; update a set x = ?1 where id = ?2; delete from b where id = ?3; commit";
        let found = rows(Dialect::Sqlite, block).unwrap();
        assert!(found.text.ends_with("FROM b WHERE id = ?2) AS changes"), "{}", found.text);
        assert_eq!(found.values, [1, 2]);
    }

    #[test]
    fn changes_that_see_each_other_are_not_asked_about() {
        for changes in [
            "update t set a = 1 where id = 1; update t set a = 2 where a = 1",
            "update t set a = 1 where id = 1; delete from \"T\" where a = 1",
            "insert into t values (1); delete from u where id in (select id from t)",
            "delete from s.t where id = 1; insert into u select * from t where id = 2",
            "update t set a = 1 where random() < 0.5; delete from u where id = 1",
            "delete from u where id = 1; update t set a = 1 where a = 2 order by a limit 1",
            "insert into t values (1); insert into u values (2)",
        ] {
            let block = format!("begin; {changes}; commit");
            for dialect in ALL {
                assert_eq!((rows(dialect, &block), explain(dialect, &block)), (None, None), "{block}");
            }
        }
    }
}
