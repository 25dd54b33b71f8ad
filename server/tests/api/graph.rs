//! The step graph as a picture.

use farol_api::user::Role;
use reqwest::StatusCode;
use serde_json::json;

use crate::common::TestApp;

const RUNBOOK: &str = "# Stock & <b>shelf</b>\n\n1. Count the shelf:\n\n```sql\nSELECT 1;\n```\n\n- [ ] Tell Wanda\n";

#[tokio::test]
async fn a_runbook_and_an_incident_have_a_picture_that_runs_nothing() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let rita = app.person(&owner, "Rita Responder", Role::Responder).await;
    app.sqlite_target(&owner, "shop", "sandbox").await;
    let incident = app.incident(&owner, &rita, "stock", RUNBOOK, "shop").await;
    let revision = rita.get("/api/runbooks/stock").await.value()["revision"]["id"].as_str().unwrap().to_owned();

    let drawn = rita.get(&format!("/api/runbooks/stock/revisions/{revision}/graph.svg")).await;
    assert_eq!((drawn.status, &drawn.headers["content-type"]), (StatusCode::OK, &"image/svg+xml".parse().unwrap()));
    assert!(drawn.headers["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'"));
    assert!(drawn.body.contains("Count the shelf") && drawn.body.contains("Tell Wanda"), "{}", drawn.body);
    assert!(!drawn.body.contains("<b>") && !drawn.body.contains("<script"), "{}", drawn.body);

    let address = format!("/api/incidents/{incident}/graph.svg");
    let before = rita.get(&address).await.body;
    let room = rita.get(&format!("/api/incidents/{incident}")).await.value();
    let check = room["graph"]["nodes"].as_array().unwrap().iter().find(|node| node["kind"] == "check").unwrap();
    let check = check["id"].as_str().unwrap();
    rita.post(&format!("/api/incidents/{incident}/steps/{check}/done"), &json!({})).await;
    assert_ne!(rita.get(&address).await.body, before, "it shows where the steps stand");
    assert_eq!(rita.get("/api/incidents/99/graph.svg").await.status, StatusCode::NOT_FOUND);
}
