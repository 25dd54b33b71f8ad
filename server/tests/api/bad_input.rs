//! What people and programs send by mistake or in bad faith.

use farol_api::user::Role;
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::common::TestApp;

#[tokio::test]
async fn unreadable_runbooks_are_refused_or_read_with_a_word_about_it() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let post = |source: String| {
        let owner = owner.clone();
        async move { owner.post("/api/runbooks", &json!({ "id": "x", "source": source })).await }
    };
    assert_eq!(post(String::new()).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(post(" \n".into()).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(post("# T\0\n".into()).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(post("a".repeat(11 * 1024 * 1024)).await.code(), "too_large");
    let deep = format!("# Deep\n\n{} x\n", ">".repeat(20_000));
    assert_eq!(post(deep).await.status, StatusCode::CREATED);
    let hostile = "# <script>alert(1)</script>\n\n<img src=x onerror=alert(1)>\n\n[x](javascript:alert(1))\n";
    let saved = owner.post("/api/runbooks", &json!({ "id": "hostile", "source": hostile })).await;
    assert_eq!(saved.status, StatusCode::CREATED);
    let html = owner.get("/api/runbooks/hostile").await.value()["html"].as_str().unwrap().to_owned();
    assert!(!html.contains("<script") && !html.contains("onerror") && !html.contains("javascript:"), "{html}");
    let page = owner.get("/runbooks/hostile").await.body;
    assert!(!page.contains("<script>alert") && !page.contains("<img src=x"), "the page escapes it");
}

/// A body is read and kept for a moment before anything is known of who sent it.
#[tokio::test]
async fn whoever_is_not_logged_in_sends_little() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let visitor = app.visitor();
    let long = "x".repeat(400_000);
    let invitation = format!("/api/invitations/{}/acceptance", "y".repeat(43));
    for (path, body) in [
        ("/api/session", json!({ "email": long, "password": "x" })),
        ("/api/setup", json!({ "token": "x", "email": "a@example.com", "name": "A", "password": long })),
        (&invitation, json!({ "name": long, "password": "x" })),
    ] {
        let refused = visitor.post(path, &body).await;
        assert_eq!((refused.status, refused.code().as_str()), (StatusCode::PAYLOAD_TOO_LARGE, "too_large"), "{path}");
    }
    let refused =
        visitor.form("/form/api/session", &[("email", &long), ("password", "x"), ("_return", "/login")]).await;
    assert_eq!(refused.status, StatusCode::PAYLOAD_TOO_LARGE);
    let saved = owner.form("/form/api/runbooks", &[("id", "long"), ("source", &format!("# Long\n\n{long}"))]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
}

#[tokio::test]
async fn bodies_that_are_no_json_are_refused_with_a_sentence() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    for (kind, body) in [("application/json", "{"), ("text/plain", "{}"), ("application/json", "[1]")] {
        let request = owner.request(Method::POST, "/api/incidents").header("content-type", kind).body(body);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{kind} {body}");
    }
}

#[tokio::test]
async fn an_unknown_target_or_runbook_is_said_beside_its_field() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    for field in ["target", "runbook"] {
        let answer = owner.post("/api/incidents", &json!({ "title": "t", field: "nowhere" })).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        assert_eq!(answer.value()["errors"][0]["field"], field);
    }
}

#[tokio::test]
async fn a_database_that_is_down_fails_the_step_and_says_so() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let body = json!({
        "environment": "sandbox", "database": "postgres",
        "credentials": [{ "role": "ro", "url": "postgres://nobody:nothing@127.0.0.1:1/none" }],
    });
    owner.put("/api/targets/down", &body).await;
    let source = "# Look\n\n1. Look:\n\n```sql\nSELECT 1;\n```\n";
    let incident = app.incident(&owner, &owner, "look", source, "down").await;
    let room = owner.get(&format!("/api/incidents/{incident}")).await.value();
    let step = room["graph"]["nodes"][0]["id"].as_str().unwrap();
    assert_eq!(owner.start(incident, step, "").await.status, StatusCode::ACCEPTED);
    let room = owner.wait_for_step(incident, step, "failed").await;
    let attempt = room["state"]["attempts"].as_object().unwrap().values().next().unwrap();
    assert_eq!(attempt["result"]["failure"], "unreachable");
    assert!(!room.to_string().contains("nothing@"), "no credential is shown");
}

#[tokio::test]
async fn a_step_without_its_database_shell_or_credential_says_which() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let file = app.sqlite_target(&owner, "full", "sandbox").await;
    let url = format!("sqlite://{}", file.display());
    let read_only = json!({
        "environment": "sandbox", "database": "sqlite", "credentials": [{ "role": "ro", "url": url }],
    });
    owner.put("/api/targets/readonly", &read_only).await;
    let source =
        "# Mixed\n\n1. Write:\n\n```sql\nDELETE FROM stock WHERE id = 1;\n```\n\n2. Greet:\n\n```bash\necho hi\n```\n";
    let incident = app.incident(&owner, &owner, "mixed", source, "readonly").await;
    let room = owner.get(&format!("/api/incidents/{incident}")).await.value();
    let blocked: Vec<_> = room["gates"].as_array().unwrap().iter().map(|gate| gate["blocked"].clone()).collect();
    assert_eq!(blocked, [json!("no_credential"), json!("no_shell")]);
    let step = room["graph"]["nodes"][0]["id"].as_str().unwrap();
    let refused = owner.get(&format!("/api/incidents/{incident}/steps/{step}/attempts")).await;
    assert_eq!((refused.status, refused.code().as_str()), (StatusCode::CONFLICT, "no_credential"));
}

#[tokio::test]
async fn a_value_that_a_program_would_take_as_an_option_is_refused_and_can_be_mended() {
    const RUNBOOK: &str = "# Look\n\n1. See the file:\n\n```bash\nls -d <folder>\n```\n";
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let rita = app.person(&owner, "Rita Responder", Role::Responder).await;
    app.sqlite_target(&owner, "shop", "sandbox").await;
    let incident = app.incident(&owner, &rita, "look", RUNBOOK, "shop").await;
    let base = format!("/api/incidents/{incident}");
    let room = rita.get(&base).await.value();
    let (step, name) = (room["gates"][0]["step"].as_str().unwrap(), &room["parameters"][0]["name"]);
    let fill = |value: &str| json!({ "name": name, "value": value });

    rita.post(&format!("{base}/parameters"), &fill("--recursive")).await;
    let refused = rita.get(&format!("{base}/steps/{step}/attempts")).await;
    assert_eq!((refused.status, refused.code()), (StatusCode::CONFLICT, "value_refused".into()));
    assert_eq!(&refused.value()["errors"][0]["field"], name, "it says which parameter wants another value");
    let room = rita.get(&base).await.value();
    assert_eq!(
        (&room["gates"][0]["blocked"], &room["gates"][0]["missing"]),
        (&json!("value_looks_like_option"), &json!([name]))
    );

    rita.post(&format!("{base}/parameters"), &fill("/tmp")).await;
    assert_eq!(rita.get(&format!("{base}/steps/{step}/attempts")).await.status, StatusCode::OK);
}
