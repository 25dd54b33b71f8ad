//! A runbook's bytes, on their way in and out.

use reqwest::StatusCode;
use serde_json::json;

use crate::common::{Client, TestApp};

/// Line ends of all kinds, a byte order mark, blanks at ends, characters that look alike.
const SOURCE: &str = "\u{feff}# Fila parada\r\n\r\n1. Ver a fila:  \r\n\r\n```sql\r\nselect 1;\r\n```\n\n\tfim ção e\u{301} \u{2028}\r\r\n";

async fn newest(client: &Client) -> (String, String) {
    let shown = client.get("/api/runbooks/fila").await.value();
    let revision = shown["revision"]["id"].as_str().unwrap().to_owned();
    let source = client.get(&format!("/api/runbooks/fila/revisions/{revision}/source.md")).await;
    assert_eq!(source.status, StatusCode::OK);
    assert_eq!(source.headers["content-type"], "text/markdown; charset=utf-8");
    assert_eq!(source.headers["content-disposition"], "attachment; filename=\"fila.md\"");
    (revision, source.body)
}

#[tokio::test]
async fn a_source_comes_out_as_it_went_in() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let created = owner.post("/api/runbooks", &json!({ "id": "fila", "source": SOURCE })).await;
    assert_eq!(created.status, StatusCode::CREATED, "{}", created.body);
    assert_eq!(newest(&owner).await.1, SOURCE);
}

/// A text area knows one kind of line end: without care, one word changed would change every line.
#[tokio::test]
async fn an_edit_by_form_changes_what_was_edited_and_no_other_byte() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    owner.post("/api/runbooks", &json!({ "id": "fila", "source": SOURCE })).await;
    let (base, _) = newest(&owner).await;
    let typed =
        SOURCE.replace("\r\n", "\n").replace('\r', "\n").replace('\n', "\r\n").replace("Ver a fila", "Olhar a fila");
    let fields = [
        ("source", typed.as_str()),
        ("base", &base),
        ("line_ends_of_base", "true"),
        ("_kinds", "line_ends_of_base:flag"),
        ("_return", "/runbooks/fila/edit"),
        ("_next", "/runbooks/{id}"),
    ];
    let saved = owner.form("/form/api/runbooks/fila/revisions", &fields).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    assert_eq!(newest(&owner).await.1, SOURCE.replace("Ver a fila", "Olhar a fila"));
}
