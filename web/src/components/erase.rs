//! Views of one kind each, whatever they show.
//!
//! Every kind of view brings its own code for being built, hydrated and changed into the browser's module. Closures and
//! options are kinds of their own, one for each place they stand in; these functions make one kind of all of them.

use std::sync::Arc;

use leptos::prelude::*;

/// Shows what changes.
pub fn part<V: IntoView + 'static>(view: impl Fn() -> V + Send + Sync + 'static) -> AnyView {
    part_of(Arc::new(move || view().into_any()))
}

fn part_of(view: Arc<dyn Fn() -> AnyView + Send + Sync>) -> AnyView {
    (move || view()).into_any()
}

/// Shows a text that changes.
pub fn words_of(text: impl Fn() -> String + Send + Sync + 'static) -> AnyView {
    fn of(text: Arc<dyn Fn() -> String + Send + Sync>) -> AnyView {
        (move || text()).into_any()
    }
    of(Arc::new(text))
}

/// The value of an attribute that changes.
pub fn value_of(
    value: impl Fn() -> Option<String> + Send + Sync + 'static,
) -> impl Fn() -> Option<String> + Send + Sync + Clone + 'static {
    fn of(
        value: Arc<dyn Fn() -> Option<String> + Send + Sync>,
    ) -> impl Fn() -> Option<String> + Send + Sync + Clone + 'static {
        move || value()
    }
    of(Arc::new(value))
}

/// Shows what may be there.
pub trait OrNothing {
    /// Shows it, or nothing.
    fn or_nothing(self) -> AnyView;
}

impl<V: IntoView + 'static> OrNothing for Option<V> {
    fn or_nothing(self) -> AnyView {
        match self {
            Some(view) => view.into_any(),
            None => ().into_any(),
        }
    }
}
