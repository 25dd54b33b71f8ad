//! Words of room.

words! {
    todo_room: "x", "x";
}
