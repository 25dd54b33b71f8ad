//! What can be told of a data change from its words alone: a block of several, and where the condition of one stands.
//!
//! Nothing here decides a class. What it names is believed only where the server then agrees: rows are counted, and
//! what does not add up is not used.

use std::ops::Range;

use farol_api::risk::Dialect;

use crate::bounds;
use crate::part::{Part, part};
use crate::sql::lexer::{self, Kind, Token};

/// The words that a data change begins with.
const VERBS: [&str; 5] = ["INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE"];
/// Functions that ask for nothing but what they are given and the time, and what only looks like one.
const STEADY: [&str; 50] = [
    "ABS",
    "ALL",
    "AND",
    "ANY",
    "AS",
    "AVG",
    "BETWEEN",
    "BY",
    "CASE",
    "CAST",
    "CEIL",
    "CHAR_LENGTH",
    "COALESCE",
    "CONCAT",
    "COUNT",
    "DATE",
    "DATE_TRUNC",
    "DECIMAL",
    "ELSE",
    "EXISTS",
    "EXTRACT",
    "FLOOR",
    "FROM",
    "GREATEST",
    "HAVING",
    "IFNULL",
    "IN",
    "INTERVAL",
    "JOIN",
    "LEAST",
    "LENGTH",
    "LIKE",
    "LOWER",
    "MAX",
    "MIN",
    "NOT",
    "NOW",
    "NULLIF",
    "ON",
    "OR",
    "ROUND",
    "SELECT",
    "SUBSTR",
    "SUBSTRING",
    "SUM",
    "THEN",
    "TRIM",
    "UNION",
    "UPPER",
    "WHERE",
];

/// What kind of change a statement makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// It adds rows.
    Insert,
    /// It changes rows.
    Update,
    /// It takes rows away.
    Delete,
}

/// A change of one table, as far as its words tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What it does.
    pub verb: Verb,
    /// The table as it is written, quotes and schema too.
    pub table: String,
    /// Whether tables that inherit from it, and the parts that it is made of, are left out.
    pub only: bool,
    /// What follows the table's name and names it for the condition, with a blank before it; empty where nothing does.
    pub alias: String,
    /// The condition with the values that it takes; absent where every row is meant, and for an insert.
    pub condition: Option<Part>,
    /// Whether the condition finds the same rows a second time, as long as nobody changes these: neither the time of day nor other rows
    /// have a say in it.
    pub steady: bool,
    /// What an update sets, where that can be told beforehand: the column as it is written, and its value in words that give the same
    /// when they are asked for in a select.
    pub sets: Vec<(String, Part)>,
}

/// Tells whether a text is one data change.
pub fn is_change(dialect: Dialect, text: &str) -> bool {
    if dialect == Dialect::Shell || bounds::refusal(text, false).is_some() {
        return false;
    }
    let tokens = lexer::tokens(dialect, text);
    let end = tokens.iter().position(|token| token.is(text, ";")).unwrap_or(tokens.len());
    begins_change(text, &tokens) && tokens[end..].iter().all(|token| token.is(text, ";"))
}

/// Returns the data changes between `BEGIN` and `COMMIT`; nothing where the text is anything else.
pub fn block(dialect: Dialect, text: &str) -> Option<Vec<Part>> {
    let mut marker = 0;
    let parts = inside_block(dialect, text)?.into_iter().map(|range| part(dialect, text, range, &mut marker));
    parts.collect()
}

/// Returns the text of a block with blanks in the place of its `BEGIN` and `COMMIT`, byte for byte as long; nothing
/// where the text is no block.
pub(crate) fn without_frame(dialect: Dialect, text: &str) -> Option<String> {
    let ranges = inside_block(dialect, text)?;
    let (start, end) = (ranges.first()?.start, ranges.last()?.end);
    let blank = |text: &str| " ".repeat(text.len());
    Some(format!("{}{}{}", blank(&text[..start]), &text[start..end], blank(&text[end..])))
}

fn inside_block(dialect: Dialect, text: &str) -> Option<Vec<Range<usize>>> {
    if dialect == Dialect::Shell || bounds::refusal(text, false).is_some() {
        return None;
    }
    let tokens = lexer::tokens(dialect, text);
    let mut statements: Vec<&[Token]> =
        tokens.split(|token| token.is(text, ";")).filter(|statement| !statement.is_empty()).collect();
    let (first, last) = (*statements.first()?, statements.pop()?);
    let inner = statements.get(1..).filter(|inner| !inner.is_empty())?;
    if !opens(text, first) || !closes(text, last) || !inner.iter().all(|statement| begins_change(text, statement)) {
        return None;
    }
    inner.iter().map(|statement| Some(statement.first()?.span.start..statement.last()?.span.end)).collect()
}

