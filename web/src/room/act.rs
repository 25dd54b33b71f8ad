//! What a person does with a step: ticks, observes, chooses, skips, fails, takes up again, notes.

use farol_api::graph::NodeKind;
use farol_api::id::StepId;
use farol_api::paths;
use leptos::prelude::*;

use super::Ctx;
use super::step::Panel;
use crate::components::prose::inline;
use crate::form::Form;
use crate::form::field::{Area, Send, Text};
use crate::words::fill;
use crate::words::room::words;

/// What a step asks for: fields that stand in the text, and the button that stays at hand.
pub struct Doing {
    /// In the text.
    pub fields: AnyView,
    /// In the bar of actions.
    pub press: AnyView,
}

/// The id of the form that the button of the bar sends.
pub const MAIN_FORM: &str = "do";

/// Marks a person's step as done; a step that verifies asks for the value seen.
pub fn done(ctx: Ctx, panel: &Panel) -> Doing {
    let w = words();
    let (label, asks) = match panel.node.kind {
        NodeKind::Verify => (w.confirm_seen, true),
        NodeKind::Check => (w.check_off, panel.node.expected.is_some()),
        _ => (w.done, panel.node.expected.is_some()),
    };
    let hint = panel.node.expected.as_ref().map_or_else(|| w.observed_hint.to_owned(), |seen| fill(w.compare, &[seen]));
    let required = panel.node.kind == NodeKind::Verify;
    let step = panel.node.id.clone();
    let fields = view! {
        <Form action=paths::api_done(ctx.id, &step) back=ctx.here() element=MAIN_FORM>
            {asks.then(|| view! {
                <Text name="observed" label=w.observed hint=hint required=required/>
            })}
        </Form>
    };
    let press = view! { <Send label=label look="go wide" shortcut="d" form=MAIN_FORM/> };
    Doing { fields: fields.into_any(), press: press.into_any() }
}

/// Records that somebody ran it elsewhere.
pub fn done_by_hand(ctx: Ctx, panel: &Panel) -> AnyView {
    let w = words();
    let step = panel.node.id.clone();
    view! {
        <details class="act">
            <summary data-key="d">{w.done_by_hand}" "<kbd aria-hidden="true">"d"</kbd></summary>
            <Form action=paths::api_done(ctx.id, &step) back=ctx.here()>
                <Text name="observed" label=w.observed hint=w.observed_hint/>
                <Send label=w.done_by_hand/>
            </Form>
        </details>
    }
    .into_any()
}

/// Leaves a step out, with the reason.
pub fn skip(ctx: Ctx, step: &StepId) -> AnyView {
    let w = words();
    view! {
        <details class="act">
            <summary data-key="s">{w.skip}" "<kbd aria-hidden="true">"s"</kbd></summary>
            <Form action=paths::api_skipped(ctx.id, step) back=ctx.here()>
                <Text name="reason" label=w.why_skip required=true/>
                <Send label=w.skip/>
            </Form>
        </details>
    }
    .into_any()
}

/// Marks a step as failed, with the reason.
pub fn fail(ctx: Ctx, step: &StepId) -> AnyView {
    let w = words();
    view! {
        <details class="act stop">
            <summary data-key="x">{w.failed}" "<kbd aria-hidden="true">"x"</kbd></summary>
            <Form action=paths::api_failed(ctx.id, step) back=ctx.here()>
                <Text name="reason" label=w.why_failed required=true/>
                <Send label=w.failed look="stop"/>
            </Form>
        </details>
    }
    .into_any()
}

/// Takes a settled step up again; the record keeps both.
pub fn reopen(ctx: Ctx, step: &StepId, label: &'static str) -> AnyView {
    let back = paths::incident_step(ctx.id, step);
    view! {
        <details class="act">
            <summary>{label}</summary>
            <Form action=paths::api_reopened(ctx.id, step) back=back>
                <Text name="reason" label=words().reason/>
                <Send label=label/>
            </Form>
        </details>
    }
    .into_any()
}

/// Writes a note, about a step or about all.
pub fn note(ctx: Ctx, step: Option<&StepId>) -> AnyView {
    let w = words();
    let back = step.map_or_else(|| ctx.here(), |step| paths::incident_step(ctx.id, step));
    let step = step.map(ToString::to_string);
    view! {
        <details class="act">
            <summary data-key="n">{w.note}" "<kbd aria-hidden="true">"n"</kbd></summary>
            <Form action=paths::api_notes(ctx.id) back=back>
                {step.map(|step| view! { <input type="hidden" name="step" value=step/> })}
                <Area name="text" label=w.note_text required=true/>
                <Send label=w.write_note/>
            </Form>
        </details>
    }
    .into_any()
}

/// The branches of a decision that was taken.
pub fn taken(panel: &Panel) -> AnyView {
    let w = words();
    let arms: Vec<_> = panel
        .node
        .arms
        .iter()
        .enumerate()
        .map(|(index, arm)| {
            let chosen = panel.chosen == Some(index);
            let label = inline(&arm.label);
            view! {
                <li>
                    <p>{if chosen { "◆ " } else { "◇ " }}<b>{label}</b>{chosen.then(|| view! { <span class="label">" "{w.chosen}</span> })}</p>
                    {arm.guard.clone().map(|guard| view! { <p class="label">{w.guard}": "{inline(&guard)}</p> })}
                </li>
            }
            .into_any()
        })
        .collect();
    view! { <ul class="arms">{arms}</ul> }.into_any()
}

/// The branches of a decision, each with its condition and what follows.
pub fn choices(ctx: Ctx, panel: &Panel) -> Doing {
    let w = words();
    let step = panel.node.id.clone();
    let arms: Vec<_> = panel
        .node
        .arms
        .iter()
        .zip(&panel.firsts)
        .enumerate()
        .map(|(index, (arm, first))| {
            let follows = first.as_ref().map_or_else(|| w.arm_empty.to_owned(), |first| fill(w.first_step, &[first]));
            let chosen = panel.chosen == Some(index);
            let (label, guard) = (inline(&arm.label), arm.guard.clone());
            view! {
                <li>
                    <Form
                        action=paths::api_choice(ctx.id, &step)
                        back=ctx.here()
                        id=format!("arm-{index}")
                        kinds="arm:number"
                    >
                        <input type="hidden" name="arm" value=index.to_string()/>
                        <p><b>{label}</b>{chosen.then(|| view! { <span class="label">" "{w.chosen}</span> })}</p>
                        {guard.map(|guard| view! { <p>{w.guard}": "{inline(&guard)}</p> })}
                        <p class="label">{follows}</p>
                        <Text name="reason" label=w.choose_why/>
                        <Send label=w.choose look="go"/>
                    </Form>
                </li>
            }
            .into_any()
        })
        .collect();
    Doing { fields: view! { <ul class="arms">{arms}</ul> }.into_any(), press: ().into_any() }
}
