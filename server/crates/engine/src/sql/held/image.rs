//! Rows as they were and as they would be: shown to whoever decides, and kept as the statements that put them back.

use farol_api::hold::NoUndo;
use farol_api::output::Column as Shown;
use farol_api::risk::Dialect;
use farol_risk::{Change, Verb};
use farol_store::Undo;

use super::super::Statement;
use super::super::pump::Counts;
use super::line::{Answer, Line};
use super::table::{Column, Table};
use crate::output::Printer;

/// The most rows that can be put back.
pub(super) const MOST_ROWS: usize = 100;
/// The most bytes of the statements that put them back.
const MOST_BYTES: usize = 48 * 1024;
/// How many rows of a statement are shown before and after.
const SHOWN: usize = 5;
/// Tables with more rows than this are not searched for what a statement added.
const SEARCHED: &str = "1000000";

type Row = Vec<Option<String>>;

/// What stood there before a statement was sent.
pub(super) struct Before {
    change: Change,
    table: Table,
    rows: Vec<Row>,
    /// The same rows with the keys that the statement will have given them; empty where it gives none, or does not tell.
    moved: Vec<Row>,
}

/// What a statement came to.
pub(super) struct After {
    /// How many rows were shown.
    pub shown: u64,
    pub undo: Result<Undo, NoUndo>,
}

impl Before {
    /// Looks at the rows that a statement is about to change, and keeps others from them.
    pub async fn look(line: &mut Line, statement: &Statement<'_>) -> Result<Self, NoUndo> {
        let dialect = line.dialect();
        let change = farol_risk::change(dialect, statement.text).ok_or(NoUndo::NotSimple)?;
        let table = Table::find(line, &change.table).await.ok_or(NoUndo::NotReadable)?;
        let rows = match change.verb {
            Verb::Insert if dialect == Dialect::Postgres => mine(line, &table).await.unwrap_or_default(),
            Verb::Insert => highest(line, &table).await.unwrap_or_default(),
            Verb::Update | Verb::Delete => select(line, statement, &change, &table).await.ok_or(NoUndo::NotReadable)?,
        };
        let moved = match change.verb {
            Verb::Update => moved(line, statement, &change, &table, &rows).await.unwrap_or_default(),
            Verb::Insert | Verb::Delete => Vec::new(),
        };
        Ok(Self { change, table, rows, moved })
    }
}

/// Rows of tables below it would be shown as if the statement met them.
const fn only(change: &Change) -> &'static str {
    if change.only { "only " } else { "" }
}

async fn select(line: &mut Line, statement: &Statement<'_>, change: &Change, table: &Table) -> Option<Answer> {
    let condition = change.condition.as_ref();
    let values = condition.map_or(&[][..], |condition| &condition.values);
    let binds: Vec<_> = values.iter().filter_map(|at| statement.binds.get(*at).cloned()).collect();
    let mut text = format!("select {} from {}{}{}", table.all(), only(change), change.table, change.alias);
    if let Some(condition) = condition {
        text.push_str(&format!(" where {}", condition.text));
    }
    text.push_str(&format!("\nlimit {}", MOST_ROWS + 1));
    if line.dialect() != Dialect::Sqlite {
        text.push_str(" for update");
    }
    line.look_with(&Statement { text: &text, binds: &binds, ..statement.clone() }).await
}

/// Tells which key each row is about to have, where the statement's words say so and no row has one of these yet.
async fn moved(
    line: &mut Line,
    statement: &Statement<'_>,
    change: &Change,
    table: &Table,
    rows: &[Row],
) -> Option<Vec<Row>> {
    let key = table.key();
    let mut set = change.sets.iter().filter_map(|(name, value)| {
        let at = key.iter().find(|at| table.columns[**at].name.eq_ignore_ascii_case(name))?;
        Some((*at, value))
    });
    let (at, value) = set.next().filter(|_| set.next().is_none() && !rows.is_empty() && rows.len() <= MOST_ROWS)?;
    let column = &table.columns[at];
    // Beside the column the value, or its marker, is of the column's kind.
    let new = format!("(case when 1 = 0 then {} else {} end)", column.quoted, value.text);
    let new = Column { quoted: new, ..column.clone() };
    let keys = key.iter().map(|at| table.exact(&table.columns[*at])).chain([table.exact(&new)]).collect::<Vec<_>>();
    let from = format!("{}{}{}", only(change), change.table, change.alias);
    let text = format!("select {} from {from} where {}", keys.join(", "), have_keys(table, rows));
    let binds: Vec<_> = value.values.iter().filter_map(|at| statement.binds.get(*at).cloned()).collect();
    let told = line.look_with(&Statement { text: &text, binds: &binds, ..statement.clone() }).await?;
    let mut moved = Vec::with_capacity(rows.len());
    for row in rows {
        let told =
            told.iter().find(|told| key.iter().enumerate().all(|(place, at)| told.get(place) == row.get(*at)))?;
        let mut row = row.clone();
        *row.get_mut(at)? = told.get(key.len())?.clone();
        moved.push(row);
    }
    let fresh: Vec<Row> = moved.iter().zip(rows).filter(|(new, old)| new != old).map(|(new, _)| new.clone()).collect();
    // Where case does not matter, a row has its new key already.
    let own = |found: &Row| rows.iter().any(|row| key.iter().all(|at| row.get(*at) == found.get(*at)));
    let taken = again(line, change, table, &fresh).await?;
    (!fresh.is_empty() && taken.iter().all(own)).then_some(moved)
}

