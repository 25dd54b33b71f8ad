#![doc = include_str!("../README.md")]

pub mod api;
pub mod app;
#[cfg(feature = "hydrate")]
mod browser;
pub mod components;
pub mod form;
#[cfg(feature = "hydrate")]
mod keys;
pub mod live;
pub mod pages;
#[cfg(feature = "ssr")]
pub mod ssr;
pub mod time;
pub mod visit;
pub mod words;

pub use app::App;

/// Takes over the server-rendered page in the browser.
#[cfg(feature = "hydrate")]
pub fn hydrate() {
    leptos::mount::hydrate_body(App);
}
