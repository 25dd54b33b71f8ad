//! The addresses of an incident's record, and of what is erased from it.

use axum::http::Method;
use axum::routing::{get, post};
use farol_api::request as wire;
use farol_api::user::Permission;
use farol_record::bundle::MEDIA_TYPE;

use crate::http::endpoint::{Endpoint, Guard};
use crate::routes::{erasures, record};

/// What others verify an incident's record with, and what takes content out of it.
pub(super) fn endpoints() -> Vec<Endpoint> {
    let read = Guard::May(Permission::Read);
    vec![
        Endpoint::new(
            Method::GET,
            "/api/incidents/{id}/record",
            read,
            "The whole record, signed, for `farol verify`",
            get(record::show),
        )
        .answers_with(MEDIA_TYPE),
        Endpoint::new(
            Method::GET,
            "/api/incidents/{id}/checkpoint",
            read,
            "The signed checkpoint of the record as it is now, to be kept elsewhere; with the proof that it grew from the first `old` entries",
            get(record::checkpoint),
        )
        .query(&["old"])
        .answers_with("text/plain"),
        Endpoint::new(
            Method::POST,
            "/api/incidents/{id}/erasures",
            Guard::May(Permission::Erase),
            "Erase the stored output of an attempt, or the text of an entry; the record says so first, and keeps its proof",
            post(erasures::create),
        )
        .takes::<wire::Erase>()
        .answers::<wire::Events>(200),
    ]
}