/// The rows of a table that this transaction has written.
async fn mine(line: &mut Line, table: &Table) -> Option<Answer> {
    let (all, name) = (table.all(), &table.name);
    let literal = super::super::quote::postgres_literal(name);
    let small = format!(
        "select from pg_catalog.pg_class where oid = pg_catalog.to_regclass({literal}) and reltuples < {SEARCHED}"
    );
    line.look(format!(
        "select {all} from {name} where exists ({small}) \
         and xmin::text::bigint = pg_catalog.txid_current() % 4294967296 limit {}",
        MOST_ROWS * 2 + 1
    ))
    .await
}

/// The highest key that there is, where MariaDB and MySQL tell the one that they store: a row below it may be older.
async fn highest(line: &mut Line, table: &Table) -> Option<Answer> {
    let column = table.columns.iter().find(|column| table.dialect == Dialect::Mysql && column.told)?;
    line.look(format!("select coalesce(max({}), 0) from {}", column.quoted, table.name)).await
}

/// Looks at the same rows again, shows both, and puts together what would undo it.
pub(super) async fn after(
    line: &mut Line,
    before: Result<Before, NoUndo>,
    counts: Counts,
    printer: &mut Printer,
) -> After {
    let affected = counts.changed();
    let before = match before {
        Ok(before) => before,
        Err(why) => return After { shown: 0, undo: Err(why) },
    };
    // Its rows hold what it leaves for later steps as a secret, under whatever names their columns have.
    if printer.hides_rows() {
        return After { shown: 0, undo: Err(NoUndo::Secret) };
    }
    let Before { change, table, rows: old, moved } = before;
    let new = match change.verb {
        Verb::Insert => inserted(line, &table, &old, counts).await,
        Verb::Delete => again(line, &change, &table, &old).await,
        Verb::Update => again(line, &change, &table, if moved.is_empty() { &old } else { &moved }).await,
    };
    let old = if change.verb == Verb::Insert { Vec::new() } else { old };
    let image = Image { table, change, old, moved, new };
    let shown = show(&image, printer).await;
    let undo = undo(&image, affected, printer);
    After { shown, undo }
}

/// Rows before a statement and after it.
struct Image {
    table: Table,
    change: Change,
    old: Vec<Row>,
    /// The old rows with their new keys; empty where these are the same.
    moved: Vec<Row>,
    /// Nothing where they cannot be told.
    new: Option<Answer>,
}

impl Image {
    /// Finds what an old row has become.
    fn after(&self, at: usize) -> Option<&Row> {
        let (key, known) = (self.table.key(), if self.moved.is_empty() { &self.old } else { &self.moved });
        let known = known.get(at).filter(|_| !key.is_empty())?;
        let new = self.new.as_deref()?;
        // It was asked for by its key, which may be written otherwise: 9.00 for 9.
        if let ([only], [_]) = (new, self.moved.as_slice()) {
            return Some(only);
        }
        new.iter().find(|new| key.iter().all(|at| new.get(*at) == known.get(*at)))
    }
}

/// The condition that a row has the key of one of these.
fn have_keys(table: &Table, rows: &[Row]) -> String {
    let keys = rows.iter().take(MOST_ROWS).map(|row| format!("({})", table.has_key(row)));
    keys.collect::<Vec<_>>().join(" or ")
}

