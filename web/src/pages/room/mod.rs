//! The incident room: steps, the current step, the timeline; live.

mod act;
mod attempt;
mod bar;
mod manage;
mod run;
pub(crate) use self::run::{exactly, expiry};
mod step;
mod steps;
mod timeline;

use chrono::{DateTime, Utc};
use farol_api::approval::AttemptRequest;
use farol_api::graph::Node;
use farol_api::id::{IncidentId, StepId};
use farol_api::paths;
use farol_api::problem::Problem;
use farol_api::request::Me;
use farol_api::room::RoomView;
use farol_api::user::Permission;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use serde::{Deserialize, Serialize};

use crate::api::{Answer, Api, Refresh, sendable, unreachable_api};
use crate::components::page::{PageTitle, show};
use crate::live::{CatchUp, Connection, follow};
use crate::words::room::words;

/// What the room is loaded with: the room, and what the step in view would run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Loaded {
    room: RoomView,
    preview: Option<Preview>,
}

/// Exactly what a step would run now, or why it cannot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Preview {
    /// The step, and all that changes what it would run.
    key: (StepId, String),
    /// What would run.
    answer: Answer<AttemptRequest>,
}

/// What all parts of the room share.
#[derive(Clone, Copy)]
pub(crate) struct Ctx {
    id: IncidentId,
    room: RwSignal<RoomView>,
    me: StoredValue<Me>,
    preview: RwSignal<Option<Preview>>,
    /// The step in view.
    step: Memo<Option<StepId>>,
    connection: RwSignal<Connection>,
    /// The server's time now, as this machine can tell.
    now: RwSignal<DateTime<Utc>>,
}

impl Ctx {
    fn take() -> Self {
        expect_context()
    }

    /// Tells whether the reader may act in the incident.
    fn may_respond(self) -> bool {
        self.me.with_value(|me| me.user.role.may(Permission::Respond))
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

/// The page of one incident.
#[component]
pub fn RoomPage() -> impl IntoView {
    let params = use_params_map();
    let query = use_query_map();
    let refresh = use_context::<Refresh>();
    let id = Memo::new(move |_| params.with(|params| params.get("id")).and_then(|id| id.parse::<IncidentId>().ok()));
    let source = move || (id.get(), refresh.map(Refresh::count));
    let loaded = Resource::new_blocking(source, move |(id, _)| {
        let api = Api::take();
        let chosen = query.with_untracked(|query| query.get("step"));
        sendable(async move {
            let Some(id) = id else { return Err(not_found()) };
            let room = api.get::<RoomView>(&paths::api_incident(id)).await?;
            let step = step_in_view(&room, chosen.as_deref());
            let preview = match step.and_then(|step| preview_key(&room, &step)) {
                Some(key) => Some(load_preview(&api, id, key).await),
                None => None,
            };
            Ok(Loaded { room, preview })
        })
    });
    show(loaded, |loaded, me| view! { <Room loaded me/> }.into_any())
}

fn not_found() -> Problem {
    use crate::words::problems::words;
    Problem {
        status: 404,
        title: words().not_found_title.to_owned(),
        detail: words().not_found_detail.to_owned(),
        ..unreachable_api()
    }
}

async fn load_preview(api: &Api, id: IncidentId, key: (StepId, String)) -> Preview {
    let answer = api.get(&paths::api_attempts(id, &key.0)).await;
    Preview { key, answer }
}

/// The step that the address names, else the one that is due.
fn step_in_view(room: &RoomView, chosen: Option<&str>) -> Option<StepId> {
    let named = chosen.and_then(|step| step.parse::<StepId>().ok()).filter(|step| room.graph.node(step).is_some());
    named.or_else(|| room.focus().map(|node| node.id.clone()))
}

/// Names what a step would run now; nothing where it cannot run.
fn preview_key(room: &RoomView, step: &StepId) -> Option<(StepId, String)> {
    let node = room.graph.node(step).filter(|node| node.kind.is_executable())?;
    let status = room.status(step);
    let gate = room.gate(step)?;
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
    Some((step.clone(), format!("{attempts};{}", set.join(";"))))
}

#[component]
fn Room(loaded: Loaded, me: Me) -> impl IntoView {
    let query = use_query_map();
    let id = loaded.room.state.id;
    let now = RwSignal::new(loaded.room.now);
    let title = format!("{} · INC-{id}", loaded.room.state.title);
    let room = RwSignal::new(loaded.room);
    let preview = RwSignal::new(loaded.preview);
    let chosen = Memo::new(move |_| query.with(|query| query.get("step")));
    let step = Memo::new(move |_| room.with(|room| step_in_view(room, chosen.get().as_deref())));
    let reload = Callback::new(move |()| {
        let api = Api::take();
        leptos::task::spawn_local(async move {
            if let Ok(fresh) = api.get::<RoomView>(&paths::api_incident(id)).await {
                let _ = room.try_update(|room| {
                    if fresh.state.last_seq >= room.state.last_seq {
                        *room = fresh;
                    }
                });
            }
        });
    });
    let connection = follow(room, reload);
    let catch_up = Callback::new(move |()| {
        if connection.get_untracked() != Connection::Live {
            reload.run(());
        }
    });
    provide_context(CatchUp(catch_up));
    let ctx = Ctx { id, room, me: StoredValue::new(me), preview, step, connection, now };
    provide_context(ctx);
    bar::tick(ctx);
    follow_preview(ctx);
    let w = words();
    view! {
        <PageTitle text=title/>
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

/// Loads what the step in view would run, whenever that changes.
fn follow_preview(ctx: Ctx) {
    let key = Memo::new(move |_| ctx.room.with(|room| ctx.step.get().and_then(|step| preview_key(room, &step))));
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
            let loaded = load_preview(&api, ctx.id, wanted.clone()).await;
            if key.try_get_untracked().flatten() == Some(wanted) {
                let _ = ctx.preview.try_set(Some(loaded));
            }
        });
    });
}

/// Where a node stands among the steps of the way taken, from 1.
fn place(room: &RoomView, node: &Node) -> Option<(usize, usize)> {
    let steps: Vec<_> = room.path().filter(|node| node.kind.is_step()).map(|node| &node.id).collect();
    let at = steps.iter().position(|id| **id == node.id)?;
    Some((at + 1, steps.len()))
}
