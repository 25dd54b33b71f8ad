//! SQL: a marker where a value can stand, a quoted identifier where a name must.

use std::collections::BTreeMap;
use std::ops::Range;

use farol_api::graph::{Command, PlaceholderUse};
use farol_api::risk::Dialect;
use farol_api::text::Span;

use super::sql_scan::{Place, scan};
use super::utility::{self, Stands};
use super::{BindError, Bound, BoundValue, Edit, Form, InText, apply, inside_quotes, look_up, not_a_value};

/// Words after which a name stands.
const NAME_AFTER: [&str; 36] = [
    "from",
    "join",
    "into",
    "update",
    "table",
    "index",
    "view",
    "analyze",
    "vacuum",
    "reindex",
    "truncate",
    "database",
    "schema",
    "role",
    "user",
    "column",
    "extension",
    "sequence",
    "describe",
    "desc",
    "use",
    "exists",
    "concurrently",
    "only",
    "tablespace",
    "publication",
    "subscription",
    "trigger",
    "procedure",
    "tables",
    "by",
    "rename",
    "optimize",
    "keyspace",
    "materialized",
    "cluster",
];

/// Words and signs after which a value stands.
const VALUE_AFTER: [&str; 22] = [
    "(", ",", "=", "<", ">", "+", "-", "*", "/", "%", "|", "like", "ilike", "between", "limit", "offset", "then",
    "else", "kill", "is", "in", "similar",
];

/// What an interval is counted in, as one number.
const UNITS: [&str; 9] = ["microsecond", "second", "minute", "hour", "day", "week", "month", "quarter", "year"];

/// Words that a condition follows; a whole condition cannot be filled in.
const CONDITION_AFTER: [&str; 7] = ["where", "and", "or", "not", "having", "on", "when"];

/// Binds values to an SQL statement.
pub fn bind(command: &Command, dialect: Dialect, values: &BTreeMap<String, String>) -> Result<Bound, BindError> {
    let (places, markers) = scan(&command.text, &command.placeholders, dialect);
    if places.len() != command.placeholders.len() {
        return Err(BindError::Malformed);
    }
    let filled = || command.placeholders.iter().zip(&places).filter(|(_, place)| **place != Place::Comment);
    look_up(filled().map(|(used, _)| used), values)?;
    let mut binder = Binder { text: &command.text, dialect, values, edits: Vec::new(), binds: Vec::new() };
    let mut at = 0;
    let filled: Vec<_> = filled().collect();
    while let Some((used, place)) = filled.get(at) {
        match place {
            Place::Plain => binder.plain(used)?,
            Place::Name(range) => binder.quoted_name(used, range)?,
            Place::Literal(range) => {
                let same = filled[at..].iter().take_while(|(_, p)| p == place).count();
                let uses: Vec<&PlaceholderUse> = filled[at..at + same].iter().map(|(u, _)| *u).collect();
                binder.literal(&uses, range.clone())?;
                at += same;
                continue;
            }
            Place::Body | Place::Comment => return Err(inside_quotes(used)),
        }
        at += 1;
    }
    if markers && !binder.binds.is_empty() {
        return Err(BindError::Malformed);
    }
    let Binder { edits, binds, .. } = binder;
    let (text, in_text) = apply(&command.text, edits)?;
    Ok(Bound { text, binds, in_text, ..Bound::default() })
}

struct Binder<'a> {
    text: &'a str,
    dialect: Dialect,
    values: &'a BTreeMap<String, String>,
    edits: Vec<Edit>,
    binds: Vec<BoundValue>,
}