/// Finds rows again by their keys.
async fn again(line: &mut Line, change: &Change, table: &Table, rows: &[Row]) -> Option<Answer> {
    if rows.is_empty() || table.key().is_empty() {
        return Some(Vec::new());
    }
    let keys = have_keys(table, rows);
    line.look(format!("select {} from {}{} where {keys}", table.all(), only(change), table.name)).await
}

/// Finds the rows that an insert added; nothing where they cannot be told.
///
/// What the database calls its last key may be that of an earlier statement or of another table, and the row that has it an older
/// one: it is believed only where the column is one that the database then speaks of.
async fn inserted(line: &mut Line, table: &Table, before: &[Row], counts: Counts) -> Option<Answer> {
    let key = table.key();
    if table.dialect == Dialect::Postgres {
        let same = |a: &Row, b: &Row| key.iter().all(|at| a.get(*at) == b.get(*at));
        let now = mine(line, table).await?;
        let fresh = now.into_iter().filter(|row| !before.iter().any(|old| same(old, row))).collect();
        return Some(fresh);
    }
    let [key] = key.as_slice() else { return None };
    let column = &table.columns[*key];
    if !column.told || counts.changed() != 1 {
        return None;
    }
    let last = match table.dialect {
        Dialect::Sqlite => "last_insert_rowid()".to_owned(),
        Dialect::Mysql => {
            let highest: u64 = before.first()?.first()?.as_deref()?.parse().ok()?;
            Some(counts.stored_key).filter(|key| *key > highest)?.to_string()
        }
        _ => return None,
    };
    line.look(format!("select {} from {} where {} = {last}", table.all(), table.name, column.quoted)).await
}

/// Shows the first rows: with a minus as they were, with a plus as they would be.
async fn show(image: &Image, printer: &mut Printer) -> u64 {
    let table = &image.table;
    let cells = |mark: &str, row: &Row| {
        let cells = row.iter().map(|cell| table.shown(cell.as_deref()));
        std::iter::once(Some(mark.to_owned())).chain(cells).collect::<Row>()
    };
    let mut lines = Vec::new();
    let added = image.new.as_deref().unwrap_or_default();
    let first = if image.change.verb == Verb::Insert { added } else { &image.old };
    for (at, row) in first.iter().take(SHOWN).enumerate() {
        match image.change.verb {
            Verb::Insert => lines.push(cells("+", row)),
            Verb::Delete => lines.push(cells("-", row)),
            Verb::Update => {
                lines.push(cells("-", row));
                lines.extend(image.after(at).map(|after| cells("+", after)));
            }
        }
    }
    if lines.is_empty() {
        return 0;
    }
    let mark = Shown { name: "±".to_owned(), type_name: String::new(), numeric: false };
    let numeric = |kind: &str| ["int", "numeric", "decimal", "real", "double"].iter().any(|word| kind.contains(word));
    let columns = table.columns.iter().map(|column| Shown {
        name: column.name.clone(),
        numeric: numeric(&column.type_name),
        type_name: column.type_name.clone(),
    });
    printer.sample(std::iter::once(mark).chain(columns).collect(), lines).await;
    first.len().min(SHOWN) as u64
}

fn undo(image: &Image, affected: u64, printer: &Printer) -> Result<Undo, NoUndo> {
    let Image { table, change, old: from, new, .. } = image;
    let verb = change.verb;
    // Where rules and triggers have a say, no rows counted does not mean that none were changed.
    let nothing = affected == 0 && table.obstacle != Some(NoUndo::Triggers);
    if nothing {
        return Ok(Undo { rows: 0, statements: Vec::new() });
    }
    if let Some(obstacle) = table.obstacle {
        return Err(obstacle);
    }
    if affected > MOST_ROWS as u64 {
        return Err(NoUndo::TooMany);
    }
    if verb != Verb::Update && table.columns.iter().any(|column| column.followed) {
        return Err(NoUndo::CascadesUnseen);
    }
    let Some(to) = new else {
        return Err(if verb == Verb::Insert { NoUndo::Inserted } else { NoUndo::NotReadable });
    };
    if !comes_back(table, verb, from, to) {
        return Err(NoUndo::Columns);
    }
    let counted = if verb == Verb::Insert { to.len() } else { from.len() };
    // Others, or a function, had a say in which rows they were.
    if counted as u64 != affected || (verb == Verb::Delete && !to.is_empty()) {
        return Err(if verb == Verb::Insert { NoUndo::Inserted } else { NoUndo::OtherRows });
    }
    let statements: Vec<String> = match verb {
        Verb::Insert => to.iter().map(|row| take_away(table, row)).collect(),
        Verb::Delete => from.iter().map(|row| put_back(table, row)).collect(),
        Verb::Update => changes(image)?,
    };
    let bytes: usize = statements.iter().map(String::len).sum();
    if bytes > MOST_BYTES {
        return Err(NoUndo::TooMany);
    }
    if statements.iter().any(|statement| statement.contains('\0')) {
        return Err(NoUndo::Columns);
    }
    if !statements.iter().all(|statement| printer.shows(statement)) {
        return Err(NoUndo::Secret);
    }
    Ok(Undo { rows: statements.len() as u64, statements })
}

