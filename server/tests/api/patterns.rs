//! Values that a runbook's author gave a pattern for.

use farol_api::user::Role;
use reqwest::StatusCode;
use serde_json::json;

use crate::common::TestApp;

const RUNBOOK: &str = "---\nreview_by: 2020-01-31\nparameters:\n  - name: product\n    pattern: '[0-9]+'\n    \
    description: The product's number\n  - {name: password, secret: true, pattern: '[a-z]{8,}'}\n---\n\n# Stock\n\n\
    ```sql\nSELECT name FROM stock WHERE id = <product> AND '' <> <password>;\n```\n";

#[tokio::test]
async fn a_value_that_does_not_fit_is_refused_and_a_secret_one_is_never_repeated() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let rita = app.person(&owner, "Rita", Role::Responder).await;
    app.sqlite_target(&owner, "shop", "sandbox").await;
    let incident = app.incident(&owner, &rita, "stock", RUNBOOK, "shop").await;
    let set = |name: &str, value: &str| {
        let (rita, body) = (rita.clone(), json!({ "name": name, "value": value }));
        async move { rita.post(&format!("/api/incidents/{incident}/parameters"), &body).await }
    };
    for value in ["4711 OR 1=1", "", "4711\n"] {
        let refused = set("product", value).await;
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (StatusCode::UNPROCESSABLE_ENTITY, "invalid"),
            "{value:?}"
        );
        assert!(refused.body.contains("The product's number"), "{}", refused.body);
    }
    let secret = set("password", "Hunter2!").await;
    assert_eq!(secret.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(secret.body.contains("password") && !secret.body.contains("Hunter2"), "{}", secret.body);
    assert_eq!(set("product", "4711").await.status, StatusCode::OK);
    assert_eq!(set("password", "correcthorse").await.status, StatusCode::OK);
    let shown = owner.get("/api/runbooks/stock").await.value();
    let found = shown["runbook"]["diagnostics"].as_array().unwrap();
    assert!(found.iter().any(|found| found["code"] == "stale-review" && found["line"] == 2), "{found:?}");
}

/// A name stands in the text that everybody reads and that is recorded: a secret is none.
#[tokio::test]
async fn a_secret_becomes_no_part_of_the_text() {
    const TEXT: &str = "---\nparameters:\n  - {name: password, secret: true}\n---\n\n# Stock\n\n\
        ```sql\nSELECT name FROM <password>;\n```\n\n```sql\nSELECT id FROM stock WHERE name <> <password>;\n```\n";
    let app = TestApp::start().await;
    let shop = app.shop(TEXT).await;
    let room = format!("/api/incidents/{}", shop.incident);
    let body = json!({ "name": "password", "value": "tr0ub4dor" });
    assert_eq!(shop.rita.post(&format!("{room}/parameters"), &body).await.status, StatusCode::OK);
    let seen = shop.rita.get(&room).await;
    assert_eq!(seen.value()["gates"][0]["blocked"], "secret_in_text", "{}", seen.body);
    assert!(seen.value()["gates"][1]["blocked"].is_null(), "{}", seen.body);
    let mut answers = vec![seen];
    for step in &shop.steps {
        answers.push(shop.rita.get(&format!("{room}/steps/{step}/attempts")).await);
    }
    answers.iter().for_each(|answer| assert!(!answer.body.contains("tr0ub4dor"), "{}", answer.body));
}

/// As it stands nobody means it: it is asked for, and sent as a value.
#[tokio::test]
async fn a_value_that_only_shows_what_belongs_there_is_asked_for() {
    const TEXT: &str = "# Stock\n\n```sql\nSELECT name FROM stock WHERE name <> 'ana@example.com';\n```\n\n\
        ```sql\nSELECT id FROM stock WHERE name <> E'ana@example.com';\n```\n";
    let app = TestApp::start().await;
    let shop = app.shop(TEXT).await;
    let room = format!("/api/incidents/{}", shop.incident);
    let seen = shop.rita.get(&room).await.value();
    assert_eq!(seen["gates"][0]["missing"], json!(["email"]), "{seen}");
    let filled =
        shop.rita.post(&format!("{room}/parameters"), &json!({ "name": "email", "value": "bo@loja.io" })).await;
    assert_eq!(filled.status, StatusCode::OK, "{}", filled.body);
    let preview = shop.rita.get(&format!("{room}/steps/{}/attempts", shop.steps[0])).await;
    let text = preview.value()["text"].to_string();
    assert!(text.contains("name <> ?1") && !text.contains("example.com"), "{}", preview.body);
    // Where no value can be put it runs as it stands, which is said.
    assert_eq!(seen["gates"][1]["missing"], json!([]), "{seen}");
    let notes = seen["notes"].as_array().unwrap();
    let said = notes.iter().find(|note| note["topic"] == "samples").unwrap();
    assert!(said["text"]["en"].as_str().unwrap().contains("ana@example.com"), "{said}");
}
