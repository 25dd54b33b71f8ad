//! Every route is guarded: the table is asked, then the server.

use farol::http::endpoint::Guard;
use farol::router;
use farol_api::user::Role;
use reqwest::{Method, StatusCode};

use crate::common::TestApp;

fn filled(path: &str) -> String {
    let segments = path.split('/').map(|segment| match segment {
        "{id}" if path.starts_with("/api/incidents") => "1",
        "{id}" if path.starts_with("/api/sessions") || path.starts_with("/api/people") => NOBODY,
        "{attempt}" => NOBODY,
        "{number}" => "1",
        "{id}" | "{step}" => "nothing",
        "{revision}" => "0000000000000000000000000000000000000000000000000000000000000000",
        literal => literal,
    });
    segments.collect::<Vec<_>>().join("/")
}

const NOBODY: &str = "00000000-0000-0000-0000-000000000000";

#[test]
fn what_is_open_to_everybody_is_named_here() {
    let open: Vec<_> = router::endpoints()
        .into_iter()
        .filter(|endpoint| endpoint.guard == Guard::Public)
        .map(|endpoint| format!("{} {}", endpoint.method, endpoint.path))
        .collect();
    assert_eq!(
        open,
        [
            "GET /api/setup",
            "POST /api/setup",
            "POST /api/session",
            "GET /api/invitations/{id}",
            "POST /api/invitations/{id}/acceptance",
            "GET /healthz",
            "GET /readyz",
            "GET /api/openapi.json",
        ]
    );
}

#[tokio::test]
async fn nobody_gets_through_a_guard_without_a_session() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    for endpoint in router::endpoints().iter().filter(|endpoint| endpoint.guard != Guard::Public) {
        let path = filled(endpoint.path);
        let answer = visitor.send(endpoint.method.clone(), &path, Some(&serde_json::json!({})), &[]).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{} {path}: {}", endpoint.method, answer.body);
        assert_eq!(answer.code(), "not_logged_in");
    }
}

#[tokio::test]
async fn each_role_gets_through_exactly_the_guards_of_its_permissions() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    for role in [Role::Viewer, Role::Responder, Role::Approver, Role::Author] {
        let person = app.person(&owner, &format!("{role:?} Test"), role).await;
        for endpoint in router::endpoints() {
            let Guard::May(permission) = endpoint.guard else { continue };
            // A stream does not end by itself, and it has the guard of its room.
            if endpoint.answers.media_type == "text/event-stream" {
                continue;
            }
            let path = filled(endpoint.path);
            let answer = person.send(endpoint.method.clone(), &path, Some(&serde_json::json!({})), &[]).await;
            let refused = answer.status == StatusCode::FORBIDDEN;
            assert_eq!(refused, !role.may(permission), "{role:?} {} {path}: {}", endpoint.method, answer.body);
        }
    }
}

#[tokio::test]
async fn a_session_that_was_revoked_is_worth_nothing() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    assert_eq!(owner.get("/api/me").await.status, StatusCode::OK);
    let left = owner.send::<()>(Method::DELETE, "/api/session", None, &[]).await;
    assert_eq!(left.status, StatusCode::NO_CONTENT);
    assert_eq!(owner.get("/api/me").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_closed_account_is_logged_out_at_once() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let viewer = app.person(&owner, "Vera Viewer", Role::Viewer).await;
    let id = viewer.get("/api/me").await.value()["user"]["id"].as_str().unwrap().to_owned();
    let body = serde_json::json!({ "disabled": true });
    let closed = owner.send(Method::PATCH, &format!("/api/people/{id}"), Some(&body), &[]).await;
    assert_eq!(closed.status, StatusCode::OK, "{}", closed.body);
    assert_eq!(viewer.get("/api/me").await.status, StatusCode::UNAUTHORIZED);
}
