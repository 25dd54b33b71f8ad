//! An incident from its declaration to its post-mortem.

use farol_api::user::Role;
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::common::TestApp;

const RUNBOOK: &str = "# Stock is wrong\n\n**Severity:** SEV1\n**RTO:** 1 hour\n\n## Diagnose\n\n1. See the stock:\n\n   ```sql\n   SELECT id, name, \"left\" FROM stock ORDER BY id;\n   ```\n\n2. Look at one product:\n\n   ```sql\n   SELECT name FROM stock WHERE id = <product>;\n   ```\n\n## Resolve\n\n1. Say hello:\n\n   ```bash\n   echo \"$GREETING from the shell\"\n   ```\n\n2. Tell the warehouse about it\n3. Count again:\n\n   ```sql\n   UPDATE stock SET \"left\" = 0 WHERE id = 2;\n   ```\n\n## Checklist\n\n- [ ] The shop answers\n";

/// The ids that the reader gave the steps, in their order.
async fn steps(client: &crate::common::Client, incident: i64) -> Vec<String> {
    let room = client.get(&format!("/api/incidents/{incident}")).await.value();
    let nodes = room["graph"]["nodes"].as_array().unwrap().clone();
    nodes.iter().map(|node| node["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one story, told in its order")]
async fn an_incident_is_walked_to_its_post_mortem() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let rita = app.person(&owner, "Rita Responder", Role::Responder).await;
    let file = app.sqlite_target(&owner, "shop", "sandbox").await;
    let incident = app.incident(&owner, &rita, "stock", RUNBOOK, "shop").await;
    let base = format!("/api/incidents/{incident}");
    let ids = steps(&rita, incident).await;
    let [see, one, hello, tell, update, check] = ids.as_slice() else { panic!("{ids:?}") };

    // A read runs with one press, and its rows keep NULL apart from the empty string.
    assert_eq!(rita.start(incident, see, "").await.status, StatusCode::ACCEPTED);
    let room = rita.wait_for_step(incident, see, "succeeded").await;
    let chunks =
        room["output"].as_array().unwrap().iter().filter_map(|chunk| chunk["content"]["rows"]["rows"].as_array());
    let rows: Vec<_> = chunks.flatten().cloned().collect();
    assert_eq!(json!(rows), json!([["1", "lamp", "3"], ["2", "lens", "-1"], ["3", "oil", null]]));

    // A parameter full of quotes is a value and nothing else.
    let blocked = rita.get(&format!("{base}/steps/{one}/attempts")).await;
    assert_eq!(blocked.code(), "missing_parameter");
    let name = room["parameters"][0]["name"].as_str().unwrap();
    let hostile = json!({ "name": name, "value": "1'; DROP TABLE stock; --\n\"" });
    assert_eq!(rita.post(&format!("{base}/parameters"), &hostile).await.status, StatusCode::OK);
    rita.start(incident, one, "").await;
    let room = rita.wait_for_step(incident, one, "succeeded").await;
    let attempts = room["state"]["attempts"].as_object().unwrap();
    let asked = attempts.values().find(|attempt| attempt["request"]["step"] == one.as_str()).unwrap();
    assert_eq!(asked["result"]["rows"], 0, "{asked:#}");
    assert!(!asked["request"]["text"].as_str().unwrap().contains("DROP"));

    rita.start(incident, hello, "shop").await;
    let room = rita.wait_for_step(incident, hello, "succeeded").await;
    let printed = room["output"].to_string();
    assert!(printed.contains("hello from the shell"), "{printed}");

    let done = rita.post(&format!("{base}/steps/{tell}/done"), &json!({ "observed": "told Wanda" })).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.body);
    let skipped = rita.post(&format!("{base}/steps/{check}/skipped"), &json!({ "reason": "" })).await;
    assert_eq!(skipped.code(), "reason_needed");
    let skipped = rita.post(&format!("{base}/steps/{check}/skipped"), &json!({ "reason": "it is a test" })).await;
    assert_eq!(skipped.status, StatusCode::OK);
    assert_eq!(rita.start(incident, update, "shop").await.status, StatusCode::ACCEPTED);
    rita.wait_for_step(incident, update, "succeeded").await;
    let left = std::process::Command::new("sqlite3").arg(&file).arg("select \"left\" from stock where id=2").output();
    assert_eq!(String::from_utf8(left.unwrap().stdout).unwrap(), "0\n");

    for (path, body) in [
        ("milestones", json!({ "milestone": "acknowledged" })),
        ("milestones", json!({ "milestone": "detected", "at": "2026-01-01T00:00:00Z" })),
        ("milestones", json!({ "milestone": "mitigated" })),
        ("data-age", json!({ "minutes": 12 })),
        ("notes", json!({ "text": "counted twice" })),
        ("roles", json!({ "role": "commander" })),
        ("severity", json!({ "severity": "sev2", "reason": "less bad" })),
        ("status", json!({ "status": "resolved" })),
    ] {
        let answer = rita.post(&format!("{base}/{path}"), &body).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
    }
    let after = rita.get(&format!("{base}/after")).await.value();
    let rto = after["metrics"].as_array().unwrap().iter().find(|m| m["kind"] == "rto").unwrap();
    assert_eq!((&rto["objective_seconds"], &rto["met"]), (&json!(3600), &json!(true)));
    assert!(after["deviations"].to_string().contains("it is a test"));

    let section = json!({ "section": "summary", "text": "Stock was **wrong**." });
    assert_eq!(rita.post(&format!("{base}/postmortem/sections"), &section).await.status, StatusCode::OK);
    let path = format!("{base}/postmortem.md");
    let markdown = rita.get(&path).await;
    assert!(markdown.body.contains("Stock was **wrong**.") && markdown.body.contains("counted twice"));
    assert_eq!(markdown.body, rita.get(&path).await.body, "the export is byte-stable");

    // Who wrote it does not review it; somebody else does, and then it is published.
    let to = |state: &str| json!({ "state": state });
    let state = format!("{base}/postmortem/state");
    assert_eq!(rita.post(&state, &to("in_review")).await.status, StatusCode::OK);
    assert_eq!(rita.post(&state, &to("reviewed")).await.code(), "reviewer_is_writer");
    assert_eq!(owner.post(&state, &to("reviewed")).await.status, StatusCode::OK);
    assert_eq!(rita.post(&format!("{base}/postmortem/sections"), &section).await.code(), "postmortem_closed");
    assert_eq!(owner.post(&state, &to("published")).await.status, StatusCode::OK);
    assert_eq!(owner.get(&base).await.value()["state"]["status"], "closed");
}

