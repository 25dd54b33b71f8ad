//! The incident room: steps, the current step, the timeline; live.
//!
//! It is the one part of the interface that the browser takes over from the server's HTML (see
//! `docs/decisions/0011-one-island.md`); everything here runs on both sides.

mod act;
mod attempt;
mod bar;
mod begin;
mod manage;
mod run;
mod step;
mod steps;
mod timeline;

#[cfg(feature = "ssr")]
pub(crate) use self::run::{exactly, expiry, terms};

use chrono::{DateTime, Utc};
use farol_api::approval::{AttemptRequest, Way};
use farol_api::event::EventKind;
use farol_api::graph::Node;
use farol_api::id::{IncidentId, StepId};
use farol_api::paths;
use farol_api::room::RoomView;
use farol_api::user::Permission;
use leptos::prelude::*;
use serde::Deserialize;

pub(crate) use self::begin::{Around, Begin, Reader, RoomText};
use crate::api::{Answer, Api};
use crate::live::{Connection, Done, follow};
use crate::visit::Echo;
use crate::words::room::words;

/// The id of the element that the browser takes over, and of the text that it begins with.
pub(crate) const ROOM: &str = "room";
/// The id of the element that holds the text of [`Begin`].
pub(crate) const BEGIN: &str = "room-begin";

/// Exactly what a step would run now, or why it cannot.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Preview {
    /// The step, the way, and all that changes what it would run.
    pub key: (StepId, Way, String),
    /// What would run.
    pub answer: Answer<AttemptRequest>,
}

/// What all parts of the room share.
#[derive(Clone, Copy)]
pub(crate) struct Ctx {
    id: IncidentId,
    room: RwSignal<RoomView>,
    me: Reader,
    preview: RwSignal<Option<Preview>>,
    /// The step in view.
    step: Memo<Option<StepId>>,
    /// The way to run it that the address names.
    way: Memo<Option<Way>>,
    connection: RwSignal<Connection>,
    /// The server's time now, as this machine can tell.
    now: RwSignal<DateTime<Utc>>,
    /// How often something had been erased when the room was last read: what was shown before shows it still.
    erased: RwSignal<usize>,
}

impl Ctx {
    fn take() -> Self {
        expect_context()
    }

    /// Tells whether the reader may act in the incident.
    fn may_respond(self) -> bool {
        self.me.user.role.may(Permission::Respond)
    }

    /// The room's address: where forms come back to.
    fn here(self) -> String {
        paths::incident(self.id)
    }

    /// Derives something from the room that changes only where it differs.
    fn derive<T: PartialEq + Send + Sync + 'static>(
        self,
        of: impl Fn(&RoomView) -> T + Send + Sync + 'static,
    ) -> Memo<T> {
        Memo::new(move |_| self.room.with(&of))
    }
}

/// The step that the address names, else the one that is due.
pub(crate) fn step_in_view(room: &RoomView, chosen: Option<&str>) -> Option<StepId> {
    let named = chosen.and_then(|step| step.parse::<StepId>().ok()).filter(|step| room.graph.node(step).is_some());
    named.or_else(|| room.focus().map(|node| node.id.clone()))
}

/// Names what a step would run now; nothing where it cannot run.
pub(crate) fn preview_key(room: &RoomView, step: &StepId, way: Option<Way>) -> Option<(StepId, Way, String)> {
    let node = room.graph.node(step).filter(|node| node.kind.is_executable())?;
    let status = room.status(step);
    let gate = room.gate(step, way)?;
    let can = gate.blocked.is_none()
        && gate.requirement.is_some()
        && !status.is_active()
        && !status.is_settled()
        && room.state.status.is_open()
        && room.state.is_on_path(&room.graph, node);
    if !can {
        return None;
    }
    let attempts = room.state.steps.get(step).map_or(0, |step| step.attempts.len());
    let set: Vec<_> = room.state.parameters.iter().map(|(name, value)| format!("{name}={:?}", value.value)).collect();
    // What attempts leave for later steps changes what those run.
    let ended = room.state.attempts.values().filter(|attempt| attempt.result.is_some()).count();
    Some((step.clone(), gate.way, format!("{attempts};{ended};{}", set.join(";"))))
}

