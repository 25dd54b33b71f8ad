//! Words of runbooks.

words! {
    todo_runbooks: "x", "x";
}
