//! The bar over the room: what, how bad, where it stands, how long.

use chrono::{DateTime, Utc};
use farol_api::incident::Milestone;
use leptos::prelude::*;

use super::Ctx;
use crate::components::badge::{Sev, StatusMark, initials};
use crate::components::erase::part;
use crate::live::Connection;
use crate::time;
use crate::words::{common, fill, room::words};

/// Lets the room's clock run in the browser, on the server's time.
pub fn tick(ctx: Ctx) {
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| {
        let server = ctx.room.with_untracked(|room| room.now);
        let began = crate::browser::now_ms();
        let step = move || {
            let passed = chrono::TimeDelta::milliseconds((crate::browser::now_ms() - began) as i64);
            let _ = ctx.now.try_set(server + passed);
        };
        let every_second = std::time::Duration::from_secs(1);
        if let Ok(handle) = set_interval_with_handle(step, every_second) {
            on_cleanup(move || handle.clear());
        }
    });
    #[cfg(not(feature = "hydrate"))]
    let _ = ctx;
}

/// Seconds from one time to another.
fn seconds(from: DateTime<Utc>, to: DateTime<Utc>) -> i64 {
    (to - from).num_seconds()
}

/// Severity, title, status, clocks, people.
#[component]
pub fn Bar() -> impl IntoView {
    let ctx = Ctx::take();
    let w = words();
    let head = ctx.derive(|room| (room.state.severity, room.state.status, room.state.title.clone(), room.state.drill));
    let crew = ctx.derive(|room| {
        let people = room.state.responders.iter().map(|(_, person)| person.name.clone());
        people.collect::<Vec<_>>()
    });
    view! {
        <header class="bar">
            {part(move || {
                let (severity, status, title, drill) = head.get();
                view! {
                    <Sev severity/>
                    <h1>{title}<span class="label">" INC-"{ctx.id.to_string()}</span></h1>
                    {drill.then(|| view! { <span class="env">{common::words().drill}</span> })}
                    <StatusMark status/>
                }
            })}
            <Clocks/>
            <span class="end">
                <ul class="who" aria-label=w.responders>
                    {part(move || crew.get().into_iter().map(|name| {
                        let short = initials(&name);
                        view! { <li title=name.clone()><span aria-hidden="true">{short}</span><span class="sr">{name.clone()}</span></li> }.into_any()
                    }).collect::<Vec<_>>())}
                </ul>
                <Linked/>
            </span>
        </header>
    }
    .into_any()
}

#[component]
fn Clocks() -> impl IntoView {
    let ctx = Ctx::take();
    let (w, c) = (words(), common::words());
    let facts = ctx.derive(|room| {
        let at = |milestone| room.state.milestones.get(&milestone).copied();
        let ended = at(Milestone::Resolved).filter(|_| !room.state.status.is_open());
        (at(Milestone::Declared), ended, room.state.rto_seconds, room.state.data_age_seconds)
    });
    part(move || {
        let (declared, ended, rto, age) = facts.get();
        let elapsed = move || declared.map_or(0, |declared| seconds(declared, ended.unwrap_or_else(|| ctx.now.get())));
        let left = move || rto.map(|rto| i64::try_from(rto).unwrap_or(i64::MAX) - elapsed());
        view! {
            <dl class="clock">
                <div><dt>{if ended.is_some() { c.took } else { c.elapsed }}</dt><dd>{part(move || time::running(elapsed()))}</dd></div>
                {rto.map(|_| view! {
                    <div class:over=move || left().is_some_and(|left| left < 0)>
                        <dt>{part(move || if left().is_some_and(|left| left < 0) { c.rto_over } else { c.rto_left })}</dt>
                        <dd>{part(move || time::running(left().unwrap_or(0).abs()))}</dd>
                    </div>
                })}
                {age.map(|age| view! {
                    <div><dt>{w.data_age_short}</dt><dd>{fill(w.minute_count, &[&(age / 60).to_string()])}</dd></div>
                })}
            </dl>
        }
    })
}

/// Whether the room is live.
#[component]
fn Linked() -> impl IntoView {
    let ctx = Ctx::take();
    let w = words();
    part(move || {
        let (class, text) = match ctx.connection.get() {
            Connection::Off => return None,
            Connection::Live => ("state ok", format!("● {}", w.live)),
            Connection::Reconnecting => ("state wait", format!("◌ {}", w.reconnecting)),
            Connection::Paused => ("state ok", format!("◫ {}", w.paused)),
        };
        Some(view! { <span class=class>{text}</span> })
    })
}

/// Says that the room is not up to date.
#[component]
pub fn Offline() -> impl IntoView {
    let ctx = Ctx::take();
    let off = Memo::new(move |_| ctx.connection.get() == Connection::Reconnecting);
    part(move || off.get().then(|| view! { <p class="note wait" role="status">{words().offline}</p> }))
}
