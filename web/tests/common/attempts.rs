//! Attempts of that incident, one by one: held, undone, asked about beforehand.

use farol_api::approval::{AttemptRequest, Way};
use farol_api::dry_run::{DryRun, DryRunView};
use farol_api::event::EventKind;
use farol_api::graph::CommandLanguage;
use farol_api::hold::{AttemptView, Held, HeldLock, HeldStatement, HoldState, HoldTerms, NoUndo, UndoOffer};
use farol_api::id::AttemptId;
use farol_api::incident::{Attempt, AttemptStatus, Erasure, StepStatus};
use farol_api::output::{Column, OutputChunk, OutputContent};
use farol_api::policy::requirement;
use farol_api::risk::{RiskClass, RiskVerdict};
use farol_api::target::Environment;
use farol_api::text::Localized;

use super::fixtures::*;

pub fn change() -> AttemptRequest {
    AttemptRequest {
        attempt: AttemptId(uuid(5)),
        title: "Free the stuck orders".into(),
        language: CommandLanguage::Sql,
        text: "UPDATE orders SET locked = false WHERE id = $1".into(),
        risk: RiskVerdict { class: RiskClass::Write, why: Localized::new("It writes.", "Escreve."), span: None },
        requirement: requirement(RiskClass::Write, Environment::Production).expect("it may run"),
        hold: Some(HoldTerms { seconds: Some(300), rows: None, undoes: None }),
        digest: digest(0x5c),
        ..request()
    }
}

fn attempt(request: AttemptRequest, status: AttemptStatus) -> Attempt {
    let ended = events().into_iter().find_map(|event| match event.kind {
        EventKind::AttemptFinished { result, .. } => Some(result),
        _ => None,
    });
    let over = status == AttemptStatus::Finished;
    Attempt {
        request,
        requested_by: Some(marina()),
        requested_at: at(17, 0),
        approvals: Vec::new(),
        instead_of: StepStatus::Pending,
        status,
        dispatched_at: Some(at(18, 0)),
        cancel_requested: false,
        held: !over,
        hold: None,
        result: ended.filter(|_| over),
        finished_at: over.then(|| at(18, 1)),
    }
}

fn table(names: &[&str], rows: &[&[&str]]) -> Vec<OutputChunk> {
    let column = |name: &&str| Column { name: (*name).into(), type_name: "text".into(), numeric: false };
    let cells = |row: &&[&str]| row.iter().map(|cell| Some((*cell).to_owned())).collect();
    let contents = [
        OutputContent::Columns { columns: names.iter().map(column).collect() },
        OutputContent::Rows { rows: rows.iter().map(cells).collect() },
    ];
    let chunk = |(seq, content)| OutputChunk { attempt: AttemptId(uuid(5)), seq, at: at(18, 0), content };
    (1..).zip(contents).map(chunk).collect()
}

/// Waits for somebody to commit it.
pub fn held() -> AttemptView {
    let held = Held {
        statements: vec![HeldStatement { rows: 3, shown: 1 }],
        locks: vec![HeldLock { on: "orders".into(), mode: "RowExclusiveLock".into() }],
        waiting: Some(2),
        until: at(23, 0),
        undo_rows: Some(3),
        no_undo: None,
    };
    AttemptView {
        incident_title: "Checkout is slow".into(),
        attempt: Attempt {
            hold: Some(HoldState { held, since: at(18, 0), decided: None }),
            ..attempt(change(), AttemptStatus::Running)
        },
        may_decide: true,
        undo: UndoOffer::Nothing,
        output: table(&["±", "id", "locked"], &[&["-", "7", "t"], &["+", "7", "f"]]),
        erased: None,
        may_erase: false,
        now: at(18, 30),
    }
}

/// Is over, and cannot be undone. Its output can be erased.
pub fn ended() -> AttemptView {
    let attempt = attempt(change(), AttemptStatus::Finished);
    let undo = UndoOffer::Not { why: NoUndo::Triggers };
    AttemptView { attempt, may_decide: false, undo, may_erase: true, ..held() }
}

/// Is over, and its output was erased.
pub fn erased() -> AttemptView {
    let erasure = Erasure {
        seq: 31,
        at: at(23, 0),
        by: Some("Olga Owner".into()),
        reason: Some("a customer asked for it".into()),
        days: None,
        attempts: vec![AttemptId(uuid(5))],
        entries: Vec::new(),
    };
    let undo = UndoOffer::Not { why: NoUndo::Erased };
    AttemptView { undo, may_erase: false, erased: Some(erasure), ..ended() }
}

pub fn undo() -> AttemptRequest {
    let terms = HoldTerms { seconds: Some(300), rows: None, undoes: Some(AttemptId(uuid(5))) };
    AttemptRequest {
        number: 2,
        hold: Some(terms),
        text: "UPDATE orders SET locked = true WHERE id = 7".into(),
        ..change()
    }
}

/// A change that was asked about, and a query that nobody asked about yet.
pub fn dry_run(asked: bool) -> DryRunView {
    let question = |way, text: &str| AttemptRequest {
        way,
        text: text.into(),
        hold: None,
        requirement: requirement(RiskClass::Read, Environment::Production).expect("it may run"),
        ..change()
    };
    let rows =
        question(Way::Rows, "SELECT count(*) OVER () AS rows_in_all, orders.* FROM orders WHERE id < 40 LIMIT 20");
    let plan = question(Way::Explain, "EXPLAIN SELECT * FROM orders WHERE id < 40");
    let run = |request: &AttemptRequest, output| DryRun {
        attempt: attempt(request.clone(), AttemptStatus::Finished),
        output,
    };
    let runs = vec![
        run(&rows, table(&["rows_in_all", "id", "note"], &[&["39", "1", "first"], &["39", "2", "second"]])),
        run(&plan, table(&["QUERY PLAN"], &[&["Seq Scan on orders"], &["  Filter: (id < 40)"]])),
    ];
    DryRunView {
        incident_title: "Checkout is slow".into(),
        title: "Free the stuck orders".into(),
        incident_open: true,
        questions: if asked { vec![rows, plan] } else { vec![plan] },
        runs: if asked { runs } else { Vec::new() },
        under_way: false,
    }
}

/// A block of two changes that was asked about.
pub fn dry_run_of_block() -> DryRunView {
    let mut view = dry_run(true);
    let counts =
        table(&["rows_of_all_changes", "change_number", "rows_touched"], &[&["41", "1", "39"], &["41", "3", "2"]]);
    view.runs[0].output = counts;
    view
}

/// A step about which nothing can be asked.
pub fn no_dry_run() -> DryRunView {
    DryRunView { questions: Vec::new(), ..dry_run(false) }
}
