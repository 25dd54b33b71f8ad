//! Which steps are held before they are committed, and how what was committed is undone.

use farol_api::event::Outcome;
use farol_api::graph::{CommandLanguage, Node};
use farol_api::hold::{HoldTerms, NoUndo, UndoOffer};
use farol_api::id::AttemptId;
use farol_api::incident::{Attempt, IncidentState};
use farol_api::risk::{Dialect, RiskClass};
use farol_api::target::Environment;
use farol_incident::{Asked, AskedPart};
use farol_runbook::Bound;

use super::{Place, Plan, Prepared, Work};
use crate::app::App;
use crate::problem::ApiError;

/// Whose wish it is that a step is held, or that its rows are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Its author counts its rows.
    Rows,
    /// Its author wants it to be held.
    ByAuthor,
    /// Who asks for it wants it to be held.
    ByAsker,
}

/// Says how a step is held; its statements where it is a block of several.
///
/// A data change is held unless its author or the one who asks does not want it, or its target is a sandbox. A block is one
/// transaction in any case, and so is a change whose rows are to be counted. What cannot be held is refused where somebody
/// relies on it.
pub(super) fn terms(
    app: &App,
    node: &Node,
    place: &Place<'_>,
    text: &str,
    class: RiskClass,
    wish: Option<bool>,
) -> Result<(Option<HoldTerms>, Vec<AskedPart>), ApiError> {
    let sql = place.command.language == CommandLanguage::Sql;
    let parts = if sql { parts(place.dialect, text) } else { Vec::new() };
    let changes = matches!(class, RiskClass::Write | RiskClass::Destructive);
    let can = sql && (!parts.is_empty() || changes && farol_risk::is_change(place.dialect, text));
    let rows = node.attributes.rows();
    if !can {
        return match relied_on(node, sql && !class.only_reads(), wish) {
            Some(wanted) => Err(ApiError::CannotHold(wanted)),
            None => Ok((None, parts)),
        };
    }
    let usual = place.target.environment != Environment::Sandbox;
    let waits = wish.or(node.attributes.holds()).unwrap_or(usual);
    if !waits && rows.is_none() && parts.is_empty() {
        return Ok((None, parts));
    }
    Ok((Some(HoldTerms { seconds: waits.then_some(app.config.hold_seconds), rows, undoes: None }), parts))
}

/// Says who relies on a hold. Who walks a whole runbook and wants its changes held means those of databases alone.
fn relied_on(node: &Node, changes: bool, wish: Option<bool>) -> Option<Wanted> {
    if node.attributes.rows().is_some() {
        return Some(Wanted::Rows);
    }
    match wish {
        None => node.attributes.holds().filter(|holds| *holds).map(|_| Wanted::ByAuthor),
        Some(wish) => (wish && changes).then_some(Wanted::ByAsker),
    }
}

/// Adds to what is asked for how it is held. What undoes a change puts back, and leaves nothing new for later steps.
pub(super) fn held(mut asked: Asked, hold: Option<HoldTerms>, parts: Vec<AskedPart>) -> Asked {
    if hold.as_ref().is_some_and(|hold| hold.undoes.is_some()) {
        asked.results.clear();
    }
    Asked { hold, parts, ..asked }
}

fn parts(dialect: Dialect, text: &str) -> Vec<AskedPart> {
    let parts = farol_risk::block(dialect, text).unwrap_or_default().into_iter();
    parts.map(|part| AskedPart { text: part.text, values: part.values }).collect()
}

impl Plan<'_> {
    /// Prepares the step that undoes an attempt.
    pub async fn prepare_undo(&self, app: &App, undone: &Attempt, attempt: AttemptId) -> Result<Prepared, ApiError> {
        let id = undone.request.attempt;
        match undo_offer(self.state, undone) {
            UndoOffer::Offered { .. } => {}
            UndoOffer::Nothing | UndoOffer::Done { .. } => return Err(ApiError::NothingToUndo),
            UndoOffer::Not { .. } => return Err(ApiError::CannotUndo),
        }
        let undo = app.store.undo(id).await?.ok_or(ApiError::CannotUndo)?;
        let node = self.runbook.graph.node(&undone.request.step).ok_or(farol_incident::Refusal::UnknownStep)?;
        let place = self.place(node, undone.request.way).map_err(|(reason, _)| ApiError::Blocked(reason))?;
        if place.target.id != undone.request.target {
            return Err(ApiError::CannotUndo);
        }
        let text = match undo.statements.as_slice() {
            [one] => one.clone(),
            several => format!("BEGIN;\n{};\nCOMMIT;", several.join(";\n")),
        };
        let parts = parts(place.dialect, &text);
        let computed = place.classify(app, &text).await?;
        let waits = place.target.environment != Environment::Sandbox;
        let seconds = waits.then_some(app.config.hold_seconds);
        let terms = Some(HoldTerms { seconds, rows: None, undoes: Some(id) });
        let bound = Bound { text, ..Bound::default() };
        self.assemble(app, node, attempt, &place, Work { bound, computed, terms, parts }).await
    }
}

/// Says whether an attempt can be undone.
pub fn undo_offer(state: &IncidentState, attempt: &Attempt) -> UndoOffer {
    let committed = attempt.result.as_ref().is_some_and(|result| result.outcome == Outcome::Succeeded);
    let Some(hold) = attempt.hold.as_ref().filter(|_| committed) else { return UndoOffer::Nothing };
    let undoes = |other: &&Attempt| {
        let of_this =
            other.request.hold.as_ref().and_then(|hold| hold.undoes.as_ref()) == Some(&attempt.request.attempt);
        of_this && other.result.as_ref().is_some_and(|result| result.outcome == Outcome::Succeeded)
    };
    if let Some(done) = state.attempts.values().find(undoes) {
        return UndoOffer::Done { by: done.request.attempt };
    }
    // What undid a change is not undone in its turn: the step can be run again.
    if attempt.request.hold.as_ref().is_some_and(|hold| hold.undoes.is_some()) {
        return UndoOffer::Nothing;
    }
    if state.erasure_of(attempt.request.attempt).is_some() && hold.held.undo_rows.is_some() {
        return UndoOffer::Not { why: NoUndo::Erased };
    }
    match hold.held.undo() {
        Ok(rows) => UndoOffer::Offered { rows },
        Err(why) => UndoOffer::Not { why },
    }
}
