//! The record, newest first, and what is said of it to those who listen.

use farol_api::paths;
use leptos::prelude::*;

use super::Ctx;
use crate::components::badge::Clock;
use crate::components::timeline::say;
use crate::form::Form;
use crate::form::field::{Area, Send, Text};
use crate::words::common;
use crate::words::room::words;

/// The timeline.
#[component]
pub fn Timeline() -> impl IntoView {
    let ctx = Ctx::take();
    let w = words();
    let length = ctx.derive(|room| room.timeline.len());
    let newest_first = move || {
        let erased = ctx.erased.get();
        (1..=length.get()).rev().map(|number| (number, erased)).collect::<Vec<_>>()
    };
    let offset = RwSignal::new(w.times_hint.to_owned());
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| offset.set(crate::words::fill(w.times_local, &[&crate::browser::utc_offset()])));
    let correct = ctx.may_respond().then(|| view! { <Correct/> });
    view! {
        <h2 id="timeline">{w.timeline}</h2>
        <p class="label">{offset}</p>
        <ol class="tl">
            <For each=newest_first key=|entry| *entry let:entry>
                {written(ctx, entry.0)}
            </For>
        </ol>
        {correct}
    }
    .into_any()
}

/// Corrects an entry; both stay.
#[component]
fn Correct() -> impl IntoView {
    let ctx = Ctx::take();
    let w = words();
    view! {
        <details class="act quiet">
            <summary>{w.correct}</summary>
            <Form action=paths::api_corrections(ctx.id) back=ctx.here() kinds="seq:number">
                <Text name="seq" label=w.entry kind="number" required=true/>
                <Area name="text" label=w.right required=true rows=2/>
                <Send label=w.correct/>
            </Form>
        </details>
    }
    .into_any()
}

/// One entry; events change only where something is erased, so it is rendered once between two erasures.
fn written(ctx: Ctx, number: usize) -> Option<AnyView> {
    let (event, said) = ctx.room.with_untracked(|room| {
        let event = room.timeline.get(number - 1)?.clone();
        let said = say(&event, &room.state, &room.graph);
        Some((event, said))
    })?;
    let by = said.by.unwrap_or_else(|| common::words().system.to_owned());
    Some(
        view! {
            <li id=format!("e{}", event.seq)>
                <Clock at=event.occurred_at/>
                <div>
                    <span>{said.what}</span>
                    {said.detail.map(|detail| view! { <small class="said">{detail}</small> })}
                    <small>{by}" · "<a href=format!("#e{}", event.seq) rel="external">"#"{event.seq.to_string()}</a></small>
                </div>
            </li>
        }
        .into_any(),
    )
}

/// Tells screen readers what others did: politely, at most once in five seconds, never moving the focus.
#[component]
pub fn Announcer() -> impl IntoView {
    let ctx = Ctx::take();
    let said = RwSignal::new(String::new());
    #[cfg(feature = "hydrate")]
    {
        let last = ctx.derive(|room| room.state.last_seq);
        let waits = StoredValue::new(false);
        Effect::new(move |before: Option<i64>| {
            let now = last.get();
            if before.is_some_and(|before| before < now) && !waits.get_value() {
                waits.set_value(true);
                let speak = move || {
                    let _ = waits.try_set_value(false);
                    let newest = ctx.room.try_with_untracked(|room| {
                        room.timeline.last().map(|event| say(event, &room.state, &room.graph).what)
                    });
                    let _ = said.try_set(newest.flatten().unwrap_or_default());
                };
                set_timeout(speak, std::time::Duration::from_secs(5));
            }
            now
        });
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = ctx;
    view! { <p class="sr" aria-live="polite">{said}</p> }.into_any()
}
