//! What each table is about.

use farol_api::runbook::{Runbook, Table, TableKind};
use std::borrow::Cow;

use crate::lexicon::{Category, Lexicon};
use crate::outline::Outline;
use crate::thresholds;
use crate::words::fold;

/// Names the tables by their columns and the headings above them.
pub fn name(runbook: &mut Runbook, lexicon: &Lexicon, outline: &Outline<'_>) {
    for table in &mut runbook.tables {
        let at = outline.sections.partition_point(|s| s.heading.start <= table.span.start);
        let heading = at.checked_sub(1).map_or("", |i| outline.sections[i].name);
        table.kind = kind(table, heading, lexicon);
    }
}

fn kind(table: &Table, heading: &str, lexicon: &Lexicon) -> TableKind {
    let header: Vec<Cow<'_, str>> = table.header.iter().map(|h| fold(h)).collect();
    let has = |category: Category| header.iter().any(|h| lexicon.label_starts(category, h).is_some());
    let under = |category: Category| lexicon.label_starts(category, heading).is_some();
    let dated = header.iter().any(|h| ["date", "data", "fecha", "when", "quando"].contains(&&**h));
    let why = header.iter().any(|h| {
        ["cause", "causa", "reason", "motivo", "incident", "incidente", "resol"].iter().any(|w| h.starts_with(w))
    });
    if dated && why {
        return TableKind::IncidentHistory;
    }
    if under(Category::PhaseEscalate) || header.iter().any(|h| h.starts_with("escal")) {
        return TableKind::Escalation;
    }
    let reach = ["phone", "telefone", "telefono", "email", "e-mail", "contact", "contato", "contacto", "slack"];
    if under(Category::Contacts) || header.iter().any(|h| reach.contains(&&**h)) {
        return TableKind::Contacts;
    }
    if under(Category::Checklist) {
        return TableKind::Checklist;
    }
    let condition = header.iter().position(|h| lexicon.label_starts(Category::Threshold, h).is_some());
    let remedy = header.iter().position(|h| lexicon.label_starts(Category::Remedy, h).is_some());
    let cells = |column: usize| table.rows.iter().filter_map(move |row| row.get(column).map(Cow::from));
    if condition.is_some_and(|c| remedy.is_some_and(|r| c < r))
        || has(Category::Threshold) && has(Category::Remedy)
        || remedy.is_some_and(|remedy| thresholds::column(remedy, cells).is_some())
    {
        return TableKind::Thresholds;
    }
    TableKind::Other
}