impl Binder<'_> {
    /// A placeholder outside quotes: what stands around it decides.
    fn plain(&mut self, used: &PlaceholderUse) -> Result<(), BindError> {
        let before = self.text[..used.span.start].trim_end();
        let after = self.text[used.span.end..].trim_start();
        let (word, rest) = last_word(before);
        let touching = self.text[..used.span.start].ends_with('.') || self.text[used.span.end..].starts_with('.');
        let explained = statement_word(rest) == "explain" && matches!(word.as_str(), "analyze" | "verbose" | "explain");
        let explained = explained
            || word == "explain"
            || word == ")" && statement_word(before) == "explain" && !before.contains("select");
        if before.is_empty() || explained {
            return Err(not_a_value(used));
        }
        if glued(self.text, used) {
            return self.part_of_name(used);
        }
        if word == "from" && last_word(rest).0 == "distinct" && last_word(last_word(rest).1).0 != "select" {
            return self.value(used);
        }
        // `VACUUM (VERBOSE, ANALYZE) <table>`
        let kept = ["vacuum", "analyze", "cluster"].contains(&statement_word(before).as_str())
            && [")", "verbose", "full", "freeze"].contains(&word.as_str());
        if word == "(" && self.dialect == Dialect::Sqlite && names_in_pragma(before) {
            return self.pragma(used, used.span.start..used.span.end);
        }
        if word == "interval" && self.dialect == Dialect::Mysql && has_unit(after) {
            return self.number(used, used.span.start..used.span.end);
        }
        if !touching && !self.can_bind() && verb(self.text) != "pragma" {
            match utility::stands(before) {
                Some(Stands::Name) => return self.name(used, used.span.start..used.span.end),
                Some(Stands::Value) => return self.value_in_text(used),
                None => {}
            }
        }
        if kept || touching || NAME_AFTER.contains(&word.as_str()) && !is_function_argument(&word, before) {
            return self.name(used, used.span.start..used.span.end);
        }
        let compared = after.starts_with(['=', '<', '>', '!'])
            || starts_with_word(after, &["like", "ilike", "in", "is", "between", "not"]);
        if word == "and" && ends_between(before) || VALUE_AFTER.contains(&word.as_str()) {
            return self.value(used);
        }
        if CONDITION_AFTER.contains(&word.as_str()) && compared && word != "not" {
            return self.name(used, used.span.start..used.span.end);
        }
        Err(not_a_value(used))
    }

    /// `INTERVAL <n> MINUTE`: the database makes 0 of what is no number, and "older than 0 minutes" is all there is.
    fn number(&mut self, used: &PlaceholderUse, range: Range<usize>) -> Result<(), BindError> {
        self.may_bind(used)?;
        let value = self.values.get(&used.parameter).map_or("", String::as_str);
        if !utility::is_number(value) {
            return Err(BindError::NotANumber { parameter: used.parameter.clone() });
        }
        let with = self.marker(used);
        self.edits.push(Edit { range, with, shows: None });
        Ok(())
    }

    /// `PRAGMA table_info(<table>)`: no parameter can stand there, and a dot is part of the name.
    fn pragma(&mut self, used: &PlaceholderUse, range: Range<usize>) -> Result<(), BindError> {
        let value = self.values.get(&used.parameter).map_or("", String::as_str);
        if value.contains('.') {
            return Err(BindError::InvalidName { parameter: used.parameter.clone() });
        }
        self.name(used, range)
    }

    /// Parts of a literal where the database takes no parameter: they stand in the text.
    fn in_text(&mut self, uses: &[&PlaceholderUse]) -> Result<(), BindError> {
        for used in uses {
            let value = self.values.get(&used.parameter).cloned().unwrap_or_default();
            if !utility::is_literal(&value) {
                return Err(BindError::NotLiteral { parameter: used.parameter.clone() });
            }
            // What else takes parameters tells others of its literals: it may be split, and held before it is committed.
            let whole = self.text[..used.span.start].ends_with(['\'', '"'])
                && self.text[used.span.end..].starts_with(['\'', '"']);
            let form = match self.can_bind() {
                true => Form::Name,
                false if whole => Form::Literal,
                false => Form::Piece,
            };
            let shows = Some(InText::of(&used.parameter, form, &value, 0));
            self.edits.push(Edit { range: used.span.start..used.span.end, with: value, shows });
        }
        Ok(())
    }

    /// A value without quotes where the database takes no parameter: a number stands as it is, anything else is quoted.
    fn value_in_text(&mut self, used: &PlaceholderUse) -> Result<(), BindError> {
        let value = self.values.get(&used.parameter).map_or("", String::as_str);
        let (with, form) = match utility::is_number(value) {
            true => (value.to_owned(), Form::Number),
            false if utility::is_literal(value) => (format!("'{value}'"), Form::Literal),
            false => return Err(BindError::NotLiteral { parameter: used.parameter.clone() }),
        };
        let shows = Some(InText::of(&used.parameter, form, &with, usize::from(form == Form::Literal)));
        self.edits.push(Edit { range: used.span.start..used.span.end, with, shows });
        Ok(())
    }

    fn value(&mut self, used: &PlaceholderUse) -> Result<(), BindError> {
        self.may_bind(used)?;
        let with = self.marker(used);
        self.edits.push(Edit { range: used.span.start..used.span.end, with, shows: None });
        Ok(())
    }

    /// A literal that is one placeholder becomes the marker; a longer one is put together by the database.
    fn literal(&mut self, uses: &[&PlaceholderUse], range: Range<usize>) -> Result<(), BindError> {
        let first = uses[0];
        let before = self.text[..range.start].trim_end();
        let whole = first.span == Span::new(range.start + 1, range.end - 1);
        if whole && self.dialect == Dialect::Sqlite && before.ends_with('(') && names_in_pragma(before) {
            return self.pragma(first, range);
        }
        let (word, _) = last_word(before);
        let unit = has_unit(self.text[range.end..].trim_start());
        if whole && word == "interval" && unit && self.dialect == Dialect::Mysql {
            return self.number(first, range);
        }
        let prefixed = self.text[..range.start].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '&' || c == '_');
        // Behind `AS` it is the body of a function, behind `PROGRAM` a command, behind `IMMEDIATE` a statement.
        if prefixed || ["as", "program", "do", "immediate"].contains(&word.as_str()) {
            return Err(inside_quotes(first));
        }
        if ["pragma", "prepare", "execute"].contains(&verb(self.text).as_str()) {
            return Err(not_a_value(first));
        }
        // Of an interval that is no number MariaDB makes 0: it takes one by itself, or none.
        let interval = word == "interval";
        if interval && self.dialect != Dialect::Postgres {
            return Err(inside_quotes(first));
        }
        if interval || !self.can_bind() || ["date", "time", "timestamp", "timestamptz"].contains(&word.as_str()) {
            return self.in_text(uses);
        }
        let mut parts = Vec::new();
        let mut at = range.start + 1;
        let quote = &self.text[range.start..=range.start];
        for used in uses {
            let piece = &self.text[at..used.span.start];
            if !piece.is_empty() {
                parts.push(format!("{quote}{piece}{quote}"));
            }
            parts.push(self.marker(used));
            at = used.span.end;
        }
        let piece = &self.text[at..range.end - 1];
        if !piece.is_empty() {
            parts.push(format!("{quote}{piece}{quote}"));
        }
        if parts.len() > 1 {
            let pieces = self.binds.len() - uses.len();
            self.binds[pieces..].iter_mut().for_each(|bind| bind.piece = true);
        }
        let with = match (parts.len(), self.dialect) {
            (1, _) => parts.remove(0),
            (_, Dialect::Mysql) => format!("CONCAT({})", parts.join(", ")),
            _ => format!("({})", parts.join(" || ")),
        };
        self.edits.push(Edit { range, with, shows: None });
        Ok(())
    }

    fn quoted_name(&mut self, used: &PlaceholderUse, range: &Range<usize>) -> Result<(), BindError> {
        match range.start + 1 == used.span.start && range.end == used.span.end + 1 {
            true => self.name(used, range.clone()),
            false => self.part_of_name(used),
        }
    }

    /// `chk_<x>`: what is put into a name cannot end it, and stands in the text that is classified and approved.
    fn part_of_name(&mut self, used: &PlaceholderUse) -> Result<(), BindError> {
        let value = self.values.get(&used.parameter).map_or("", String::as_str);
        let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let before = &self.text[..used.span.start];
        let lead = &before[before.trim_end_matches(word).len()..];
        if lead.starts_with(|c: char| c.is_ascii_digit()) {
            return Err(not_a_value(used));
        }
        let begins = !lead.is_empty() || !value.starts_with(|c: char| c.is_ascii_digit());
        if value.is_empty() || value.len() > 63 || !value.chars().all(word) || !begins {
            return Err(BindError::NotInName { parameter: used.parameter.clone() });
        }
        let shows = Some(InText::of(&used.parameter, Form::Name, value, 0));
        self.edits.push(Edit { range: used.span.start..used.span.end, with: value.to_owned(), shows });
        Ok(())
    }

    fn name(&mut self, used: &PlaceholderUse, range: Range<usize>) -> Result<(), BindError> {
        let value = self.values.get(&used.parameter).map_or("", String::as_str);
        let invalid = || BindError::InvalidName { parameter: used.parameter.clone() };
        let parts: Vec<&str> = value.split('.').collect();
        let good = |part: &&str| !part.trim().is_empty() && part.len() <= 63 && !part.contains(char::is_control);
        if parts.len() > 3 || !parts.iter().all(good) {
            return Err(invalid());
        }
        let quote = if self.dialect == Dialect::Mysql { '`' } else { '"' };
        let quoted = parts.iter().map(|p| {
            let doubled = p.replace(quote, &format!("{quote}{quote}"));
            format!("{quote}{doubled}{quote}")
        });
        let with = quoted.collect::<Vec<_>>().join(".");
        let shows = Some(InText::of(&used.parameter, Form::Name, &with, 0));
        self.edits.push(Edit { range, with, shows });
        Ok(())
    }

    fn marker(&mut self, used: &PlaceholderUse) -> String {
        let value = self.values.get(&used.parameter).cloned().unwrap_or_default();
        self.binds.push(BoundValue { parameter: used.parameter.clone(), value, piece: false });
        match self.dialect {
            Dialect::Postgres => format!("${}", self.binds.len()),
            Dialect::Sqlite => format!("?{}", self.binds.len()),
            _ => "?".to_owned(),
        }
    }

    fn may_bind(&self, used: &PlaceholderUse) -> Result<(), BindError> {
        if self.can_bind() { Ok(()) } else { Err(not_a_value(used)) }
    }

    /// Most statements that are no queries take no bind parameters.
    fn can_bind(&self) -> bool {
        let word = verb(self.text);
        let queries = ["select", "insert", "update", "delete", "with", "values", "replace", "merge"];
        let more = ["set", "kill", "call", "do"];
        queries.contains(&word.as_str())
            || self.dialect == Dialect::Mysql && more.contains(&word.as_str()) && !sets_password(self.text)
            || self.dialect == Dialect::Postgres && word == "call"
    }
}

