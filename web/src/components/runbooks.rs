//! Pieces of runbooks: lines of lists, diagnostics.

use farol_api::paths;
use farol_api::runbook::{Diagnostic, DiagnosticSeverity, RunbookSummary};
use leptos::prelude::*;

use super::badge::Risk;
use crate::form::wire;
use crate::visit::locale;
use crate::words::fill;
use crate::words::runbooks::words;
use crate::words::terms::Term;

/// One runbook in a short list.
pub fn runbook_line(runbook: RunbookSummary) -> AnyView {
    view! {
        <li class="line">
            <a href=paths::runbook(&runbook.id)>{runbook.title}</a>
            {runbook.highest_risk.map(|class| view! { <span class="label end"><Risk class/></span> })}
        </li>
    }
    .into_any()
}

/// What the reader has to say about a text; `link` gives the address of a line.
pub fn diagnostics(all: &[Diagnostic], link: impl Fn(usize) -> String) -> AnyView {
    let w = words();
    if all.is_empty() {
        return view! { <p class="state ok">"✓ "{w.no_diagnostics}</p> }.into_any();
    }
    let items: Vec<_> = all
        .iter()
        .map(|diagnostic| {
            let (class, shape) = match diagnostic.severity {
                DiagnosticSeverity::Error => ("state bad", "✕"),
                DiagnosticSeverity::Warning => ("state wait", "▲"),
                DiagnosticSeverity::Info => ("state", "·"),
            };
            let href = link(diagnostic.line);
            let line = diagnostic.line;
            let fix = diagnostic.fix.as_ref();
            // What the editor marks and mends, in bytes of the text; without scripts the attributes and the button rest.
            view! {
                <li
                    data-severity=wire(&diagnostic.severity)
                    data-from=diagnostic.span.start.to_string()
                    data-to=diagnostic.span.end.to_string()
                    data-fix=fix.map(|fix| fix.replacement.clone())
                    data-fix-from=fix.map(|fix| fix.span.start.to_string())
                    data-fix-to=fix.map(|fix| fix.span.end.to_string())
                >
                    <span class=class><span aria-hidden="true">{shape}" "</span>{diagnostic.severity.word()}</span>
                    " "<span class="message">{diagnostic.message.get(locale()).to_owned()}</span>" "
                    {fix.map(|_| view! { <button type="button" class="fix" hidden=true>{w.fix}</button>" " })}
                    <a class="label" href=href rel="external" data-line=line.to_string()>{fill(w.line, &[&line.to_string()])}</a>
                    " "<code class="label">{diagnostic.code.clone()}</code>
                </li>
            }
            .into_any()
        })
        .collect();
    view! { <ul class="diagnostics">{items}</ul> }.into_any()
}
