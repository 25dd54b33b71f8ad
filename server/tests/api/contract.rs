//! What clients rely on.

use farol::http::openapi;
use farol::router;
use farol_api::problem::Problem;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::common::TestApp;

/// A changed contract is a decision: read the difference, then accept it.
#[test]
fn the_openapi_document_is_the_one_that_was_agreed() {
    let mut document = openapi::document(&router::endpoints());
    document["info"]["version"] = json!("[version]");
    insta::assert_json_snapshot!("openapi", document);
}

#[test]
fn every_reference_in_the_document_leads_somewhere() {
    let document = openapi::document(&router::endpoints());
    let mut references = Vec::new();
    collect(&document, &mut references);
    assert!(references.len() > 100, "the document refers to its schemas");
    for reference in references {
        let name = reference.strip_prefix("#/components/schemas/").unwrap();
        assert!(!document["components"]["schemas"][name].is_null(), "{reference} is missing");
    }
}

fn collect(value: &Value, references: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            references.extend(object.get("$ref").and_then(Value::as_str).map(str::to_owned));
            object.values().for_each(|value| collect(value, references));
        }
        Value::Array(items) => items.iter().for_each(|value| collect(value, references)),
        _ => {}
    }
}

#[tokio::test]
async fn every_error_is_a_problem_document() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let cases = [
        (Method::GET, "/api/nothing-here", StatusCode::NOT_FOUND),
        (Method::GET, "/api/incidents/999", StatusCode::NOT_FOUND),
        (Method::GET, "/api/incidents/zero", StatusCode::NOT_FOUND),
        (Method::PUT, "/api/incidents", StatusCode::METHOD_NOT_ALLOWED),
        (Method::POST, "/api/incidents", StatusCode::BAD_REQUEST),
        (Method::GET, "/api/runbooks/none", StatusCode::NOT_FOUND),
    ];
    for (method, path, status) in cases {
        let answer = owner.send(method.clone(), path, Some(&json!({})), &[]).await;
        assert_eq!(answer.status, status, "{method} {path}: {}", answer.body);
        assert_eq!(answer.headers["content-type"], "application/problem+json", "{method} {path}");
        let problem: Problem = answer.json();
        assert_eq!(problem.status, status.as_u16());
        assert!(!problem.title.is_empty() && !problem.detail.is_empty(), "{method} {path}");
        assert!(problem.request_id.is_some(), "{method} {path}");
    }
}

#[tokio::test]
async fn health_is_told_without_a_session() {
    let app = TestApp::start().await;
    for path in ["/healthz", "/readyz"] {
        assert_eq!(app.visitor().get(path).await.value()["status"], "ok", "{path}");
    }
    assert_eq!(app.visitor().get("/api/openapi.json").await.value()["openapi"], "3.1.0");
}
