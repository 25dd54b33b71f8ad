//! Keys: each presses the control that carries it as `data-key`. They never act while somebody types, nor with a
//! modifier, and can be switched off.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDialogElement, HtmlElement, HtmlInputElement, KeyboardEvent};

const SWITCH: &str = "farol_keys";

/// Listens for the whole page; called once.
pub fn listen() {
    if let Some(switch) = find("[data-keys-switch]").and_then(|switch| switch.dyn_into::<HtmlInputElement>().ok()) {
        switch.set_checked(are_on());
        let kept = switch.clone();
        let changed = wasm_bindgen::closure::Closure::<dyn FnMut()>::new(move || keep(kept.checked()));
        let _ = switch.add_event_listener_with_callback("change", changed.as_ref().unchecked_ref());
        changed.forget();
    }
    let _ = window_event_listener(leptos::ev::keydown, |event: KeyboardEvent| {
        let plain = !event.ctrl_key() && !event.alt_key() && !event.meta_key() && !event.repeat();
        if plain && are_on_or_help(&event.key()) && !types(&event) && press(&event.key()) {
            event.prevent_default();
        }
    });
    let _ = window_event_listener(leptos::ev::click, |event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let opener = target.and_then(|target| target.closest("[data-opens]").ok().flatten());
        if let Some(name) = opener.and_then(|opener| opener.get_attribute("data-opens")) {
            open(&name);
        }
    });
}

fn are_on() -> bool {
    let kept = window().local_storage().ok().flatten().and_then(|storage| storage.get_item(SWITCH).ok().flatten());
    kept.as_deref() != Some("off")
}

fn are_on_or_help(key: &str) -> bool {
    key == "?" || are_on()
}

fn keep(on: bool) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(SWITCH, if on { "on" } else { "off" });
    }
}

fn types(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| {
        matches!(target.closest("input, textarea, select, dialog, [contenteditable]"), Ok(Some(_)))
    })
}

fn find(selector: &str) -> Option<Element> {
    document().query_selector(selector).ok().flatten()
}

/// Presses the first control with this key; true where there is one.
fn press(key: &str) -> bool {
    let known = key.len() == 1 && key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'?');
    if !known {
        return false;
    }
    let Some(control) = find(&format!("[data-key=\"{key}\"]")).and_then(|c| c.dyn_into::<HtmlElement>().ok()) else {
        return false;
    };
    control.click();
    // A disclosure that opened takes the cursor to its first field; the person asked for it by the key.
    if control.tag_name() == "SUMMARY"
        && let Some(around) = control.parent_element()
        && let Ok(Some(field)) = around.query_selector("textarea, input:not([type=hidden])")
        && let Ok(field) = field.dyn_into::<HtmlElement>()
    {
        let _ = field.focus();
    }
    true
}

fn open(name: &str) {
    if let Some(dialog) = document().get_element_by_id(name).and_then(|d| d.dyn_into::<HtmlDialogElement>().ok()) {
        let _ = dialog.show_modal();
    }
}
