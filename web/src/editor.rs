//! The editor in the browser: the preview follows what is typed, and a diagnostic leads to its line.
//!
//! The preview is the one that works without scripts: the same form is posted to the same address, and the part of the
//! answer that shows the preview takes the place of the one on the page.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, HtmlFormElement, HtmlTextAreaElement};

use crate::post::post;

const PAUSE: Duration = Duration::from_millis(300);
const PREVIEW: &str = "#preview";

/// Follows the text area of the editor, where there is one.
pub fn follow() {
    let area = document().query_selector(".editor textarea[name=source]").ok().flatten();
    let Some(area) = area.and_then(|area| area.dyn_into::<HtmlTextAreaElement>().ok()) else { return };
    let turn = Rc::new(Cell::new(0_u32));
    let typed = {
        let area = area.clone();
        Closure::<dyn FnMut()>::new(move || {
            let mine = turn.get().wrapping_add(1);
            turn.set(mine);
            let (area, turn) = (area.clone(), turn.clone());
            let ask = move || {
                if turn.get() == mine {
                    // Not Leptos' own, which mounting sets up: nothing is mounted here.
                    js_sys::futures::spawn_local(async move {
                        if let Some(fresh) = preview(&area).await.filter(|_| turn.get() == mine) {
                            show(&fresh);
                        }
                    });
                }
            };
            set_timeout(ask, PAUSE);
        })
    };
    let _ = area.add_event_listener_with_callback("input", typed.as_ref().unchecked_ref());
    // The listener lives as long as the page.
    typed.forget();
    lead_to_lines(area);
}

/// Posts the form as the button for previews would, and takes the preview out of the page that comes back.
async fn preview(area: &HtmlTextAreaElement) -> Option<Element> {
    let form: HtmlFormElement = area.form()?;
    let button = form.query_selector("button[formaction]").ok()??;
    let page = post(&form, Some(&button)).await?;
    page.document.query_selector(PREVIEW).ok()?
}

fn show(fresh: &Element) {
    if let Ok(Some(shown)) = document().query_selector(PREVIEW) {
        shown.set_inner_html(&fresh.inner_html());
    }
}

fn lead_to_lines(area: HtmlTextAreaElement) {
    let _ = window_event_listener(leptos::ev::click, move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let link = target.and_then(|target| target.closest("[data-line]").ok().flatten());
        if let Some(line) = link.and_then(|link| link.get_attribute("data-line")).and_then(|line| line.parse().ok()) {
            event.prevent_default();
            go_to(&area, line);
        }
    });
}

/// Puts the cursor on a line; the browser counts in UTF-16 units.
fn go_to(area: &HtmlTextAreaElement, line: usize) {
    let text = area.value();
    let lines = text.split_inclusive('\n').take(line.saturating_sub(1));
    let before: usize = lines.map(|line| line.encode_utf16().count()).sum();
    let length = text.lines().nth(line.saturating_sub(1)).map_or(0, |line| line.encode_utf16().count());
    let at = |units: usize| u32::try_from(units).unwrap_or(u32::MAX);
    let _ = area.focus();
    let _ = area.set_selection_range(at(before), at(before + length));
}
