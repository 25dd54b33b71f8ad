//! Small marks: severity, status, risk, environment. Each is a word and a shape, never a colour alone.

use chrono::{DateTime, Utc};
use farol_api::graph::{Node, NodeKind};
use farol_api::incident::{Severity, Status, StepStatus};
use farol_api::risk::RiskClass;
use farol_api::target::Environment;
use farol_api::terms::shape;
use leptos::prelude::*;

use crate::time;
use crate::words::terms::{Term, words};

/// A drawing of 24 by 24 in the colour of its text.
#[component]
pub fn Icon(path: &'static str) -> impl IntoView {
    view! { <svg class="i" viewBox="0 0 24 24" aria-hidden="true"><path d=path></path></svg> }.into_any()
}

const EYE: &str = "M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z";
const PENCIL: &str = "M4 20l1-4L16.5 4.5l3 3L8 19zM14 7l3 3";
const OCTAGON: &str = "M8 2h8l6 6v8l-6 6H8l-6-6V8zM12 7v6M12 16.5v.5";
const QUESTION: &str = "M8 2h8l6 6v8l-6 6H8l-6-6V8zM9.5 9a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.8M12 16.8v.2";
const HAND: &str = "M7 12V6.5a1.5 1.5 0 0 1 3 0V11V4.5a1.5 1.5 0 0 1 3 0V11V5.5a1.5 1.5 0 0 1 3 0V12V8.5a1.5 1.5 0 0 1 3 0V15c0 4-2.5 7-6.5 7S7 20 5.5 17L3 12.5c-.6-1.6 1.4-2.6 2.3-1.2z";

/// `SEV1` to `SEV5`, told apart by number and fill.
#[component]
pub fn Sev(severity: Severity) -> impl IntoView {
    let number = severity.number();
    view! { <span class=format!("sev s{number}") title=severity.word()>"SEV"{number}</span> }.into_any()
}

/// An incident's status: a shape and a word.
#[component]
pub fn StatusMark(status: Status) -> impl IntoView {
    let (class, shape) = match status {
        Status::Declared => ("state wait", "●"),
        Status::Investigating => ("state run", "◔"),
        Status::Mitigating => ("state run", "▶"),
        Status::Monitoring => ("state wait", "◐"),
        Status::Resolved => ("state ok", "✓"),
        Status::Closed => ("state ok", "■"),
        Status::Cancelled => ("state ok", "⊘"),
    };
    view! { <span class=class><span aria-hidden="true">{shape}" "</span>{status.word()}</span> }.into_any()
}

/// The class of a step's status.
pub const fn step_class(status: StepStatus) -> &'static str {
    match status {
        StepStatus::Pending => "todo",
        StepStatus::Queued | StepStatus::Running => "run",
        StepStatus::Succeeded | StepStatus::Done | StepStatus::Skipped => "ok",
        StepStatus::Failed | StepStatus::TimedOut | StepStatus::OutcomeUnknown => "bad",
        StepStatus::AwaitingApproval | StepStatus::Cancelled => "wait",
    }
}

/// A step's status: a shape and a word.
#[component]
pub fn StepMark(status: StepStatus) -> impl IntoView {
    let class = format!("state {}", step_class(status));
    view! { <span class=class><span aria-hidden="true">{shape(status)}" "</span>{status.word()}</span> }.into_any()
}

/// What a command can do: eye, pencil, octagon.
#[component]
pub fn Risk(class: RiskClass) -> impl IntoView {
    let (look, path) = match class {
        RiskClass::Read => ("risk", EYE),
        RiskClass::SideEffect => ("risk write", EYE),
        RiskClass::Write | RiskClass::Schema => ("risk write", PENCIL),
        RiskClass::Destructive | RiskClass::Session | RiskClass::Administration => ("risk destroy", OCTAGON),
        RiskClass::Unknown => ("risk destroy", QUESTION),
    };
    view! { <span class=look><Icon path/>" "{class.word()}</span> }.into_any()
}

/// The mark of a step a person does.
#[component]
pub fn ByHand() -> impl IntoView {
    view! { <span class="risk"><Icon path=HAND/>" "{words().risk_manual}</span> }.into_any()
}

/// The risk of a node, where it is one that somebody does.
pub fn risk_of(node: &Node) -> Option<AnyView> {
    match (&node.risk, node.kind) {
        (Some(risk), kind) if kind.is_executable() => Some(view! { <Risk class=risk.class/> }.into_any()),
        (None, kind) if kind.is_executable() => Some(view! { <Risk class=RiskClass::Unknown/> }.into_any()),
        (_, NodeKind::Manual | NodeKind::Http) => Some(view! { <ByHand/> }.into_any()),
        _ => None,
    }
}

/// How much a target matters: a word, and a frame that grows heavier with it.
#[component]
pub fn Env(environment: Environment) -> impl IntoView {
    let class = match environment {
        Environment::Production => "env production",
        Environment::Staging => "env staging",
        Environment::Development | Environment::Sandbox => "env",
    };
    view! { <span class=class>{environment.word()}</span> }.into_any()
}

/// A time of day, UTC; the browser adds its own on hover and focus.
#[component]
pub fn Clock(at: DateTime<Utc>) -> impl IntoView {
    view! { <time datetime=time::machine(at)>{time::clock(at)}</time> }.into_any()
}

/// Date and time, UTC.
#[component]
pub fn Stamp(at: DateTime<Utc>) -> impl IntoView {
    view! { <time datetime=time::machine(at)>{time::stamp(at)}</time> }.into_any()
}

/// The first letters of somebody's names.
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace();
    let first = words.next().and_then(|word| word.chars().next());
    let last = words.next_back().and_then(|word| word.chars().next());
    first.into_iter().chain(last).collect::<String>().to_uppercase()
}
