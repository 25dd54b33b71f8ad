//! Data changes in one transaction that is held before it is committed: the rows are counted and shown, and a person
//! says what becomes of it. Whatever ends otherwise is rolled back.

mod image;
mod line;
mod table;

use std::time::Duration;

use farol_api::event::{FailureCode, Outcome};
use farol_api::hold::{HeldStatement, HoldTerms, NoUndo, RolledBack};
use farol_api::risk::Dialect;
use farol_api::target::DatabaseKind;
use farol_incident::AskedPart;
use farol_incident::spec::Bind;
use farol_store::Undo;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use self::image::Before;
use self::line::Line;
use super::failure::{Meaning, meaning};
use super::{Statement, witness};
use crate::ended::Ended;
use crate::hold::{Desk, Seen, Verdict};
use crate::output::Printer;

/// How often it is looked whether the transaction is still there while a person thinks.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// What came of the statements.
struct Changed {
    statements: Vec<HeldStatement>,
    undo: Result<Undo, NoUndo>,
}

/// The database, and a connection to it that was opened ahead of time where there is one.
pub(super) struct Ready {
    pub kind: DatabaseKind,
    pub postgres: Option<super::postgres::Session>,
    pub mysql: Option<super::mysql::Session>,
}

/// Runs a change to its end.
pub(super) async fn run(
    ready: Ready,
    whole: &Statement<'_>,
    terms: &HoldTerms,
    parts: &[AskedPart],
    printer: &mut Printer,
    cancel: &CancellationToken,
    desk: &Desk,
) -> Ended {
    let opened = tokio::select! {
        () = cancel.cancelled() => return Ended::of(Outcome::Cancelled),
        opened = Line::open(ready, whole) => opened,
    };
    let mut line = match opened {
        Ok(line) => line,
        Err((code, message)) => {
            printer.message(&message).await;
            return Ended::failed(code);
        }
    };
    let own = [AskedPart { text: whole.text.to_owned(), values: (0..whole.binds.len()).collect() }];
    let parts = if parts.is_empty() { &own } else { parts };
    let changed = match change(&mut line, whole, terms, parts, printer, cancel).await {
        Ok(changed) => changed,
        Err(ended) => return give_up(line, nothing_stays(ended), printer).await,
    };
    let rows = changed.statements.iter().map(|statement| statement.rows).sum();
    let decided = match terms.seconds {
        None => Verdict::Commit,
        Some(_) => match wait(&mut line, changed, printer, desk).await {
            Ok(verdict) => verdict,
            Err(ended) => return give_up(line, ended, printer).await,
        },
    };
    let ended = match decided {
        Verdict::Commit => return commit(line, whole, rows, printer).await,
        Verdict::RollBack(None | Some(RolledBack::Cancelled)) => Ended::of(Outcome::Cancelled),
        Verdict::RollBack(Some(RolledBack::Deadline)) => Ended::failed(FailureCode::HoldExpired),
        Verdict::RollBack(Some(RolledBack::Server)) => Ended::failed(FailureCode::ServerLost),
        Verdict::RollBack(Some(RolledBack::Connection)) => Ended::failed(FailureCode::ConnectionLost),
    };
    give_up(line, ended, printer).await
}

/// Begins, sends each statement, and holds the rows against what was approved.
async fn change(
    line: &mut Line,
    whole: &Statement<'_>,
    terms: &HoldTerms,
    parts: &[AskedPart],
    printer: &mut Printer,
    cancel: &CancellationToken,
) -> Result<Changed, Ended> {
    if let Some(why) = cannot_hold(line, parts).await? {
        printer.message(&why).await;
        return Err(Ended::failed(FailureCode::CannotHold));
    }
    let wait = Duration::from_secs(terms.seconds.unwrap_or(0).into());
    if let Err(error) = line.begin(wait).await {
        printer.message(&line::said(&error)).await;
        return Err(Ended::failed(match meaning(&error) {
            Meaning::Lost => FailureCode::ConnectionLost,
            Meaning::Interrupted | Meaning::Refused => FailureCode::StatementRefused,
        }));
    }
    let mut statements = Vec::with_capacity(parts.len());
    let mut undo = Ok(Undo { rows: 0, statements: Vec::new() });
    for part in parts {
        let binds: Vec<Bind> = part.values.iter().filter_map(|at| whole.binds.get(*at).cloned()).collect();
        let statement = Statement { text: &part.text, binds: &binds, ..whole.clone() };
        // What undoes a change is not looked at twice: its statements say what stood there.
        let before = match terms.undoes {
            Some(_) => Err(NoUndo::NotSimple),
            None => {
                let looked = tokio::select! {
                    before = Before::look(line, &statement) => Some(before),
                    () = cancel.cancelled() => None,
                };
                let Some(before) = looked else {
                    line.interrupt().await;
                    return Err(Ended::of(Outcome::Cancelled));
                };
                before
            }
        };
        stands(line, printer).await?;
        let counts = line.send(&statement, printer, cancel).await?;
        let rows = counts.changed();
        if terms.undoes.is_some() && rows != 1 {
            printer.message("farol: a row is not as it was left; nothing was undone.").await;
            return Err(Ended { rows: Some(rows), ..Ended::failed(FailureCode::RowsOutside) });
        }
        let seen = image::after(line, before, counts, printer).await;
        statements.push(HeldStatement { rows, shown: seen.shown });
        undo = image::join(undo, seen.undo);
    }
    if line.cannot_roll_back().await.is_some() {
        let told = "farol: a table that cannot roll back was changed as well, as through a view or by a trigger: that part is \
                    there already, whatever is decided.";
        printer.message(told).await;
    }
    let rows = statements.iter().map(|statement| statement.rows).sum();
    if terms.rows.is_some_and(|range| !range.holds(rows)) {
        return Err(Ended { rows: Some(rows), ..Ended::failed(FailureCode::RowsOutside) });
    }
    // Statements put back last what was changed last.
    let undo = undo.map(|mut undo| {
        undo.statements.reverse();
        undo
    });
    Ok(Changed { statements, undo: undo.and_then(|undo| if undo.rows == 0 { Err(NoUndo::NoRows) } else { Ok(undo) }) })
}

