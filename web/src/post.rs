//! Sending a form as the browser would, and reading the page that comes back.

use gloo_net::http::{Method, RequestBuilder};
use wasm_bindgen::JsValue;
use web_sys::{Document, DomParser, Element, FormData, HtmlFormElement, SupportedType, UrlSearchParams};

/// A page that came back, and its address after all redirects.
pub struct Page {
    pub address: String,
    pub document: Document,
}

/// Posts a form to where the button sends it, with the button's own name and value.
pub async fn post(form: &HtmlFormElement, button: Option<&Element>) -> Option<Page> {
    let of_button = |name: &str| button.and_then(|button| button.get_attribute(name));
    let action = of_button("formaction").or_else(|| form.get_attribute("action"))?;
    let fields = UrlSearchParams::new().ok()?;
    for entry in FormData::new_with_form(form).ok()?.entries().into_iter().flatten() {
        let pair = js_sys::Array::from(&entry);
        fields.append(&pair.get(0).as_string()?, &pair.get(1).as_string()?);
    }
    if let (Some(name), Some(value)) = (of_button("name"), of_button("value")) {
        fields.append(&name, &value);
    }
    let answer = RequestBuilder::new(&action).method(Method::POST).body(fields).ok()?.send().await.ok()?;
    let address = answer.url();
    let text = answer.text().await.ok()?;
    let document = DomParser::new().ok()?.parse_from_string(&text, SupportedType::TextHtml).ok()?;
    Some(Page { address, document })
}

/// Reads a property of an element as text.
pub fn property(element: &Element, name: &str) -> Option<String> {
    js_sys::Reflect::get(element, &JsValue::from_str(name)).ok()?.as_string()
}

/// The elements that a selector finds below another.
pub fn all(below: &Element, selector: &str) -> Vec<Element> {
    let found = below.query_selector_all(selector);
    let found = found.map(|list| js_sys::Array::from(&list).to_vec()).unwrap_or_default();
    found.into_iter().map(wasm_bindgen::JsCast::unchecked_into).collect()
}