fn opens(text: &str, statement: &[Token]) -> bool {
    is_all(text, statement, &["BEGIN"])
        || ["TRANSACTION", "WORK"].iter().any(|word| is_all(text, statement, &["BEGIN", word]))
        || is_all(text, statement, &["START", "TRANSACTION"])
        || is_all(text, statement, &["BEGIN", "IMMEDIATE"])
}

fn closes(text: &str, statement: &[Token]) -> bool {
    ["COMMIT", "END"].iter().any(|word| {
        is_all(text, statement, &[word])
            || ["TRANSACTION", "WORK"].iter().any(|more| is_all(text, statement, &[word, more]))
    })
}

fn is_all(text: &str, statement: &[Token], words: &[&str]) -> bool {
    statement.len() == words.len() && statement.iter().zip(words).all(|(token, word)| token.is(text, word))
}

fn begins_change(text: &str, statement: &[Token]) -> bool {
    let first = statement.first();
    first.is_some_and(|first| first.kind == Kind::Word && VERBS.iter().any(|verb| first.is(text, verb)))
}

/// Tells what a single statement changes; nothing where more than one table or an order has a say in it.
pub fn change(dialect: Dialect, text: &str) -> Option<Change> {
    Words::of(dialect, text)?.read()
}

/// Returns the bare words and names of a text, quotes taken off: among them stand all tables that it names.
pub fn names(dialect: Dialect, text: &str) -> Vec<String> {
    let named = lexer::tokens(dialect, text).into_iter().filter(|token| matches!(token.kind, Kind::Word | Kind::Name));
    named.map(|token| unquoted(token.of(text))).collect()
}

/// Takes the quotes off a name.
pub fn unquoted(name: &str) -> String {
    for (open, close) in [('"', '"'), ('`', '`'), ('[', ']')] {
        if let Some(inner) = name.strip_prefix(open).and_then(|name| name.strip_suffix(close)) {
            return inner.replace(&format!("{close}{close}"), &close.to_string());
        }
    }
    name.to_owned()
}

/// The words of one data change.
pub(crate) struct Words<'t> {
    pub dialect: Dialect,
    pub text: &'t str,
    pub tokens: Vec<Token>,
}

impl<'t> Words<'t> {
    /// Reads them; nothing where the text is anything else.
    pub fn of(dialect: Dialect, text: &'t str) -> Option<Self> {
        if !is_change(dialect, text) {
            return None;
        }
        let mut tokens = lexer::tokens(dialect, text);
        while tokens.last().is_some_and(|last| last.is(text, ";")) {
            tokens.pop();
        }
        Some(Self { dialect, text, tokens })
    }

    pub fn is(&self, at: usize, word: &str) -> bool {
        self.tokens.get(at).is_some_and(|token| token.is(self.text, word))
    }

    fn read(&self) -> Option<Change> {
        let (verb, mut at) = match () {
            () if self.is(0, "UPDATE") => (Verb::Update, 1),
            () if self.is(0, "DELETE") && self.is(1, "FROM") => (Verb::Delete, 2),
            () if self.is(0, "INSERT") && self.is(1, "INTO") => (Verb::Insert, 2),
            () => return None,
        };
        let only = self.dialect == Dialect::Postgres && self.is(at, "ONLY");
        at += usize::from(only);
        let first = at;
        at = self.name(at)?;
        let table = self.slice(first..at).to_owned();
        if verb == Verb::Insert {
            let alone = ["CONFLICT", "DUPLICATE", "SELECT"].iter().all(|word| self.top(at, word).is_none());
            let (alias, condition, sets) = (String::new(), None, Vec::new());
            return alone.then_some(Change { verb, table, only, alias, condition, steady: true, sets });
        }
        let named = at;
        at += usize::from(self.is(at, "AS"));
        let begins = if verb == Verb::Update { "SET" } else { "WHERE" };
        if at < self.tokens.len() && !self.is(at, begins) && !self.is(at, "RETURNING") {
            at = self.name(at).filter(|end| *end == at + 1)?;
        }
        let alias = if at > named { format!(" {}", self.slice(named..at)) } else { String::new() };
        if at < self.tokens.len() && !self.is(at, begins) && !self.is(at, "RETURNING") {
            return None;
        }
        let condition = self.condition(at)?;
        let steady = self.top(at, "WHERE").is_none_or(|place| !self.shifts(place + 1));
        let sets = if verb == Verb::Update { self.sets(at + 1) } else { Vec::new() };
        Some(Change { verb, table, only, alias, condition, steady, sets })
    }

