//! The page of one incident: the room, and what the browser begins with.

use farol_api::approval::Way;
use farol_api::id::IncidentId;
use farol_api::paths;
use farol_api::problem::Problem;
use farol_api::room::RoomView;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use serde_json::json;

use crate::api::{Answer, Api, parse, unreachable_api};
use crate::components::page::{Loaded, PageTitle, show_texts};
use crate::room::{Around, BEGIN, Begin, ROOM, RoomText, preview_key, preview_path, room, step_in_view, way_of};
use crate::visit::FormEcho;

/// The room of one incident; `?step=` names the step in view.
#[component]
pub fn RoomPage() -> impl IntoView {
    let params = use_params_map();
    let query = use_query_map();
    let step = move || query.with_untracked(|query| query.get("step"));
    let way = move || query.with_untracked(|query| query.get("way"));
    let id = move || params.with(|params| params.get("id")).and_then(|id| id.parse::<IncidentId>().ok());
    let text = Resource::new_blocking(id, move |id| {
        let api = Api::take();
        let (chosen, way, missing) = (step(), way_of(way().as_deref()), not_found());
        async move {
            match id {
                Some(id) => load(&api, id, chosen.as_deref(), way).await,
                None => Err(missing),
            }
        }
    });
    show_texts(Loaded::<Begin>::from(text), move |loaded, me| {
        let (step, way, echo) = (json!(step()), json!(way()), json!(use_context::<FormEcho>()));
        let text = format!("{{{loaded},\"me\":{me},\"step\":{step},\"way\":{way},\"echo\":{echo}}}}}");
        let Begin { room: begun, with } = parse(Ok(text.clone()))?;
        // The store keeps no incident without its declaration.
        Ok(page(begun.fold().ok_or_else(not_found)?, with, &text))
    })
}

fn page(view: RoomView, begin: Around, text: &str) -> AnyView {
    let title = format!("{} · INC-{}", view.state.title, view.state.id);
    // Nothing inside the text may end the element that holds it.
    let text = text.replace('<', "\\u003c");
    view! {
        <PageTitle text=title/>
        <div id=ROOM>{room(view, begin)}</div>
        <script type="application/json" id=BEGIN nonce=use_nonce() inner_html=text></script>
    }
    .into_any()
}

/// Loads the room and what the step in view would run, as the first fields of a [`Begin`].
async fn load(api: &Api, id: IncidentId, chosen: Option<&str>, way: Option<Way>) -> Answer<String> {
    let room: RoomView = api.get(&paths::api_incident(id)).await?;
    let key = step_in_view(&room, chosen).and_then(|step| preview_key(&room, &step, way));
    let preview = match key {
        Some(key) => {
            let answer = match api.text(&preview_path(id, &key.0, key.1)).await {
                Ok(text) => format!("{{\"Ok\":{text}}}"),
                Err(problem) => json!({ "Err": problem }).to_string(),
            };
            format!("{{\"key\":{},\"answer\":{answer}}}", json!(key))
        }
        None => "null".to_owned(),
    };
    let room = serde_json::to_string(&RoomText::from(room)).map_err(|_| unreachable_api())?;
    Ok(format!("\"room\":{room},\"with\":{{\"preview\":{preview}"))
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
