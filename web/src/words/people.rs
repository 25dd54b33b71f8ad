//! Words of people.

words! {
    todo_people: "x", "x";
}