    /// What stands between `SET` and the condition, `column = value` with commas between.
    fn sets(&self, from: usize) -> Vec<(String, Part)> {
        let end = ["WHERE", "RETURNING"].iter().filter_map(|word| self.top(from, word)).min();
        let end = end.unwrap_or(self.tokens.len());
        let commas: Vec<usize> = self.top_all(from, ",").take_while(|at| *at < end).chain([end]).collect();
        let begins = std::iter::once(from).chain(commas.iter().map(|comma| comma + 1));
        let sets = begins.zip(&commas).filter_map(|(begin, end)| {
            let is = self.name(begin).filter(|at| self.is(*at, "="))?;
            let value = is + 1..*end;
            // `DEFAULT` is no value outside a change, and what a select finds is not the same a second time.
            let told = |at: usize| !self.is(at, "DEFAULT") && !self.is(at, "SELECT");
            if value.is_empty() || !self.is_steady(value.clone()) || !value.clone().all(told) {
                return None;
            }
            let range = self.tokens[value.start].span.start..self.tokens[value.end - 1].span.end;
            let mut marker = self.markers_before(range.start);
            let value = part(self.dialect, self.text, range, &mut marker)?;
            Some((unquoted(self.slice(is - 1..is)), value))
        });
        sets.collect()
    }

    /// The outer `Option` is whether it can be told, the inner one whether there is a condition.
    fn condition(&self, from: usize) -> Option<Option<Part>> {
        let end = self.top(from, "RETURNING").unwrap_or(self.tokens.len());
        let place = self.top(from, "WHERE").filter(|at| *at < end);
        let before = place.unwrap_or(end);
        let other = ["FROM", "USING", "JOIN", "ORDER", "LIMIT", "CURRENT"];
        let alone = |word: &&str| -> bool {
            let among = self.top(from, word).is_none_or(|at| at >= end);
            // `IS DISTINCT FROM` is a comparison.
            let compared = *word == "FROM"
                && self.top_all(from, word).all(|at| at >= end || at > before && self.is(at - 1, "DISTINCT"));
            among || compared
        };
        if !other.iter().all(alone) {
            return None;
        }
        let Some(place) = place else { return Some(None) };
        let (first, last) = (place + 1, end.checked_sub(1)?);
        if first > last || !self.is_steady(first..end) {
            return None;
        }
        let range = self.tokens[first].span.start..self.tokens[last].span.end;
        let mut marker = self.markers_before(range.start);
        part(self.dialect, self.text, range, &mut marker).map(Some)
    }

    /// Whether every function that is called gives the same answer when it is asked again.
    pub fn is_steady(&self, range: Range<usize>) -> bool {
        range.clone().all(|at| {
            let calls = at + 1 < range.end && self.is(at + 1, "(") && self.tokens[at].kind != Kind::Symbol;
            let word = self.tokens[at].of(self.text).to_ascii_uppercase();
            // A variable may be set by the very question, and a function of somebody's own may be called like a known one.
            let variable = self.dialect == Dialect::Mysql && self.is(at, "@");
            let known = STEADY.contains(&word.as_str()) && !self.is(at.wrapping_sub(1), ".");
            !variable && (!calls || known || self.tokens[at].kind == Kind::Value)
        })
    }

    /// Whether the time of day, or rows beside the one that is looked at, have a say.
    fn shifts(&self, from: usize) -> bool {
        let shifting: &[&str] = match self.dialect {
            // The time is that of the transaction's beginning.
            Dialect::Postgres => &["SELECT"],
            Dialect::Sqlite => &["LIMIT", "DATE", "CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP"],
            _ => &[
                "SELECT",
                "NOW",
                "CURRENT_DATE",
                "CURRENT_TIME",
                "CURRENT_TIMESTAMP",
                "LOCALTIME",
                "LOCALTIMESTAMP",
                "UTC_DATE",
                "UTC_TIME",
                "UTC_TIMESTAMP",
            ],
        };
        (from..self.tokens.len()).any(|at| shifting.iter().any(|word| self.is(at, word)))
    }

