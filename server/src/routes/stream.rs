//! The live stream of an incident: it wakes a reader, who reads rows after the last ones it has.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event as SseEvent, KeepAlive, Sse};
use farol_api::id::IncidentId;
use farol_api::room::Frame;
use futures::Stream;
use serde::Deserialize;
use tokio::sync::mpsc;
use tokio::time::interval;
use tokio_stream::wrappers::ReceiverStream;

use crate::app::App;
use crate::auth::caller::Caller;
use crate::http::body::{Path, Query};
use crate::http::guard::identify;
use crate::problem::ApiError;

/// How often rows are looked for although nothing woke the stream: wake-ups may be lost.
const POLL: Duration = Duration::from_secs(5);
/// The most rows read at once.
const BATCH: u32 = 500;

/// Where the stream continues.
#[derive(Debug, Deserialize)]
pub struct Continue {
    after: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Place {
    event: i64,
    output: i64,
}

/// Streams frames after `Last-Event-ID`, or after `after` where there is none.
pub async fn show(
    State(app): State<App>,
    _caller: Caller,
    Path(id): Path<IncidentId>,
    Query(query): Query<Continue>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<SseEvent, Infallible>>>, ApiError> {
    app.store.state(id).await?.ok_or(ApiError::NotFound("incident"))?;
    let last = headers.get("last-event-id").and_then(|v| v.to_str().ok()).map(str::to_owned);
    let place = last.or(query.after).map(|text| Place::read(&text)).unwrap_or_default();
    let (sender, receiver) = mpsc::channel(64);
    tokio::spawn(feed(app, headers, id, place, sender));
    Ok(Sse::new(ReceiverStream::new(receiver)).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))))
}

/// Sends what is new until the reader goes, the session ends or the server stops.
///
/// A slow reader holds up nobody: the channel is bounded, and rows wait in the store.
async fn feed(
    app: App,
    headers: HeaderMap,
    id: IncidentId,
    mut place: Place,
    sender: mpsc::Sender<Result<SseEvent, Infallible>>,
) {
    let mut wakeups = app.store.watch(id);
    // Its turn comes however often something else wakes the stream.
    let mut looks = interval(POLL);
    loop {
        wakeups.mark_unchanged();
        if send_new(&app, id, &mut place, &sender).await.is_err() {
            return;
        }
        tokio::select! {
            () = app.stopping.cancelled() => return,
            () = sender.closed() => return,
            woken = wakeups.changed() => if woken.is_err() { return },
            _ = looks.tick() => {
                // A session that was revoked sees nothing more.
                if !matches!(identify(&app, &headers).await, Ok(Some(_))) {
                    return;
                }
            }
        }
    }
}

/// Says that nobody reads any more, or that the rows cannot be read; the reader comes back by itself.
struct Over;

async fn send_new(
    app: &App,
    id: IncidentId,
    place: &mut Place,
    sender: &mpsc::Sender<Result<SseEvent, Infallible>>,
) -> Result<(), Over> {
    loop {
        let events = app.store.events_after(id, place.event, BATCH).await.map_err(|_| Over)?;
        let chunks = app.store.output_after(id, place.output, BATCH).await.map_err(|_| Over)?;
        if events.is_empty() && chunks.is_empty() {
            return Ok(());
        }
        for event in events {
            place.event = event.seq;
            send(sender, &Frame::Event(Box::new(event)), *place).await?;
        }
        for chunk in chunks {
            place.output = chunk.seq;
            send(sender, &Frame::Output(Box::new(chunk)), *place).await?;
        }
    }
}

async fn send(sender: &mpsc::Sender<Result<SseEvent, Infallible>>, frame: &Frame, place: Place) -> Result<(), Over> {
    let event = SseEvent::default().id(place.write()).json_data(frame).map_err(|_| Over)?;
    sender.send(Ok(event)).await.map_err(|_| Over)
}

impl Place {
    fn read(text: &str) -> Self {
        let (event, output) = text.split_once('.').unwrap_or((text, "0"));
        Self { event: event.parse().unwrap_or(0), output: output.parse().unwrap_or(0) }
    }

    fn write(self) -> String {
        format!("{}.{}", self.event, self.output)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_survives_the_way_through_the_browser() {
        let place = Place { event: 12, output: 340 };
        assert_eq!(Place::read(&place.write()), place);
        assert_eq!(Place::read("garbage"), Place::default());
    }
}