/// The room. All that it shows follows from what it begins with and from what the stream brings.
pub(crate) fn room(view: RoomView, begin: Around) -> AnyView {
    Echo::provide(begin.echo);
    let id = view.state.id;
    let now = RwSignal::new(view.now);
    let erased = RwSignal::new(erasures(&view));
    let room = RwSignal::new(view);
    let preview = RwSignal::new(begin.preview);
    let chosen = RwSignal::new((begin.step, begin.way));
    let step = Memo::new(move |_| room.with(|room| step_in_view(room, chosen.get().0.as_deref())));
    let way = Memo::new(move |_| way_of(chosen.get().1.as_deref()));
    let reload = reloader(id, room, erased);
    let connection = follow(room, reload);
    let ctx = Ctx { id, room, me: begin.me, preview, step, way, connection, now, erased };
    provide_context(ctx);
    provide_context(Done(Callback::new(move |back: String| {
        chosen.set(named(&back));
        #[cfg(feature = "hydrate")]
        crate::browser::replace_address(&back);
        if connection.get_untracked() != Connection::Live {
            reload.run(());
        }
    })));
    bar::tick(ctx);
    follow_preview(ctx);
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| crate::browser::on_step(move |address| chosen.set(named(&address))));
    let w = words();
    view! {
        <bar::Bar/>
        <div class="room">
            <section class="now" aria-label=w.current>
                <bar::Offline/>
                <step::Current/>
            </section>
            <nav class="steps" aria-label=w.steps><steps::Steps/></nav>
            <aside aria-label=w.incident>
                <manage::Manage/>
                <timeline::Timeline/>
            </aside>
        </div>
        <timeline::Announcer/>
    }
    .into_any()
}

/// The step and the way that an address of the room names.
fn named(address: &str) -> (Option<String>, Option<String>) {
    let query = address.split_once('?').map_or("", |(_, query)| query.split('#').next().unwrap_or_default());
    let value = |key: &str| query.split('&').find_map(|pair| pair.strip_prefix(key)).map(str::to_owned);
    (value("step="), value("way="))
}

/// The way of a name.
pub(crate) fn way_of(name: Option<&str>) -> Option<Way> {
    [Way::Written, Way::Direct].into_iter().find(|way| Some(way.as_str()) == name)
}

/// Counts how often something was erased.
fn erasures(room: &RoomView) -> usize {
    room.timeline.iter().filter(|event| matches!(event.kind, EventKind::PayloadErased { .. })).count()
}

/// Reads the room anew, where frames are not enough.
fn reloader(id: IncidentId, room: RwSignal<RoomView>, erased: RwSignal<usize>) -> Callback<()> {
    Callback::new(move |()| {
        let api = Api::take();
        leptos::task::spawn_local(async move {
            let read = api.get::<RoomText>(&paths::api_incident(id)).await;
            if let Some(fresh) = read.ok().and_then(RoomText::fold) {
                let now = erasures(&fresh);
                let _ = room.try_update(|room| {
                    if fresh.state.last_seq >= room.state.last_seq {
                        *room = fresh;
                    }
                });
                if erased.try_get_untracked().is_some_and(|known| known < now) {
                    let _ = erased.try_set(now);
                }
            }
        });
    })
}

/// Loads what the step in view would run, whenever that changes.
fn follow_preview(ctx: Ctx) {
    let key = Memo::new(move |_| {
        ctx.room.with(|room| ctx.step.get().and_then(|step| preview_key(room, &step, ctx.way.get())))
    });
    Effect::new(move |_| {
        let wanted = key.get();
        let known = ctx.preview.with_untracked(|preview| preview.as_ref().map(|preview| preview.key.clone()));
        if wanted == known {
            return;
        }
        ctx.preview.set(None);
        let Some(wanted) = wanted else { return };
        let api = Api::take();
        leptos::task::spawn_local(async move {
            let answer = api.get(&preview_path(ctx.id, &wanted.0, wanted.1)).await;
            let loaded = Preview { key: wanted.clone(), answer };
            if key.try_get_untracked().flatten() == Some(wanted) {
                let _ = ctx.preview.try_set(Some(loaded));
            }
        });
    });
}

/// The address of the preview of one way.
pub(crate) fn preview_path(id: IncidentId, step: &StepId, way: Way) -> String {
    format!("{}?way={}", paths::api_attempts(id, step), way.as_str())
}

/// Where a node stands among the steps of the way taken, from 1.
fn place(room: &RoomView, node: &Node) -> Option<(usize, usize)> {
    let steps: Vec<_> = room.path().filter(|node| node.kind.is_step()).map(|node| &node.id).collect();
    let at = steps.iter().position(|id| **id == node.id)?;
    Some((at + 1, steps.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_its_step_and_the_way_to_run_it() {
        assert_eq!(named("/incidents/12?step=failover").0.as_deref(), Some("failover"));
        assert_eq!(named("/incidents/12?a=b&step=x#e3").0.as_deref(), Some("x"));
        assert_eq!(named("/incidents/12?step=x&way=direct#e3").1.as_deref(), Some("direct"));
        assert_eq!(named("/incidents/12"), (None, None));
        assert_eq!((way_of(Some("direct")), way_of(Some("other")), way_of(None)), (Some(Way::Direct), None, None));
    }
}
