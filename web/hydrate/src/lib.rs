#![doc = include_str!("../README.md")]

use wasm_bindgen::prelude::wasm_bindgen;

/// Takes over the server-rendered page. The page's script calls it once the module is there.
#[wasm_bindgen]
pub fn hydrate() {
    farol_web::hydrate();
}
