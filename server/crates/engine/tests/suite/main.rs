//! Statements on real databases, from one attempt to the whole engine.
//!
//! One program for all of them, so that each server is started once. What looks at processes (`shell`, `left`, `bounds` and
//! others) has programs of its own.

#[path = "../common/mod.rs"]
mod common;
#[path = "../common/scene.rs"]
mod scene;

mod clock;
mod dry;
mod hold;
mod intent;
mod large;
mod let_go;
mod mariadb;
mod postgres;
mod restored;
mod secrets;
mod sqlite;
mod undo;
mod warm;
mod worker;
