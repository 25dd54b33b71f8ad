//! What is said where something was that is erased.

use axum::http::StatusCode;
use farol_api::incident::Erasure;

use super::{Words, say};

pub(super) fn erased_words(erasure: &Erasure) -> Words {
    let said = erasure.said();
    say(
        StatusCode::GONE,
        "erased",
        ["This was erased", "Isto foi apagado"],
        [
            &format!("{}. The record still proves that it was there; what it said does not come back.", said.en),
            &format!("{}. O registro ainda prova que existiu; o que dizia não volta.", said.pt),
        ],
    )
}