/// Whether the values of rows come back as they are when they are written as they were read.
fn comes_back(table: &Table, verb: Verb, from: &[Row], to: &[Row]) -> bool {
    // What was no text became one on its way here, with this letter in it.
    let whole = from.iter().chain(to).flatten().flatten().all(|cell| !cell.contains('\u{FFFD}'));
    // Where keys are counted on, 0 stands for the next one.
    let counted = |row: &Row| {
        let told =
            (0..table.columns.len()).filter(|at| table.columns[*at].told).filter_map(|at| row.get(at)?.as_deref());
        told.into_iter().any(|key| key.trim_matches('0').is_empty())
    };
    let anew = verb == Verb::Delete && table.dialect == Dialect::Mysql && from.iter().any(counted);
    whole && !anew
}

fn as_it_is(table: &Table, row: &Row) -> String {
    let own = (0..table.columns.len()).filter(|at| !table.columns[*at].generated);
    let parts = own.map(|at| table.is(at, row.get(at).and_then(Option::as_deref)));
    std::iter::once(table.has_key(row)).chain(parts).collect::<Vec<_>>().join(" and ")
}

fn take_away(table: &Table, row: &Row) -> String {
    format!("DELETE FROM {} WHERE {}", table.name, as_it_is(table, row))
}

fn put_back(table: &Table, row: &Row) -> String {
    let own: Vec<usize> = (0..table.columns.len()).filter(|at| !table.columns[*at].generated).collect();
    let names: Vec<_> = own.iter().map(|at| table.columns[*at].quoted.clone()).collect();
    let values: Vec<_> = own.iter().map(|at| table.literal(*at, row.get(*at).and_then(Option::as_deref))).collect();
    let overriding = if table.columns.iter().any(|column| column.always) { " OVERRIDING SYSTEM VALUE" } else { "" };
    format!("INSERT INTO {} ({}){overriding} VALUES ({})", table.name, names.join(", "), values.join(", "))
}

/// One statement for each row that is another now.
fn changes(image: &Image) -> Result<Vec<String>, NoUndo> {
    let table = &image.table;
    let mut statements = Vec::with_capacity(image.old.len());
    for (at, before) in image.old.iter().enumerate() {
        let after = image.after(at).ok_or(NoUndo::OtherRows)?;
        if (0..table.columns.len()).any(|at| table.columns[at].followed && before.get(at) != after.get(at)) {
            return Err(NoUndo::CascadesUnseen);
        }
        let own = |at: &usize| !table.columns[*at].generated;
        let differs = |at: &usize| own(at) && before.get(*at) != after.get(*at);
        let changed = (0..table.columns.len()).any(|at| differs(&at));
        let set = |at: &usize| differs(at) || changed && own(at) && table.columns[*at].ticks;
        let sets = (0..table.columns.len()).filter(set).map(|at| {
            let value = before.get(at).and_then(Option::as_deref);
            format!("{} = {}", table.columns[at].quoted, table.literal(at, value))
        });
        let sets: Vec<_> = sets.collect();
        // Others cannot have changed a row that was locked, but where it stayed as it was, the statement may have met another instead.
        if before == after && !image.change.steady {
            return Err(NoUndo::OtherRows);
        }
        if !sets.is_empty() {
            statements.push(format!("UPDATE {} SET {} WHERE {}", table.name, sets.join(", "), as_it_is(table, after)));
        }
    }
    Ok(statements)
}

/// Adds what undoes one more statement; where one cannot be undone, none is.
pub(super) fn join(all: Result<Undo, NoUndo>, more: Result<Undo, NoUndo>) -> Result<Undo, NoUndo> {
    let (mut all, more) = (all?, more?);
    all.rows += more.rows;
    all.statements.extend(more.statements);
    if all.statements.len() > MOST_ROWS || all.statements.iter().map(String::len).sum::<usize>() > MOST_BYTES {
        return Err(NoUndo::TooMany);
    }
    Ok(all)
}
