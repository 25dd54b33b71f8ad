//! The addresses of an incident's record.

use axum::http::Method;
use axum::routing::get;
use farol_api::user::Permission;
use farol_record::bundle::MEDIA_TYPE;

use crate::http::endpoint::{Endpoint, Guard};
use crate::routes::record;

/// What others verify an incident's record with.
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
    ]
}
