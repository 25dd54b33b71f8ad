//! Words of targets.

words! {
    todo_targets: "x", "x";
}
