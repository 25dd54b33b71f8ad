//! Rows as they were and as they would be: shown to whoever decides, and kept as the statements that put them back.

use farol_api::hold::NoUndo;
use farol_api::output::Column as Shown;
use farol_api::risk::Dialect;
use farol_risk::{Change, Verb};
use farol_store::Undo;

use super::super::Statement;
use super::super::pump::Counts;
use super::line::{Answer, Line};
use super::table::Table;
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
        Ok(Self { change, table, rows })
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
    let Before { change, table, rows } = before;
    let (old, new) = match change.verb {
        Verb::Insert => (Vec::new(), inserted(line, &table, &rows, counts).await),
        Verb::Delete => {
            let still = again(line, &change, &table, &rows).await;
            (rows, still)
        }
        Verb::Update => {
            let new = again(line, &change, &table, &rows).await;
            (rows, new)
        }
    };
    let shown = show(&table, change.verb, &old, new.as_deref().unwrap_or_default(), printer).await;
    let undo = undo(&table, &change, &old, new, affected, printer);
    After { shown, undo }
}

/// Finds rows again by their keys.
async fn again(line: &mut Line, change: &Change, table: &Table, rows: &[Row]) -> Option<Answer> {
    if rows.is_empty() || table.key().is_empty() {
        return Some(Vec::new());
    }
    let keys: Vec<_> = rows.iter().take(MOST_ROWS).map(|row| format!("({})", table.has_key(row))).collect();
    line.look(format!("select {} from {}{} where {}", table.all(), only(change), table.name, keys.join(" or "))).await
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
async fn show(table: &Table, verb: Verb, old: &[Row], new: &[Row], printer: &mut Printer) -> u64 {
    let key = table.key();
    let cells = |mark: &str, row: &Row| {
        let cells = row.iter().map(|cell| table.shown(cell.as_deref()));
        std::iter::once(Some(mark.to_owned())).chain(cells).collect::<Row>()
    };
    let mut lines = Vec::new();
    let first = if verb == Verb::Insert { new } else { old };
    for row in first.iter().take(SHOWN) {
        match verb {
            Verb::Insert => lines.push(cells("+", row)),
            Verb::Delete => lines.push(cells("-", row)),
            Verb::Update => {
                lines.push(cells("-", row));
                let after = new.iter().find(|new| !key.is_empty() && key.iter().all(|at| new.get(*at) == row.get(*at)));
                lines.extend(after.map(|after| cells("+", after)));
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

fn undo(
    table: &Table,
    change: &Change,
    old: &[Row],
    new: Option<Answer>,
    affected: u64,
    printer: &Printer,
) -> Result<Undo, NoUndo> {
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
    let Some(new) = new else {
        return Err(if verb == Verb::Insert { NoUndo::Inserted } else { NoUndo::NotReadable });
    };
    let (from, to): (&[Row], &[Row]) = (old, &new);
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
        Verb::Update => changes(table, change, from, to)?,
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

/// One statement for each row that is another now. The key itself must be the same.
fn changes(table: &Table, change: &Change, old: &[Row], new: &[Row]) -> Result<Vec<String>, NoUndo> {
    let key = table.key();
    let mut statements = Vec::with_capacity(old.len());
    for before in old {
        let after = new.iter().find(|new| key.iter().all(|at| new.get(*at) == before.get(*at)));
        let after = after.ok_or(NoUndo::OtherRows)?;
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
        if before == after && !change.steady {
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
