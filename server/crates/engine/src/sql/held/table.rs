//! What is known of a table: its key, its columns, and what stands in the way of putting its rows back.

use farol_api::hold::NoUndo;
use farol_api::risk::Dialect;

use super::super::quote::postgres_literal;
use super::line::{Answer, Line};
use crate::hex::hex;

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Column {
    /// Its name as it is shown.
    pub name: String,
    /// Its name in SQL.
    pub quoted: String,
    /// Its type in the database's words.
    pub type_name: String,
    /// Its place in the primary key, from 1; 0 where it is not part of it.
    pub key: usize,
    /// Whether the database computes it.
    pub generated: bool,
    /// Whether the database insists on giving its value itself.
    pub always: bool,
    /// Whether the database tells the value that a statement stored in it.
    pub told: bool,
    /// Whether a table that is not seen could refer to it, and follow its rows.
    pub followed: bool,
    /// Whether the database sets it by itself wherever a change of the row does not.
    pub ticks: bool,
}

/// A table that rows are changed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Table {
    pub dialect: Dialect,
    /// As the statement names it.
    pub name: String,
    pub columns: Vec<Column>,
    /// What stands in the way of putting its rows back, if anything.
    pub obstacle: Option<NoUndo>,
}

impl Table {
    /// Looks a table up; nothing where the credential does not see it.
    pub async fn find(line: &mut Line, name: &str) -> Option<Self> {
        match line.dialect() {
            Dialect::Postgres => postgres(line, name).await,
            Dialect::Mysql => mysql(line, name).await,
            Dialect::Sqlite => sqlite(line, name).await,
            Dialect::Shell => None,
        }
    }

    /// Returns the columns of the primary key, in their order there.
    pub fn key(&self) -> Vec<usize> {
        let mut key: Vec<usize> = (0..self.columns.len()).filter(|at| self.columns[*at].key > 0).collect();
        key.sort_by_key(|at| self.columns[*at].key);
        key
    }

    /// The expression that gives a column as text, exactly.
    pub fn exact(&self, column: &Column) -> String {
        match self.dialect {
            // Quoting ends a text at a zero byte.
            Dialect::Sqlite => {
                let name = &column.quoted;
                format!(
                    "case when typeof({name}) = 'text' and instr({name}, char(0)) > 0 \
                     then 'cast(x''' || hex({name}) || ''' as text)' else quote({name}) end"
                )
            }
            Dialect::Mysql if is_bytes(column) => format!("hex({})", column.quoted),
            // Of the two moments that have one name where clocks go back, the other one is marked as no text: it is not the
            // one that the name is read as.
            Dialect::Mysql if column.type_name == "timestamp" => {
                let name = &column.quoted;
                format!(
                    "if(unix_timestamp({name}) = unix_timestamp(cast({name} as datetime(6))), cast({name} as char), \
                     concat(cast({name} as char), convert(x'efbfbd' using utf8mb4)))"
                )
            }
            Dialect::Mysql => format!("cast({} as char)", column.quoted),
            _ => format!("{}::text", column.quoted),
        }
    }

    /// All columns as text, for a select.
    pub fn all(&self) -> String {
        self.columns.iter().map(|column| self.exact(column)).collect::<Vec<_>>().join(", ")
    }

    /// The literal that gives back what [`Table::exact`] gave.
    pub fn literal(&self, at: usize, value: Option<&str>) -> String {
        let Some(value) = value else { return "null".to_owned() };
        match self.dialect {
            // SQLite wrote it as a literal already.
            Dialect::Sqlite => value.to_owned(),
            Dialect::Mysql if self.columns.get(at).is_some_and(is_bytes) => format!("x'{value}'"),
            Dialect::Mysql => mysql_literal(value),
            _ => postgres_literal(value),
        }
    }

