//! Words of after.

words! {
    todo_after: "x", "x";
}