    pub fn markers_before(&self, end: usize) -> usize {
        self.tokens.iter().filter(|token| token.span.start < end && token.of(self.text) == "?").count()
    }

    /// A name with dots; returns what follows it.
    pub fn name(&self, at: usize) -> Option<usize> {
        let is_name =
            |at: usize| self.tokens.get(at).is_some_and(|token| matches!(token.kind, Kind::Word | Kind::Name));
        let mut end = is_name(at).then_some(at + 1)?;
        while self.is(end, ".") && is_name(end + 1) {
            end += 2;
        }
        Some(end)
    }

    fn slice(&self, range: Range<usize>) -> &str {
        let (Some(first), Some(last)) = (self.tokens.get(range.start), self.tokens.get(range.end - 1)) else {
            return "";
        };
        &self.text[first.span.start..last.span.end]
    }

    /// The first place of a word outside brackets.
    pub fn top(&self, from: usize, word: &str) -> Option<usize> {
        self.top_all(from, word).next()
    }

    fn top_all(&self, from: usize, word: &str) -> impl Iterator<Item = usize> {
        let mut depth = 0_i32;
        (from..self.tokens.len()).filter(move |at| {
            depth += i32::from(self.is(*at, "(")) - i32::from(self.is(*at, ")"));
            depth == 0 && self.is(*at, word)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(dialect: Dialect, text: &str) -> Option<Vec<String>> {
        block(dialect, text).map(|parts| parts.into_iter().map(|part| part.text).collect())
    }

    #[test]
    fn a_block_is_data_changes_between_begin_and_commit() {
        let text = "BEGIN;\nUPDATE t SET a = ';' WHERE id = 1;\nDELETE FROM u WHERE id = 2;\nCOMMIT;";
        for dialect in [Dialect::Postgres, Dialect::Mysql, Dialect::Sqlite] {
            let parts = texts(dialect, text).unwrap();
            assert_eq!(parts, ["UPDATE t SET a = ';' WHERE id = 1", "DELETE FROM u WHERE id = 2"]);
            assert_eq!(without_frame(dialect, text).unwrap().len(), text.len());
        }
        for other in [
            "UPDATE t SET a = 1",
            "BEGIN; COMMIT",
            "BEGIN; UPDATE t SET a = 1",
            "BEGIN; UPDATE t SET a = 1; ROLLBACK",
            "BEGIN; SELECT 1; COMMIT",
            "BEGIN; DROP TABLE t; COMMIT",
            "BEGIN; WITH x AS (SELECT 1) UPDATE t SET a = 1; COMMIT",
            "BEGIN; UPDATE t SET a = 1; COMMIT; UPDATE t SET a = 2",
            "BEGIN; UPDATE t SET a = 1; COMMIT; BEGIN; UPDATE t SET a = 2; COMMIT",
            "BEGIN READ ONLY; UPDATE t SET a = 1; COMMIT",
        ] {
            assert_eq!(texts(Dialect::Postgres, other), None, "{other}");
        }
    }

    #[test]
    fn each_statement_of_a_block_takes_its_own_values() {
        let parts =
            block(Dialect::Postgres, "begin; update t set a = $1 where id = $2; delete from t where id = $2; commit");
        let parts = parts.unwrap();
        assert_eq!((parts[1].text.as_str(), parts[1].values.clone()), ("delete from t where id = $1", vec![1]));
        let parts = block(Dialect::Mysql, "begin; update t set a = ? where id = ?; delete from t where id = ?; commit")
            .unwrap();
        assert_eq!((parts[0].values.clone(), parts[1].values.clone()), (vec![0, 1], vec![2]));
        let parts =
            block(Dialect::Sqlite, "begin; update t set a = ?1; delete from t where id = ?2 or id = ?2; end").unwrap();
        assert_eq!(
            (parts[1].text.as_str(), parts[1].values.clone()),
            ("delete from t where id = ?1 or id = ?1", vec![1])
        );
    }

    #[test]
    fn the_condition_of_one_table_is_found() {
        let found = change(Dialect::Postgres, "update only shop.orders as o set a = $1, b = (select 1 from x) where o.id = $2 and lower(o.s) = 'x' returning id;").unwrap();
        assert_eq!((found.verb, found.table.as_str(), found.alias.as_str()), (Verb::Update, "shop.orders", " as o"));
        let condition = found.condition.unwrap();
        assert_eq!((condition.text.as_str(), condition.values), ("o.id = $1 and lower(o.s) = 'x'", vec![1]));
        let found = change(Dialect::Mysql, "DELETE FROM `my orders` WHERE id = ?").unwrap();
        assert_eq!((found.table.as_str(), found.condition.unwrap().values), ("`my orders`", vec![0]));
        let found = change(Dialect::Mysql, "update t set a = ? where id = ?").unwrap();
        assert_eq!(found.condition.unwrap().values, vec![1]);
        let found = change(Dialect::Postgres, "delete from t where a is distinct from 1").unwrap();
        assert_eq!(found.condition.unwrap().text, "a is distinct from 1");
        assert_eq!(change(Dialect::Sqlite, "delete from t").unwrap().condition, None);
    }

    #[test]
    fn what_an_update_sets_is_told_where_it_is_the_same_when_asked_for() {
        let of = |dialect, text: &str| {
            let sets = change(dialect, text).unwrap().sets;
            sets.into_iter().map(|(column, value)| (column, value.text, value.values)).collect::<Vec<_>>()
        };
        let told = of(
            Dialect::Postgres,
            "update t as o set \"Id\" = $3, a = lower(b, $2) || ',', c = default, d = (select 1), e = f(), (g, h) = (1, 2) where id = $1",
        );
        assert_eq!(
            told,
            [("Id".to_owned(), "$1".to_owned(), vec![2]), ("a".to_owned(), "lower(b, $1) || ','".to_owned(), vec![1])]
        );
        let told = of(Dialect::Mysql, "update t set a = ?, t.id = ? + 1 where id = ?");
        assert_eq!(told[1], ("id".to_owned(), "? + 1".to_owned(), vec![1]));
        assert!(of(Dialect::Sqlite, "delete from t where a = 1").is_empty());
        assert_eq!(of(Dialect::Sqlite, "update t set id = 9 returning id")[0].1, "9");
    }

    #[test]
    fn what_a_second_look_may_find_otherwise_is_told() {
        for (dialect, condition, steady) in [
            (Dialect::Postgres, "at < now() and d = current_date", true),
            (Dialect::Mysql, "at < now()", false),
            (Dialect::Mysql, "at < current_timestamp", false),
            (Dialect::Mysql, "`now` = 1 and date(at) = '2026-01-01'", true),
            (Dialect::Sqlite, "date(at) < date('now')", false),
            (Dialect::Sqlite, "at < CURRENT_TIMESTAMP", false),
            // Others may change another table in between, but not on SQLite, where one writes at a time.
            (Dialect::Postgres, "id in (select t from u)", false),
            (Dialect::Mysql, "exists (select 1 from u)", false),
            (Dialect::Sqlite, "id in (select t from u)", true),
            (Dialect::Sqlite, "id in (select t from u limit 2)", false),
            (Dialect::Postgres, "state = 'select limit'", true),
        ] {
            let found = change(dialect, &format!("delete from t where {condition}")).unwrap();
            assert_eq!(found.steady, steady, "{dialect:?} {condition}");
        }
        assert!(change(Dialect::Sqlite, "delete from t").unwrap().steady);
    }

    #[test]
    fn where_another_table_an_order_or_a_function_has_a_say_nothing_is_told() {
        for (dialect, text) in [
            (Dialect::Postgres, "update t set a = u.a from u where t.id = u.id"),
            (Dialect::Postgres, "delete from t using u where t.id = u.id"),
            (Dialect::Postgres, "update t set a = 1 where current of c"),
            (Dialect::Postgres, "update t set a = 1 where random() < 0.5"),
            (Dialect::Postgres, "with x as (select 1) delete from t where id = 1"),
            (Dialect::Postgres, "delete from t where shop.lower(a) = 'x'"),
            (Dialect::Mysql, "delete from t where id = (@a := @a + 1)"),
            (Dialect::Mysql, "update t, u set t.a = 1 where t.id = u.id"),
            (Dialect::Mysql, "update t join u on t.id = u.id set t.a = 1"),
            (Dialect::Mysql, "delete t from t join u on t.id = u.id where u.a = 1"),
            (Dialect::Mysql, "delete from t where a = 1 order by id limit 5"),
            (Dialect::Sqlite, "insert into t values (1) on conflict do nothing"),
        ] {
            assert_eq!(change(dialect, text), None, "{text}");
        }
    }
}
