//! The live stream.

use std::time::Duration;

use farol::routes::room::Room;
use farol_api::id::IncidentId;
use farol_api::room::Frame;
use futures::StreamExt;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::common::{Client, TestApp};

/// Reads a stream until it has sent some frames, and returns them with their ids.
pub async fn frames(client: &Client, incident: i64, last: Option<&str>, count: usize) -> Vec<(String, Value)> {
    let mut request = client.request(Method::GET, &format!("/api/incidents/{incident}/stream"));
    if let Some(last) = last {
        request = request.header("last-event-id", last);
    }
    let response = request.send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let (mut text, mut frames) = (String::new(), Vec::new());
    let mut body = response.bytes_stream();
    let read = async {
        while frames.len() < count {
            text.push_str(&String::from_utf8_lossy(&body.next().await.unwrap().unwrap()));
            while let Some(end) = text.find("\n\n") {
                let frame: String = text.drain(..end + 2).collect();
                let line = |name: &str| frame.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
                if let (Some(id), Some(data)) = (line("id:"), line("data:")) {
                    frames.push((id.to_owned(), serde_json::from_str(data).unwrap()));
                }
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), read).await.expect("the frames come");
    frames
}

#[tokio::test]
async fn what_one_does_the_other_sees_and_a_broken_stream_goes_on_where_it_was() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let declared = owner.post("/api/incidents", &json!({ "title": "Down" })).await.value();
    let id = declared["id"].as_i64().unwrap();
    let watching = {
        let owner = owner.clone();
        tokio::spawn(async move { frames(&owner, id, None, 3).await })
    };
    let base = format!("/api/incidents/{id}");
    owner.post(&format!("{base}/notes"), &json!({ "text": "first" })).await;
    owner.post(&format!("{base}/notes"), &json!({ "text": "second" })).await;
    let seen = watching.await.unwrap();
    let kind = |frame: &Value| frame["event"]["kind"].as_object().unwrap().keys().next().unwrap().clone();
    let kinds: Vec<_> = seen.iter().map(|(_, frame)| kind(frame)).collect();
    assert_eq!(kinds, ["declared", "noted", "noted"]);

    let after_first_note = seen[1].0.clone();
    let again = frames(&owner, id, Some(&after_first_note), 1).await;
    assert_eq!(again[0].1["event"]["kind"]["noted"]["text"], "second", "nothing is sent twice and nothing is lost");
}

/// What runs while a page is put together is printed neither twice on it nor not at all.
#[tokio::test]
async fn output_that_comes_while_a_room_is_read_is_left_to_the_stream() {
    let app = TestApp::start().await;
    let shop = app.shop("# Shelf\n\n```sql\nSELECT name FROM stock;\n```\n").await;
    let step = &shop.steps[shop.steps.len() - 1];
    let room = Room::load(&app.app, IncidentId(shop.incident)).await.unwrap();
    assert_eq!(shop.rita.start(shop.incident, step, "shop").await.status, StatusCode::ACCEPTED);
    shop.rita.wait_for_step(shop.incident, step, "succeeded").await;
    let mut view = room.view(&app.app).await.unwrap();
    let (store, id) = (&app.app.store, IncidentId(shop.incident));
    let stored = store.output_after(id, 0, 100).await.unwrap();
    assert!(!stored.is_empty() && view.output.is_empty());
    let count = store.events_after(id, view.state.last_seq, 100).await.unwrap().len() + stored.len();
    let last = format!("{}.{}", view.state.last_seq, view.last_output_seq);
    for (_, frame) in frames(&shop.rita, shop.incident, Some(&last), count).await {
        match serde_json::from_value(frame).unwrap() {
            Frame::Event(event) => view.apply(&event),
            Frame::Output(chunk) => view.apply_output(&chunk),
        }
    }
    assert_eq!(view.output, stored);
}

#[tokio::test]
async fn a_stream_of_nothing_is_a_404() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    assert_eq!(owner.get("/api/incidents/9/stream").await.status, StatusCode::NOT_FOUND);
}
