#![doc = include_str!("../README.md")]

pub mod api;
#[cfg(feature = "ssr")]
mod app;
#[cfg(feature = "hydrate")]
mod browser;
pub mod components;
#[cfg(feature = "hydrate")]
mod editor;
pub mod form;
#[cfg(feature = "hydrate")]
mod keep;
#[cfg(feature = "hydrate")]
mod keys;
pub mod live;
#[cfg(feature = "ssr")]
mod pages;
#[cfg(feature = "hydrate")]
mod post;
mod room;
#[cfg(feature = "ssr")]
pub mod ssr;
pub mod time;
mod url;
pub mod visit;
pub mod words;

/// Takes over in the browser: the room where there is one, the editor's preview, the keys.
#[cfg(feature = "hydrate")]
pub fn hydrate() {
    browser::take_over_room();
    editor::follow();
    keep::follow();
    browser::settle();
}
