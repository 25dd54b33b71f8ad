//! Other sites, other host names, headers.

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::common::TestApp;

#[tokio::test]
async fn another_site_changes_nothing() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let body = json!({ "title": "forged" });
    for headers in [
        vec![("sec-fetch-site", "cross-site")],
        vec![("sec-fetch-site", "same-site")],
        vec![("origin", "https://evil.example")],
        vec![("origin", "null")],
    ] {
        let answer = owner.send(Method::POST, "/api/incidents", Some(&body), &headers).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::FORBIDDEN, "cross_site"), "{headers:?}");
        let form = owner.send(Method::POST, "/form/api/incidents", Some(&body), &headers).await;
        assert_eq!(form.status, StatusCode::FORBIDDEN, "{headers:?}");
    }
    assert_eq!(owner.get("/api/incidents").await.value(), json!([]));
}

#[tokio::test]
async fn an_unknown_host_name_is_not_answered() {
    let app = TestApp::start().await;
    let answer = app.visitor().send::<()>(Method::GET, "/api/setup", None, &[("host", "rebound.example")]).await;
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::MISDIRECTED_REQUEST, "unknown_host"));
}

#[tokio::test]
async fn a_page_runs_only_its_own_scripts_and_nobody_frames_it() {
    let app = TestApp::start().await;
    app.owner().await;
    let first = app.visitor().get("/login").await;
    let second = app.visitor().get("/login").await;
    let policy =
        |answer: &crate::common::Answer| answer.headers["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy(&first).contains("default-src 'none'"));
    assert!(policy(&first).contains("frame-ancestors 'none'"));
    assert!(policy(&first).contains("script-src 'nonce-"));
    assert!(!policy(&first).contains("unsafe-inline"));
    assert_ne!(policy(&first), policy(&second), "a nonce is used once");
    assert_eq!(first.headers["x-content-type-options"], "nosniff");
    assert_eq!(first.headers["cache-control"], "no-store");
}

#[tokio::test]
async fn credentials_go_in_and_never_come_out() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let url = "postgres://shop:very-secret-word@127.0.0.1:1/shop";
    let body = json!({
        "environment": "production", "database": "postgres", "credentials": [{ "role": "ro", "url": url }],
    });
    let saved = owner.put("/api/targets/shop", &body).await;
    assert_eq!(saved.status, StatusCode::OK, "{}", saved.body);
    let checked = owner.post("/api/targets/shop/check", &json!({})).await;
    assert_eq!(checked.value()["checks"][0]["failure"], "unreachable", "{}", checked.body);
    for answer in [saved, checked, owner.get("/api/targets/shop").await, owner.get("/targets/shop").await] {
        assert!(!answer.body.contains("very-secret-word"), "{}", answer.body);
    }
    let data = app.folder.path().join("data");
    for file in ["farol.db", "farol.db-wal"] {
        let bytes = std::fs::read(data.join(file)).unwrap_or_default();
        assert!(!bytes.windows(16).any(|window| window == b"very-secret-word"), "{file}");
    }
}