/// The word that says what a statement does: `select` of `EXPLAIN (ANALYZE, BUFFERS) SELECT 1`.
fn verb(text: &str) -> String {
    let mut words = statement_words(text);
    let mut word = words.next().unwrap_or_default();
    if word == "explain" {
        let options = text.find('(').filter(|open| statement_words(&text[..*open]).count() == 1);
        if let Some(close) = options.and_then(|open| text[open..].find(')').map(|at| open + at)) {
            return verb(&text[close + 1..]);
        }
    }
    while matches!(word.as_str(), "explain" | "analyze" | "verbose" | "query" | "plan" | "extended" | "format") {
        if word == "format" {
            words.next();
        }
        word = words.next().unwrap_or_default();
    }
    word
}

/// `SET PASSWORD FOR app = PASSWORD('<new>')`: what it sets is no expression.
fn sets_password(text: &str) -> bool {
    let mut words = statement_words(text);
    words.next().is_some_and(|word| word == "set") && words.next().is_some_and(|word| word == "password")
}

/// Tells whether a text ends where a pragma of SQLite names a table or an index, and changes nothing.
fn names_in_pragma(before: &str) -> bool {
    const LOOKS: [&str; 8] = [
        "table_info",
        "table_xinfo",
        "index_list",
        "index_info",
        "index_xinfo",
        "foreign_key_list",
        "foreign_key_check",
        "quick_check",
    ];
    let called = before.trim_end().strip_suffix('(').unwrap_or("");
    let (name, rest) = last_word(called);
    let schema = || rest.strip_suffix('.').map(|rest| last_word(last_word(rest).1).0);
    LOOKS.contains(&name.as_str()) && (last_word(rest).0 == "pragma" || schema().is_some_and(|word| word == "pragma"))
}

