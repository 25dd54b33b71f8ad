//! Pieces of runbooks: lines of lists, diagnostics, tables of steps.

use farol_api::graph::{Node, StepGraph};
use farol_api::paths;
use farol_api::runbook::{Diagnostic, DiagnosticSeverity, Parameter, RunbookSummary};
use leptos::prelude::*;

use super::badge::{Risk, risk_of};
use crate::components::prose::inline;
use crate::visit::locale;
use crate::words::fill;
use crate::words::runbooks::words;
use crate::words::terms::{Term, words as terms};

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
            view! {
                <li>
                    <span class=class><span aria-hidden="true">{shape}" "</span>{diagnostic.severity.word()}</span>
                    " "{diagnostic.message.get(locale()).to_owned()}" "
                    <a class="label" href=href rel="external" data-line=line.to_string()>{fill(w.line, &[&line.to_string()])}</a>
                    " "<code class="label">{diagnostic.code.clone()}</code>
                </li>
            }
            .into_any()
        })
        .collect();
    view! { <ul class="diagnostics">{items}</ul> }.into_any()
}

/// The steps as a list: the canonical form of the graph.
pub fn step_table(graph: &StepGraph) -> AnyView {
    let w = words();
    let rows: Vec<_> =
        graph.nodes.iter().filter(|node| node.kind.is_step()).map(|node| step_row(graph, node)).collect();
    if rows.is_empty() {
        return view! { <p class="empty">{w.no_steps}</p> }.into_any();
    }
    view! {
        <ol class="step-list">{rows}</ol>
    }
    .into_any()
}

fn step_row(graph: &StepGraph, node: &Node) -> AnyView {
    let w = words();
    let arm = node.arm.as_ref().and_then(|arm| {
        let decision = graph.node(&arm.decision)?;
        Some(decision.arms.get(arm.arm)?.label.clone())
    });
    let phase = node.phase.map_or_else(|| terms().phase_none, Term::word);
    let about = [Some(node.kind.word().to_owned()), Some(phase.to_owned()), arm].into_iter().flatten();
    let about = about.collect::<Vec<_>>().join(" · ");
    let indented = node.arm.is_some().then_some("branch");
    let command = node.command.as_ref().map(|command| command.text.clone());
    view! {
        <li class=indented id=format!("step-{}", node.id)>
            <div class="line">
                <b>{inline(&node.title)}</b>
                {risk_of(node).map(|risk| view! { <span class="label">{risk}</span> })}
                <span class="label end">{fill(w.line, &[&node.line.to_string()])}</span>
            </div>
            <p class="label">{about}</p>
            {node.guard.clone().map(|guard| view! { <p class="label">{inline(&guard)}</p> })}
            {command.map(|text| view! { <pre class="quoted">{text}</pre> })}
        </li>
    }
    .into_any()
}

/// What has to be filled in, with the number of steps that use it.
pub fn parameter_table(parameters: &[Parameter], graph: &StepGraph) -> Option<AnyView> {
    let w = words();
    if parameters.is_empty() {
        return None;
    }
    let rows: Vec<_> = parameters
        .iter()
        .map(|parameter| {
            let steps: Vec<_> =
                parameter.steps.iter().filter_map(|step| graph.node(step)).map(|node| node.title.clone()).collect();
            view! {
                <tr>
                    <td><code>{parameter.token.clone()}</code></td>
                    <td>{parameter.default.clone().unwrap_or_else(|| "–".to_owned())}</td>
                    <td>{steps.join(", ")}</td>
                </tr>
            }
            .into_any()
        })
        .collect();
    Some(
        view! {
            <h2 id="parameters">{w.parameters}</h2>
            <div class="scroll" tabindex="0" role="region" aria-label=w.parameters>
                <table>
                    <thead><tr><th scope="col">{w.parameters}</th><th scope="col">{w.default}</th><th scope="col">{w.used_in}</th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
        .into_any(),
    )
}
