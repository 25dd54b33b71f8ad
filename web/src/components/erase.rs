//! Views of one kind each, whatever they show.
//!
//! Every kind of view brings its own code for being built, hydrated and changed into the browser's module, and a closure
//! is a kind of its own, one for each place it stands in. [`part`] makes one kind of all of them.

use std::sync::Arc;

use leptos::prelude::*;

/// Shows what changes.
pub fn part<V: IntoView + 'static>(view: impl Fn() -> V + Send + Sync + 'static) -> AnyView {
    of_any(Arc::new(move || view().into_any()))
}

fn of_any(view: Arc<dyn Fn() -> AnyView + Send + Sync>) -> AnyView {
    (move || view()).into_any()
}
