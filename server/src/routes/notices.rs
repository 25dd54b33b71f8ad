//! What everybody is told at once, whatever page they look at.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use farol_api::request::Notice;
use futures::Stream;
use tokio::sync::mpsc;
use tokio::time::interval;
use tokio_stream::wrappers::ReceiverStream;

use crate::app::App;
use crate::auth::caller::Caller;
use crate::http::guard::identify;
use crate::problem::ApiError;

/// How often one looks although nothing woke the stream: wake-ups may be lost, and break-glass ends by itself.
const POLL: Duration = Duration::from_secs(5);
/// The least time between two looks: whatever a step prints wakes the stream.
const PAUSE: Duration = Duration::from_millis(300);

/// Streams what waits for the caller's approval and who has broken the glass, whenever that changes.
pub async fn show(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, ApiError> {
    let (sender, receiver) = mpsc::channel(4);
    tokio::spawn(feed(app, headers, caller, sender));
    Ok(Sse::new(ReceiverStream::new(receiver)).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))))
}

/// Tells until the reader goes, the session ends or the server stops.
async fn feed(app: App, headers: HeaderMap, mut caller: Caller, sender: mpsc::Sender<Result<Event, Infallible>>) {
    let mut wakeups = app.store.watch_all();
    let mut told = String::new();
    // Its turn comes however often something else wakes the stream.
    let mut looks = interval(POLL);
    loop {
        wakeups.mark_unchanged();
        let Ok(now) = current(&app, &caller).await else { return };
        if now != told {
            if sender.send(Ok(Event::default().data(&now))).await.is_err() {
                return;
            }
            told = now;
        }
        tokio::select! {
            () = app.stopping.cancelled() => return,
            () = sender.closed() => return,
            woken = wakeups.changed() => {
                if woken.is_err() {
                    return;
                }
                tokio::time::sleep(PAUSE).await;
            }
            _ = looks.tick() => match identify(&app, &headers).await {
                Ok(Some(found)) => caller = found,
                // A session that was revoked is told nothing more.
                _ => return,
            }
        }
    }
}

async fn current(app: &App, caller: &Caller) -> Result<String, ApiError> {
    let approvals = super::approvals::count_for(app, caller).await?;
    let notice = Notice { approvals, break_glass: app.store.open_break_glass().await? };
    Ok(serde_json::to_string(&notice).map_err(anyhow::Error::from)?)
}
