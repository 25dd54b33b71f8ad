//! Asking what a step would do: recorded, answered by the target, and the step stays where it stands.

use std::process::Command;
use std::time::Duration;

use farol_api::user::Role;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::common::{Client, Shop, TestApp, binary};

const RUNBOOK: &str = "# Fill the shelf\n\n1. Look:\n\n```sql\nSELECT count(*) FROM stock;\n```\n\n\
    2. Fill it:\n\n```sql {approval=required retries=0 expect=7}\nUPDATE stock SET name = 'x' WHERE id < 3;\n```\n\n\
    3. Add one:\n\n```sql\nINSERT INTO stock VALUES (9, 'wick', 1);\n```\n\n\
    4. Say it:\n\n```bash\necho filled\n```\n\n\
    5. Drop it:\n\n```sql\nDROP TABLE stock;\n```\n\n\
    6. Double it:\n\n```sql\nINSERT INTO stock SELECT id + 100, name, 1 FROM stock WHERE id < 3;\n```\n\n\
    7. Mend it:\n\n```sql\nBEGIN;\nUPDATE stock SET name = 'y' WHERE id < 3;\nCOMMIT;\n```\n";

struct Case {
    app: TestApp,
    shop: Shop,
}

impl Case {
    async fn new() -> Self {
        let app = TestApp::start().await;
        let shop = app.shop(RUNBOOK).await;
        Self { app, shop }
    }

    fn path(&self, step: usize, what: &str) -> String {
        format!("/api/incidents/{}/steps/{}/{what}", self.shop.incident, self.shop.steps[step])
    }

    async fn ask(&self, who: &Client, step: usize, way: &str) -> crate::common::Answer {
        let path = self.path(step, "attempts");
        let preview = who.get(&format!("{path}?way={way}")).await;
        assert_eq!(preview.status, StatusCode::OK, "{}", preview.body);
        who.post(&path, &json!({ "digest": preview.value()["digest"], "way": way })).await
    }

    /// Reads the answers until none is under way.
    async fn answered(&self, step: usize) -> Value {
        let deadline = tokio::time::Instant::now() + Duration::from_secs(30);
        loop {
            let view = self.shop.rita.get(&self.path(step, "dry-run")).await.value();
            if view["under_way"] == false && !view["runs"].as_array().unwrap().is_empty() {
                return view;
            }
            assert!(tokio::time::Instant::now() < deadline, "{view:#}");
        }
    }

    async fn room(&self) -> Value {
        self.shop.rita.get(&format!("/api/incidents/{}", self.shop.incident)).await.value()
    }
}

fn rows(run: &Value) -> Vec<Value> {
    let chunks = run["output"].as_array().unwrap().iter();
    chunks.filter_map(|chunk| chunk["content"]["rows"]["rows"].as_array()).flatten().cloned().collect()
}

#[tokio::test]
async fn a_change_is_asked_about_and_the_step_stays_where_it_stands() {
    let case = Case::new().await;
    let view = case.shop.rita.get(&case.path(1, "dry-run")).await.value();
    let asked: Vec<_> = view["questions"].as_array().unwrap().iter().map(|q| q["text"].as_str().unwrap()).collect();
    assert_eq!(
        asked,
        [
            "SELECT count(*) OVER () AS rows_in_all, stock.* FROM stock WHERE id < 3 LIMIT 20",
            "EXPLAIN QUERY PLAN SELECT * FROM stock WHERE id < 3",
        ]
    );
    for question in view["questions"].as_array().unwrap() {
        assert_eq!(
            (&question["risk"]["class"], &question["requirement"]["credential"]),
            (&json!("read"), &json!("ro"))
        );
        assert_eq!(
            question["requirement"]["approvals"], 0,
            "what its author asks of the step is not asked of the look"
        );
    }
    for way in ["rows", "explain"] {
        let started = case.ask(&case.shop.rita, 1, way).await;
        assert_eq!(started.status, StatusCode::ACCEPTED, "{}", started.body);
        case.answered(1).await;
    }
    let view = case.answered(1).await;
    let rows = rows(&view["runs"][0]);
    assert_eq!((rows.len(), &rows[0][0], &rows[0][2]), (2, &json!("2"), &json!("lamp")), "{view:#}");
    assert_eq!(view["runs"][1]["attempt"]["result"]["outcome"], "succeeded");

    let room = case.room().await;
    assert!(room["state"]["steps"][&case.shop.steps[1]].is_null(), "{:#}", room["state"]["steps"]);
    let kinds = room["timeline"].to_string();
    assert_eq!(kinds.matches("attempt_dispatched").count(), 2, "both were recorded before they were sent");
    // The first attempt of the step itself is still its first, and takes another person.
    let started = case.shop.rita.start(case.shop.incident, &case.shop.steps[1], "shop").await;
    assert_eq!(started.status, StatusCode::ACCEPTED, "{}", started.body);
    let room = case.room().await;
    assert_eq!(room["state"]["steps"][&case.shop.steps[1]]["status"], "awaiting_approval");
    // Whoever is to approve it asks too, while it waits.
    let asked = case.ask(&case.shop.paul, 1, "rows").await;
    assert_eq!(asked.status, StatusCode::ACCEPTED, "{}", asked.body);
    case.answered(1).await;
    assert_eq!(case.room().await["state"]["steps"][&case.shop.steps[1]]["status"], "awaiting_approval");
    case.verifies().await;
    let report = case.shop.rita.get(&format!("/api/incidents/{}/postmortem.md", case.shop.incident)).await.body;
    assert!(report.contains("Fill it (dry run)"), "{report}");
}