    /// The condition that a column is exactly this.
    pub fn is(&self, at: usize, value: Option<&str>) -> String {
        let column = &self.columns[at];
        match (self.dialect, value) {
            (_, None) if self.dialect != Dialect::Sqlite => format!("{} is null", column.quoted),
            (Dialect::Sqlite, value) => {
                let value = value.unwrap_or("NULL");
                let name = &column.quoted;
                let is = |whole: &str| format!("{whole} = '{}'", value.replace('\'', "''"));
                match value.as_bytes().first() {
                    Some(b'\'') => format!("{} and instr({name}, char(0)) = 0", is(&format!("quote({name})"))),
                    Some(b'c') => is(&self.exact(column)),
                    _ => is(&format!("quote({name})")),
                }
            }
            (Dialect::Mysql, Some(_)) if is_bytes(column) => {
                format!("binary {} = {}", column.quoted, self.literal(at, value))
            }
            (Dialect::Mysql, Some(value)) => {
                format!("binary {} = binary {}", self.exact(column), mysql_literal(value))
            }
            // The column's own collation may take other letters for the same.
            (_, value) => {
                let value = postgres_literal(value.unwrap_or_default());
                format!("{}::text collate pg_catalog.\"C\" = {value}", column.quoted)
            }
        }
    }

    /// The condition that a row has this key; it can use the key's index.
    pub fn has_key(&self, row: &[Option<String>]) -> String {
        let parts = self.key().into_iter().map(|at| {
            let value = row.get(at).and_then(Option::as_deref);
            format!("{} = {}", self.columns[at].quoted, self.literal(at, value))
        });
        parts.collect::<Vec<_>>().join(" and ")
    }

    /// What people read of a cell.
    pub fn shown(&self, value: Option<&str>) -> Option<String> {
        match (self.dialect, value) {
            (Dialect::Sqlite, Some("NULL")) | (_, None) => None,
            (Dialect::Sqlite, Some(value)) => {
                let inner = value.strip_prefix('\'').and_then(|value| value.strip_suffix('\''));
                Some(inner.map_or_else(|| value.to_owned(), |inner| inner.replace("''", "'")))
            }
            (_, Some(value)) => Some(value.to_owned()),
        }
    }

    fn with_obstacle(mut self, told: Option<NoUndo>) -> Self {
        let unfit = self.dialect == Dialect::Mysql && self.columns.iter().any(is_inexact);
        let no_key = self.key().is_empty().then_some(NoUndo::NoPrimaryKey);
        self.obstacle = told.or(no_key).or(unfit.then_some(NoUndo::Columns));
        self
    }
}

/// Whether a MariaDB or MySQL account has what makes all tables known to it, and with them the keys that refer to a row: one that is
/// granted a database alone is not told of those in others.
const SEES_ALL: &str = "replace(u.grantee, '''', '') = current_user() \
                        and u.privilege_type in ('SELECT', 'INSERT', 'UPDATE', 'DELETE', 'REFERENCES')";

/// What a MySQL account is granted of all tables, of those of a database, and of one. A MariaDB tells of triggers without any of it.
const SEES_TRIGGERS: &str = "select grantee, privilege_type, null as table_schema, null as table_name from information_schema.user_privileges \
                             union all select grantee, privilege_type, table_schema, null from information_schema.schema_privileges \
                             union all select grantee, privilege_type, table_schema, table_name from information_schema.table_privileges";

/// A type whose values are bytes and no text.
fn is_bytes(column: &Column) -> bool {
    let kind = column.type_name.as_str();
    kind.ends_with("blob") || kind.ends_with("binary") || kind == "bit" || is_shape(column)
}

/// A type that MariaDB and MySQL write as no text, only as bytes.
fn is_shape(column: &Column) -> bool {
    let kinds = ["geometry", "point", "linestring", "polygon", "geomcollection", "vector"];
    kinds.iter().any(|kind| column.type_name.contains(kind))
}

/// A type that does not come back as it was when it is written as text.
fn is_inexact(column: &Column) -> bool {
    matches!(column.type_name.as_str(), "float" | "double" | "bit") || is_shape(column)
}

/// A text in quotes where no SQL mode changes what it means, else in hexadecimal.
fn mysql_literal(value: &str) -> String {
    if value.contains('\\') {
        return format!("convert(x'{}' using utf8mb4)", hex(value.as_bytes()));
    }
    format!("'{}'", value.replace('\'', "''"))
}

fn cell(row: &[Option<String>], at: usize) -> &str {
    row.get(at).and_then(Option::as_deref).unwrap_or_default()
}