/// Says why the change cannot be held; nothing where it can.
///
/// What would commit by itself never comes here, but the words are looked at once more: it costs nothing.
async fn cannot_hold(line: &mut Line, parts: &[AskedPart]) -> Result<Option<String>, Ended> {
    let dialect = line.dialect();
    if !parts.iter().all(|part| farol_risk::is_change(dialect, &part.text)) {
        return Ok(Some(
            "farol: only INSERT, UPDATE, DELETE and MERGE can be held before they are committed.".to_owned(),
        ));
    }
    if dialect != Dialect::Mysql {
        return Ok(None);
    }
    let sql = "select table_name, engine from information_schema.tables where engine not in ('InnoDB') and table_schema not in ('mysql', 'information_schema', 'performance_schema', 'sys')";
    let others = match line.ask(sql.to_owned()).await {
        Ok(others) => others,
        Err(error) => return Ok(Some(line::said(&error))),
    };
    let named: Vec<String> = parts.iter().flat_map(|part| farol_risk::names(dialect, &part.text)).collect();
    let refused = others.into_iter().find_map(|row| {
        let mut cells = row.into_iter().flatten();
        let (table, engine) = (cells.next()?, cells.next()?);
        named.iter().any(|name| name.eq_ignore_ascii_case(&table)).then_some((table, engine))
    });
    Ok(refused.map(|(table, engine)| {
        format!("farol: the table {table} is kept by {engine}, which cannot roll back; only InnoDB can be held.")
    }))
}

/// Waits for a person.
async fn wait(line: &mut Line, changed: Changed, printer: &mut Printer, desk: &Desk) -> Result<Verdict, Ended> {
    let (locks, waiting) = line.locks().await;
    stands(line, printer).await?;
    let Changed { statements, undo } = changed;
    let mut answer = desk.ask(Seen { statements, locks, waiting, undo }, printer.so_far().await).await;
    loop {
        tokio::select! {
            verdict = &mut answer => return Ok(verdict.unwrap_or(Verdict::RollBack(Some(RolledBack::Server)))),
            () = sleep(LOOK_EVERY) => stands(line, printer).await?,
        }
    }
}

/// Ends the attempt where the database has ended the transaction by itself.
async fn stands(line: &mut Line, printer: &mut Printer) -> Result<(), Ended> {
    let Err(code) = line.stands().await else { return Ok(()) };
    if code == FailureCode::StatementRefused {
        let told = "farol: the database ended the transaction by itself, as for a deadlock; nothing of it was kept, and the \
                    step can be run again.";
        printer.message(told).await;
    }
    Err(Ended::failed(code))
}

/// Has the number of the transaction written down before it is committed; nothing where it cannot be asked about.
async fn number(line: &mut Line, whole: &Statement<'_>) -> Result<Option<String>, Ended> {
    let Some(witness) = whole.witness else { return Ok(None) };
    let Some(evidence) = line.number().await else { return Ok(None) };
    witness::keep(witness, whole, &evidence).await?;
    Ok(Some(evidence))
}

/// Commits. Only while its answer is awaited can anything be in doubt.
async fn commit(mut line: Line, whole: &Statement<'_>, rows: u64, printer: &mut Printer) -> Ended {
    if let Err(ended) = stands(&mut line, printer).await {
        return give_up(line, ended, printer).await;
    }
    let evidence = match number(&mut line, whole).await {
        Ok(evidence) => evidence,
        Err(ended) => return give_up(line, ended, printer).await,
    };
    match line.commit(whole.timeout).await {
        Ok(()) => {
            line.close().await;
            Ended::succeeded(Some(rows))
        }
        Err(Some(error)) if meaning(&error) == Meaning::Refused => {
            printer.message(&line::said(&error)).await;
            give_up(line, Ended::failed(FailureCode::StatementRefused), printer).await
        }
        Err(error) => {
            if let Some(error) = error {
                printer.message(&line::said(&error)).await;
            }
            let whom = line.whom().cloned();
            line.close().await;
            match (whom, evidence) {
                (Some(whom), Some(evidence)) => witness::ask_now(&whom, &evidence, Some(rows), printer).await,
                _ => Ended::unknown(FailureCode::ConnectionLost),
            }
        }
    }
}

async fn give_up(line: Line, ended: Ended, printer: &mut Printer) -> Ended {
    match line.roll_back().await {
        None => ended,
        Some(left) => {
            printer.message(&left).await;
            Ended::unknown(ended.failure.unwrap_or(FailureCode::CannotHold))
        }
    }
}

/// What a statement's own end means before anything was committed: nothing of it stays, whatever became of it.
fn nothing_stays(ended: Ended) -> Ended {
    match ended.outcome {
        Outcome::OutcomeUnknown => Ended { outcome: Outcome::Failed, ..ended },
        // It had come to its end before the wish to stop it did.
        Outcome::Succeeded => Ended::of(Outcome::Cancelled),
        _ => ended,
    }
}
