//! What a runbook asks for, and what it shows only as a sample.

use farol_api::graph::StepGraph;
use farol_api::id::StepId;
use farol_api::runbook::{Parameter, ParameterKind, Runbook, Sample};
use leptos::prelude::*;

use crate::components::prose::inline;
use crate::words::facts::words as facts;
use crate::words::runbooks::words;

/// Shows what has to be filled in, each once, with the steps that use it.
pub fn parameter_table(runbook: &Runbook) -> Option<AnyView> {
    let (w, f) = (words(), facts());
    if runbook.parameters.is_empty() {
        return None;
    }
    let row = |parameter: &Parameter| {
        let unmarked = runbook.samples.iter().any(|sample| sample.token == parameter.token);
        parameter_row(parameter, unmarked, &runbook.graph)
    };
    let rows: Vec<_> = runbook.parameters.iter().map(row).collect();
    let head = [w.parameters, f.kind, w.default, f.example, w.used_in];
    Some(view! { <h2 id="page.parameters">{w.parameters}</h2>{table(w.parameters, &head, rows)} }.into_any())
}

/// A row of it; what nothing marks in the text is said to be so.
fn parameter_row(parameter: &Parameter, unmarked: bool, graph: &StepGraph) -> AnyView {
    let value = |value: &Option<String>| match value {
        Some(value) => view! { <code>{value.clone()}</code> }.into_any(),
        None => "–".into_any(),
    };
    view! {
        <tr>
            <td><code>{parameter.token.clone()}</code>{unmarked.then(|| view! { " "<span class="hint">{facts().unmarked}</span> })}</td>
            <td>{kind(parameter.kind)}</td>
            <td>{value(&parameter.default)}</td>
            <td>{value(&parameter.example)}</td>
            <td>{links(&parameter.steps, graph)}</td>
        </tr>
    }
    .into_any()
}

/// Shows values that look like samples and run as they stand, since none can be put in their place.
pub fn sample_table(runbook: &Runbook) -> Option<AnyView> {
    let (w, f) = (words(), facts());
    let mut samples = runbook.samples.iter().filter(|sample| sample.parameter.is_none()).peekable();
    samples.peek()?;
    let row = |sample: &Sample| {
        view! {
            <tr>
                <td><code>{sample.token.clone()}</code></td>
                <td>{kind(sample.kind)}</td>
                <td>{links(&sample.steps, &runbook.graph)}</td>
            </tr>
        }
        .into_any()
    };
    let rows: Vec<_> = samples.map(row).collect();
    let table = table(f.samples, &[f.value, f.kind, w.used_in], rows);
    Some(view! { <h2 id="page.samples">{f.samples}</h2><p class="hint">{f.samples_hint}</p>{table} }.into_any())
}

fn table(name: &'static str, head: &[&'static str], rows: Vec<AnyView>) -> AnyView {
    let head: Vec<_> = head.iter().map(|cell| view! { <th scope="col">{*cell}</th> }.into_any()).collect();
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=name>
            <table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>
        </div>
    }
    .into_any()
}

fn links(steps: &[StepId], graph: &StepGraph) -> AnyView {
    let mut links = Vec::new();
    for node in steps.iter().filter_map(|step| graph.node(step)) {
        if !links.is_empty() {
            links.push(", ".into_any());
        }
        let title = inline(&node.title);
        links.push(view! { <a href=format!("#step-{}", node.id) rel="external">{title}</a> }.into_any());
    }
    links.into_any()
}

/// Says what kind of value it takes.
fn kind(kind: ParameterKind) -> &'static str {
    let f = facts();
    match kind {
        ParameterKind::Text => f.kind_text,
        ParameterKind::Host => f.kind_host,
        ParameterKind::Port => f.kind_port,
        ParameterKind::Pid => f.kind_pid,
        ParameterKind::Timestamp => f.kind_timestamp,
        ParameterKind::Path => f.kind_path,
        ParameterKind::Name => f.kind_name,
        ParameterKind::Number => f.kind_number,
        ParameterKind::Secret => f.secret,
        ParameterKind::Connection => f.kind_connection,
        ParameterKind::Url => f.kind_url,
    }
}