/// Tells whether a text that ends with `and` has the `between` that this belongs to.
fn ends_between(before: &str) -> bool {
    let words = before.rsplit(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
    let mut words = words.skip(1).map(str::to_ascii_lowercase);
    words
        .find(|word| matches!(word.as_str(), "between" | "and" | "or" | "where" | "on" | "having" | "when"))
        .is_some_and(|word| word == "between")
}

/// Tells whether the token is only part of a word, as in `tbl_<x>`.
fn glued(text: &str, used: &PlaceholderUse) -> bool {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    text[..used.span.start].ends_with(word) || text[used.span.end..].starts_with(word)
}

/// `extract(x from <y>)`, `trim(a from <b>)` take values after `from`.
fn is_function_argument(word: &str, before: &str) -> bool {
    let tail = before.to_ascii_lowercase();
    let open = tail.rfind('(').filter(|at| !tail[*at..].contains(')'));
    word == "from"
        && open.is_some_and(|at| ["extract", "trim", "substring"].iter().any(|f| tail[..at].trim_end().ends_with(f)))
}

/// The last word or sign of a text, folded, and what stands before it.
pub(super) fn last_word(text: &str) -> (String, &str) {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let body = text.trim_end();
    let start = body.trim_end_matches(word).len();
    if start == body.len() {
        let sign = body.chars().next_back().map(String::from).unwrap_or_default();
        return (sign.clone(), &body[..body.len() - sign.len()]);
    }
    (body[start..].to_ascii_lowercase(), &body[..start])
}

fn starts_with_word(text: &str, words: &[&str]) -> bool {
    let first: String = text.chars().take_while(char::is_ascii_alphabetic).collect();
    words.contains(&first.to_ascii_lowercase().as_str())
}

/// Tells whether a text begins with a unit; `DAY_HOUR` is two, and takes no one number.
fn has_unit(text: &str) -> bool {
    starts_with_word(text, &UNITS) && !text.trim_start_matches(|c: char| c.is_ascii_alphabetic()).starts_with('_')
}

fn statement_word(text: &str) -> String {
    statement_words(text).next().unwrap_or_default()
}

/// The words of a statement without comments before them.
fn statement_words(text: &str) -> impl Iterator<Item = String> + '_ {
    let mut text = text.trim_start();
    while let Some(comment) = text.strip_prefix("/*") {
        text = comment.split_once("*/").map_or("", |(_, rest)| rest.trim_start());
    }
    let lines = text.lines().filter(|l| !l.trim_start().starts_with("--"));
    let words = lines.flat_map(|l| l.split(|c: char| !c.is_ascii_alphabetic() && c != '_'));
    words.filter(|w| !w.is_empty()).map(str::to_ascii_lowercase)
}
