//! The live stream of an incident, folded into what the room shows.
//!
//! A frame wakes nothing but the fold: lag, reconnection and first load are one code path, "after the last numbers
//! seen". A hidden tab closes its stream (a browser allows six connections a host) and opens it again when seen.

use farol_api::room::RoomView;
use leptos::prelude::*;

/// How the stream stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connection {
    /// Not open yet, or never: without scripts.
    Off,
    /// Frames come as things happen.
    Live,
    /// It was lost and is being opened again.
    Reconnecting,
    /// The tab is hidden.
    Paused,
}

/// What a form in the room calls after it changed something, with the address that it comes back to.
#[derive(Clone, Copy)]
pub struct Done(pub Callback<String>);

/// Follows an incident until the page is left. `stale` is called where a frame changes more than the fold knows.
pub fn follow(room: RwSignal<RoomView>, stale: Callback<()>) -> RwSignal<Connection> {
    let connection = RwSignal::new(Connection::Off);
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| stream::start(room, connection, stale));
    #[cfg(not(feature = "hydrate"))]
    let _ = (room, stale);
    connection
}

#[cfg(feature = "hydrate")]
mod stream {
    use std::cell::RefCell;
    use std::rc::Rc;
    use std::time::Duration;

    use farol_api::paths;
    use farol_api::room::{Frame, RoomView};
    use leptos::prelude::*;
    use send_wrapper::SendWrapper;
    use wasm_bindgen::JsCast;
    use wasm_bindgen::closure::Closure;
    use web_sys::{EventSource, MessageEvent, VisibilityState};

    use super::Connection;
    use crate::api::Api;
    use crate::browser;

    /// Frames that come within this time are shown together.
    const WINDOW: Duration = Duration::from_millis(30);
    /// After a refusal by the server the stream is opened again after this time.
    const PAUSE: Duration = Duration::from_secs(3);

    #[derive(Clone)]
    struct Stream {
        room: RwSignal<RoomView>,
        connection: RwSignal<Connection>,
        stale: Callback<()>,
        inner: Rc<RefCell<Inner>>,
    }

    #[derive(Default)]
    struct Inner {
        source: Option<EventSource>,
        handlers: Vec<Closure<dyn FnMut(MessageEvent)>>,
        waiting: Vec<Frame>,
        over: bool,
    }

    pub fn start(room: RwSignal<RoomView>, connection: RwSignal<Connection>, stale: Callback<()>) {
        let stream = Stream { room, connection, stale, inner: Rc::default() };
        stream.open();
        let watched = stream.clone();
        let listener = Closure::<dyn FnMut()>::new(move || watched.visibility_changed());
        let callback = listener.as_ref().unchecked_ref::<js_sys::Function>().clone();
        let _ = document().add_event_listener_with_callback("visibilitychange", &callback);
        let ending = SendWrapper::new((stream, listener, callback));
        on_cleanup(move || {
            let (stream, _listener, callback) = ending.take();
            let _ = document().remove_event_listener_with_callback("visibilitychange", &callback);
            stream.inner.borrow_mut().over = true;
            stream.close();
        });
    }

    impl Stream {
        fn open(&self) {
            self.close();
            if self.inner.borrow().over || document().visibility_state() == VisibilityState::Hidden {
                return;
            }
            let Some(url) = self.room.try_with_untracked(|room| {
                let after = format!("{}.{}", room.state.last_seq, room.last_output_seq);
                format!("{}?after={after}", paths::api_stream(room.state.id))
            }) else {
                return;
            };
            let Ok(source) = EventSource::new(&url) else { return };
            let (opened, told, failed) = (self.clone(), self.clone(), self.clone());
            let on_open = Closure::<dyn FnMut(MessageEvent)>::new(move |_| {
                let _ = opened.connection.try_set(Connection::Live);
            });
            let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
                if let Some(frame) = event.data().as_string().and_then(|text| crate::json::from_str(&text)) {
                    told.take(frame);
                }
            });
            let on_error = Closure::<dyn FnMut(MessageEvent)>::new(move |_| failed.lost());
            source.set_onopen(Some(on_open.as_ref().unchecked_ref()));
            source.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
            source.set_onerror(Some(on_error.as_ref().unchecked_ref()));
            let mut inner = self.inner.borrow_mut();
            inner.source = Some(source);
            inner.handlers = vec![on_open, on_message, on_error];
        }

        fn close(&self) {
            let source = self.inner.borrow_mut().source.take();
            if let Some(source) = source {
                source.set_onopen(None);
                source.set_onmessage(None);
                source.set_onerror(None);
                source.close();
            }
        }

        fn take(&self, frame: Frame) {
            let first = {
                let mut inner = self.inner.borrow_mut();
                inner.waiting.push(frame);
                inner.waiting.len() == 1
            };
            if first {
                let stream = self.clone();
                set_timeout(move || stream.show(), WINDOW);
            }
        }

        fn show(&self) {
            let frames = std::mem::take(&mut self.inner.borrow_mut().waiting);
            // What steps take and what is said of them is the server's to say.
            let stale = frames.iter().any(|frame| matches!(frame, Frame::Event(event) if event.kind.moves_gates()));
            let _ = self.room.try_update(|room| {
                for frame in &frames {
                    match frame {
                        Frame::Event(event) => room.apply(event),
                        Frame::Output(chunk) => room.apply_output(chunk),
                    }
                }
            });
            if stale && !self.inner.borrow().over {
                self.stale.run(());
            }
        }

        fn visibility_changed(&self) {
            if document().visibility_state() == VisibilityState::Hidden {
                self.close();
                let _ = self.connection.try_set(Connection::Paused);
            } else {
                let _ = self.connection.try_set(Connection::Reconnecting);
                self.open();
            }
        }

        /// The browser opens a broken stream again by itself, but not a refused one, whose status it hides.
        fn lost(&self) {
            let _ = self.connection.try_set(Connection::Reconnecting);
            let closed =
                self.inner.borrow().source.as_ref().is_some_and(|source| source.ready_state() == EventSource::CLOSED);
            if !closed {
                return;
            }
            let stream = self.clone();
            leptos::task::spawn_local(async move {
                let probe = Api::take().text(&paths::api_me()).await;
                if stream.inner.borrow().over {
                    return;
                }
                if probe.is_err_and(|problem| problem.status == 401) {
                    browser::load(&paths::login());
                    return;
                }
                set_timeout(move || stream.open(), PAUSE);
            });
        }
    }
}
