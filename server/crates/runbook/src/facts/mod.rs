//! What can be told of the steps once the graph stands: what they set, open, verify and hold.

mod alerts;
pub mod asked;
mod captures;
mod contexts;
mod kinds;
mod lift;
mod links;
pub mod samples;
mod shell_words;
mod shown;
mod tables;

use farol_api::runbook::Runbook;

use crate::doc::Doc;
use crate::lexicon::Lexicon;
use crate::outline::Outline;

/// Fills in all that follows from the steps; `assigns` are the variables that nodes set.
pub fn fill(
    runbook: &mut Runbook,
    doc: &Doc<'_>,
    lexicon: &Lexicon,
    outline: &Outline<'_>,
    assigns: &[(usize, Vec<String>)],
) {
    tables::name(runbook, lexicon, outline);
    kinds::infer(runbook);
    shown::describe(&mut runbook.parameters, &runbook.graph, doc.text);
    asked::describe(&mut runbook.parameters, &runbook.samples);
    runbook.lifted = lift::all(&runbook.graph);
    runbook.contexts = contexts::all(&runbook.graph);
    runbook.captures = captures::all(&runbook.graph, assigns);
    runbook.links = links::all(&runbook.graph);
    runbook.alerts = alerts::all(runbook, doc, lexicon, outline);
}