fn columns(answer: &Answer) -> Vec<Column> {
    let column = |row: &Vec<Option<String>>| Column {
        name: cell(row, 0).to_owned(),
        quoted: cell(row, 1).to_owned(),
        type_name: cell(row, 2).to_ascii_lowercase(),
        key: cell(row, 3).parse().unwrap_or(0),
        generated: cell(row, 4) == "1",
        always: cell(row, 5) == "1",
        told: cell(row, 6) == "1",
        followed: cell(row, 7) == "1",
        ticks: cell(row, 8) == "1",
    };
    answer.iter().map(column).collect()
}

fn obstacle(answer: &Answer) -> Option<NoUndo> {
    let row = answer.first()?;
    match (cell(row, 0), cell(row, 1), cell(row, 2)) {
        ("1", _, _) => Some(NoUndo::Triggers),
        (_, "1", _) => Some(NoUndo::Cascades),
        (_, _, "1") => Some(NoUndo::TriggersUnseen),
        _ => None,
    }
}

async fn postgres(line: &mut Line, name: &str) -> Option<Table> {
    let table = format!("pg_catalog.to_regclass({})", postgres_literal(name));
    let facts = line
        .look(format!(
            "select (c.relkind <> 'r' or c.relhasrules or c.relhassubclass or c.relispartition or c.relrowsecurity \
               or exists (select from pg_catalog.pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal))::int, \
             exists (select from pg_catalog.pg_constraint f where f.contype = 'f' and f.confrelid = c.oid \
               and (f.confdeltype not in ('a', 'r') or f.confupdtype not in ('a', 'r')))::int \
             from pg_catalog.pg_class c where c.oid = {table}"
        ))
        .await?;
    let rows = line
        .look(format!(
            "select a.attname, pg_catalog.quote_ident(a.attname), pg_catalog.format_type(a.atttypid, null), \
             coalesce(pg_catalog.array_position(i.indkey::int2[], a.attnum) + 1, 0), \
             (a.attgenerated <> '')::int, (a.attidentity = 'a')::int, 0 \
             from pg_catalog.pg_attribute a \
             left join pg_catalog.pg_index i on i.indrelid = a.attrelid and i.indisprimary \
             where a.attrelid = {table} and a.attnum > 0 and not a.attisdropped order by a.attnum"
        ))
        .await?;
    let table = Table { dialect: Dialect::Postgres, name: name.to_owned(), columns: columns(&rows), obstacle: None };
    (!table.columns.is_empty()).then(|| table.with_obstacle(obstacle(&facts)))
}

async fn mysql(line: &mut Line, name: &str) -> Option<Table> {
    let mut parts = split(name);
    let table = mysql_literal(&parts.pop()?);
    let schema = parts.pop().map_or_else(|| "database()".to_owned(), |schema| mysql_literal(&schema));
    let facts = line
        .look(format!(
            "select (not exists (select 1 from information_schema.tables t where t.table_schema = {schema} \
               and t.table_name = {table} and t.table_type = 'BASE TABLE')) \
               or exists (select 1 from information_schema.triggers g where g.event_object_schema = {schema} \
               and g.event_object_table = {table}), \
             exists (select 1 from information_schema.referential_constraints r \
               where r.unique_constraint_schema = {schema} and r.referenced_table_name = {table} \
               and (r.delete_rule not in ('RESTRICT', 'NO ACTION') or r.update_rule not in ('RESTRICT', 'NO ACTION'))), \
             version() not like '%MariaDB%' and not exists (select 1 from ({SEES_TRIGGERS}) g \
               where replace(g.grantee, '''', '') = current_user() and g.privilege_type = 'TRIGGER' \
               and ifnull(g.table_schema, {schema}) = {schema} and ifnull(g.table_name, {table}) = {table})"
        ))
        .await?;
    let rows = line
        .look(format!(
            "select c.column_name, concat('`', replace(c.column_name, '`', '``'), '`'), c.data_type, \
             coalesce(k.ordinal_position, 0), c.extra like '%GENERATED%' and c.extra not like '%DEFAULT_GENERATED%', 0, \
             c.extra like '%auto_increment%', \
             exists (select 1 from information_schema.statistics s where s.table_schema = c.table_schema \
               and s.table_name = c.table_name and s.column_name = c.column_name) \
             and not exists (select 1 from information_schema.user_privileges u where {SEES_ALL}), \
             c.extra like '%on update%' \
             from information_schema.columns c left join information_schema.key_column_usage k \
             on k.constraint_name = 'PRIMARY' and k.table_schema = c.table_schema and k.table_name = c.table_name \
             and k.column_name = c.column_name \
             where c.table_schema = {schema} and c.table_name = {table} order by c.ordinal_position"
        ))
        .await?;
    let table = Table { dialect: Dialect::Mysql, name: name.to_owned(), columns: columns(&rows), obstacle: None };
    (!table.columns.is_empty()).then(|| table.with_obstacle(obstacle(&facts)))
}

