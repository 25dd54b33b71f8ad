//! The few things asked of the browser itself.

use farol_api::text::Locale;

use crate::room::{BEGIN, Begin, ROOM, room};

/// The language of the document.
pub fn locale() -> Locale {
    let document = leptos::prelude::document();
    let tag = document.document_element().and_then(|root| root.get_attribute("lang"));
    tag.and_then(|tag| Locale::from_tag(&tag)).unwrap_or_default()
}

/// Loads a page anew, as a link of another site would.
pub fn load(path: &str) {
    let _ = leptos::prelude::window().location().set_href(path);
}

/// Makes an idempotency key.
pub fn new_key() -> String {
    let crypto = js_sys::Reflect::get(&js_sys::global(), &"crypto".into());
    let made = crypto.ok().and_then(|crypto| {
        let function = js_sys::Reflect::get(&crypto, &"randomUUID".into()).ok()?;
        let function: js_sys::Function = wasm_bindgen::JsCast::dyn_into(function).ok()?;
        function.call0(&crypto).ok()?.as_string()
    });
    // `randomUUID` is there on https and on loopback, which is where Farol is served.
    made.unwrap_or_else(|| format!("{}-{}", js_sys::Date::now() as u64, (js_sys::Math::random() * 1e15) as u64))
}

/// The time of this machine in milliseconds; the difference to the server's is what counts.
pub fn now_ms() -> f64 {
    js_sys::Date::now()
}

/// How far this machine's clock is from UTC: `−03:00`.
pub fn utc_offset() -> String {
    let behind = js_sys::Date::new_0().get_timezone_offset() as i64;
    let sign = if behind > 0 { '−' } else { '+' };
    format!("{sign}{:02}:{:02}", behind.abs() / 60, behind.abs() % 60)
}

/// Takes over the room from the server's HTML, where the page holds one.
pub fn take_over_room() {
    use wasm_bindgen::JsCast;

    let document = leptos::prelude::document();
    let begin = document.get_element_by_id(BEGIN).and_then(|begin| begin.text_content());
    let place = document.get_element_by_id(ROOM).and_then(|place| place.dyn_into::<web_sys::HtmlElement>().ok());
    let (Some(begin), Some(place)) = (begin, place) else { return };
    // A text that cannot be read leaves the page as the server wrote it, which works.
    let Some(Begin { room: text, with }) = crate::json::from_str(&begin) else { return };
    if let Some(view) = text.fold() {
        leptos::mount::hydrate_from(place, move || room(view, with)).forget();
    }
}

/// Calls with the address of the room whenever another step is chosen: by a link, or by going back and forth.
pub fn on_step(chosen: impl Fn(String) + 'static) {
    use leptos::prelude::*;
    use wasm_bindgen::JsCast;

    let chosen = std::rc::Rc::new(chosen);
    let by_link = chosen.clone();
    let _ = window_event_listener(leptos::ev::click, move |event: web_sys::MouseEvent| {
        let plain =
            event.button() == 0 && !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key());
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let link = target.and_then(|target| target.closest("a[data-step]").ok().flatten());
        let Some(address) = link.and_then(|link| link.get_attribute("href")).filter(|_| plain) else { return };
        event.prevent_default();
        if let Ok(history) = window().history() {
            let _ = history.push_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&address));
        }
        by_link(address);
        // The step is what was asked for; on a phone the list stands far below it.
        if let Some(step) =
            document().get_element_by_id("step").filter(|step| step.get_bounding_client_rect().top() < 0.0)
        {
            step.scroll_into_view();
        }
    });
    let _ = window_event_listener(leptos::ev::popstate, move |_| {
        chosen(window().location().href().unwrap_or_default());
    });
}

/// Makes the address of the page another one, without loading it.
pub fn replace_address(address: &str) {
    if let Ok(history) = leptos::prelude::window().history() {
        let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(address));
    }
}

/// Sets up what holds for all pages, once: keys, and local times beside the UTC ones.
pub fn settle() {
    use leptos::prelude::*;
    use wasm_bindgen::JsCast;

    if let Ok(Some(help)) = document().query_selector("[data-opens]") {
        let _ = help.remove_attribute("hidden");
    }
    let name_local = |target: Option<web_sys::EventTarget>| {
        let time = target
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
            .and_then(|element| element.closest("time").ok().flatten());
        let Some(time) = time.filter(|time| !time.has_attribute("title")) else { return };
        if let Some(at) = time.get_attribute("datetime") {
            let local = js_sys::Date::new(&at.into());
            let text: String = local.to_locale_string(locale().tag(), &wasm_bindgen::JsValue::UNDEFINED).into();
            let _ = time.set_attribute("title", &text);
        }
    };
    let _ = window_event_listener(leptos::ev::pointerover, move |event| name_local(event.target()));
    crate::keys::listen();
}