#[tokio::test]
async fn two_people_who_press_run_at_once_run_it_once() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let rita = app.person(&owner, "Rita Responder", Role::Responder).await;
    app.sqlite_target(&owner, "shop", "sandbox").await;
    let source = "# Count\n\n1. Count up:\n\n```bash\nsleep 1; echo once >> counted.txt; cat counted.txt\n```\n";
    let incident = app.incident(&owner, &rita, "count", source, "shop").await;
    let step = steps(&rita, incident).await.remove(0);
    let (first, second) = tokio::join!(rita.start(incident, &step, "shop"), owner.start(incident, &step, "shop"));
    let mut statuses = [first.status, second.status];
    statuses.sort();
    assert_eq!(statuses, [StatusCode::ACCEPTED, StatusCode::CONFLICT], "{} {}", first.body, second.body);
    let room = rita.wait_for_step(incident, &step, "succeeded").await;
    let dispatched = room["timeline"].as_array().unwrap().iter();
    assert_eq!(dispatched.filter(|event| event["kind"]["attempt_dispatched"].is_object()).count(), 1);
    assert_eq!(room["output"].to_string().matches("once").count(), 1, "{}", room["output"]);
}

#[tokio::test]
async fn a_running_script_is_stopped_when_somebody_cancels_it() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    app.sqlite_target(&owner, "shop", "sandbox").await;
    let source = "# Wait\n\n1. Wait for long:\n\n```bash\necho started; sleep 600\n```\n";
    let incident = app.incident(&owner, &owner, "wait", source, "shop").await;
    let step = steps(&owner, incident).await.remove(0);
    let started = owner.start(incident, &step, "shop").await.value();
    let attempt = started["attempt"].as_str().unwrap();
    owner.wait_for_step(incident, &step, "running").await;
    let path = format!("/api/incidents/{incident}/attempts/{attempt}/cancellation");
    assert_eq!(owner.post(&path, &json!({})).await.status, StatusCode::OK);
    owner.wait_for_step(incident, &step, "cancelled").await;
    assert_eq!(owner.post(&path, &json!({})).await.code(), "attempt_over");
}

#[tokio::test]
async fn a_repeated_request_gets_its_first_answer() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let body = json!({ "title": "once" });
    let key = [("idempotency-key", "the-key-of-this-test")];
    let first = owner.send(Method::POST, "/api/incidents", Some(&body), &key).await;
    let second = owner.send(Method::POST, "/api/incidents", Some(&body), &key).await;
    assert_eq!((first.status, &first.body), (second.status, &second.body));
    let other = json!({ "title": "another" });
    let reused = owner.send(Method::POST, "/api/incidents", Some(&other), &key).await;
    assert_eq!(reused.code(), "key_reused");
    assert_eq!(owner.get("/api/incidents").await.value().as_array().unwrap().len(), 1);
}

/// A key that names nothing, or more than is kept, is none: what is asked under it a second time is asked anew.
#[tokio::test]
async fn what_is_no_key_keeps_no_incident_from_being_declared() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let long = "k".repeat(300);
    for (key, title) in [("", "one"), ("", "two"), (long.as_str(), "three"), (long.as_str(), "four")] {
        let body = json!({ "title": title });
        let declared = owner.send(Method::POST, "/api/incidents", Some(&body), &[("idempotency-key", key)]).await;
        let id = declared.value()["id"].as_i64().unwrap();
        let room = owner.get(&format!("/api/incidents/{id}")).await.value();
        assert_eq!(room["state"]["title"], title);
    }
}

#[tokio::test]
async fn an_incident_keeps_the_revision_it_was_declared_with() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    app.sqlite_target(&owner, "shop", "sandbox").await;
    let incident = app.incident(&owner, &owner, "stock", RUNBOOK, "shop").await;
    let body = json!({ "source": "# Stock is wrong\n\n1. Something else\n", "note": "shorter" });
    assert_eq!(owner.post("/api/runbooks/stock/revisions", &body).await.status, StatusCode::OK);
    assert_eq!(steps(&owner, incident).await.len(), 6);
    let history = owner.get("/api/runbooks/stock/revisions").await.value();
    assert_eq!(history["revisions"].as_array().unwrap().len(), 2);
    let source = owner.get("/api/runbooks/stock").await.value()["source"].clone();
    assert_eq!(source, body["source"], "the source comes out as it went in");
}

#[tokio::test]
async fn two_authors_do_not_overwrite_each_other() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let created = owner.post("/api/runbooks", &json!({ "id": "r", "source": "# R\n\n1. Do it\n" })).await.value();
    let save = |text: &str| json!({ "source": text, "base": created["revision"], "note": "x" });
    let first = owner.post("/api/runbooks/r/revisions", &save("# R\n\n1. Do it well\n")).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.body);
    let second = owner.post("/api/runbooks/r/revisions", &save("# R\n\n1. Do it better\n")).await;
    assert_eq!(second.code(), "revision_conflict");
}
