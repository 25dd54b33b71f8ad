//! The few things asked of the browser itself.

use farol_api::text::Locale;

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
    let time = js_sys::Date::now();
    let crypto = js_sys::Reflect::get(&js_sys::global(), &"crypto".into());
    let made = crypto.ok().and_then(|crypto| {
        let function = js_sys::Reflect::get(&crypto, &"randomUUID".into()).ok()?;
        let function: js_sys::Function = wasm_bindgen::JsCast::dyn_into(function).ok()?;
        function.call0(&crypto).ok()?.as_string()
    });
    // `randomUUID` is there on https and on loopback, which is where Farol is served.
    made.unwrap_or_else(|| format!("{time}-{}", js_sys::Math::random()))
}

/// The time of this machine in milliseconds; the difference to the server's is what counts.
pub fn now_ms() -> f64 {
    js_sys::Date::now()
}
