#![doc = include_str!("../README.md")]

pub mod api;
#[cfg(feature = "ssr")]
mod app;
#[cfg(feature = "hydrate")]
mod browser;
pub mod components;
pub mod form;
mod json;
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

/// Takes over in the browser: the room where there is one, what is kept, the keys.
#[cfg(feature = "hydrate")]
pub fn hydrate() {
    browser::take_over_room();
    keep::follow();
    browser::settle();
}