async fn sqlite(line: &mut Line, name: &str) -> Option<Table> {
    let table = split(name).pop()?.replace('\'', "''");
    // The connection follows no foreign keys, so that no other table follows a row.
    let facts = line
        .look(format!(
            "select exists (select 1 from sqlite_schema where type = 'trigger' and lower(tbl_name) = lower('{table}')) \
             or not exists (select 1 from sqlite_schema where type = 'table' and lower(name) = lower('{table}') \
             and sql not like 'create virtual%' and sql not like '%on%conflict%replace%'), 0"
        ))
        .await?;
    // A key with an index of its own is not the number of the row, which is all that the file tells.
    let rows = line
        .look(format!(
            "select name, '\"' || replace(name, '\"', '\"\"') || '\"', type, pk, hidden in (2, 3), 0, \
             pk = 1 and lower(type) = 'integer' and not exists (select 1 from pragma_index_list('{table}') where origin = 'pk') \
             from pragma_table_xinfo('{table}') order by cid"
        ))
        .await?;
    let table = Table { dialect: Dialect::Sqlite, name: name.to_owned(), columns: columns(&rows), obstacle: None };
    (!table.columns.is_empty()).then(|| table.with_obstacle(obstacle(&facts)))
}

/// Splits a name at its dots, and takes the quotes off.
fn split(name: &str) -> Vec<String> {
    let (mut parts, mut part, mut quote) = (Vec::new(), String::new(), None);
    for letter in name.chars() {
        match quote {
            Some(end) if letter == end => quote = None,
            None if matches!(letter, '"' | '`' | '[') => quote = Some(if letter == '[' { ']' } else { letter }),
            None if letter == '.' => {
                parts.push(std::mem::take(&mut part));
                continue;
            }
            _ => {}
        }
        part.push(letter);
    }
    parts.push(part);
    parts.iter().map(|part| farol_risk::unquoted(part.trim())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(dialect: Dialect, kinds: &[(&str, usize)]) -> Table {
        let column = |(at, (kind, key)): (usize, &(&str, usize))| Column {
            name: format!("c{at}"),
            quoted: format!("c{at}"),
            type_name: (*kind).to_owned(),
            key: *key,
            generated: false,
            always: false,
            told: false,
            followed: false,
            ticks: false,
        };
        let columns = kinds.iter().enumerate().map(column).collect();
        Table { dialect, name: "t".into(), columns, obstacle: None }
    }

    #[test]
    fn a_value_is_written_so_that_it_comes_back_exactly() {
        let pg = table(Dialect::Postgres, &[("integer", 1), ("text", 0)]);
        assert_eq!(pg.is(1, Some("it's")), "c1::text collate pg_catalog.\"C\" = 'it''s'");
        assert_eq!((pg.is(1, None), pg.literal(1, None)), ("c1 is null".into(), "null".into()));
        let my = table(Dialect::Mysql, &[("int", 1), ("blob", 0), ("varchar", 0)]);
        assert_eq!(
            (my.literal(1, Some("00FF")), my.literal(2, Some("a\\b"))),
            ("x'00FF'".into(), "convert(x'615c62' using utf8mb4)".into())
        );
        let lite = table(Dialect::Sqlite, &[("integer", 1), ("text", 0)]);
        assert_eq!(lite.is(1, Some("'it''s'")), "quote(c1) = '''it''''s''' and instr(c1, char(0)) = 0");
        assert_eq!((lite.shown(Some("'it''s'")), lite.shown(Some("NULL"))), (Some("it's".into()), None));
        assert_eq!(lite.has_key(&[Some("7".into()), None]), "c0 = 7");
    }

    #[test]
    fn a_name_is_split_outside_its_quotes() {
        assert_eq!(split("shop.\"my.table\""), ["shop", "my.table"]);
        assert_eq!(split("`a``b`"), ["a`b"]);
        assert_eq!(split("[x y]"), ["x y"]);
    }
}
