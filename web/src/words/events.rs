//! Words of events.

words! {
    todo_events: "x", "x";
}
