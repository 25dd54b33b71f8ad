//! The part of the endpoint table that is about the library.

use axum::http::Method;
use axum::routing::{delete, get, post};
use farol_api::library::{Import, Imports, Library, Watch, WatchFolder};
use farol_api::user::Permission;

use crate::http::endpoint::{Endpoint, Guard};
use crate::routes::library;

/// Searching, importing, watching.
pub(super) fn endpoints() -> Vec<Endpoint> {
    use Guard::May;
    let (read, author, manage) = (May(Permission::Read), May(Permission::Author), May(Permission::ManageTargets));
    vec![
        Endpoint::new(
            Method::GET,
            "/api/library",
            read,
            "Search runbooks by the words of `q`, narrowed down by facets; `-` is for those that state none",
            get(library::search),
        )
        .query(&["q", "service", "scenario", "risk", "language", "owner", "freshness", "page"])
        .answers::<Library>(200),
        Endpoint::new(
            Method::GET,
            "/api/library/imports",
            author,
            "The last imports and the folders that are watched",
            get(library::imports),
        )
        .answers::<Imports>(200),
        Endpoint::new(
            Method::POST,
            "/api/library/imports",
            author,
            "Import files (`files`, with the paths of a folder), an archive (`files`) or a text (`text`, `name`)",
            post(library::create),
        )
        .uploads()
        .answers::<Import>(201),
        Endpoint::new(Method::GET, "/api/library/imports/{id}", author, "What an import did", get(library::import))
            .answers::<Import>(200),
        Endpoint::new(
            Method::POST,
            "/api/library/watches",
            manage,
            "Have a folder of the server imported whenever it changes",
            post(library::watch),
        )
        .takes::<WatchFolder>()
        .answers::<Watch>(201),
        Endpoint::new(
            Method::POST,
            "/api/library/watches/{id}/look",
            manage,
            "Look at a watched folder at once",
            post(library::look),
        )
        .answers::<Watch>(200),
        Endpoint::new(
            Method::DELETE,
            "/api/library/watches/{id}",
            manage,
            "Stop watching a folder",
            delete(library::unwatch),
        ),
    ]
}
