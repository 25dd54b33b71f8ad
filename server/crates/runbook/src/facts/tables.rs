//! What each table is about.

use farol_api::runbook::{Runbook, Table, TableKind};

use crate::lexicon::Lexicon;
use crate::outline::Outline;
use crate::words::fold;

/// Names the tables by their columns and the headings above them.
pub fn name(runbook: &mut Runbook, lexicon: &Lexicon, outline: &Outline) {
    for table in &mut runbook.tables {
        let at = outline.sections.partition_point(|s| s.heading.start <= table.span.start);
        let heading = at.checked_sub(1).map_or("", |i| outline.sections[i].name.as_str());
        table.kind = kind(table, heading, lexicon);
    }
}

fn kind(table: &Table, heading: &str, lexicon: &Lexicon) -> TableKind {
    let header: Vec<String> = table.header.iter().map(|h| fold(h)).collect();
    let has = |category: &str| header.iter().any(|h| lexicon.label_starts(category, h).is_some());
    let under = |category: &str| lexicon.label_starts(category, heading).is_some();
    let dated = header.iter().any(|h| ["date", "data", "fecha", "when", "quando"].contains(&h.as_str()));
    let why = header.iter().any(|h| {
        ["cause", "causa", "reason", "motivo", "incident", "incidente", "resol"].iter().any(|w| h.starts_with(w))
    });
    if dated && why {
        return TableKind::IncidentHistory;
    }
    if under("phase.escalate") || header.iter().any(|h| h.starts_with("escal")) {
        return TableKind::Escalation;
    }
    let reach = ["phone", "telefone", "telefono", "email", "e-mail", "contact", "contato", "contacto", "slack"];
    if under("contacts") || header.iter().any(|h| reach.contains(&h.as_str())) {
        return TableKind::Contacts;
    }
    if under("checklist") {
        return TableKind::Checklist;
    }
    let condition = header.iter().position(|h| lexicon.label_starts("threshold", h).is_some());
    let remedy = header.iter().position(|h| lexicon.label_starts("remedy", h).is_some());
    if condition.is_some_and(|c| remedy.is_some_and(|r| c < r)) || has("threshold") && has("remedy") {
        return TableKind::Thresholds;
    }
    TableKind::Other
}