impl Case {
    async fn verifies(&self) {
        let record = self.shop.rita.get(&format!("/api/incidents/{}/record", self.shop.incident)).await.body;
        let file = self.app.folder.path().join("r.ndjson");
        std::fs::write(&file, record).unwrap();
        let data = self.app.folder.path().join("data");
        let farol =
            |arguments: &[&str]| Command::new(binary()).args(arguments).env("FAROL_DATA", &data).output().unwrap();
        let keys = String::from_utf8(farol(&["keys"]).stdout).unwrap();
        let verified = farol(&["verify", file.to_str().unwrap(), "--key", keys.lines().nth(1).unwrap()]);
        assert_eq!(verified.status.code(), Some(0), "{}", String::from_utf8_lossy(&verified.stdout));
    }
}

#[tokio::test]
async fn what_an_insert_would_add_is_asked_of_its_query() {
    let case = Case::new().await;
    for way in ["rows", "explain"] {
        let started = case.ask(&case.shop.rita, 5, way).await;
        assert_eq!(started.status, StatusCode::ACCEPTED, "{}", started.body);
        case.answered(5).await;
    }
    let view = case.answered(5).await;
    let rows = rows(&view["runs"][0]);
    assert_eq!((rows.len(), &rows[0][0], &rows[0][1]), (2, &json!("2"), &json!("101")), "{view:#}");
    assert_eq!(view["runs"][1]["attempt"]["result"]["outcome"], "succeeded");
    let look = case.ask(&case.shop.rita, 0, "explain").await;
    assert_eq!(look.status, StatusCode::ACCEPTED, "{}", look.body);
    case.verifies().await;
}

#[tokio::test]
async fn a_block_is_asked_about_as_its_change_is() {
    let case = Case::new().await;
    let started = case.ask(&case.shop.rita, 6, "rows").await;
    assert_eq!(started.status, StatusCode::ACCEPTED, "{}", started.body);
    let view = case.answered(6).await;
    assert_eq!(rows(&view["runs"][0]).len(), 2, "{view:#}");
    assert_eq!(view["runs"][0]["attempt"]["request"]["requirement"]["approvals"], 0);
    case.verifies().await;
}

#[tokio::test]
async fn where_an_answer_would_not_be_honest_none_is_offered() {
    let case = Case::new().await;
    let room = case.room().await;
    let offered: Vec<_> = room["gates"].as_array().unwrap().iter().map(|gate| gate["dry_run"] == true).collect();
    assert_eq!(offered, [true, true, false, false, false, true, true]);
    let query = case.shop.rita.get(&case.path(0, "dry-run")).await.value();
    assert_eq!(query["questions"].as_array().unwrap().len(), 1, "a query has a plan; its rows come when it runs");
    for step in 2..5 {
        let view = case.shop.rita.get(&case.path(step, "dry-run")).await.value();
        assert_eq!(view["questions"], json!([]), "{view:#}");
        let path = case.path(step, "attempts");
        for way in ["rows", "explain"] {
            assert_eq!(case.shop.rita.get(&format!("{path}?way={way}")).await.code(), "no_dry_run");
            let body = json!({ "digest": "0".repeat(64), "way": way });
            assert_eq!(case.shop.rita.post(&path, &body).await.code(), "no_dry_run");
        }
    }
}

#[tokio::test]
async fn only_what_was_seen_is_asked_and_only_by_who_may_run_steps() {
    let case = Case::new().await;
    let path = case.path(1, "attempts");
    let plan = case.shop.rita.get(&format!("{path}?way=explain")).await.value();
    // The digest of one question asks no other, and runs no step.
    for way in [json!("rows"), json!("written"), Value::Null] {
        let body = json!({ "digest": plan["digest"], "way": way, "confirmed": true, "typed_target": "shop" });
        assert_eq!(case.shop.rita.post(&path, &body).await.code(), "approval_changed", "{way}");
    }
    let viewer = case.app.person(&case.shop.owner, "Vera Viewer", Role::Viewer).await;
    assert_eq!(viewer.get(&case.path(1, "dry-run")).await.status, StatusCode::OK);
    let body = json!({ "digest": plan["digest"], "way": "explain" });
    assert_eq!(viewer.post(&path, &body).await.status, StatusCode::FORBIDDEN);
}
